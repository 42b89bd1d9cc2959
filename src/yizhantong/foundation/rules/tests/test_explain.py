"""Why a rule says what it says."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yizhantong.foundation.rules import ast, compile_expression
from yizhantong.foundation.rules.explain import Explainer, Verdict, explain
from yizhantong.foundation.rules.explain.conditions import facts_of
from yizhantong.foundation.rules.explain.verdicts import ALL, ANY, MET, NOT, NOT_MET, PERSON, UNKNOWN
from yizhantong.foundation.rules.tests.relational import KINDS, conditions, rows
from yizhantong.foundation.rules.unparse import to_text

RECORDS = [dict(zip(KINDS, row, strict=True)) for row in rows()]
FULL = [record for record in RECORDS if None not in record.values()]
M, N, U, P = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN, Verdict.NEEDS_PERSON


def _verdict(text: str, judgements: frozenset[str] = frozenset(), **facts: object) -> Verdict:
    names = ("收入", "行业", "高新", "日期", "成员", "企业", *facts)
    return Explainer(text, names, judgements=judgements).verdict(facts)


@pytest.mark.parametrize(
    ("text", "facts", "verdict"),
    [
        ("收入 >= 400", {"收入": 500}, M),
        ("收入 >= 400", {"收入": 300}, N),
        ("收入 >= 400", {"收入": None}, U),
        ("收入 >= 400", {}, U),
        ("收入 = 400", {}, U),
        ("收入 != 400", {}, U),
        ("not(收入 = 400)", {}, U),
        ('行业 in ["C26"]', {}, U),
        ("收入 = null", {}, M),
        ("收入 != null", {"收入": 1}, M),
        ("收入 in [null]", {}, M),
        ("收入 in [1, null]", {}, M),
        ("收入 in (1, null)", {}, M),
        ("收入 in [1, null]", {"收入": 2}, N),
        ("收入 in [1, 2]", {}, U),
        ("收入 in [1, null] and 高新", {}, U),
        ("not(收入 in [null])", {}, N),
        ("not(收入 in [null])", {"收入": 1}, M),
        ("list contains([null], 收入)", {}, M),
        ("some 数 in [null, 1] satisfies 收入 = 数", {"收入": 1}, M),
        ("some 数 in [null] satisfies 收入 = 数", {"收入": 1}, N),
        ("收入 != null and 收入 > 3", {}, N),
        ("收入 > 1 and 高新", {"收入": 0}, N),
        ("收入 > 1 and 高新", {"收入": 2}, U),
        ("收入 > 1 or 高新", {"收入": 2}, M),
        ("收入 > 1 or 高新", {"收入": 0}, U),
        ("高新", {"高新": False}, N),
        ("收入 / 0 > 1", {"收入": 2}, P),
        ("收入 >= 400", {"收入": "五百"}, P),
        ("收入 >= 400", {"收入": float("nan")}, U),
        ("收入 >= 400", {"收入": Decimal("NaN")}, U),
        ("收入 >= 0.1", {"收入": 0.1}, M),
        ("收入 + 1 > 3", {"收入": 5}, M),
        ("收入 + 1 > 3", {}, U),
        ("(if 收入 = null then 0 else 收入) > 5", {}, N),
        ("if 高新 then 收入 > 1 else 收入 > 5", {"收入": 3}, U),
        ("if 高新 then 收入 > 1 else 收入 > 5", {"收入": 9}, M),
        ("if 高新 then 收入 > 1 else 收入 > 5", {"高新": True, "收入": 3}, M),
        ('日期 >= date("2021-01-01")', {"日期": dt.date(2021, 5, 1)}, M),
        ("日期.year = 2021", {"日期": dt.date(2021, 5, 1)}, M),
        ("企业.人数 > 3", {"企业": {"人数": 5}}, M),
        ("企业.人数 > 3", {"企业": {}}, U),
        ("企业.人数 > 3", {"企业": None}, U),
        ("some 人 in 成员 satisfies 人.级 = 1", {"成员": [{"级": 2}, {"级": None}]}, U),
        ("some 人 in 成员 satisfies 人.级 = 1", {"成员": [{"级": 1}, {"级": None}]}, M),
        ("every 人 in 成员 satisfies 人.级 = 1", {"成员": [{"级": 2}, {"级": None}]}, N),
        ("every 人 in 成员 satisfies 人.级 = 1", {"成员": []}, M),
        ("some 人 in 成员 satisfies 人.级 = 1", {}, U),
        ("count(成员[级 = 1]) >= 1", {"成员": [{"级": 1}, {"级": None}]}, U),
        ("count(成员[级 = 1]) >= 1", {"成员": [{"级": 1}, {"级": 2}]}, M),
        ('person("材料是否真实")', {}, P),
        ('person("材料是否真实") and 收入 > 1', {"收入": 0}, N),
        ('person("材料是否真实") and 收入 > 1', {}, U),
        ('person("材料是否真实") or 收入 > 1', {"收入": 2}, M),
        ('person("材料是否真实")', {"材料是否真实": True}, M),
        ('not(person("有失信行为"))', {"有失信行为": True}, N),
        ("true", {}, M),
        ("null", {}, P),
    ],
)
def test_verdicts(text: str, facts: dict[str, object], verdict: Verdict) -> None:
    assert _verdict(text, **facts) is verdict


def test_a_declared_judgement_asks_a_person() -> None:
    rule = "团队优秀 and 收入 > 1"
    assert _verdict(rule, frozenset({"团队优秀"}), 收入=2) is P
    assert _verdict(rule, frozenset({"团队优秀"}), 收入=2, 团队优秀=True) is M
    assert _verdict(rule, 收入=2) is U


def test_verdicts_combine_as_kleene_says_and_de_morgan_holds() -> None:
    every = (MET, NOT_MET, UNKNOWN, PERSON)
    for a in every:
        assert ALL[a | MET] == a
        assert ANY[a | NOT_MET] == a
        assert ALL[a | NOT_MET] == NOT_MET
        assert ANY[a | MET] == MET
        for b in every:
            assert NOT[ALL[a | b]] == ANY[NOT[a] | NOT[b]]


def _near(text: str, **facts: object) -> tuple[object, ...]:
    near = explain(text, facts).conditions[0].near
    assert near is not None
    return near.kind, near.operator, near.bound, near.distance, near.share


def test_near_misses_tell_by_how_much() -> None:
    assert _near("收入 >= 400", 收入=300) == ("number", ">=", 400, 100, Decimal("0.25"))
    assert _near("400 <= 收入", 收入=300) == ("number", ">=", 400, 100, Decimal("0.25"))
    assert _near("收入 / 户数 >= 2", 收入=3, 户数=2) == ("number", ">=", 2, Decimal("0.5"), Decimal("0.25"))
    assert _near("收入 between 10 and 20", 收入=25) == ("number", "<=", 20, 5, Decimal("0.25"))
    assert _near("收入 in [(10..20), [30..40]]", 收入=27) == ("number", ">=", 30, 3, Decimal("0.1"))
    assert _near("not(收入 > 20)", 收入=25) == ("number", "<=", 20, 5, Decimal("0.25"))
    assert _near("not(收入 between 10 and 20)", 收入=12)[:4] == ("number", "<", 10, 2)
    assert _near("收入 > 0", 收入=-5) == ("number", ">", 0, 5, None)


def test_near_misses_of_dates_are_in_days() -> None:
    near = explain('日期 <= date("2021-08-16")', {"日期": dt.date(2021, 8, 19)}).conditions[0].near
    assert near is not None
    assert (near.kind, near.distance, near.share) == ("date", 3, None)
    assert "相差 3 天" in near.text


def test_near_misses_of_categories_list_what_is_accepted() -> None:
    near = explain('行业 in ["C26", "C38"]', {"行业": "A01"}).conditions[0].near
    assert near is not None
    assert near.accepted == ("C26", "C38")
    excluded = explain('not(行业 in ["C26", "C38"])', {"行业": "C26"}).conditions[0].near
    assert excluded is not None
    assert excluded.excluded == ("C26", "C38")
    flag = explain("高新", {"高新": False}).conditions[0].near
    assert flag is not None
    assert flag.accepted == (True,)


def test_values_come_with_their_sources() -> None:
    explanation = explain("企业.收入 > 户数", {"企业": {"收入": 3}, "户数": 2}, {"企业": "税务", "户数": "统计"})
    used = explanation.conditions[0].values
    assert [(item.name, item.value, item.source) for item in used] == [("企业.收入", 3, "税务"), ("户数", 2, "统计")]
    assert explain("收入 > 1", {"收入": 2}, lambda name: name + "台账").conditions[0].values[0].source == "收入台账"


def test_a_part_of_a_date_names_the_date() -> None:
    used = explain("日期.year = 2020", {"日期": dt.date(2021, 5, 1)}).conditions[0].values
    assert [(item.name, item.value) for item in used] == [("日期", dt.date(2021, 5, 1))]


def test_alarms_say_what_went_wrong() -> None:
    condition = explain("收入 / 户数 > 2", {"收入": 3, "户数": 0}).conditions[0]
    assert condition.verdict is P
    assert condition.alarm is not None
    assert "除以零" in condition.alarm
    assert explain('person("真实")', {}).conditions[0].alarm is None


def test_the_tree_shows_what_decides() -> None:
    explanation = explain(
        "收入 > 1 and (高新 or 户数 > 3) and 人数 > 2", {"收入": 0, "高新": False, "户数": 1, "人数": 9}
    )
    assert [item.decides for item in explanation.conditions] == [True, True, True, False]
    assert explanation.root.operator == "and"
    assert [child.operator for child in explanation.root.children] == [None, "or", None]
    assert explanation.root.children[1].text == "高新 or 户数 > 3"


def test_what_is_missing_is_named_only_where_it_decides() -> None:
    explanation = explain("(收入 > 1 or 高新) and 人数 > 2", {"收入": 5})
    assert explanation.verdict is U
    assert explanation.missing == ("人数",)


def test_an_explanation_keeps_the_values_of_its_moment() -> None:
    record: dict[str, object] = {"收入": 3}
    explanation = Explainer("收入 > 5", ("收入",)).explain(record)
    record["收入"] = 9
    assert explanation.conditions[0].values[0].value == 3
    assert explanation.to_dict()["root"]["near"]["distance"] == 2


def test_constants_are_written_as_in_the_rule() -> None:
    explanation = explain("收入 >= 1.5 * 亿元", {"收入": 10**8}, constants={"亿元": Decimal(10**8)})
    condition = explanation.conditions[0]
    assert condition.text == "收入 >= 1.5 * 亿元"
    assert condition.near is not None
    assert condition.near.bound == 150_000_000


def test_odd_names_and_texts_are_data_to_the_generated_code() -> None:
    odd = 'x"] or __import__("os").system("false") #'
    rule = ast.Compare("=", ast.Name(odd), ast.String("{v} {k}"))
    assert Explainer(rule).verdict({odd: "{v} {k}"}) is M


def _chooses(node: ast.Node) -> bool:
    """Whether ``if`` is used: of a condition without an answer FEEL takes the ``else``, an explanation leaves it open."""
    return "if " in to_text(node)


def _asks_for_null(node: ast.Node) -> bool:
    return "null" in to_text(node) or "if " in to_text(node)


@settings(max_examples=80, deadline=None)
@given(conditions)
def test_with_all_facts_the_verdict_is_the_evaluators(node: ast.Node) -> None:
    explainer, rule = Explainer(node), compile_expression(node)
    for record in FULL:
        verdict, value = explainer.verdict(record), rule(record)
        if value is True:
            assert verdict is M or _chooses(node)
        elif value is False:
            assert verdict is N or _chooses(node)
        else:
            assert verdict not in (M, N) or _chooses(node)


@settings(max_examples=150, deadline=None)
@given(
    conditions.filter(lambda node: not _asks_for_null(node)),
    st.sampled_from(FULL),
    st.sets(st.sampled_from(list(KINDS))),
)
def test_learning_a_fact_never_turns_a_yes_or_no(node: ast.Node, full: dict[str, object], hidden: set[str]) -> None:
    explainer = Explainer(node)
    known = {name: value for name, value in full.items() if name not in hidden}
    before, after = explainer.verdict(known), explainer.verdict(full)
    if before in (M, N):
        assert after is before


@settings(max_examples=100, deadline=None)
@given(conditions, st.sampled_from(RECORDS))
def test_every_explanation_can_be_expanded(node: ast.Node, record: dict[str, object]) -> None:
    explanation = Explainer(node).explain(record)
    assert explanation.root.verdict is explanation.verdict
    assert explanation.root.decides
    for condition in explanation.conditions:
        names = {fact.path[0] for fact in facts_of(compile_expression(condition.text, KINDS).node, frozenset())}
        assert {used.name.split(".")[0] for used in condition.values} <= names
        if condition.near is not None:
            assert condition.near.text
