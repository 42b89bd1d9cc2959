"""Any order of parts, any outcomes, in any sequence: what must hold of every package, however it is played."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yizhantong.kernel.cases import actions as cases
from yizhantong.kernel.cases.models import Case, CaseEvent
from yizhantong.kernel.divisions import tree
from yizhantong.kernel.items import content as contents
from yizhantong.kernel.items.load import publish_as_demonstration
from yizhantong.kernel.items.models import Item
from yizhantong.testing.items import published_item, steps
from yizhantong.zones.onething import ordering, tasks
from yizhantong.zones.onething.actions.editing import assembled
from yizhantong.zones.onething.models import PackagePart
from yizhantong.zones.onething.tests.conftest import Town

pytestmark = pytest.mark.django_db
CODES = ("a", "b", "c", "d", "e")
LAW = "《演示办法》第三条"
ENDINGS = ("granted", "granted", "refused", "withdrawn", "terminated")
Graph = dict[str, tuple[str, ...]]


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """An order without circles: each part waits for some of those named before it."""
    size = draw(st.integers(1, len(CODES)))
    return {
        code: tuple(draw(st.lists(st.sampled_from(CODES[:place]), unique=True, max_size=2))) if place else ()
        for place, code in enumerate(CODES[:size])
    }


# --- the moves alone -------------------------------------------------------------------------------------------------


@settings(max_examples=200, deadline=None)
@given(order=graphs(), picks=st.lists(st.tuples(st.integers(0, 9), st.sampled_from(ENDINGS)), min_size=5, max_size=5))
def test_moves_never_open_early_and_always_come_to_an_end(order: Graph, picks: list[tuple[int, str]]) -> None:
    ends = {
        "granted": ordering.GRANTED,
        "refused": ordering.REFUSED,
        "withdrawn": ordering.WITHDRAWN,
        "terminated": ordering.FAILED,
    }
    states = dict.fromkeys(order, ordering.WAITING)
    for place, how in [*picks, *picks]:
        found = ordering.moves(states, order)
        for code in found.opened:
            assert states[code] == ordering.WAITING
            assert {states[before] for before in order[code]} <= {ordering.GRANTED}
        for code, because in found.lost.items():
            assert because in order[code]
            states[code] = ordering.NOT_OPENED
        states |= dict.fromkeys(found.opened, ordering.OPEN)
        again = ordering.moves(states, order)
        assert not again.opened
        assert not again.lost, "what follows follows at once"
        running = [code for code, state in states.items() if state == ordering.OPEN]
        assert bool(running) != ordering.ended(states), (
            "something runs, or everything has ended: nothing waits for nobody"
        )
        if not running:
            break
        states[running[place % len(running)]] = ends[how]
    else:
        assert ordering.ended(states) or any(state == ordering.OPEN for state in states.values())


# --- real cases ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def parts(settled: Town) -> None:
    """Five items that a package may be made of, each decided in one step."""
    for place, code in enumerate(CODES):
        published_item(
            f"trial.{code}", name=f"事项{code}", zone="onething", flow=steps("decide", decide={"kind": "decision"}),
            limits={"promised": {"amount": place + 1, "unit": "workday"}},
        )  # fmt: skip


NUMBERS = count(1)


def published(order: Graph, optional: frozenset[str]) -> Item:
    """Publish a package of that order."""
    spec = {
        "counts_as": "birth", "guide": {"by_law": "《演示办法》第一条(演示)"},
        "parts": [
            {"code": code, "item": f"trial.{code}", "after": list(after), "required": code not in optional} for code, after in order.items()
        ],
    }  # fmt: skip
    made = assembled(spec)
    assert made.ready, (made.findings, made.conflicts)
    agency = Item.objects.get(pk="trial.a").agency_id
    item = Item.objects.create(
        code=f"package.trial{next(NUMBERS)}", zone="onething", kind="package", agency_id=agency, division_id=tree.root(), name="试验一件事",
    )  # fmt: skip
    publish_as_demonstration(item, contents.write(made.content), 1)
    return Item.objects.get(pk=item.pk)


class Play:
    """A package that is played, and looked at after every move."""

    def __init__(self, town: Town, order: Graph, optional: frozenset[str]) -> None:
        self.order, self.optional = order, optional
        self.seen: set[str] = set()
        self.paused = False
        self.parent = cases.file(published(order, optional), applicant=town.mother, data={}, account=None)
        cases.accept(self.parent, account=None)
        self.look()

    def rows(self) -> dict[str, PackagePart]:
        return {row.code: row for row in PackagePart.objects.filter(case=self.parent).select_related("child")}

    def running(self) -> list[Case]:
        return list(Case.objects.filter(parent=self.parent).exclude(state="closed").order_by("id"))

    def end(self, part: Case, how: str) -> None:
        if how == "granted":
            cases.decide(part, outcome="granted", account=None)
        elif how == "refused":
            cases.decide(part, outcome="refused", reason="不符合条件", law=LAW, account=None)
        elif how == "withdrawn":
            cases.withdraw(part, "不办了", None)
        else:
            cases.terminate(part, "申请人失联", LAW, None)
        self.look()

    def pause(self) -> None:
        """Have the lead ask for a supplement of the whole, which can be done once (行政许可法第三十二条)."""
        self.parent.refresh_from_db()
        if self.parent.state == "accepted" and not self.paused:
            self.paused = True
            cases.ask_supplement(self.parent, [{"kind": "other", "text": "请补充"}], account=None)

    def answer(self) -> None:
        """Answer it; the nightly job does what had to wait."""
        self.parent.refresh_from_db()
        if self.parent.state == "supplement":
            cases.supplement(self.parent, account=None)
            tasks.conclude_packages.call()
            self.look()

    def look(self) -> None:
        """What must hold at every moment."""
        self.parent.refresh_from_db()
        rows = self.rows()
        for code, row in rows.items():
            if row.child is None:
                assert row.state in ("waiting", "not_opened")
                continue
            assert (row.state == "open") == (row.child.state != "closed")
            if code not in self.seen:
                self.seen.add(code)
                assert all(rows[before].state == "granted" for before in self.order[code]), (
                    "opened before its predecessors"
                )
        assert Case.objects.filter(parent=self.parent).count() == sum(row.child_id is not None for row in rows.values())
        closed = CaseEvent.objects.filter(number=self.parent.number, event="closed").count()
        assert closed == (self.parent.state == "closed"), "the package ends exactly once"
        if self.parent.state == "closed":
            assert not self.running()
            assert not [row for row in rows.values() if row.state in ("waiting", "open")]

    def expected(self, how: Mapping[str, str]) -> str:
        """Say the outcome by the words of the rule, from how each part ended."""
        granted = {code for code, state in how.items() if state == "granted"}
        if not granted:
            return "refused" if "refused" in how.values() else "terminated"
        excused = {
            code for code, state in how.items() if code in self.optional and state in ("withdrawn", "not_opened")
        }
        return "granted" if granted | excused == set(how) else "partial"


FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
MOVES = st.lists(
    st.tuples(st.integers(0, 4), st.sampled_from(ENDINGS), st.sampled_from(["", "", "pause", "answer"])),
    min_size=5,
    max_size=5,
)


@FEW
@given(order=graphs(), optional=st.frozensets(st.sampled_from(CODES)), moves=MOVES)
def test_every_part_ends_once_none_opens_early_and_the_whole_ends_once(
    town: Town, parts: None, order: Graph, optional: frozenset[str], moves: Sequence[tuple[int, str, str]]
) -> None:
    play = Play(town, order, optional)
    for place, how, between in moves:
        if between == "pause":
            play.pause()
        elif between == "answer":
            play.answer()
        running = play.running()
        if running:
            play.end(running[place % len(running)], how)
    play.answer()
    while running := play.running():
        play.end(running[0], "granted")
    how = {code: row.state for code, row in play.rows().items()}
    assert set(how.values()) <= {"granted", "refused", "failed", "withdrawn", "not_opened"}
    assert (play.parent.state, play.parent.outcome) == ("closed", play.expected(how))
    ended = CaseEvent.objects.filter(
        event="closed", number__in=Case.objects.filter(parent=play.parent).values("number")
    )
    assert ended.count() == sum(row.child_id is not None for row in play.rows().values())


@FEW
@given(order=graphs(), moves=MOVES, before=st.integers(0, 4), paused=st.booleans())
def test_a_package_taken_back_leaves_what_has_ended_and_ends_all_else(
    town: Town, parts: None, order: Graph, moves: Sequence[tuple[int, str, str]], before: int, paused: bool
) -> None:
    play = Play(town, order, frozenset())
    for place, how, _between in moves[:before]:
        running = play.running()
        if running:
            play.end(running[place % len(running)], how)
    if play.parent.state == "closed":
        return
    if paused:
        play.pause()
    stood = {
        row.code: (row.state, row.child.closed_at)
        for row in play.rows().values()
        if row.child and row.child.state == "closed"
    }
    cases.withdraw(play.parent, "不办了", None)
    play.look()
    assert play.parent.outcome == "withdrawn"
    rows = play.rows()
    assert {code: (rows[code].state, rows[code].child.closed_at) for code in stood} == stood  # type: ignore[union-attr]
    assert {row.state for code, row in rows.items() if code not in stood} <= {"withdrawn", "not_opened"}
    tasks.conclude_packages.call()
    play.look()
