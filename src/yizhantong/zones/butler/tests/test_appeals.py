"""An appeal through real actions, from the first word to the ending; what the ledgers then say."""

from __future__ import annotations

import datetime as dt

import pytest

from yizhantong.kernel.access.policy import Refused
from yizhantong.kernel.cases import actions as cases
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.models import Case, CaseStep
from yizhantong.kernel.ledger.actions import record
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.models import AuditEvent
from yizhantong.kernel.notices.models import Notice
from yizhantong.zones.butler import queries as standing
from yizhantong.zones.butler.actions import appeals, endings
from yizhantong.zones.butler.figures import APPEALS
from yizhantong.zones.butler.models import Confirmation, Duplicate, Ending, Outcome, Rating, UnableReview
from yizhantong.zones.butler.queries import appeals as queries
from yizhantong.zones.butler.tests.conftest import DAY, Town, at

pytestmark = pytest.mark.django_db


def solved(town: Town, **more: object) -> Case:
    """Return an appeal that its office accepted and answered as solved."""
    case = town.appeal(**more)
    cases.accept(case, account=town["clerk"])
    return appeals.answer_appeal(case, result="solved", reason="已落实用地指标。", account=town["clerk"])


def test_the_first_who_is_asked_answers_for_it(town: Town) -> None:
    case = town.appeal()
    assert (case.state, case.office_id, case.title) == ("submitted", town.office.pk, "工业用地指标")
    assert (case.details["channel"], case.details["is_secret"]) == ("platform", False)
    assert standing.appeal(case.number) is None, "it enters the ledger when it is accepted"


def test_acceptance_closing_and_rating_become_facts(town: Town) -> None:
    with at(DAY - dt.timedelta(days=3)):
        case = town.appeal()
        cases.accept(case, account=town["clerk"])
    fact = standing.appeal(case.number)
    assert fact is not None
    assert (fact.kind, fact.channel, fact.agency_id, fact.occurred_on) == (
        "land",
        "platform",
        town.office.pk,
        DAY - dt.timedelta(days=3),
    )
    with at(DAY):
        appeals.answer_appeal(case, result="solved", reason="已落实用地指标。", account=town["clerk"])
        cases.rate(case, 4, account=town["agent"])
    outcome = standing.outcome(case.number)
    assert outcome is not None
    assert (outcome.result, outcome.days) == ("solved", 3)
    assert Rating.objects.get(number=case.number).rating == 4
    assert Ending.objects.get(case=case).state == "waiting"
    assert Notice.objects.filter(account=town.users["agent"], kind="butler.ending").exists()


def test_no_appeal_enters_the_ledgers_by_another_door(town: Town) -> None:
    values = {
        "division_id": town.firm.division_id, "occurred_on": DAY, "number": "SQ-1", "enterprise_id": town.firm.pk,
        "kind": "land", "channel": "platform", "subject": "用地", "agency_id": town.office.pk,
    }  # fmt: skip
    with pytest.raises(LedgerError) as refused:
        record(APPEALS, values, account=None, source="test")
    assert refused.value.code == "ledger.through_its_zone"


@pytest.mark.parametrize("who", ["nobody", "clerk", "butler"])
def test_only_who_acts_for_the_enterprise_asks_for_it_online(town: Town, who: str) -> None:
    with pytest.raises(CaseError) as refused:
        appeals.file_appeal(town.firm, kind="land", subject="用地指标", text="请协调用地。", account=town[who])
    assert refused.value.code == "cases.not_the_applicant"


def test_a_butler_files_for_his_own_enterprises_only(town: Town) -> None:
    given = {"kind": "labour", "subject": "招工困难", "text": "缺一线工人二十名。", "channel": "butler"}
    case = appeals.file_appeal(town.firm, **given, account=town["butler"])
    assert (case.channel, case.details["channel"], case.details["raised_by"]) == (
        "behalf",
        "butler",
        town.users["butler"].pk,
    )
    with pytest.raises(LedgerError) as refused:
        appeals.file_appeal(town.other_firm, **given, account=town["butler"])
    assert refused.value.code == "butler.not_yours"
    with pytest.raises(Refused):
        appeals.file_appeal(town.firm, **given, account=town["agent"])


