"""One enterprise by the evaluator, all of them by SQL: the same five answers."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yizhantong.kernel.items.content import Condition
from yizhantong.kernel.items.errors import ItemError
from yizhantong.kernel.items.matching import STATES, Subject, dry_run, evaluate, match_all, rule_set, table
from yizhantong.kernel.parties.models import EnterpriseProfile, Organisation
from yizhantong.kernel.parties.profile import update
from yizhantong.kernel.parties.sample import organisations
from yizhantong.kernel.parties.sample_profiles import profiles

DAY = dt.date(2021, 8, 16)


def conditions(*rules: str) -> list[Condition]:
    made = [Condition(code=f"c{n}", text=f"条件{n}", rule=rule) for n, rule in enumerate(rules)]
    return [c if c.rule else Condition(code=c.code, text=c.text, kind="person") for c in made]


def profile(**values: Any) -> EnterpriseProfile:
    organisation = Organisation(uscc="91210700MA10T2A306", name="示例", kind="enterprise", division_id="2107")
    return EnterpriseProfile(organisation=organisation, **values)


def state(rules: list[str], **values: Any) -> str:
    return evaluate(rule_set("k", conditions(*rules)), Subject.of(profile(**values), DAY)).state


@pytest.mark.parametrize(
    ("rules", "values", "expected"),
    [
        (["年营业收入 >= 4000000"], {"revenue_fen": 400_000_000}, "match"),
        (["年营业收入 >= 4000000"], {"revenue_fen": 399_999_999}, "near"),
        (["年营业收入 >= 4000000"], {"revenue_fen": 320_000_000}, "near"),
        (["年营业收入 >= 4000000"], {"revenue_fen": 319_999_999}, "no"),
        (["年营业收入 >= 4000000"], {}, "unknown"),
        (["年营业收入 >= 4000000", '信用状态 = "正常"'], {"credit": "dishonest"}, "no"),
        (["年营业收入 >= 4000000", '信用状态 = "正常"'], {"credit": "normal"}, "unknown"),
        (["年营业收入 >= 4000000", ""], {"revenue_fen": 400_000_000}, "person"),
        (['person("有无重大违法")'], {}, "person"),
        (["年营业收入 >= 4000000", ""], {"revenue_fen": 1}, "no"),
        ([""], {}, "person"),
        ([], {}, "match"),
        (['成立日期 <= date("2020-08-16")'], {"established_on": dt.date(2021, 2, 12)}, "near"),
        (['成立日期 <= date("2020-08-16")'], {"established_on": dt.date(2021, 2, 13)}, "no"),
        (["not(年营业收入 < 4000000)"], {"revenue_fen": 330_000_000}, "near"),
        (["年营业收入 between 100 and 200"], {"revenue_fen": 8000}, "near"),
        (["3 <= 成立年限"], {"established_on": dt.date(2018, 8, 17)}, "no"),
        (["3 <= 成立年限"], {"established_on": dt.date(2018, 8, 16)}, "match"),
        (['行业大类 = "C39"'], {"industry": "C3985"}, "match"),
        (['行业大类 = "C39"'], {"industry": "C"}, "unknown"),
        (["高新技术企业 = true"], {"high_tech_until": dt.date(2021, 8, 16)}, "match"),
        (["高新技术企业 = true"], {"high_tech_until": dt.date(2021, 8, 15)}, "no"),
        (["高新技术企业 = true"], {}, "unknown"),
        (["高新技术企业 = true"], {"sources": {"high_tech_until": {"source": "名单"}}}, "no"),
        (['规模划型 in ("小型", "微型")'], {"size": "small"}, "match"),
    ],
)
def test_states(rules: list[str], values: dict[str, Any], expected: str) -> None:
    assert state(rules, **values) == expected


def test_a_near_miss_is_told_with_value_bound_source_and_distance() -> None:
    said = {"revenue_fen": {"source": "税务局年度汇算", "as_of": "2021-05-31", "confidence": "register"}}
    subject = Subject.of(profile(revenue_fen=330_000_000, sources=said), DAY)
    verdict = evaluate(rule_set("k", conditions("年营业收入 >= 4000000", "发明专利数 >= 1")), subject)
    assert verdict.state == "no"
    verdict = evaluate(rule_set("k", conditions("年营业收入 >= 4000000")), subject)
    assert (verdict.state, verdict.label) == ("near", "接近")
    assert verdict.nearest == "年营业收入现为 330 万元,要求不低于 400 万元,相差 70 万元"
    (value,) = verdict.reasons[0].values
    assert (value.text, value.source, value.as_of) == ("330 万元", "税务局年度汇算", "2021-05-31")


def test_what_is_missing_is_named() -> None:
    verdict = evaluate(
        rule_set("k", conditions("研发占比 >= 3", "从业人员 >= 1")), Subject.of(profile(employees=3), DAY)
    )
    assert (verdict.state, verdict.missing) == ("unknown", ("研发占比",))
    assert [reason.verdict for reason in verdict.reasons] == ["unknown", "met"]


def test_a_rule_that_cannot_be_read_says_where() -> None:
    with pytest.raises(ItemError) as caught:
        rule_set("k", conditions("年营业收入 >= 1", "年营业收入 >="))
    assert (caught.value.code, caught.value.place) == ("items.bad_rule", "conditions[1].rule")


# --- evaluator and pass agree --------------------------------------------------------------------------------------

LEAVES = st.sampled_from(
    [
        "年营业收入 >= 4000000", "年营业收入 < 1000000", "4000000 <= 资产总额", "从业人员 between 10 and 300", "从业人员 in [10..300)",
        '行业大类 in ("C38", "C39", "I65")', '行业门类 = "C"', 'starts with(行业, "C38")', '规模划型 != "大型"', "研发占比 >= 3",
        "营业收入增长率 > 10", '成立日期 <= date("2019-01-01")', "成立年限 >= 3", "近三年环保处罚 = false", "近三年环保处罚", "高新技术企业 = true",
        "高新技术企业有效期至 != null", "出口额 = null", "研发费用 / 年营业收入 > 0.03", "参保人数 > 从业人员 * 0.5", 'person("现场核查通过")',
        "发明专利数 in (0, 1, 2)", '专精特新级别 in ("省级", "国家级")', "string length(企业类型) > 4", "年营业收入 - 上年营业收入 > 0",
        '成立日期 >= date("2010-01-01") and 成立日期 < date("2015-01-01")',
    ]
)  # fmt: skip
RULES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda t: f"({t[0]}) {t[1]} ({t[2]})"),
        inner.map(lambda text: f"not({text})"),
        st.tuples(inner, inner, inner).map(lambda t: f"if {t[0]} then ({t[1]}) else ({t[2]})"),
    ),
    max_leaves=5,
)


def invented(seed: int, count: int) -> list[EnterpriseProfile]:
    """Return profiles of enterprises with many values unknown; nothing is written."""
    rng = random.Random(seed)
    trades = ("3825", "3985", "6513", "0411", "5199", "7722")
    made = [
        Organisation(
            uscc=f"91{place:016d}", name=f"示例{place}", kind="enterprise", division_id="2107",
            industry_id=rng.choice((None, *trades)),
            established_on=rng.choice((None, dt.date(2005, 1, 1) + dt.timedelta(days=rng.randrange(6000)))),
        )
        for place in range(count)
    ]  # fmt: skip
    found = profiles(rng, made, DAY)
    for item in found:
        for column in ("revenue_fen", "employees", "rd_fen", "environmental_penalty", "size"):
            if rng.random() < 0.2:
                setattr(item, column, None)
        if rng.random() < 0.1:
            item.revenue_fen = item.revenue_before_fen = 0
    return found


@pytest.fixture(scope="module")
def crowd() -> tuple[list[Subject], table.Profiles]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("yizhantong.kernel.parties.sample_profiles.tree.unit_of", lambda code: "JZ-BH")
        found = invented(7, 203)
    columns: dict[str, list[Any]] = {
        "organisation_id": [item.organisation_id for item in found],
        "organisation__division_id": ["2107"] * len(found),
    }
    kinds = [pa.string(), pa.string()]
    for term in table._PLAIN:
        columns[term.column] = [getattr(item, term.column) for item in found]
        kinds.append(table._arrow_type(term))
    for column in table.VALID.values():
        columns[f"said_{column}"] = [column in item.sources for item in found]
        kinds.append(pa.bool_())
    arrays = [pa.array(values, kind) for values, kind in zip(columns.values(), kinds, strict=True)]
    return [Subject.of(item, DAY) for item in found], table.of_raw(pa.table(arrays, names=list(columns)), DAY)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(RULES, min_size=1, max_size=3), min_size=1, max_size=3))
def test_the_pass_agrees_with_the_evaluator(
    crowd: tuple[list[Subject], table.Profiles], texts: list[list[str]]
) -> None:
    subjects, copy = crowd
    sets = [rule_set(f"k{place}", conditions(*rules)) for place, rules in enumerate(texts)]
    matches = match_all(sets, today=DAY, profiles=copy)
    for rules in sets:
        asked = [evaluate(rules, subject).state for subject in subjects]
        assert [STATES[code] for code in matches.states[rules.key]] == asked, rules.key
        assert sum(matches.counts(rules.key).values()) == len(subjects)


def test_values_of_the_table_are_those_of_the_record(crowd: tuple[list[Subject], table.Profiles]) -> None:
    subjects, copy = crowd
    for subject, other in zip(subjects, table.subjects(copy), strict=True):
        assert dict(subject.record) == other.record


# --- on the database ------------------------------------------------------------------------------------------------


@pytest.fixture
def enterprises(city: None) -> list[EnterpriseProfile]:
    rng = random.Random(3)
    made = [item for item in organisations(rng, 60) if item.kind == "enterprise"]
    Organisation.objects.bulk_create(made)
    return EnterpriseProfile.objects.bulk_create(profiles(rng, made, DAY))


def test_a_dry_run_counts_everybody_and_shows_examples(
    enterprises: list[EnterpriseProfile], django_assert_max_num_queries: Any
) -> None:
    asked = conditions("年营业收入 >= 20000000", '信用状态 = "正常"')
    with django_assert_max_num_queries(3):
        trial = dry_run(asked, today=DAY)
    assert trial.total == len(enterprises)
    assert min(trial.match, trial.no, trial.unknown) > 0
    assert f"{trial.match} 家符合" in trial.sentence
    for state_, examples in trial.examples.items():
        assert all(example.verdict.state == state_ for example in examples)
    rules = rule_set("k", asked)
    by_evaluator = [evaluate(rules, Subject.of(item, DAY)).state for item in enterprises]
    assert [by_evaluator.count(state_) for state_ in ("match", "near", "no", "unknown", "person")] == [
        trial.match, trial.near, trial.no, trial.unknown, trial.person,
    ]  # fmt: skip


def test_a_trial_of_an_empty_city_counts_nobody(city: None) -> None:
    assert dry_run(conditions("年营业收入 >= 1", "")).total == 0


def test_a_changed_profile_changes_the_answer(enterprises: list[EnterpriseProfile]) -> None:
    one = enterprises[0].organisation
    rules = rule_set("k", conditions("上云星级 >= 5"))
    update(one, {"cloud_stars": 4}, source="企业上云统计", confidence="register")
    assert match_all([rules], today=DAY).state_of("k", one.pk) == "near"
    update(one, {"cloud_stars": 5}, source="企业上云统计", confidence="register")
    assert match_all([rules], today=DAY).state_of("k", one.pk) == "match"
    assert one.pk in match_all([rules], today=DAY).of("k", "match")
