"""No tree gets stuck, loses its end or ends twice; no order of completion joins twice or not at all."""

from __future__ import annotations

import copy
import itertools
import pickle
import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yizhantong.foundation.flow import (
    All,
    Branch,
    Choice,
    Flow,
    FlowError,
    Marking,
    Node,
    Repeat,
    Seq,
    Step,
    begin,
    complete,
)

from .trees import answers, flows, life

RANDOM = st.randoms(use_true_random=False)


def step(code: str) -> Step:
    return Step(code, f"步骤{code}")


def bound(node: Node) -> Counter[str]:
    """How often each step may be opened at most, reckoned from the tree alone."""
    if isinstance(node, Step):
        return Counter({node.code: 1})
    if isinstance(node, Repeat):
        return Counter({code: count * node.at_most for code, count in bound(node.body).items()})
    if isinstance(node, Choice):
        inner = [branch.node for branch in node.branches] + ([node.otherwise] if node.otherwise else [])
    else:
        inner = list(node.children)
    return sum((bound(child) for child in inner), Counter[str]())


@settings(max_examples=250, deadline=None)
@given(flows(), RANDOM)
def test_every_case_ends_exactly_once_and_is_never_stuck(flow: Flow, source: random.Random) -> None:
    opened: Counter[str] = Counter()
    completed: Counter[str] = Counter()
    ends = 0
    most = bound(flow.root)
    for done, marking, new, finished in life(flow, source, answers(source)):
        completed.update([done] if done else [])
        opened.update(new)
        ends += finished
        assert finished == (not marking.open)  # not finished: something is open; finished: nothing is
        assert opened - completed == Counter(dict.fromkeys(marking.open, 1))  # no step lost, none open twice
        assert not finished or not marking.rounds
        assert all(opened[code] <= most[code] for code in opened)
        assert all(1 <= count <= flow.repeats[code].at_most for code, count in marking.rounds.items())
        assert Marking.from_text(marking.to_text()) == marking
    assert ends == 1


@settings(max_examples=120, deadline=None)
@given(flows(size=10), RANDOM)
def test_a_running_loop_holds_an_open_step(flow: Flow, source: random.Random) -> None:
    for _, marking, _, _ in life(flow, source, answers(source)):
        for code in marking.rounds:
            assert bound(flow.repeats[code].body).keys() & marking.open


@settings(max_examples=150, deadline=None)
@given(flows(), RANDOM, st.integers(0, 2**32))
def test_the_order_of_parallel_work_changes_nothing_but_the_order(flow: Flow, source: random.Random, seed: int) -> None:
    """With answers that depend on the condition alone, two cases open the same steps, equally often."""

    def decide(condition: str) -> bool:
        return random.Random(f"{seed}{condition}").random() < 0.5

    opened = [Counter(code for _, _, new, _ in life(flow, source, decide) for code in new) for _ in range(2)]
    assert opened[0] == opened[1]


@pytest.mark.parametrize("order", list(itertools.permutations("abcde")))
def test_every_order_of_five_agencies_joins_once(order: tuple[str, ...]) -> None:
    flow = Flow(Seq((All((step("a"), Seq((step("b"), step("c"))), All((step("d"), step("e"))))), step("end"))))
    marking, opened, _ = begin(flow, answers(random.Random(1)))
    assert set(opened) == {"a", "b", "d", "e"}
    joins = 0
    waiting = list(order)
    while waiting:
        code = next(code for code in waiting if code in marking.open)
        waiting.remove(code)
        marking, opened, finished = complete(flow, marking, code, answers(random.Random(1)))
        assert not finished
        joins += "end" in opened
    assert joins == 1
    assert marking.open == {"end"}
    assert complete(flow, marking, "end", bool).finished


