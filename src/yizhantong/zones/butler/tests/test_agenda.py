"""A butler's visits stand on his own calendar, and on nobody else's."""

from __future__ import annotations

import datetime as dt

import pytest

from yizhantong.web import agenda
from yizhantong.zones.butler.tests.conftest import DAY, Town, at
from yizhantong.zones.butler.tests.test_visits import plan_of

pytestmark = pytest.mark.django_db


def test_a_visit_is_due_for_its_butler_only(town: Town) -> None:
    with at(DAY):
        plan_of(town, every=1, unit="month")
        month = (DAY, DAY + dt.timedelta(days=30))
        mine = agenda.between(*month, town["butler"], zone="butler", mine=True)
        assert [(each.kind, each.whose) for each in mine] == [("visit", town.firm.name)]
        assert agenda.between(*month, town["butler2"], zone="butler") == []
        assert agenda.between(*month, town["agent"], zone="butler") == []
