"""The timetable: nothing it must not do, nothing better left undone, as little changed as possible."""

from __future__ import annotations

import dataclasses
import random
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yizhantong.zones.finance.events.timetable import (
    Meeting,
    Party,
    Question,
    Room,
    Timetable,
    TimetableError,
    ask,
    greedy,
    plan,
    weight,
)

QUICK = settings(max_examples=40, deadline=None)


@st.composite
def questions(draw: st.DrawFn, firms: int = 6, banks: int = 4, slots: int = 4) -> dict[str, object]:
    """Return a small question as the arguments of :func:`plan`."""
    n, m, t = draw(st.integers(1, firms)), draw(st.integers(1, banks)), draw(st.integers(1, slots))
    names = ([f"E{k}" for k in range(n)], [f"B{k}" for k in range(m)])

    def party(code: str, others: list[str], seats: int) -> Party:
        wishes = draw(st.lists(st.sampled_from(others), unique=True, max_size=4))
        can = draw(st.none() | st.frozensets(st.integers(0, t - 1)))
        return Party(code, tuple(wishes), can, draw(st.integers(1, seats)), draw(st.none() | st.integers(0, 3)))

    return {
        "enterprises": [party(code, names[1], 1) for code in names[0]],
        "banks": [party(code, names[0], 2) for code in names[1]],
        "slots": t,
        "tables": draw(st.integers(0, 4)),
    }


def holds(question: Question, meetings: tuple[Meeting, ...]) -> None:
    """Assert that a timetable breaks no rule."""
    party = question.party
    room = Room(question)
    for meeting in meetings:
        assert room.fits(meeting.enterprise, meeting.bank, meeting.slot), meeting
        room.take(meeting.enterprise, meeting.bank, meeting.slot)
        assert 0 <= meeting.table < question.tables
        for code in meeting.pair:
            slots = party[code].slots
            assert slots is None or meeting.slot in slots
        assert question.weights[meeting.pair] > 0
    assert len({(m.slot, m.table) for m in meetings}) == len(meetings), "a table was given twice"


@QUICK
@given(questions())
def test_no_rule_is_ever_broken_and_the_clerks_way_is_never_better(asked: dict[str, object]) -> None:
    question = ask(**asked)  # type: ignore[arg-type]
    found = plan(**asked, seconds=120)  # type: ignore[arg-type]
    holds(question, found.meetings)
    by_hand = greedy(question)
    met = {code for e, b, _t in by_hand for code in (e, b)}
    assert (found.covered, found.score) >= (len(met), sum(question.weights[o[:2]] for o in by_hand))
    assert found.score <= found.bound
    assert found.covered <= found.coverable
    assert found.proved
    assert found.gap == 0


def by_trying(question: Question) -> tuple[int, int]:
    """Return the best pair of aims by trying every set of meetings."""
    best = (0, 0)
    for size in range(len(question.options) + 1):
        for chosen in combinations(question.options, size):
            room = Room(question)
            for option in chosen:
                if not room.fits(*option):
                    break
                room.take(*option)
            else:
                met = {code for e, b, _t in chosen for code in (e, b)}
                best = max(best, (len(met), sum(question.weights[o[:2]] for o in chosen)))
    return best


@settings(max_examples=25, deadline=None)
@given(questions(3, 2, 2))
def test_what_is_found_is_the_best_there_is(asked: dict[str, object]) -> None:
    question = ask(**asked)  # type: ignore[arg-type]
    if len(question.options) > 11:
        return
    found = plan(**asked)  # type: ignore[arg-type]
    assert (found.covered, found.score) == by_trying(question)


@QUICK
@given(questions(), st.randoms(use_true_random=False))
def test_the_answer_does_not_depend_on_the_order_of_the_question(asked: dict[str, object], rng: random.Random) -> None:
    mixed = {**asked, "enterprises": list(asked["enterprises"]), "banks": list(asked["banks"])}  # type: ignore[call-overload]
    rng.shuffle(mixed["enterprises"])  # type: ignore[arg-type]
    rng.shuffle(mixed["banks"])  # type: ignore[arg-type]
    assert plan(**mixed) == plan(**asked)  # type: ignore[arg-type]


@QUICK
@given(questions())
def test_planning_again_changes_nothing_when_nothing_changed(asked: dict[str, object]) -> None:
    first = plan(**asked)  # type: ignore[arg-type]
    again = plan(**asked, held=first.meetings)  # type: ignore[arg-type]
    assert again.meetings == first.meetings
    assert (again.kept, again.moved, again.dropped) == (len(first.meetings), 0, 0)


