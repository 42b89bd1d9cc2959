"""Packages as pages and programs show them: lanes in working days, what each answer leads to, what is saved, what was issued."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from yizhantong.kernel.files.models import Issued
from yizhantong.kernel.items import elements
from yizhantong.kernel.items.condition_rows import Row, as_rows, text_of
from yizhantong.zones.onething.assembling import is_true, promise
from yizhantong.zones.onething.gains import Gains, gains
from yizhantong.zones.onething.loading import Loaded, package
from yizhantong.zones.onething.merging import PartOf
from yizhantong.zones.onething.spec import CosignerSpec, PackageSpec, predecessors, within

_WORDS = {
    "=": "是", "!=": "不是", ">=": "不低于", ">": "高于", "<=": "不超过", "<": "低于", "in": "是", "not in": "不是",
    "known": "已填写", "missing": "未填写",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lane:
    """One part on the time line: it runs ``days`` working days from ``start`` (days after acceptance), if all before it are done in time."""

    code: str
    title: str
    agency: str
    item: str
    start: int
    days: int
    on_path: bool
    after: tuple[str, ...]
    condition: str
    required: bool

    @property
    def end(self) -> int:
        """The working day on which it is done at the latest."""
        return self.start + self.days


@dataclass(frozen=True, slots=True)
class Lanes:
    """The parts of a situation in their order, and the joint promise in working days with the chain that makes it."""

    rows: tuple[Lane, ...]
    days: int
    path: tuple[str, ...]

    @property
    def agencies(self) -> tuple[str, ...]:
        """The agencies that take part, each once."""
        return tuple(dict.fromkeys(row.agency for row in self.rows))


def lanes(spec: PackageSpec, parts: Iterable[PartOf], chosen: Collection[str] | None = None) -> Lanes:
    """Return the parts that take part (``chosen``; None: all) as lanes."""
    known = {part.spec.code: part for part in parts}
    taking = [code for code in known if chosen is None or code in chosen]
    order = within(predecessors(spec), taking)
    starts: dict[str, int] = {}

    def start(code: str) -> int:
        if code not in starts:
            starts[code] = max((start(each) + (known[each].days or 0) for each in order[code]), default=0)
        return starts[code]

    found = promise(spec, known.values(), taking)
    rows = tuple(
        Lane(
            code=code, title=(of := known[code]).ready.name, agency=of.agency_name, item=of.spec.item, start=start(code),
            days=of.days or 0, on_path=code in found.path, after=tuple(known[each].ready.name for each in order[code]),
            condition=told(of.spec.when), required=of.spec.required,
        )
        for code in taking
    )  # fmt: skip
    return Lanes(rows, found.days, tuple(known[code].ready.name for code in found.path))


# --- situations -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    """One possible answer and the parts that it calls for by itself."""

    text: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Situation:
    """One question: what is asked, when, and what each answer leads to."""

    element: str
    name: str
    help: str
    condition: str
    answers: tuple[Answer, ...]


def situations(loaded: Loaded) -> list[Situation]:
    """Return the questions of a package with what each answer leads to."""
    found = []
    for question in loaded.spec.questions:
        element = elements.find(question.element)
        if element is None:
            continue
        values: list[tuple[Any, str]] = [(code, name) for code, name in element.choices]
        if element.kind == "boolean":
            values = [(True, "是"), (False, "否")]
        answers = tuple(Answer(text, _called(loaded, question.element, value)) for value, text in values)
        found.append(Situation(question.element, element.name, question.help, told(question.when), answers))
    return found


def _called(loaded: Loaded, code: str, value: Any) -> tuple[str, ...]:
    facts = loaded.ready.facts({code: value})
    return tuple(
        part.ready.name for part in loaded.listed if part.spec.when and is_true(part.spec.when, facts)
    )  # fmt: skip


def told(rule: str) -> str:
    """Return a condition as a sentence; one that rows cannot show stays as it is written. An empty one is no sentence."""
    rows = as_rows(rule, elements.by_name())
    if rows is None:
        return rule
    joined = {"and": ",且", "or": ",或"}
    groups = [joined[group.joiner].join(map(_row, group.rows)) for group in rows.groups]
    return joined[rows.joiner].join(groups)


def _row(row: Row) -> str:
    values = "或".join(("是" if value else "否") if isinstance(value, bool) else text_of(value) for value in row.values)
    return f"{row.name}:{values}" if row.operator == "=" else f"{row.name}{_WORDS[row.operator]}{values}"


# --- signers, gains, certificates -----------------------------------------------------------------------------------


def signers(spec: PackageSpec) -> list[tuple[CosignerSpec, str]]:
    """Return who has to sign besides the asker, each with the condition as a sentence."""
    return [(signer, told(signer.when)) for signer in spec.cosigners]


_saved: dict[int, tuple[Loaded, Gains]] = {}


def saved(version_id: int) -> Gains:
    """Return what a published package saves; computed once for each version in this process."""
    loaded = package(version_id)
    kept = _saved.get(version_id)
    if kept is None or kept[0] is not loaded:
        kept = _saved[version_id] = (loaded, gains(loaded.spec, loaded.listed, loaded.ready))
    return kept[1]


def papers(numbers: Collection[str]) -> Mapping[str, list[Issued]]:
    """Return the certificates and decisions that were issued for cases, by their numbers; one query."""
    found: dict[str, list[Issued]] = {}
    if numbers:
        rows = Issued.objects.filter(subject_kind="case", subject_number__in=numbers).order_by("issued_at", "pk")
        for row in rows:
            found.setdefault(row.subject_number, []).append(row)
    return found
