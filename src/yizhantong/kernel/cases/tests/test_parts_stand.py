"""A part that is closed is never touched: whatever is done to the others, or to the whole, its rows stay as they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yizhantong.kernel.cases import actions, hooks
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.models import Case, CaseEvent, CaseMaterial, CaseStep, ClockSegment, Tenure
from yizhantong.kernel.cases.tests import packages, world
from yizhantong.kernel.divisions import clock

pytestmark = pytest.mark.usefixtures("city")
LAW = packages.LAW
DEFECTS = [{"kind": "other", "text": "请补充"}]
MOVES: dict[str, Any] = {
    "grant": lambda whole, part: actions.decide(part, outcome="granted", account=None),
    "refuse": lambda whole, part: actions.decide(part, outcome="refused", reason="不符", law=LAW, account=None),
    "withdraw part": lambda whole, part: actions.withdraw(part, "不办了", None),
    "terminate part": lambda whole, part: actions.terminate(part, "失联", LAW, None),
    "ask of part": lambda whole, part: actions.ask_supplement(part, DEFECTS, account=None),
    "supplement part": lambda whole, part: actions.supplement(part, account=None),
    "extend part": lambda whole, part: actions.extend(part, amount=2, reason="复杂", account=None),
    "ask of whole": lambda whole, part: actions.ask_supplement(whole, DEFECTS, account=None),
    "supplement whole": lambda whole, part: actions.supplement(whole, account=None),
    "conclude whole": lambda whole, part: actions.conclude_parent(whole, outcome="partial", reason="部分"),
    "withdraw whole": lambda whole, part: actions.withdraw(whole, "不办了", None),
    "terminate whole": lambda whole, part: actions.terminate(whole, "失联", LAW, None),
}
"""What may be done; what is refused at the time must change nothing either."""


def rows(part: Case) -> list[Any]:
    """Return everything that is stored of a part."""
    own = Case.objects.filter(pk=part.pk)
    beside = [model.objects.filter(case_id=part.pk) for model in (CaseStep, ClockSegment, Tenure, CaseMaterial)]
    return [
        list(found.order_by("pk").values()) for found in (own, *beside, CaseEvent.objects.filter(number=part.number))
    ]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    moves=st.lists(
        st.tuples(st.sampled_from(sorted(MOVES)), st.integers(0, 2), st.integers(0, 3)), min_size=3, max_size=12
    )
)
def test_a_closed_part_is_never_touched(moves: Sequence[tuple[str, int, int]]) -> None:
    with transaction.atomic():
        made = packages.items(3)
        zone = packages.Joining(lambda _case: packages.parts_of(made, accepted=True))
        hooks.register(zone, zone=packages.ZONE, kind="package")
        try:
            _play(zone, moves)
        finally:
            hooks.forget(zone)
            transaction.set_rollback(True)


def _play(zone: packages.Joining, moves: Sequence[tuple[str, int, int]]) -> None:
    whole, closed = packages.file(packages.package()), dict[int, list[Any]]()
    keys = [part.pk for part in zone.forked]
    for day, (what, place, days) in enumerate(moves):
        key = keys[place]
        with clock.at(world.at(10 + day, hour=9 + days)):
            try:
                with transaction.atomic():
                    MOVES[what](Case.objects.get(pk=whole.pk), Case.objects.get(pk=key))
            except CaseError:
                pass
        for part in Case.objects.filter(parent=whole):
            if part.pk in closed:
                assert rows(part) == closed[part.pk], what
            elif part.state == "closed":
                closed[part.pk] = rows(part)
        whole.refresh_from_db()
        open_ = Case.objects.filter(parent=whole).exclude(state="closed").count()
        assert whole.state != "closed" or open_ == 0, "the whole never ends before its parts"
    assert CaseEvent.objects.filter(number=whole.number, event="closed").count() == (whole.state == "closed")