@QUICK
@given(questions())
def test_a_cancellation_leaves_all_meetings_of_the_others_where_they_were(asked: dict[str, object]) -> None:
    first = plan(**asked)  # type: ignore[arg-type]
    gone = asked["enterprises"][0].code  # type: ignore[index]
    rest = {
        **asked,
        "enterprises": asked["enterprises"][1:],  # type: ignore[index]
        "banks": [
            dataclasses.replace(bank, wishes=tuple(w for w in bank.wishes if w != gone))
            for bank in asked["banks"]  # type: ignore[attr-defined]
        ],
    }
    again = plan(**rest, held=first.meetings)  # type: ignore[arg-type]
    stay = {m for m in first.meetings if m.enterprise != gone}
    assert stay <= set(again.meetings)
    assert again.dropped == 0
    holds(ask(**rest), again.meetings)  # type: ignore[arg-type]


def crowd(firms: int, banks: int, slots: int, seed: int = 1) -> tuple[list[Party], list[Party]]:
    """Return a crowd in which a third can come for half of the time only."""
    rng = random.Random(seed)
    names = [f"E{k:02d}" for k in range(firms)], [f"B{k:02d}" for k in range(banks)]

    def when() -> frozenset[int] | None:
        return frozenset(rng.sample(range(slots), slots // 2)) if rng.random() < 0.33 else None

    return (
        [Party(e, tuple(rng.sample(names[1], 3)), when(), most=3) for e in names[0]],
        [Party(b, tuple(rng.sample(names[0], 5)), when(), seats=rng.choice((1, 2))) for b in names[1]],
    )


def test_nobody_goes_without_when_everybody_can_have_one() -> None:
    """Three enterprises want the same bank first; with two slots only two get it, the third its second wish."""
    firms = [Party(code, ("B1", "B2")) for code in ("E1", "E2", "E3")]
    banks = [Party("B1", ("E1", "E2", "E3")), Party("B2")]
    found = plan(firms, banks, slots=2, tables=2)
    assert found.without == ()
    assert found.covered == 5


def test_a_bank_stays_at_its_table() -> None:
    firms, banks = crowd(12, 5, 6)
    found = plan(firms, banks, slots=6, tables=8)
    seats = {bank.code: bank.seats for bank in banks}
    for bank in banks:
        tables = {m.table for m in found.meetings if m.bank == bank.code}
        assert len(tables) <= seats[bank.code]


def test_when_the_time_is_over_the_clerks_timetable_stands_with_the_gap_told() -> None:
    firms, banks = crowd(20, 5, 6)
    question = ask(firms, banks, slots=6, tables=4)
    found = plan(firms, banks, slots=6, tables=4, seconds=0)
    assert {(m.enterprise, m.bank, m.slot) for m in found.meetings} == set(greedy(question))
    assert not found.proved
    assert 0 < found.gap < 1
    assert plan(firms, banks, slots=6, tables=4).score >= found.score
    holds(question, found.meetings)


def test_what_was_agreed_stays_even_where_it_breaks_a_wish() -> None:
    firms = [Party("E1", ("B1",), frozenset({0})), Party("E2", ("B1",))]
    agreed = Meeting(1, 0, "B1", "E1")
    found = plan(firms, [Party("B1")], slots=2, tables=1, fixed=[agreed])
    assert {(m.enterprise, m.slot) for m in found.meetings} == {("E1", 1), ("E2", 0)}


def test_a_bank_that_comes_later_moves_its_meetings_rather_than_losing_them() -> None:
    firms = [Party("E1", ("B1",)), Party("E2", ("B1",))]
    first = plan(firms, [Party("B1")], slots=4, tables=1)
    late = plan(firms, [Party("B1", slots=frozenset({2, 3}))], slots=4, tables=1, held=first.meetings)
    assert (late.kept, late.moved, late.dropped) == (0, 2, 0)


@pytest.mark.parametrize(
    ("firms", "banks"),
    [
        ([Party("A")], [Party("A")]),
        ([Party("A", ("X",))], [Party("B")]),
        ([Party("A", ("B", "B"))], [Party("B")]),
        ([Party("A", slots=frozenset({9}))], [Party("B")]),
        ([Party("A", seats=0)], [Party("B")]),
    ],
)
def test_a_question_that_contradicts_itself_is_refused(firms: list[Party], banks: list[Party]) -> None:
    with pytest.raises(TimetableError):
        plan(firms, banks, slots=2, tables=1)


def test_a_wish_weighs_less_the_later_it_is_named() -> None:
    many = tuple(f"B{k}" for k in range(12))
    party = Party("E", many)
    assert [weight(party, code) for code in many] == [10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1, 1]
    assert weight(party, "other") == 0


def test_nothing_to_plan_is_an_empty_timetable() -> None:
    found = plan([Party("E")], [Party("B")], slots=0, tables=0)
    assert found == Timetable((), 0, 0, 0, 0, ("E", "B"), True)
