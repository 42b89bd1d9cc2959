"""Where each part of a flow stands on paper.

A tree needs no general graph layouter: every node is a block with one line through it, its axis, on which the way enters at the
left and leaves at the right. Blocks that follow each other share an axis; the branches of a gateway stand below each other, the
first on the axis of the whole. So no two shapes meet and no line crosses a shape. Units are pixels at 100 %, y downwards.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import NamedTuple

from .tree import All, Choice, Flow, Node, Repeat, Seq, Step

TASK = (120, 80)
GATEWAY = 50
EVENT = 36
GAP = 40
ROW = 24
LABEL = 140
LINE = 17
LABEL_LINES = 3
CHARACTERS = 18  # half-width ones on a line of a label
LOOP = 40

OTHERWISE = "否则"


class Box(NamedTuple):
    """A rectangle by its left upper corner."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Shape:
    """A node of the drawing. ``kind`` is the BPMN element: startEvent, endEvent, userTask, exclusiveGateway, parallelGateway."""

    id: str
    kind: str
    box: Box
    name: str = ""
    step: Step | None = None
    repeat: Repeat | None = None
    label: Box | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """A sequence flow. ``default`` marks the one that a gateway takes when no condition is true."""

    id: str
    source: str
    target: str
    points: tuple[tuple[int, int], ...]
    condition: str = ""
    default: bool = False
    name: str = ""
    label: Box | None = None


@dataclass(frozen=True, slots=True)
class Drawing:
    """All shapes and edges, in the order in which an engine may read them (conditions in the order of the branches)."""

    shapes: tuple[Shape, ...]
    edges: tuple[Edge, ...]


def draw(flow: Flow) -> Drawing:
    """Lay a flow out, from a start event to an end event."""
    pen = _Pen()
    size = _measure(flow.root)
    axis = max(size.above, EVENT) + GAP
    start = pen.event("start", "startEvent", "开始", GAP, axis)
    entry, leave = pen.place(flow.root, GAP + EVENT + GAP, axis)
    pen.connect(start, entry)
    end = pen.event("end", "endEvent", "结束", GAP + EVENT + GAP + size.width + GAP, axis)
    pen.connect(leave, end.shape)
    return Drawing(tuple(pen.shapes), tuple(pen.edges))


def exit_condition(repeat: Repeat) -> str:
    """The FEEL text on the way out of a loop; ``轮次.<code>`` is the number of rounds done, this one included."""
    return f"轮次.{repeat.code} >= {repeat.at_most} or ({repeat.until})"


class _Size(NamedTuple):
    """A block: its width, and how far it reaches above and below its axis."""

    width: int
    above: int
    below: int


