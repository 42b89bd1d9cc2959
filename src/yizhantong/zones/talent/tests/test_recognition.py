"""Recognition: judged by the rules of its year, raised, expired, looked at each year, lost; the ledger knows codes only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from yizhantong.kernel.cases import actions as cases
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.files.models import Issued
from yizhantong.zones.talent import tasks
from yizhantong.zones.talent.actions import recognition, subsidies
from yizhantong.zones.talent.models import Claim, Instalment, Recheck, Recognition, Talent
from yizhantong.zones.talent.tests.conftest import DAY, Town, at

pytestmark = pytest.mark.django_db
Refused = Callable[..., str]


def test_a_claim_is_judged_with_reasons_and_granted(town: Town) -> None:
    who = town.somebody()
    case = town.claim(who)
    claim = Claim.objects.get(case=case)
    assert (claim.reached, str(claim.rules), claim.live) == ("E", "2021-1", True)
    said = {one["code"]: (one["verdict"], one["values"]) for one in claim.reasons}
    assert said["master"] == ("met", {"学位": "硕士", "年龄": "31"})
    assert said["academician"][0] == "not_met"
    cases.accept(case, account=town["officer"])
    town.step(case, "formal")
    town.step(case, "decide")
    talent = Talent.objects.get(person=who.person)
    assert (talent.category, talent.valid_until) == ("E", dt.date(2026, 8, 15))
    fact = Recognition.objects.get()
    assert (fact.talent, fact.number, fact.source) == (talent.code, case.number, f"case:{case.number}")
    assert not Claim.objects.get(case=case).live


def test_rules_decide_where_they_know_and_an_official_where_a_fact_is_missing(town: Town, refused: Refused) -> None:
    who = town.somebody()
    case = town.claim(who, talent_class="D", talent_degree="学士")
    cases.accept(case, account=town["officer"])
    town.step(case, "formal")
    assert refused(town.step, case, "decide") == "talent.rules_say_no"
    town.step(case, "decide", "fail", details={"law": "目录"})
    assert Case.objects.get(pk=case.pk).outcome == "refused"
    unknown = town.claim(who, talent_class="C", talent_degree="学士", talent_pay="")
    assert any(one["verdict"] == "unknown" for one in Claim.objects.get(case=unknown).reasons)
    cases.accept(unknown, account=town["officer"])
    town.step(unknown, "formal")
    town.announce(unknown)
    with at(dt.date(2021, 8, 30)):
        town.step(unknown, "decide")
        assert Talent.objects.get(person=who.person).category == "C"


def test_refusing_who_meets_the_rules_is_refused(town: Town, refused: Refused) -> None:
    case = town.claim(town.somebody())
    cases.accept(case, account=town["officer"])
    town.step(case, "formal")
    assert refused(town.step, case, "decide", "fail", details={"law": "目录"}) == "talent.rules_say_yes"


def test_one_claim_at_a_time_and_only_upwards(town: Town, refused: Refused) -> None:
    who = town.somebody()
    first = town.claim(who)
    assert refused(town.claim, who) == "talent.claimed_already"
    cases.withdraw(first, "另行申报", who)
    assert town.recognised(who).category == "E"
    assert refused(town.claim, who) == "talent.not_higher"
    assert refused(town.claim, who, talent_class="F") == "talent.not_higher"
    raised = town.recognised(who, talent_class="D", talent_title="正高级")
    assert (raised.category, Recognition.objects.count()) == ("D", 2)
    assert Recognition.objects.values("talent").distinct().count() == 1
    assert refused(town.claim, who, talent_class="B", talent_employer="911122223333444455") in (
        "cases.form",
        "talent.unknown_organisation",
    )


def test_rules_of_the_year_of_submission_count(town: Town) -> None:
    with at(dt.date(2020, 9, 1)):
        claim = Claim.objects.get(
            case=town.claim(town.somebody(), talent_born_on="1970-01-01", talent_degree="博士", talent_class="D")
        )
        assert (str(claim.rules), claim.reached) == ("2019-1", "D")
    claim = Claim.objects.get(
        case=town.claim(town.somebody(), talent_born_on="1970-01-01", talent_degree="博士", talent_class="D")
    )
    assert (str(claim.rules), claim.reached) == ("2021-1", "")


def test_the_certificate_is_issued_once_and_replaced_when_the_class_rises(town: Town) -> None:
    who = town.somebody()
    talent = town.recognised(who)
    case = Case.objects.get(talent_claim__talent=talent)
    number = tasks.certify.func(case=case.pk)
    assert tasks.certify.func(case=case.pk) == number
    first = Issued.objects.get(subject_kind="talent")
    assert first.verify_code
    raised = recognition.certificate(town.recognised(who, talent_class="D", talent_title="正高级"), account=None)
    assert raised.replaces == first


def test_what_runs_out_expires_and_is_reminded_of_once(town: Town) -> None:
    talent = town.recognised(town.somebody())
    with at(talent.valid_until - dt.timedelta(days=30)):
        assert (recognition.remind(), recognition.remind(), recognition.expire()) == (1, 0, 0)
    with at(talent.valid_until + dt.timedelta(days=1)):
        assert (recognition.expire(), recognition.expire()) == (1, 0)
    assert Talent.objects.get(pk=talent.pk).state == "expired"


def test_the_yearly_check_lets_pay_or_stops(town: Town, refused: Refused) -> None:
    stays, left = town.somebody(), town.somebody()
    for who in (stays, left):
        town.recognised(who)
        town.subsidy(who)
    with at(dt.date(2022, 3, 1)):
        assert recognition.open_rechecks(2022, account=town["officer"]) == 2
        assert recognition.open_rechecks(2022, account=town["officer"]) == 0
        checks = {one.talent.person_id: one for one in Recheck.objects.select_related("talent")}
        held = checks[stays.person_id]
        assert subsidies.hold_of_year(held.talent, 2022) == 0
        recognition.settle_recheck(held, employed=True, resident=True, evidence="社保缴费记录", account=town["officer"])
        again = {"employed": False, "resident": True, "evidence": "x", "account": town["second"]}
        assert refused(recognition.settle_recheck, held, **again) == "talent.recheck_done"
        recognition.settle_recheck(
            checks[left.person_id], employed=False, resident=False, evidence="已离开本市", account=town["officer"]
        )
    assert list(Instalment.objects.filter(award__talent=held.talent).values_list("state", flat=True)) == [
        "ready",
        "ready",
        "planned",
    ]
    gone = Talent.objects.get(person=left.person)
    assert gone.state == "lost"
    assert set(Instalment.objects.filter(award__talent=gone).values_list("state", flat=True)) == {"cancelled"}


def test_only_the_talent_office_checks(town: Town) -> None:
    from yizhantong.kernel.access.policy import Refused as NotAllowed

    town.recognised(town.somebody())
    for name in ("stranger", "nobody", "agent"):
        with pytest.raises(NotAllowed):
            recognition.open_rechecks(DAY.year + 1, account=town[name])
