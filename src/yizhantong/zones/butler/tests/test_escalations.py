"""Reminders at 7, 14, 21 and 45 days, each once, each to the next one up, each with its own time to answer."""

from __future__ import annotations

import datetime as dt

import pytest

from yizhantong.kernel.access.policy import Refused
from yizhantong.kernel.cases import actions as cases
from yizhantong.kernel.cases.models import Case, CaseStep
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.notices.models import Notice
from yizhantong.zones.butler.actions import appeals, endings
from yizhantong.zones.butler.actions import escalations as actions
from yizhantong.zones.butler.models import Escalation, EscalationFact
from yizhantong.zones.butler.queries import appeals as queries
from yizhantong.zones.butler.tests.conftest import DAY, Town, at

pytestmark = pytest.mark.django_db

START = DAY - dt.timedelta(days=60)


def accepted(town: Town) -> Case:
    """Return an appeal accepted sixty days ago and claimed by the clerk."""
    with at(START):
        case = town.appeal()
        cases.accept(case, account=town["clerk"])
        cases.claim(CaseStep.objects.get(case=case, done_at=None), town["clerk"])
    return Case.objects.get(pk=case.pk)


def rungs(case: Case) -> list[tuple[int, int, str]]:
    return list(Escalation.objects.filter(case=case).order_by("round", "rung").values_list("round", "rung", "to"))


@pytest.mark.parametrize(
    ("days", "expected"),
    [(6, 0), (7, 1), (13, 1), (14, 2), (20, 2), (21, 3), (44, 3), (45, 4), (59, 4)],
)
def test_an_open_appeal_climbs_by_its_days(town: Town, days: int, expected: int) -> None:
    case = accepted(town)
    with at(START + dt.timedelta(days=days), hour=7):
        assert actions.escalate_due() == expected
        assert actions.escalate_due() == 0, "each rung once"
    assert [to for _round, _rung, to in rungs(case)] == ["handler", "head", "manager", "leader"][:expected]


def test_each_rung_tells_the_next_one_up(town: Town) -> None:
    case = accepted(town)
    told = []
    for days in (7, 14, 21, 45):
        with at(START + dt.timedelta(days=days)):
            actions.escalate_due()
            told.append(Escalation.objects.filter(case=case).order_by("-rung")[0].told)
    assert told == [["clerk"], ["head"], ["manager", "manager2"], ["leader"]]
    assert Notice.objects.filter(kind="butler.reminder", account=town.users["leader"]).count() == 1
    facts = EscalationFact.objects.filter(number=case.number).order_by("rung").values_list("rung", "days")
    assert list(facts) == [(1, 7), (2, 14), (3, 21), (4, 45)]


def test_every_rung_has_its_own_time_and_one_root(town: Town) -> None:
    first, second = accepted(town), accepted(town)
    appeals.link_duplicate(second, first, reason="同一地块", account=town["clerk"])
    with at(DAY):
        actions.escalate_due()
    for case in (first, second):
        rows = Escalation.objects.filter(case=case).order_by("rung")
        assert [(row.due_at - row.raised_at).days for row in rows] == [2, 2, 3, 5]
        assert {row.root_id for row in rows} == {first.pk}


def test_a_closed_appeal_climbs_no_more_and_a_disputed_one_begins_anew(town: Town) -> None:
    case = accepted(town)
    with at(START + dt.timedelta(days=8)):
        actions.escalate_due()
        appeals.answer_appeal(case, result="solved", reason="已解决", account=town["clerk"])
    with at(START + dt.timedelta(days=30)):
        assert actions.escalate_due() == 0
        endings.dispute(case, "没有落实", account=town["agent"])
        assert actions.escalate_due() == 0
    with at(START + dt.timedelta(days=37)):
        assert actions.escalate_due() == 1
    assert rungs(case) == [(1, 1, "handler"), (2, 1, "handler")]


def test_an_answer_is_given_once_by_who_was_told_or_a_manager(town: Town) -> None:
    case = accepted(town)
    with at(START + dt.timedelta(days=14)):
        actions.escalate_due()
    head = Escalation.objects.get(case=case, to="head")
    with pytest.raises(Refused):
        actions.answer_escalation(head, "已督促", account=town["stranger"])
    with pytest.raises(LedgerError) as empty:
        actions.answer_escalation(head, " ", account=town["head"])
    actions.answer_escalation(head, "已督促,本周内办结", account=town["head"])
    with pytest.raises(LedgerError) as again:
        actions.answer_escalation(head, "又一次", account=town["manager"])
    assert (empty.value.code, again.value.code) == ("butler.no_remark", "butler.escalation_answered")
    assert {row.to for row in queries.open_escalations(town["manager"])} == {"handler"}
    assert {row.to for row in queries.open_escalations(town["clerk"])} == {"handler"}
    assert not queries.open_escalations(town["head"]).exists()
    assert not queries.open_escalations(town["butler"]).exists()


def test_where_nobody_is_there_the_next_one_up_is_told(town: Town) -> None:
    with at(START):
        case = town.appeal(kind="finance", subject="续贷困难", text="贷款到期,希望续贷。")
        cases.accept(case, account=None)
    with at(START + dt.timedelta(days=7)):
        actions.escalate_due()
    row = Escalation.objects.get(case=case)
    assert (row.to, row.told) == ("handler", ["manager", "manager2"])