@pytest.mark.parametrize(("channel", "kernel"), [("hotline", "behalf"), ("window", "counter")])
def test_hotline_and_window_take_appeals_in(town: Town, channel: str, kernel: str) -> None:
    given = {"kind": "market", "subject": "展会参展", "text": "希望参加秋季展会。", "channel": channel}
    case = appeals.file_appeal(town.firm, **given, account=town["window"])
    assert (case.channel, case.details["channel"]) == (kernel, channel)


def test_the_same_submission_again_is_the_same_appeal(town: Town) -> None:
    assert town.appeal(key="k-1").pk == town.appeal(key="k-1").pk


def test_a_refusal_is_from_the_list_and_gives_its_law(town: Town) -> None:
    case = town.appeal()
    with pytest.raises(LedgerError) as unknown:
        appeals.refuse_appeal(case, "no_mood", account=town["clerk"])
    appeals.refuse_appeal(case, "litigation", remark="一审中", account=town["clerk"])
    assert unknown.value.code == "butler.unknown_reason"
    assert (case.outcome, case.law) == ("not_accepted", "GB/T 33358-2016(条款待核)")
    assert case.reason.startswith("已进入诉讼")
    assert standing.appeal(case.number) is None


def test_no_help_possible_waits_for_a_manager_who_is_somebody_else(town: Town) -> None:
    case = town.appeal()
    cases.accept(case, account=town["clerk"])
    with pytest.raises(LedgerError) as lawless:
        appeals.answer_appeal(case, result="unable", reason="规划不允许", account=town["clerk"])
    appeals.answer_appeal(case, result="unable", reason="规划不允许", law="国土空间规划", account=town["clerk"])
    review = UnableReview.objects.get(case=case)
    assert (lawless.value.code, case.state, review.state) == ("butler.unable_law", "accepted", "asked")
    assert Notice.objects.filter(account=town.users["manager"], kind="butler.review").exists()
    with pytest.raises(LedgerError) as waiting:
        appeals.answer_appeal(case, result="solved", reason="已解决", account=town["clerk"])
    with pytest.raises(Refused):
        appeals.settle_unable(review, approve=True, remark="", account=town["head"])
    appeals.settle_unable(review, approve=True, remark="", account=town["manager"])
    case.refresh_from_db()
    assert waiting.value.code == "butler.in_review"
    assert (case.state, case.result) == ("closed", "unable")
    assert "国土空间规划" in case.reason
    with pytest.raises(LedgerError) as again:
        appeals.settle_unable(review, approve=False, remark="再议", account=town["manager2"])
    assert again.value.code == "butler.review_settled"


def test_unable_cannot_go_round_the_review(town: Town) -> None:
    case = town.appeal()
    cases.accept(case, account=town["clerk"])
    with pytest.raises(CaseError) as refused:
        cases.close_answered(case, result="unable", reason="办不了", account=town["clerk"])
    assert refused.value.code == "butler.unable_unreviewed"
    case.refresh_from_db()
    assert case.state == "accepted"
    assert not Outcome.objects.filter(number=case.number).exists()


def test_a_returned_review_lets_the_work_go_on(town: Town) -> None:
    case = town.appeal()
    cases.accept(case, account=town["clerk"])
    appeals.answer_appeal(case, result="unable", reason="规划不允许", law="国土空间规划", account=town["clerk"])
    review = UnableReview.objects.get(case=case)
    with pytest.raises(LedgerError):
        appeals.settle_unable(review, approve=False, remark="", account=town["manager"])
    appeals.settle_unable(review, approve=False, remark="请再与规划部门会商", account=town["manager"])
    appeals.answer_appeal(case, result="explained", reason="说明了调整规划的程序。", account=town["clerk"])
    assert case.result == "explained"


