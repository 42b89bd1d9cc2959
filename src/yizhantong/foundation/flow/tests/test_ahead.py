"""What may come next is what some answers bring, and nothing else."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from yizhantong.foundation.flow import (
    All,
    Branch,
    Choice,
    Flow,
    Marking,
    Move,
    Repeat,
    Seq,
    Step,
    begin,
    complete,
    longest_path,
    may_come,
    possible_next,
)

from .trees import answers, flows, life


def outcomes(event: Callable[[Callable[[str], bool]], Move]) -> Iterator[Move]:
    """The moves of one event under every possible series of answers."""
    waiting: list[list[bool]] = [[]]
    while waiting:
        prefix = waiting.pop()
        given: list[bool] = []

        def decide(condition: str, prefix: list[bool] = prefix, given: list[bool] = given) -> bool:
            given.append(prefix[len(given)] if len(given) < len(prefix) else False)
            return given[-1]

        yield event(decide)
        waiting.extend([*given[:place], True] for place in range(len(prefix), len(given)))


def reachable(flow: Flow) -> dict[Marking, set[Marking]]:
    """Every marking of the flow with the markings that one completion leads to."""
    waiting = [move.marking for move in outcomes(lambda decide: begin(flow, decide))]
    found: dict[str, tuple[Marking, set[Marking]]] = {}
    while waiting:
        marking = waiting.pop()
        if marking.to_text() in found:
            continue
        after = {
            move.marking.to_text(): move.marking
            for code in marking.open
            for move in outcomes(lambda decide, m=marking, c=code: complete(flow, m, c, decide))  # type: ignore[misc]
        }
        found[marking.to_text()] = (marking, set(after.values()))
        waiting.extend(after.values())
    return dict(found.values())


@settings(max_examples=60, deadline=None)
@given(flows(size=5, depth=3))
def test_next_is_exactly_what_one_completion_can_open(flow: Flow) -> None:
    for marking in reachable(flow):
        brought = {
            step
            for code in marking.open
            for move in outcomes(lambda decide, m=marking, c=code: complete(flow, m, c, decide))  # type: ignore[misc]
            for step in move.opened
        }
        assert set(possible_next(flow, marking)) == brought


@settings(max_examples=60, deadline=None)
@given(flows(size=5, depth=3))
def test_what_may_come_is_exactly_what_can_still_be_opened(flow: Flow) -> None:
    edges = reachable(flow)
    opened: dict[Marking, set[str]] = {marking: set(possible_next(flow, marking)) for marking in edges}
    changed = True
    while changed:
        changed = False
        for marking, after in edges.items():
            more = set().union(opened[marking], *(opened[other] for other in after))
            changed |= more != opened[marking]
            opened[marking] = more
    for marking, steps in opened.items():
        assert set(may_come(flow, marking)) == steps


@settings(max_examples=100, deadline=None)
@given(flows(), st.randoms(use_true_random=False))
def test_no_case_does_more_work_than_the_longest_path_times_its_width(flow: Flow, source: random.Random) -> None:
    """Run with everything open completed in one beat: the beats never outnumber the longest path of unit weights."""
    decide = answers(source)
    marking, beats = begin(flow, decide).marking, 0
    while marking.open:
        beats += 1
        for code in sorted(marking.open):
            marking = complete(flow, marking, code, decide).marking
    assert beats <= longest_path(flow, lambda step: 1)


def test_the_longest_path_adds_what_follows_and_takes_the_longest_of_what_is_beside() -> None:
    days = {"a": 2, "b": 5, "c": 3, "d": 1, "e": 4}
    steps = {code: Step(code, code) for code in days}
    flow = Flow(
        Seq(
            (
                steps["a"],
                All((steps["b"], steps["c"])),
                Repeat("r", steps["d"], "x", 3),
                Choice((Branch("y", steps["e"]),)),
            )
        )
    )
    assert longest_path(flow, lambda step: days[step.code]) == 2 + 5 + 3 + 4


def test_a_join_that_waits_lets_nothing_past() -> None:
    flow = Flow(Seq((All((Step("a", "甲"), Step("b", "乙"))), Step("c", "丙"))))
    both = Marking(frozenset({"a", "b"}))
    assert possible_next(flow, both) == ()
    assert may_come(flow, both) == ("c",)
    assert possible_next(flow, Marking(frozenset({"a"}))) == ("c",)
    assert possible_next(flow, Marking()) == may_come(flow, Marking()) == ()


@settings(max_examples=60, deadline=None)
@given(flows(), st.randoms(use_true_random=False))
def test_what_is_opened_was_said_to_be_possible(flow: Flow, source: random.Random) -> None:
    before = None
    for _, marking, new, _ in life(flow, source, answers(source)):
        if before is not None:
            assert set(new) <= set(possible_next(flow, before)) <= set(may_come(flow, before))
        before = marking
