"""From a rule to its explainer, from a record to its explanation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .. import ast
from ..parser import parse
from . import verdicts
from .conditions import PERSON_FUNCTION, Fact, Group, Leaf, Taker
from .evaluation import Evaluation, known
from .generate import Generator, Outcome, Record, dig
from .nearness import NearMiss, near_miss
from .verdicts import Verdict

Sources = Mapping[str, Any] | Callable[[str], Any]
"""Where facts come from: by the name of the fact, or of the entry of the record that holds it."""


@dataclass(frozen=True, slots=True)
class Used:
    """A fact that a condition read: ``value`` is ``None`` where it is missing; ``judgement``: for a person to say."""

    name: str
    value: Any
    source: Any = None
    judgement: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition, or a group of them (``operator`` and ``children``).

    ``decides``: whether the verdict of the whole rests on it. ``near``: how far a condition that stands in the way is from
    not doing so. ``alarm``: why it could not be evaluated though all its facts are there.
    """

    text: str
    verdict: Verdict
    decides: bool
    operator: str | None = None
    children: tuple[Condition, ...] = ()
    values: tuple[Used, ...] = ()
    near: NearMiss | None = None
    alarm: str | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of the facts that are not known."""
        return tuple(used.name for used in self.values if used.value is None)

    def to_dict(self) -> dict[str, Any]:
        """Plain data for an API; values are left as they are."""
        data: dict[str, Any] = {"text": self.text, "verdict": self.verdict.value, "decides": self.decides}
        if self.operator is not None:
            return data | {"operator": self.operator, "children": [child.to_dict() for child in self.children]}
        data["values"] = [{"name": used.name, "value": used.value, "source": used.source} for used in self.values]
        if self.near is not None:
            near = self.near
            data["near"] = {"kind": near.kind, "text": near.text, "distance": near.distance, "share": near.share}
            data["near"] |= {"bound": near.bound, "accepted": list(near.accepted), "excluded": list(near.excluded)}
        return data | ({"alarm": self.alarm} if self.alarm is not None else {})


class Explanation:
    """What a rule says of one record; the tree of conditions is made when it is first asked for."""

    __slots__ = ("_explainer", "_outcome", "_root", "_sources")

    def __init__(self, explainer: Explainer, outcome: Outcome, sources: Sources | None = None) -> None:
        self._explainer = explainer
        self._outcome = outcome
        self._sources = sources
        self._root: Condition | None = None

    @property
    def verdict(self) -> Verdict:
        """The verdict of the whole."""
        return verdicts.VERDICTS[self._outcome[0]]

    @property
    def root(self) -> Condition:
        """The tree of conditions."""
        if self._root is None:
            self._root = _Expansion(self._explainer, self._outcome, self._sources).root()
        return self._root

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """The single conditions in the order of the text."""
        found: list[Condition] = []
        waiting = [self.root]
        while waiting:
            condition = waiting.pop()
            if condition.operator is None:
                found.append(condition)
            waiting += reversed(condition.children)
        return tuple(found)

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of the facts to be found before the verdict can be given, in the order of the text."""
        open_ones = (item for item in self.conditions if item.decides and item.verdict is Verdict.UNKNOWN)
        return tuple(dict.fromkeys(name for item in open_ones for name in item.missing))

    def to_dict(self) -> dict[str, Any]:
        """Plain data for an API."""
        return {"verdict": self.verdict.value, "root": self.root.to_dict()}


class Explainer:
    """One rule, compiled once, that says of any number of records what it says and why. Safe to share between threads.

    ``judgements``: names of facts that only a person supplies; ``person("question")`` in the rule is one by itself, its answer
    being the boolean fact named as the question. ``constants``: fixed values by name. Parsing errors as :func:`..parser.parse`.
    """

    def __init__(
        self,
        rule: ast.Node | str,
        names: tuple[str, ...] = (),
        *,
        judgements: frozenset[str] | set[str] = frozenset(),
        constants: Mapping[str, Decimal | str | bool] | None = None,
    ) -> None:
        fixed = {name: _constant_node(value) for name, value in (constants or {}).items()}
        known_names = {*names, *judgements, *fixed, PERSON_FUNCTION}
        self.node = parse(rule, known_names) if isinstance(rule, str) else rule
        taker = Taker(frozenset(judgements), fixed)
        self.tree = taker.take(self.node)
        self.leaves = tuple(taker.leaves)
        self.evaluations = tuple(Evaluation(leaf) for leaf in self.leaves)
        generator = Generator(self.tree, taker.leaves, self._slow, known)
        self.heads = generator.heads
        self.run: Callable[[Record], Outcome] = generator.build()
        """The fast way: ``(code of the verdict, codes of the leaves, values of the heads of the facts)``."""

    def explain(self, record: Record, sources: Sources | None = None) -> Explanation:
        """Explain one record; a fact that is absent or ``None`` is missing."""
        return Explanation(self, self.run(record), sources)

    def verdict(self, record: Record) -> Verdict:
        """Only the verdict of the whole."""
        return verdicts.VERDICTS[self.run(record)[0]]

    def _slow(self, leaf: Leaf) -> Callable[[Record], int]:
        return self.evaluations[leaf.index].code


