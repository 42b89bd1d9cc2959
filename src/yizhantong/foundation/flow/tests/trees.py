"""Random flows, all kinds of nodes nested, and random lives of cases in them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from hypothesis import strategies as st

from yizhantong.foundation.flow import (
    All,
    Branch,
    Choice,
    Flow,
    Marking,
    Node,
    Repeat,
    Seq,
    Step,
    begin,
    complete,
)


class Grower:
    """Grows one tree from one random source; codes and conditions are numbered as they come."""

    def __init__(self, source: random.Random, size: int) -> None:
        self.source = source
        self.left = size
        self.count = 0

    def node(self, depth: int) -> Node:
        kind = self.source.choice("seq seq all all choice repeat step".split())
        if depth == 0 or self.left <= 1 or kind == "step":
            self.left -= 1
            number = self.next()
            return Step(f"s{number}", f"步骤{number}")
        if kind in ("seq", "all"):
            children = tuple(self.node(depth - 1) for _ in range(self.source.randint(1, 4)))
            return Seq(children) if kind == "seq" else All(children)
        if kind == "choice":
            return self.choice(depth)
        body = self.node(depth - 1)
        number = self.next()
        return Repeat(f"r{number}", body, self.condition(), self.source.randint(1, 3))

    def choice(self, depth: int) -> Choice:
        branches = tuple(Branch(self.condition(), self.node(depth - 1)) for _ in range(self.source.randint(1, 3)))
        return Choice(branches, self.node(depth - 1) if self.source.random() < 0.5 else None)

    def condition(self) -> str:
        """A text of its own, short or as long as people write them."""
        return f"c{self.next()}" + self.source.choice(["", " > 1000", ' and 企业规模 in ("小型", "微型")' * 3])

    def next(self) -> int:
        self.count += 1
        return self.count


def grow(source: random.Random, size: int = 14, depth: int = 5) -> Flow:
    return Flow(Grower(source, size).node(depth))


@st.composite
def flows(draw: st.DrawFn, size: int = 14, depth: int = 5) -> Flow:
    """A random flow of about ``size`` steps; hypothesis chooses every turn, so that it can shrink what fails."""
    return grow(draw(st.randoms(use_true_random=False)), size, depth)


def answers(source: random.Random) -> Callable[[str], bool]:
    """Conditions answered at random, anew each time."""
    return lambda condition: source.random() < 0.5


def life(
    flow: Flow, source: random.Random, decide: Callable[[str], bool]
) -> Iterator[tuple[str, Marking, tuple[str, ...], bool]]:
    """Every event of one case, its open steps completed in random order: (step, marking, opened, finished)."""
    move = begin(flow, decide)
    yield ("", *move)
    while move.marking.open:
        step = source.choice(sorted(move.marking.open))
        move = complete(flow, move.marking, step, decide)
        yield (step, *move)
