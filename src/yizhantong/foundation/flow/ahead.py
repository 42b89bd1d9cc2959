"""The way ahead: what may come next, what may still come at all, and how long it can take."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from .stepping import Marking
from .tree import All, Choice, Flow, Node, Repeat, Seq, Step, children


def possible_next(flow: Flow, marking: Marking) -> tuple[str, ...]:
    """The steps that completing one of the open steps may open, whatever the conditions will say; in the document's order.

    A join that waits for another open step is not passed. What an empty marking may open next is nothing.
    """
    ways = _ways(flow)
    found: set[str] = set()
    for code in marking.open:
        for stage in _upwards(ways, code):
            if stage.waits(marking):
                break
            again, first = stage.first_after(marking)
            found |= first
            if not again:
                break
    return _in_order(flow, found)


def may_come(flow: Flow, marking: Marking) -> tuple[str, ...]:
    """All steps that may still be opened before the flow ends, again or for the first time; in the document's order."""
    ways = _ways(flow)
    found: set[str] = set()
    for code in marking.open:
        for stage in _upwards(ways, code):
            found |= stage.all_after(marking)
    return _in_order(flow, found)


def longest_path(flow: Flow, weight: Callable[[Step], int]) -> int:
    """The greatest sum of ``weight`` (not negative, any unit) along one way through the flow.

    Parallel branches and choices count their longest, loops all their rounds: with the steps' limits as weights, the
    promise that holds for the case as a whole whatever happens.
    """
    return _longest(flow.root, weight)


def _longest(node: Node, weight: Callable[[Step], int]) -> int:
    if isinstance(node, Step):
        return weight(node)
    longest = [_longest(child, weight) for _, child in children(node)]
    if isinstance(node, Seq):
        return sum(longest)
    return max(longest) * (node.at_most if isinstance(node, Repeat) else 1)


@dataclass(frozen=True, slots=True)
class _First:
    """What entering a node may open first, whether it may open nothing, and all steps in it."""

    steps: frozenset[str]
    may_be_empty: bool
    inner: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Stage:
    """One level of the way up: a node, and the place in it that one comes from."""

    node: Node
    index: int
    ways: _Ways

    def waits(self, marking: Marking) -> bool:
        """Whether a join here waits for an open step in another branch."""
        if not isinstance(self.node, All):
            return False
        here = self.node.children[self.index]
        return any(
            not self.ways.first[id(child)].inner.isdisjoint(marking.open)
            for child in self.node.children
            if child is not here
        )

    def first_after(self, marking: Marking) -> tuple[bool, frozenset[str]]:
        """Whether the way may lead further up from here, and what may be opened here."""
        if isinstance(self.node, Seq):
            return self.ways.sequence(self.node.children[self.index + 1 :])
        if isinstance(self.node, Repeat) and self._another_round(marking):
            return True, self.ways.first[id(self.node.body)].steps
        return True, frozenset()

    def all_after(self, marking: Marking) -> frozenset[str]:
        """All steps that may still be opened inside this node, given that one comes from ``index``."""
        if isinstance(self.node, Seq):
            rest = self.node.children[self.index + 1 :]
            return frozenset().union(*(self.ways.first[id(child)].inner for child in rest))
        if isinstance(self.node, Repeat) and self._another_round(marking):
            return self.ways.first[id(self.node)].inner
        return frozenset()

    def _another_round(self, marking: Marking) -> bool:
        return isinstance(self.node, Repeat) and marking.rounds.get(self.node.code, 1) < self.node.at_most


class _Ways:
    """What is known of every node of a flow, by its identity."""

    def __init__(self, root: Node) -> None:
        self.first: dict[int, _First] = {}
        self.up: dict[str, tuple[_Stage, ...]] = {}
        self._visit(root, ())

    def sequence(self, nodes: tuple[Node, ...]) -> tuple[bool, frozenset[str]]:
        """Whether entering these one after the other may open nothing, and what it may open first."""
        found: frozenset[str] = frozenset()
        for node in nodes:
            first = self.first[id(node)]
            found |= first.steps
            if not first.may_be_empty:
                return False, found
        return True, found

    def _visit(self, node: Node, above: tuple[_Stage, ...]) -> None:
        if isinstance(node, Step):
            only = frozenset({node.code})
            self.first[id(node)] = _First(only, False, only)
            self.up[node.code] = above
            return
        nodes = tuple(child for _, child in children(node))
        for index, child in enumerate(nodes):
            self._visit(child, (_Stage(node, index, self), *above))
        self.first[id(node)] = self._of(node, nodes)

    def _of(self, node: Node, nodes: tuple[Node, ...]) -> _First:
        firsts = [self.first[id(child)] for child in nodes]
        inner = frozenset[str]().union(*(first.inner for first in firsts))
        if isinstance(node, Seq):
            empty, steps = self.sequence(nodes)
            return _First(steps, empty, inner)
        steps = frozenset[str]().union(*(first.steps for first in firsts))
        if isinstance(node, Choice):
            empty = node.otherwise is None or any(first.may_be_empty for first in firsts)
        else:
            empty = all(first.may_be_empty for first in firsts)
        return _First(steps, empty, inner)


def _ways(flow: Flow) -> _Ways:
    kept: _Ways | None = flow.__dict__.get("_ways")
    if kept is None:
        kept = flow.__dict__["_ways"] = _Ways(flow.root)
    return kept


def _upwards(ways: _Ways, code: str) -> Iterator[_Stage]:
    return iter(ways.up.get(code, ()))


def _in_order(flow: Flow, codes: set[str]) -> tuple[str, ...]:
    steps: Mapping[str, Step] = flow.steps
    return tuple(code for code in steps if code in codes)