def test_the_enterprise_confirms_once(town: Town) -> None:
    case = solved(town)
    with pytest.raises(CaseError) as stranger:
        endings.confirm(case, account=town["clerk"])
    endings.confirm(case, account=town["agent"])
    with pytest.raises(CaseError) as again:
        endings.confirm(case, account=town["agent"])
    with pytest.raises(CaseError) as late:
        endings.dispute(case, "没有解决", account=town["agent"])
    assert [stranger.value.code, again.value.code, late.value.code] == [
        "cases.not_yours", "butler.ending_settled", "butler.ending_settled",
    ]  # fmt: skip
    case.refresh_from_db()
    assert case.state == "closed", "a refused dispute leaves nothing behind"
    assert [fact.said for fact in Confirmation.objects.filter(number=case.number)] == ["confirmed"]


def test_a_dispute_reopens_once_and_takes_the_outcome_back(town: Town) -> None:
    case = solved(town)
    endings.dispute(case, "指标没有落到地块", account=town["agent"])
    assert case.state == "accepted"
    assert standing.outcome(case.number) is None
    assert Ending.objects.get(case=case).state == "disputed"
    assert Notice.objects.filter(account=town.users["manager"], kind="butler.disputed").exists()
    appeals.answer_appeal(case, result="solved", reason="已落到地块。", account=town["clerk"])
    with pytest.raises(CaseError) as again:
        endings.dispute(case, "还是不行", account=town["agent"])
    assert again.value.code == "cases.disputed"
    signs = list(Outcome.objects.filter(number=case.number).order_by("id").values_list("sign", flat=True))
    assert signs == [1, -1, 1]
    assert [row.round for row in Ending.objects.filter(case=case).order_by("round")] == [1, 2]
    endings.confirm(case, account=town["agent"])
    said = list(Confirmation.objects.filter(number=case.number).order_by("round").values_list("round", "said"))
    assert said == [(1, "disputed"), (2, "confirmed")]


def test_silence_is_no_consent(town: Town) -> None:
    with at(DAY - dt.timedelta(days=11)):
        case = solved(town)
    with at(DAY - dt.timedelta(days=2)):
        assert endings.lapse() == 0
    with at(DAY):
        assert (endings.lapse(), endings.lapse()) == (1, 0)
    assert Ending.objects.get(case=case).state == "unconfirmed"
    assert not Confirmation.objects.filter(number=case.number).exists()
    endings.confirm(case, account=town["agent"])
    assert Ending.objects.get(case=case).state == "confirmed"


def test_a_withdrawn_appeal_leaves_the_ledger_by_a_reversal(town: Town) -> None:
    case = town.appeal()
    cases.accept(case, account=town["clerk"])
    cases.withdraw(case, "已自行解决", town["agent"])
    assert standing.appeal(case.number) is None
    assert not Ending.objects.filter(case=case).exists()


def test_several_agencies_make_one_status(town: Town, sample_city: object) -> None:
    from yizhantong.kernel.parties.models import Organisation

    case = town.appeal()
    cases.accept(case, account=town["clerk"])
    asked = list(
        Organisation.objects.filter(kind="agency", division_id="2107").exclude(pk=town.office.pk).order_by("pk")[:3]
    )
    cases.ask_joint(case, asked, town["clerk"], text="请协助核实")
    assert queries.beside(case).joint.label == "联办中(0/3)"
    with pytest.raises(CaseError) as early:
        appeals.answer_appeal(case, result="solved", reason="已解决", account=town["clerk"])
    assert early.value.code == "butler.joint_open"
    outcomes = ["pass", "pass", "fail"]
    for step, outcome in zip(CaseStep.objects.filter(case=case, kind="joint").order_by("id"), outcomes, strict=True):
        cases.complete_step(case, step.code, outcome=outcome, opinion="意见", account=None)
    joint = queries.beside(case).joint
    assert (joint.status, joint.done, joint.total) == ("divided", 3, 3)
    appeals.answer_appeal(case, result="explained", reason="综合各单位意见答复。", account=town["clerk"])
    assert case.state == "closed"


