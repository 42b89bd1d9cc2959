"""One accountable office at every instant of an open case, whoever writes to the database and however."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from yizhantong.kernel.cases import actions
from yizhantong.kernel.cases.models import Case, Tenure
from yizhantong.kernel.cases.tests import world
from yizhantong.kernel.parties.models import Organisation

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def case() -> Case:
    firm = Organisation.objects.get(pk=world.FIRM)
    return actions.file(world.item(document=world.content(intake=False)), applicant=firm, data={}, account=None)


FORGERIES: dict[str, str] = {
    "no office": "UPDATE cases_case SET office_id = NULL",
    "no beginning": "UPDATE cases_case SET office_since = NULL",
    "another office at no other moment": "UPDATE cases_case SET office_id = '{eco}'",
    "another office from before": "UPDATE cases_case SET office_id = '{eco}', office_since = '2021-08-01 00:00:00+00:00'",
    "deleted": "DELETE FROM cases_case",
    "a draft again": "UPDATE cases_case SET state = 'draft'",
    "closed without an ending": "UPDATE cases_case SET state = 'closed', closed_at = '2021-08-10 00:00:00+00:00'",
    "closed without a moment": "UPDATE cases_case SET state = 'closed', outcome = 'granted'",
    "refused without a reason": (
        "UPDATE cases_case SET state = 'closed', outcome = 'refused', closed_at = '2021-08-10 00:00:00+00:00'"
    ),
    "tenure deleted": "DELETE FROM cases_tenure",
    "tenure ended": "UPDATE cases_tenure SET until = '2021-08-10 00:00:00+00:00'",
    "tenure of another office": "UPDATE cases_tenure SET office_id = '{eco}'",
    "tenure moved": "UPDATE cases_tenure SET since = '2021-08-01 00:00:00+00:00'",
    "a second tenure": (
        "INSERT INTO cases_tenure (case_id, office_id, since) SELECT id, '{eco}', '2021-08-09 00:00:00+00:00' FROM cases_case"
    ),
    "the same tenure twice": (
        "INSERT INTO cases_tenure (case_id, office_id, since) SELECT id, office_id, '2021-08-09 00:00:00+00:00' FROM cases_case"
    ),
}


@pytest.mark.parametrize("what", FORGERIES)
def test_no_statement_leaves_an_open_case_without_exactly_one_office(case: Case, what: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FORGERIES[what].format(eco=world.ECOLOGY))
    assert [(row.office_id, row.until) for row in Tenure.objects.filter(case=case)] == [(world.ECONOMY, None)]


def changes() -> dict[str, Callable[[Case], Any]]:
    eco = Organisation.objects.get(pk=world.ECOLOGY)
    return {
        "transferred": lambda case: actions.settle_transfer(actions.ask_transfer(case, eco, "职责", None), True, None),
        "decided": lambda case: (
            actions.complete_step(case, "review", outcome="pass", account=None)
            and actions.decide(case, outcome="granted", account=None)
        ),
        "withdrawn": lambda case: actions.withdraw(case, "不办了", None),
        "supplement": lambda case: actions.ask_supplement(case, [{"kind": "other", "text": "补"}], account=None),
    }


@pytest.mark.parametrize("what", ["transferred", "decided", "withdrawn", "supplement"])
def test_every_change_keeps_the_tenures_without_gap_or_overlap(case: Case, what: str) -> None:
    changes()[what](case)
    case.refresh_from_db()
    rows = list(Tenure.objects.filter(case=case).order_by("since"))
    assert rows[0].since == case.submitted_at
    for before, after in pairwise(rows):
        assert before.until == after.since
    open_ones = [row.office_id for row in rows if row.until is None]
    assert open_ones == ([] if case.state == "closed" else [case.office_id])
    if case.state == "closed":
        assert rows[-1].until == case.closed_at


def test_a_case_changed_by_plain_sql_has_its_tenure_all_the_same(case: Case) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_case SET office_id = %s, office_since = %s", [world.ECOLOGY, "2021-08-10 00:00:00+00:00"]
        )
    offices = list(Tenure.objects.filter(case=case).order_by("since").values_list("office_id", flat=True))
    assert offices == [world.ECONOMY, world.ECOLOGY]


def test_a_draft_can_be_deleted_and_has_no_tenure() -> None:
    asker = world.citizen("经办", world.FIRM)
    draft = actions.draft(world.item(), applicant=Organisation.objects.get(pk=world.FIRM), account=asker)
    assert Tenure.objects.count() == 0
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM cases_case WHERE id = %s", [draft.pk])
    assert Case.objects.count() == 0