class _Expansion:
    """Makes the tree of one outcome. The record is rebuilt from the values kept, so it may have changed since."""

    def __init__(self, explainer: Explainer, outcome: Outcome, sources: Sources | None) -> None:
        self.explainer = explainer
        self.verdict, self.codes, values = outcome
        self.record = dict(zip(explainer.heads, values, strict=True))
        self.sources = sources

    def root(self) -> Condition:
        return self._condition(self.explainer.tree, decides=True, wanted=True)

    def _code(self, node: Leaf | Group) -> int:
        if isinstance(node, Leaf):
            return self.codes[node.index]
        codes = [self._code(child) for child in node.children]
        if node.operator == "if":
            return verdicts.choose(codes[0], codes[1], codes[2])
        bits = 0
        for code in codes:
            bits |= code
        table = {"and": verdicts.ALL, "or": verdicts.ANY, "not": verdicts.NOT}[node.operator]
        return table[bits]

    def _condition(self, node: Leaf | Group, *, decides: bool, wanted: bool) -> Condition:
        if isinstance(node, Leaf):
            return self._leaf(node, decides, wanted)
        code = self._code(node)
        children = []
        for place, child in enumerate(node.children):
            own = decides and self._carries(node, code, place)
            children.append(self._condition(child, decides=own, wanted=wanted != (node.operator == "not")))
        return Condition(node.text, verdicts.VERDICTS[code], decides, node.operator, tuple(children))

    def _carries(self, node: Group, code: int, place: int) -> bool:
        """Whether the child at ``place`` bears the verdict ``code`` of its group."""
        if node.operator == "not":
            return True
        if node.operator != "if":
            return self._code(node.children[place]) == code
        condition = self._code(node.children[0])
        taken = {verdicts.MET: 1, verdicts.NOT_MET: 2}.get(condition)
        if taken is not None:
            return place in (0, taken)
        return (place == 0) == (code not in (verdicts.MET, verdicts.NOT_MET))

    def _leaf(self, leaf: Leaf, decides: bool, wanted: bool) -> Condition:
        code = self.codes[leaf.index]
        verdict = verdicts.VERDICTS[code]
        near, alarm = None, None
        evaluation = self.explainer.evaluations[leaf.index]
        if verdict is (Verdict.NOT_MET if wanted else Verdict.MET):
            near = near_miss(leaf.test, lambda node: evaluation.value(node, self.record), wanted=wanted)
        used = tuple({item.name: item for item in map(self._used, leaf.facts)}.values())
        if verdict is Verdict.NEEDS_PERSON and not any(item.judgement and item.value is None for item in used):
            alarm = evaluation.alarm(self.record)
        return Condition(leaf.text, verdict, decides, values=used, near=near, alarm=alarm)

    def _used(self, fact: Fact) -> Used:
        path, head = fact.path, self.record[fact.path[0]]
        while len(path) > 1 and not isinstance(dig(head, path[1:-1]), Mapping | None):
            path = path[:-1]
        name = ".".join(path)
        return Used(name, dig(head, path[1:]), self._source(name, path[0]), fact.judgement)

    def _source(self, name: str, head: str) -> Any:
        if self.sources is None:
            return None
        if callable(self.sources):
            return self.sources(name)
        return self.sources[name] if name in self.sources else self.sources.get(head)


def _constant_node(value: Decimal | str | bool) -> ast.Node:
    if isinstance(value, bool):
        return ast.Boolean(value)
    return ast.String(value) if isinstance(value, str) else ast.Number(Decimal(value))


def explain(
    rule: ast.Node | str,
    record: Record,
    sources: Sources | None = None,
    *,
    judgements: frozenset[str] | set[str] = frozenset(),
    constants: Mapping[str, Decimal | str | bool] | None = None,
) -> Explanation:
    """Explain one record by a rule; for many records keep the :class:`Explainer`."""
    return Explainer(rule, tuple(record), judgements=judgements, constants=constants).explain(record, sources)
