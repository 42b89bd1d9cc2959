"""From marking and event to marking: a pure function, called for every step of every case.

A token needs no place of its own: a branch of ``all`` is finished when no step in it is open, and every other node has at
most one active child. So the marking is the open steps and the rounds of the running loops, and joining cannot be done
twice or be missed.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from .errors import FlowError
from .tree import All, Choice, Flow, Node, Repeat, Seq, Step

Decide = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Marking:
    """Where a case stands: the codes of its open steps, and for each running loop its round, counted from 1.

    The marking of a case that is finished (or not begun) is empty.
    """

    open: frozenset[str] = frozenset()
    rounds: Mapping[str, int] = field(default_factory=dict, hash=False)

    def to_text(self) -> str:
        """One line, the same for equal markings: ``review,visit;hearing=2``."""
        steps = ",".join(sorted(self.open))
        if not self.rounds:
            return steps
        return steps + ";" + ",".join(f"{code}={count}" for code, count in sorted(self.rounds.items()))

    @classmethod
    def from_text(cls, text: str) -> Marking:
        """Read what :meth:`to_text` wrote; ``flow.bad_marking`` for anything else."""
        steps, _, rounds = text.partition(";")
        try:
            counted = {code: int(count) for code, count in (pair.split("=") for pair in rounds.split(",") if rounds)}
        except ValueError:
            counted = {"": 0}
        marking = cls(frozenset(steps.split(",")) if steps else frozenset(), counted)
        if marking.to_text() != text or "" in marking.open or any(n < 1 for n in counted.values()):
            raise FlowError("flow.bad_marking", f"流程位置“{text[:80]}”读不出；请从办件的步骤记录恢复")
        return marking


class Move(NamedTuple):
    """What an event did: where the case stands now, the steps that it opened (in the order of the document), and whether the
    flow has ended. ``finished`` is true exactly once in the life of a case.
    """

    marking: Marking
    opened: tuple[str, ...]
    finished: bool


def begin(flow: Flow, decide: Decide) -> Move:
    """Enter the flow. It may finish at once, if its choices leave nothing to do.

    ``decide`` is asked for conditions as they are met and answers true or false; what it raises passes through.
    """
    run = _Run(set(), {}, decide)
    finished = not _program(flow).root.enter(run)
    return Move(Marking(frozenset(run.open), run.rounds), tuple(run.opened), finished)


def complete(flow: Flow, marking: Marking, step: str, decide: Decide) -> Move:
    """Complete an open step and go on as far as possible without people.

    Raises ``flow.not_open`` if the step is not open (someone else has completed it, or it has not been reached), and what
    ``decide`` raises; the marking given is never changed.
    """
    if step not in marking.open:
        raise _not_open(flow, step)
    node = _program(flow).steps.get(step)
    if node is None:
        raise FlowError("flow.unknown_step", f"流程中没有步骤“{step}”；办件与流程的版本不符，请核对")
    run = _Run(set(marking.open), dict(marking.rounds), decide)
    run.open.remove(step)
    finished = node.leave(run)
    return Move(Marking(frozenset(run.open), run.rounds), tuple(run.opened), finished)


def _not_open(flow: Flow, step: str) -> FlowError:
    known = flow.steps.get(step)
    name = known.name if known else step
    return FlowError("flow.not_open", f"步骤“{name}”不在办理中：尚未到达，或已经办完；请刷新后再看")


@dataclass(slots=True)
class _Run:
    """What one event works on; thrown away if it fails."""

    open: set[str]
    rounds: dict[str, int]
    decide: Decide
    opened: list[str] = field(default_factory=list)


class _Place(ABC):
    """A node of the tree that knows the way up."""

    __slots__ = ("index", "parent")

    def __init__(self, parent: _Place | None, index: int) -> None:
        self.parent = parent
        self.index = index

    @abstractmethod
    def enter(self, run: _Run) -> bool:
        """Open what is first here; false if nothing is to be done here, so that this is left already."""

    def child_left(self, index: int, run: _Run) -> bool:
        """A child is done: open what follows here; false if this is done too, as it is where nothing follows."""
        return False

    def leave(self, run: _Run) -> bool:
        """Climb from a place that is done, until something is opened or awaited; true if the flow is done."""
        place = self
        while (parent := place.parent) is not None:
            if parent.child_left(place.index, run):
                return False
            place = parent
        return True


class _StepPlace(_Place):
    __slots__ = ("code",)

    def __init__(self, parent: _Place | None, index: int, code: str) -> None:
        super().__init__(parent, index)
        self.code = code

    def enter(self, run: _Run) -> bool:
        run.open.add(self.code)
        run.opened.append(self.code)
        return True


class _SeqPlace(_Place):
    __slots__ = ("children",)
    children: tuple[_Place, ...]

    def enter(self, run: _Run) -> bool:
        return any(child.enter(run) for child in self.children)

    def child_left(self, index: int, run: _Run) -> bool:
        return any(child.enter(run) for child in self.children[index + 1 :])


class _AllPlace(_Place):
    __slots__ = ("children", "steps")
    children: tuple[_Place, ...]
    steps: frozenset[str]

    def enter(self, run: _Run) -> bool:
        return any([child.enter(run) for child in self.children])

    def child_left(self, index: int, run: _Run) -> bool:
        return not self.steps.isdisjoint(run.open)


class _ChoicePlace(_Place):
    __slots__ = ("branches", "otherwise")
    branches: tuple[tuple[str, _Place], ...]
    otherwise: _Place | None

    def enter(self, run: _Run) -> bool:
        for condition, child in self.branches:
            if run.decide(condition):
                return child.enter(run)
        return self.otherwise is not None and self.otherwise.enter(run)


class _RepeatPlace(_Place):
    __slots__ = ("body", "node")
    body: _Place
    node: Repeat

    def enter(self, run: _Run) -> bool:
        if self.body.enter(run):
            run.rounds[self.node.code] = 1
            return True
        return False

    def child_left(self, index: int, run: _Run) -> bool:
        node = self.node
        count = run.rounds.pop(node.code, 1)
        if count < node.at_most and not run.decide(node.until) and self.body.enter(run):
            run.rounds[node.code] = count + 1
            return True
        return False


@dataclass(frozen=True, slots=True)
class _Program:
    root: _Place
    steps: dict[str, _StepPlace]


def _program(flow: Flow) -> _Program:
    """The places of a flow, built once and kept on the object."""
    kept: _Program | None = flow.__dict__.get("_program")
    if kept is None:
        steps: dict[str, _StepPlace] = {}
        kept = _Program(_build(flow.root, None, 0, steps), steps)
        flow.__dict__["_program"] = kept
    return kept


def _build(node: Node, parent: _Place | None, index: int, steps: dict[str, _StepPlace]) -> _Place:
    if isinstance(node, Step):
        steps[node.code] = place = _StepPlace(parent, index, node.code)
        return place
    if isinstance(node, Seq):
        seq = _SeqPlace(parent, index)
        seq.children = tuple(_build(child, seq, number, steps) for number, child in enumerate(node.children))
        return seq
    if isinstance(node, All):
        fork = _AllPlace(parent, index)
        inner: dict[str, _StepPlace] = {}
        fork.children = tuple(_build(child, fork, number, inner) for number, child in enumerate(node.children))
        fork.steps = frozenset(inner)
        steps.update(inner)
        return fork
    if isinstance(node, Choice):
        choice = _ChoicePlace(parent, index)
        choice.branches = tuple((branch.condition, _build(branch.node, choice, 0, steps)) for branch in node.branches)
        choice.otherwise = None if node.otherwise is None else _build(node.otherwise, choice, 0, steps)
        return choice
    loop = _RepeatPlace(parent, index)
    loop.node, loop.body = node, _build(node.body, loop, 0, steps)
    return loop
