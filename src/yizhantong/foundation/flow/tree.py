"""The tree language: what a flow is made of, and what makes it a flow at all.

A :class:`Flow` cannot be made of a wrong tree, so whoever holds one need not check it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

from .attributes import check_attributes
from .errors import FlowError
from .plain import Json, is_code, is_json, unprintable

DEPTH = 32
STEPS = 500
ROUNDS = 100
CODE_LENGTH = 32
NAME_LENGTH = 60
CONDITION_LENGTH = 2_000


@dataclass(frozen=True, slots=True)
class Step:
    """One piece of work of one office. ``code`` is snake-case and unique in its flow; ``name`` is Chinese, for people.

    ``attributes`` are plain JSON, not to be changed once the flow is made; what is known of them is checked
    (:mod:`.attributes`), others are carried along. Cases use:

    ``kind``        ``review`` (default), ``decision``, ``joint``, ``public_notice``, ``delivery``, ``payment`` or ``expert``
    ``office``      ``accountable`` (default: the office that answers for the case), ``lead``, or the unified social credit
                    code (GB 32100-2015) of an agency
    ``permission``  which permission completes it; default ``cases.decide`` for a decision, else ``cases.handle``
    ``outcomes``    ``[{"code": …, "name": …}]``; default pass 通过 and fail 不通过
    ``limit``       ``{"amount": 5, "unit": "workday" | "day" | "hour"}``; absent: no limit of its own
    ``veto``        whether a failing outcome here fails the case; default false
    ``law``         what a refusal here cites
    """

    code: str
    name: str
    attributes: Mapping[str, Json] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Seq:
    """One child after the other."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class All:
    """All children at once; done when each is done."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """One way of a choice: taken if ``condition`` (FEEL) is true and that of no branch before it."""

    condition: str
    node: Node


@dataclass(frozen=True, slots=True)
class Choice:
    """The first branch whose condition is true; else ``otherwise``; with none of them, nothing is to be done here."""

    branches: tuple[Branch, ...]
    otherwise: Node | None = None


@dataclass(frozen=True, slots=True)
class Repeat:
    """``body`` again and again, at most ``at_most`` rounds (1 to 100), until ``until`` (FEEL, asked after each round) is true.

    A round in which nothing was to be done (no branch of its choices was taken) ends the loop: asked again at the same
    instant, nothing would be different.
    """

    code: str
    body: Node
    until: str
    at_most: int


Node: TypeAlias = Step | Seq | All | Choice | Repeat


@dataclass(frozen=True)
class Flow:
    """A tree that has been checked. Raises :class:`FlowError` for any other.

    What is derived from the tree (steps by code, the ways up) is computed once per object: keep the object, one per
    published version of an item.
    """

    root: Node

    def __post_init__(self) -> None:
        validate(self)

    def __reduce__(self) -> tuple[type[Flow], tuple[Node]]:
        """Copies and pickles carry the tree alone and derive the rest anew."""
        return Flow, (self.root,)

    @cached_property
    def steps(self) -> Mapping[str, Step]:
        """The steps by code, in the order of the document."""
        return {step.code: step for step in _steps(self.root)}

    @cached_property
    def repeats(self) -> Mapping[str, Repeat]:
        """The loops by code, in the order of the document."""
        return {node.code: node for node in walk(self.root) if isinstance(node, Repeat)}

    @cached_property
    def conditions(self) -> tuple[str, ...]:
        """Every FEEL text of the flow, each once, in the order of the document."""
        found: dict[str, None] = {}
        for node in walk(self.root):
            if isinstance(node, Choice):
                found.update((branch.condition, None) for branch in node.branches)
            elif isinstance(node, Repeat):
                found[node.until] = None
        return tuple(found)


def children(node: Node) -> list[tuple[str, Node]]:
    """What stands directly under a node, each with its place in the document (``children[0]``)."""
    if isinstance(node, Seq | All):
        return [(f"children[{index}]", child) for index, child in enumerate(node.children)]
    if isinstance(node, Choice):
        found = [(f"branches[{index}].node", branch.node) for index, branch in enumerate(node.branches)]
        return found if node.otherwise is None else [*found, ("otherwise", node.otherwise)]
    return [("body", node.body)] if isinstance(node, Repeat) else []


def walk(node: Node) -> list[Node]:
    """The node and all under it, in the order of the document."""
    found: list[Node] = [node]
    for _, child in children(node):
        found.extend(walk(child))
    return found


def _steps(root: Node) -> list[Step]:
    return [node for node in walk(root) if isinstance(node, Step)]


def validate(flow: Flow) -> None:
    """Check the whole tree; raises :class:`FlowError` for the first thing wrong, in the order of the document.

    Codes: ``flow.bad_code``, ``flow.duplicate_code``, ``flow.bad_name``, ``flow.bad_attributes``, ``flow.empty``,
    ``flow.missing_condition``, ``flow.bad_condition``, ``flow.bad_at_most``, ``flow.too_deep``, ``flow.too_many_steps``,
    ``flow.unknown_kind``.
    """
    _Check().node(flow.root, "$", 1)


def too_deep(path: str) -> FlowError:
    """The refusal of a tree of more than :data:`DEPTH` levels."""
    return FlowError("flow.too_deep", f"流程嵌套超过 {DEPTH} 层；请合并层次，或把一部分拆成单独的事项", path)


class _Check:
    """One walk through a tree, remembering the codes met."""

    def __init__(self) -> None:
        self.seen: dict[str, str] = {}
        self.steps = 0

    def node(self, node: Node, path: str, depth: int) -> None:
        if depth > DEPTH:
            raise too_deep(path)
        if isinstance(node, Step):
            self.step(node, path)
        elif isinstance(node, Seq | All):
            if not node.children:
                kind = "顺序" if isinstance(node, Seq) else "并行"
                raise FlowError("flow.empty", f"这里的{kind}中没有任何步骤；请添加步骤，或删去这一层", path)
        elif isinstance(node, Choice):
            self.choice(node, path)
        elif isinstance(node, Repeat):
            self.repeat(node, path)
        else:
            raise FlowError("flow.unknown_kind", f"{type(node).__name__} 不是流程的组成部分", path)
        for place, child in children(node):
            self.node(child, f"{path}.{place}", depth + 1)

    def step(self, step: Step, path: str) -> None:
        self.code(step.code, path)
        self.name(step.name, path)
        self.steps += 1
        if self.steps > STEPS:
            raise FlowError("flow.too_many_steps", f"流程超过 {STEPS} 个步骤；请拆成几个事项", path)
        place = f"{path}.attributes"
        if not isinstance(step.attributes, Mapping) or not is_json(dict(step.attributes)):
            raise FlowError("flow.bad_attributes", "步骤的属性不是普通的 JSON 对象，或嵌套过深；请改正", place)
        check_attributes(step.attributes, place)

    def choice(self, choice: Choice, path: str) -> None:
        if not choice.branches:
            raise FlowError("flow.empty", "这里的选择没有任何分支；请添加分支，或删去这一层", path)
        for index, branch in enumerate(choice.branches):
            self.condition(branch.condition, f"第 {index + 1} 个分支的条件", f"{path}.branches[{index}].condition")

    def repeat(self, repeat: Repeat, path: str) -> None:
        self.code(repeat.code, path)
        self.condition(repeat.until, "重复的结束条件", f"{path}.until")
        if isinstance(repeat.at_most, bool) or not isinstance(repeat.at_most, int):
            raise FlowError("flow.bad_at_most", "重复的最多轮数应是整数", f"{path}.at_most")
        if not 1 <= repeat.at_most <= ROUNDS:
            raise FlowError(
                "flow.bad_at_most",
                f"重复的最多轮数应在 1 至 {ROUNDS} 之间，现为 {repeat.at_most}；请改正",
                f"{path}.at_most",
            )

    def code(self, code: str, path: str) -> None:
        place = f"{path}.code"
        if not is_code(code, CODE_LENGTH):
            raise FlowError(
                "flow.bad_code",
                f"代码“{code}”不合要求；请用小写字母开头的小写字母、数字和单个下划线，不超过 {CODE_LENGTH} 个字符",
                place,
            )
        if code in self.seen:
            raise FlowError(
                "flow.duplicate_code",
                f"代码“{code}”在 {self.seen[code]} 已经用过；同一流程中代码不得重复，请另取",
                place,
            )
        self.seen[code] = path

    def name(self, name: str, path: str) -> None:
        place = f"{path}.name"
        if not isinstance(name, str) or not name.strip():
            raise FlowError("flow.bad_name", "步骤没有名称；请填写", place)
        if len(name) > NAME_LENGTH:
            raise FlowError("flow.bad_name", f"步骤名称超过 {NAME_LENGTH} 个字；请缩短", place)
        if unprintable(name) or any(character in name for character in "\t\n\r"):
            raise FlowError("flow.bad_name", "步骤名称中有换行、制表符或不可显示的字符；请删去", place)

    def condition(self, text: str, what: str, path: str) -> None:
        if not isinstance(text, str) or not text.strip():
            raise FlowError("flow.missing_condition", f"{what}没有填写；请用 FEEL 写明", path)
        if len(text) > CONDITION_LENGTH:
            raise FlowError("flow.bad_condition", f"{what}超过 {CONDITION_LENGTH} 个字符；请缩短", path)
        if unprintable(text):
            raise FlowError("flow.bad_condition", f"{what}中有不可显示的字符；请删去", path)