def _measure(node: Node) -> _Size:
    if isinstance(node, Step):
        return _Size(TASK[0], TASK[1] // 2, TASK[1] // 2)
    if isinstance(node, Seq):
        sizes = [_measure(child) for child in node.children]
        width = sum(size.width for size in sizes) + GAP * (len(sizes) - 1)
        return _Size(width, max(size.above for size in sizes), max(size.below for size in sizes))
    if isinstance(node, Repeat):
        body = _measure(node.body)
        width = 2 * (GATEWAY + GAP) + body.width + LABEL
        return _Size(width, max(body.above, _label_room(node.until)), max(body.below, GATEWAY // 2) + LOOP)
    rows = _rows(node)
    width = 2 * GATEWAY + _lead(node) + max(row.size.width for row in rows) + GAP
    below = rows[0].size.below + sum(ROW + row.size.above + row.size.below for row in rows[1:])
    return _Size(width, rows[0].size.above, below)


class _Row(NamedTuple):
    """One branch of a gateway; ``node`` is None on the way past a choice with nothing to do."""

    node: Node | None
    size: _Size
    condition: str
    name: str


def _rows(node: All | Choice) -> list[_Row]:
    if isinstance(node, All):
        return [_row(child, "", "") for child in node.children]
    rows = [_row(branch.node, branch.condition, _shortened(branch.condition)) for branch in node.branches]
    return [*rows, _row(node.otherwise, "", OTHERWISE)]


def _row(node: Node | None, condition: str, name: str) -> _Row:
    size = _Size(0, 0, 0) if node is None else _measure(node)
    edge = GATEWAY // 2 if node is not None else 0
    above = max(size.above, edge, _label_room(name))
    return _Row(node, _Size(size.width, above, max(size.below, edge)), condition, name)


def _lead(node: All | Choice) -> int:
    """From a gateway to its branches: room for the conditions."""
    return GAP if isinstance(node, All) else LABEL + GAP


def _width_of(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _shortened(text: str) -> str:
    """A condition as a label: one line of text, cut where it would be longer than the label has room."""
    text = " ".join(text.split())
    limit = CHARACTERS * LABEL_LINES - 4
    if _width_of(text) <= limit:
        return text
    while _width_of(text) > limit - 2:
        text = text[:-1]
    return text + "…"


def _label_height(name: str) -> int:
    return LINE * min(LABEL_LINES, -(-_width_of(name) // (CHARACTERS - 2)))


def _label_room(name: str) -> int:
    return _label_height(_shortened(name)) + 8


@dataclass(frozen=True, slots=True)
class _Exit:
    """A shape that a way leaves at the right, with what is said of the edge that will do so."""

    shape: Shape
    condition: str = ""
    name: str = ""


class _Pen:
    """Draws blocks at places; numbers gateways and edges as they come."""

    def __init__(self) -> None:
        self.shapes: list[Shape] = []
        self.edges: list[Edge] = []
        self.gateways = 0

    def event(self, name: str, kind: str, label: str, x: int, axis: int) -> _Exit:
        box = Box(x, axis - EVENT // 2, EVENT, EVENT)
        return _Exit(
            self._shape(Shape(f"event-{name}", kind, box, label, label=Box(x, box.y + EVENT + 4, EVENT, LINE)))
        )

    def place(self, node: Node, x: int, axis: int) -> tuple[Shape, _Exit]:
        """Draw a block with its left side at ``x``; return where the way enters and leaves it."""
        if isinstance(node, Step):
            box = Box(x, axis - TASK[1] // 2, *TASK)
            task = self._shape(Shape(f"step-{node.code}", "userTask", box, node.name, step=node))
            return task, _Exit(task)
        if isinstance(node, Seq):
            return self._seq(node, x, axis)
        if isinstance(node, Repeat):
            return self._repeat(node, x, axis)
        return self._branches(node, x, axis)

    def connect(self, source: _Exit, target: Shape) -> None:
        """Draw the edge between two shapes on one axis."""
        left, y = _right(source.shape)
        points = ((left, y), (target.box.x, y))
        self._edge(source.shape, target, points, source.condition, source.name)

    def _seq(self, node: Seq, x: int, axis: int) -> tuple[Shape, _Exit]:
        first, leave = self.place(node.children[0], x, axis)
        x += _measure(node.children[0]).width + GAP
        for child in node.children[1:]:
            entry, following = self.place(child, x, axis)
            self.connect(leave, entry)
            leave = following
            x += _measure(child).width + GAP
        return first, leave

    def _branches(self, node: All | Choice, x: int, axis: int) -> tuple[Shape, _Exit]:
        kind = "parallelGateway" if isinstance(node, All) else "exclusiveGateway"
        self.gateways += 1
        number = self.gateways
        rows = _rows(node)
        split = self._gateway(f"split-{number}", kind, x, axis)
        left = x + GATEWAY + _lead(node)
        right = left + max(row.size.width for row in rows) + GAP
        join = self._gateway(f"join-{number}", kind, right, axis)
        y = axis - rows[0].size.above
        for row in rows:
            y += row.size.above
            self._branch(row, split, join, left, y)
            y += row.size.below + ROW
        return split, _Exit(join)

    def _branch(self, row: _Row, split: Shape, join: Shape, left: int, y: int) -> None:
        out = _towards(split, y)
        back = _towards(join, y, entering=True)
        default = row.name == OTHERWISE and not row.condition
        if row.node is None:
            self._edge(split, join, (*out, *reversed(back)), "", row.name, default)
            return
        entry, leave = self.place(row.node, left, y)
        self._edge(split, entry, (*out, (entry.box.x, y)), row.condition, row.name, default)
        points = (_right(leave.shape), *reversed(back))
        self._edge(leave.shape, join, points, leave.condition, leave.name)

    def _repeat(self, node: Repeat, x: int, axis: int) -> tuple[Shape, _Exit]:
        size = _measure(node)
        body = _measure(node.body)
        top = self._gateway(f"again-{node.code}", "exclusiveGateway", x, axis)
        entry, leave = self.place(node.body, x + GATEWAY + GAP, axis)
        self.connect(_Exit(top), entry)
        end = self._gateway(f"until-{node.code}", "exclusiveGateway", x + GATEWAY + 2 * GAP + body.width, axis, node)
        self.connect(leave, end)
        low = axis + size.below - 8
        points = ((_middle(end), axis + GATEWAY // 2), (_middle(end), low), (_middle(top), low))
        label = Box(x + GATEWAY, low - LINE - 2, GAP + body.width + GAP, LINE)
        self.edges.append(
            Edge(
                f"line-{len(self.edges) + 1}",
                end.id,
                top.id,
                (*points, (_middle(top), axis + GATEWAY // 2)),
                default=True,
                name=f"再办一轮（至多 {node.at_most} 轮）",
                label=label,
            )
        )
        return top, _Exit(end, exit_condition(node), _shortened(node.until))

    def _gateway(self, id: str, kind: str, x: int, axis: int, repeat: Repeat | None = None) -> Shape:
        return self._shape(Shape(id, kind, Box(x, axis - GATEWAY // 2, GATEWAY, GATEWAY), repeat=repeat))

    def _shape(self, shape: Shape) -> Shape:
        self.shapes.append(shape)
        return shape

    def _edge(
        self,
        source: Shape,
        target: Shape,
        points: tuple[tuple[int, int], ...],
        condition: str,
        name: str,
        default: bool = False,
    ) -> None:
        label = None
        if name:
            height = _label_height(name)
            y = points[0][1] if len(points) == 2 or source.id.startswith("until-") else points[1][1]
            label = Box(source.box.x + GATEWAY + 4, y - height - 4, LABEL, height)
        edge = Edge(f"line-{len(self.edges) + 1}", source.id, target.id, points, condition, default, name, label)
        self.edges.append(edge)


def _middle(shape: Shape) -> int:
    return shape.box.x + shape.box.width // 2


def _right(shape: Shape) -> tuple[int, int]:
    return shape.box.x + shape.box.width, shape.box.y + shape.box.height // 2


def _towards(gateway: Shape, y: int, entering: bool = False) -> tuple[tuple[int, int], ...]:
    """From a gateway to the line of a branch: out at its side, or down from its lower corner and around."""
    box = gateway.box
    if y == box.y + box.height // 2:
        return ((box.x if entering else box.x + box.width, y),)
    return ((_middle(gateway), box.y + box.height), (_middle(gateway), y))
