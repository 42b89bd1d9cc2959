"""``yzt cases`` tells what the reads tell, and finds a clock that was tampered with."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from yizhantong.kernel.cases import actions
from yizhantong.kernel.cases.commands import cases
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.cases.tests import world
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.parties.models import Organisation

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def case() -> Case:
    firm = Organisation.objects.get(pk=world.FIRM)
    return actions.file(world.item(document=world.content(intake=False)), applicant=firm, data={}, account=None)


def test_a_case_is_shown_and_listed(case: Case) -> None:
    shown = CliRunner().invoke(cases, ["show", case.number, "--json"])
    assert shown.exit_code == 0, shown.output
    told = json.loads(shown.output)
    assert (told["office"], [step["code"] for step in told["steps"]]) == ("工信局", ["review"])
    assert "初审" in CliRunner().invoke(cases, ["show", case.number]).output
    listed = json.loads(CliRunner().invoke(cases, ["list", "--state", "accepted", "--json"]).output)
    assert [row["number"] for row in listed["rows"]] == [case.number]
    assert CliRunner().invoke(cases, ["show", "0"]).exit_code == 1


def test_a_clock_that_was_tampered_with_is_found(case: Case) -> None:
    assert CliRunner().invoke(cases, ["recompute"]).exit_code == 0
    Case.objects.update(due_at=world.at(30))
    found = CliRunner().invoke(cases, ["recompute", "--json"])
    assert found.exit_code == 1
    assert [row["number"] for row in json.loads(found.output)] == [case.number]


def test_lamps_are_lit_from_the_command_line(case: Case) -> None:
    with clock.at(world.at(24)):
        told = json.loads(CliRunner().invoke(cases, ["lamps", "--json"]).output)
    assert told == {"deemed_accepted": 0, "lamps": 1, "deemed_confirmed": 0}
