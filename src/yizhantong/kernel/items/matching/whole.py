"""All enterprises with all rule sets in one pass.

1. Every single condition that occurs in any rule, strict or relaxed, becomes one boolean of one SQL statement over a columnar copy
   of the profiles (:mod:`.table`), null where a fact that it needs is missing; DuckDB runs it once.
2. What cannot be said in SQL is asked of the evaluator, that condition alone.
3. The rule sets combine the conditions as bit vectors, by the tables of the explanation (:mod:`.bits`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from yizhantong.foundation.rules.explain import Explainer
from yizhantong.foundation.rules.explain.conditions import Group, Leaf
from yizhantong.foundation.rules.explain.verdicts import MET, NOT_MET, PERSON
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.figures import duck
from yizhantong.kernel.items.matching import bits, table
from yizhantong.kernel.items.matching.bits import Bits, Four
from yizhantong.kernel.items.matching.compiling import Untranslatable, asks_person, leaf_sql, leaves
from yizhantong.kernel.items.matching.rules import STATES, RuleSet, State

CODES: Mapping[State, int] = {state: place for place, state in enumerate(STATES)}


@dataclass(frozen=True, eq=False)
class Matches:
    """What all rule sets say of all enterprises: ``states`` are codes (places in ``STATES``) by key, in the order of ``usccs``."""

    usccs: Sequence[str]
    states: Mapping[str, npt.NDArray[np.int8]]

    def counts(self, key: str) -> dict[State, int]:
        """Return how many enterprises are in each state."""
        found = np.bincount(self.states[key], minlength=len(STATES))
        return {state: int(found[place]) for state, place in CODES.items()}

    def of(self, key: str, state: State, limit: int | None = None) -> list[str]:
        """Return the codes of the enterprises in a state, at most ``limit``."""
        places = np.flatnonzero(self.states[key] == CODES[state])[:limit]
        return [self.usccs[place] for place in places]

    def state_of(self, key: str, uscc: str) -> State:
        """Return the state of one enterprise; raises KeyError for one that was not matched."""
        return STATES[int(self.states[key][self._places[uscc]])]

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {uscc: place for place, uscc in enumerate(self.usccs)}


def match_all(
    rule_sets: Iterable[RuleSet], *, today: dt.date | None = None, profiles: table.Profiles | None = None
) -> Matches:
    """Match every enterprise that has a profile with every rule set; ``profiles`` are read from the database unless given."""
    copy = profiles or table.read(today or clock.today())
    wanted = list(rule_sets)
    verdicts = _Verdicts(wanted, copy)
    return Matches(copy.usccs, {rules.key: verdicts.states(rules) for rules in wanted})


class _Verdicts:
    """The verdicts of every single condition, and of what is made of them."""

    def __init__(self, wanted: Sequence[RuleSet], copy: table.Profiles) -> None:
        self.copy = copy
        self.size = (len(copy.usccs) + 7) // 8
        self.found: dict[Leaf, Four] = {}
        explainers = [
            one for rules in wanted for item in rules.by_rule for one in (item.explainer, item.lenient) if one
        ]
        named: dict[str, list[Leaf]] = {}
        for leaf in dict.fromkeys(leaf for explainer in explainers for leaf in leaves(explainer.tree)):
            try:
                named.setdefault(leaf_sql(leaf, copy.columns), []).append(leaf)
            except Untranslatable:
                self.found[leaf] = bits.for_person(self.size) if _bare_question(leaf) else self._asked(leaf)
        self._run(named)

    def states(self, rules: RuleSet) -> npt.NDArray[np.int8]:
        """Return the state codes of one rule set."""
        by_person = [bits.for_person(self.size)] if rules.by_person else []
        strict = bits.every([*self._rules(item.explainer for item in rules.by_rule), *by_person], self.size)
        lenient = bits.every(self._rules(item.lenient for item in rules.by_rule), self.size)
        near = strict.failed & (lenient.met | lenient.person)
        codes = np.full(len(self.copy.usccs), CODES["unknown"], np.int8)
        for state, places in (
            ("match", strict.met), ("person", strict.person), ("no", strict.failed), ("near", near),
        ):  # fmt: skip
            codes[self._flags(places)] = CODES[state]  # type: ignore[index]
        return codes

    def _rules(self, explainers: Iterable[Explainer | None]) -> list[Four]:
        return [self._tree(explainer.tree) for explainer in explainers if explainer is not None]

    def _tree(self, node: Leaf | Group) -> Four:
        if isinstance(node, Leaf):
            return self.found[node]
        parts = [self._tree(child) for child in node.children]
        if node.operator == "not":
            return bits.negated(parts[0])
        if node.operator == "if":
            return bits.chosen(parts[0], parts[1], parts[2])
        return bits.every(parts, self.size) if node.operator == "and" else bits.some(parts, self.size)

    def _run(self, named: Mapping[str, Sequence[Leaf]]) -> None:
        """Compute all conditions that are SQL in one statement, and bring the answer into the order of the codes."""
        if not named or not self.size:
            empty = np.zeros(self.size, np.uint8)
            self.found.update((leaf, Four(empty, empty, empty)) for members in named.values() for leaf in members)
            return
        listed = ", ".join(f"({sql}) AS c{place}" for place, sql in enumerate(named))
        answer = duck.arrow_of(f"SELECT {listed}, {table.PLACE} FROM {table.NAME}", {table.NAME: self.copy.rows})
        order = answer.column(table.PLACE).to_numpy()
        if not np.array_equal(order, np.arange(len(order))):
            answer = answer.take(pa.array(np.argsort(order)))
        for place, members in enumerate(named.values()):
            column = answer.column(place).combine_chunks()
            met = _packed(pc.fill_null(column, False), self.size)
            four = Four(met, _packed(column.is_valid(), self.size) & ~met, np.zeros(self.size, np.uint8))
            self.found.update(dict.fromkeys(members, four))

    def _asked(self, leaf: Leaf) -> Four:
        """Ask the evaluator, enterprise by enterprise."""
        explainer = Explainer(leaf.test, judgements=frozenset(fact.name for fact in leaf.facts if fact.judgement))
        codes = np.fromiter(
            (explainer.run(subject.record)[0] for subject in table.subjects(self.copy)), np.int8, len(self.copy.usccs)
        )
        return Four(*(np.packbits(codes == code, bitorder="little") for code in (MET, NOT_MET, PERSON)))

    def _flags(self, packed: Bits) -> npt.NDArray[np.bool_]:
        return np.unpackbits(packed, count=len(self.copy.usccs), bitorder="little").view(np.bool_)


def _bare_question(leaf: Leaf) -> bool:
    return asks_person(leaf) and len(leaf.facts) == 1


def _packed(column: pa.Array, size: int) -> Bits:
    """Return the bits of an Arrow boolean array without nulls."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    if column.offset:
        column = pa.concat_arrays([column, column.slice(0, 0)])
    return np.frombuffer(column.buffers()[1], np.uint8, count=size)