def test_a_loop_ends_when_told_or_when_its_rounds_are_used_up() -> None:
    flow = Flow(Seq((Repeat("fix", step("ask"), "done", 3), step("end"))))
    marking = begin(flow, bool).marking
    assert marking.to_text() == "ask;fix=1"
    asked: list[str] = []

    def never(condition: str) -> bool:
        asked.append(condition)
        return False

    for text in ("ask;fix=2", "ask;fix=3", "end"):
        marking = complete(flow, marking, "ask", never).marking
        assert marking.to_text() == text
    assert asked == ["done", "done"]  # the third round is the last: nobody need be asked
    assert complete(flow, begin(flow, bool).marking, "ask", lambda condition: True).marking.to_text() == "end"


def test_a_loop_in_a_loop_counts_anew_each_time() -> None:
    flow = Flow(Repeat("outer", Repeat("inner", step("a"), "in", 2), "out", 2))
    texts = []
    move = begin(flow, lambda condition: False)
    while not move.finished:
        texts.append(move.marking.to_text())
        move = complete(flow, move.marking, "a", lambda condition: False)
    assert texts == ["a;inner=1,outer=1", "a;inner=2,outer=1", "a;inner=1,outer=2", "a;inner=2,outer=2"]


def test_loops_around_nothing_end_at_once() -> None:
    node: Node = Choice((Branch("never", step("a")),))
    for number in range(20):
        node = Repeat(f"r{number}", node, "until", 100)
    asked: list[str] = []

    def decide(condition: str) -> bool:
        asked.append(condition)
        return False

    assert begin(Flow(node), decide).finished
    assert asked == ["never"]


def test_the_first_true_branch_is_taken_and_no_other_asked() -> None:
    flow = Flow(Choice((Branch("x", step("a")), Branch("y", step("b")), Branch("z", step("c"))), step("d")))
    asked: list[str] = []

    def decide(condition: str) -> bool:
        asked.append(condition)
        return condition == "y"

    assert begin(flow, decide).opened == ("b",)
    assert asked == ["x", "y"]
    assert begin(flow, lambda condition: False).opened == ("d",)


def test_nothing_has_changed_when_a_condition_cannot_be_decided() -> None:
    flow = Flow(Seq((step("a"), Choice((Branch("unknown", step("b")),)), step("c"))))
    marking = begin(flow, bool).marking

    def refuse(condition: str) -> bool:
        raise LookupError(condition)

    with pytest.raises(LookupError, match="unknown"):
        complete(flow, marking, "a", refuse)
    assert marking == Marking(frozenset({"a"}))
    assert complete(flow, marking, "a", lambda condition: False).opened == ("c",)


@settings(max_examples=60, deadline=None)
@given(flows(), RANDOM)
def test_what_is_not_open_cannot_be_completed(flow: Flow, source: random.Random) -> None:
    for _, marking, _, _ in life(flow, source, answers(source)):
        for code in [*flow.steps, "stranger"]:
            if code not in marking.open:
                with pytest.raises(FlowError) as refused:
                    complete(flow, marking, code, answers(source))
                assert refused.value.code == "flow.not_open"


def test_a_marking_of_another_version_is_told() -> None:
    with pytest.raises(FlowError) as refused:
        complete(Flow(step("a")), Marking(frozenset({"old"})), "old", bool)
    assert refused.value.code == "flow.unknown_step"


@pytest.mark.parametrize(
    "text", ["a,a", "b,a", ";", "a;", "a;r", "a;r=0", "a;r=-1", "a;r=x", ",a", "a;r=1,q=1", "a;r=01"]
)
def test_a_damaged_marking_is_refused(text: str) -> None:
    with pytest.raises(FlowError) as refused:
        Marking.from_text(text)
    assert refused.value.code == "flow.bad_marking"


def test_the_empty_marking_is_an_empty_text() -> None:
    assert Marking().to_text() == ""
    assert Marking.from_text("") == Marking()


@settings(max_examples=30, deadline=None)
@given(flows(), RANDOM)
def test_a_copied_flow_steps_as_the_first(flow: Flow, source: random.Random) -> None:
    first = begin(flow, lambda condition: True)
    for twin in (copy.deepcopy(flow), pickle.loads(pickle.dumps(flow))):
        assert twin == flow
        assert begin(twin, lambda condition: True) == first