def test_a_transfer_happens_once_and_the_ledger_follows(town: Town) -> None:
    case = town.appeal()
    cases.accept(case, account=town["clerk"])
    with pytest.raises((CaseError, Refused)):
        cases.ask_transfer(case, town.elsewhere, "不属本单位职责", town["agent"])
    transfer = cases.ask_transfer(case, town.elsewhere, "不属本单位职责", town["clerk"])
    case.refresh_from_db()
    assert case.office_id == town.office.pk, "the first who was asked answers for it until another consents"
    cases.settle_transfer(transfer, True, None)
    case.refresh_from_db()
    fact = standing.appeal(case.number)
    assert fact is not None
    assert (case.office_id, fact.agency_id) == (town.elsewhere.pk, town.elsewhere.pk)
    with pytest.raises(CaseError) as twice:
        cases.ask_transfer(case, town.office, "退回", town["stranger"])
    assert twice.value.code == "cases.transferred"


def test_duplicates_are_linked_to_the_first_and_both_go_on(town: Town) -> None:
    first = town.appeal()
    second = town.appeal(subject="工业用地指标问题")
    third = town.appeal(subject="新增工业用地指标")
    likely = queries.likely_duplicates(third, town["clerk"])
    assert {case.pk for case, _score in likely} == {first.pk, second.pk}
    appeals.link_duplicate(second, first, reason="同一地块", account=town["clerk"])
    link = appeals.link_duplicate(third, second, reason="同一地块", account=town["clerk"])
    assert link.original_id == first.pk
    for wrong in ((first, third), (second, first), (first, first)):
        with pytest.raises(LedgerError) as refused:
            appeals.link_duplicate(*wrong, reason="同一地块", account=town["clerk"])
        assert refused.value.code == "butler.duplicate"
    with pytest.raises(Refused):
        appeals.link_duplicate(first, second, reason="x", account=town["agent"])
    assert {first.state, second.state, third.state} == {"submitted"}
    assert Duplicate.objects.count() == 2


def test_a_withheld_name_is_seen_by_the_accountable_office_only(town: Town) -> None:
    case = town.appeal(is_secret=True)
    assert case.details["is_secret"] is True
    shown = {
        who: queries.asker_of(case, town[who]) for who in ("agent", "clerk", "stranger", "butler", "manager", "leader")
    }
    assert {who for who, name in shown.items() if name == town.firm.name} == {"agent", "clerk"}
    assert case not in queries.visible_appeals(town["butler"]), "its butler would know it by his list"
    with pytest.raises(Refused):
        appeals.reveal_asker(case, "了解情况", account=town["stranger"])
    with pytest.raises(LedgerError):
        appeals.reveal_asker(case, " ", account=town["manager"])
    assert appeals.reveal_asker(case, "督办需要", account=town["manager"]) == town.firm.name
    events = AuditEvent.objects.filter(event="reveal", target=f"case:{case.number}").order_by("id")
    assert [(event.actor, event.result) for event in events] == [("stranger", "refused"), ("manager", "done")]


def test_who_sees_an_appeal(town: Town) -> None:
    case = town.appeal()
    seen = {who for who in town.users if queries.visible_appeals(town[who]).filter(pk=case.pk).exists()}
    assert seen == {"agent", "clerk", "head", "butler", "manager", "manager2", "leader"}


def test_a_page_of_appeals_takes_few_queries(town: Town, django_assert_max_num_queries: object) -> None:
    for number in range(12):
        town.appeal(subject=f"用地指标第{number}件")
    manager = town["manager"]
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        rows = list(queries.with_progress(queries.visible_appeals(manager))[:30])
        assert {queries.asker_of(case, manager) for case in rows} == {town.firm.name}
