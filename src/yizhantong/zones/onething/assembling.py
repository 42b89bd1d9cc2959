"""One form, one set of materials, one promise, made of a package's parts; pure: what the parts' versions say goes in, a content comes out.

* Every element that an applicable part asks for is asked, once; nothing is asked that no applicable part (or question) needs.
* Materials are merged by their identity; one that a register has for some part is fetched from there for all.
* The promise is the longest path over the parts in their order, each with what its own agency promises.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from yizhantong.foundation.rules import compile_expression
from yizhantong.kernel.items import elements
from yizhantong.kernel.items.catalogue import Ready
from yizhantong.kernel.items.checking import names_in
from yizhantong.kernel.items.content import (
    Condition,
    Content,
    FormField,
    Limits,
    LimitSpec,
    MaterialSpec,
    Options,
    Section,
)  # fmt: skip
from yizhantong.kernel.items.errors import ContentError, Finding
from yizhantong.zones.onething.merging import Need, PartOf, both, either, needs
from yizhantong.zones.onething.spec import KEY, PackageSpec, QuestionSpec, longest, predecessors, within, write

STEP = "parts"
"""The one step of a package's flow: it waits for the parts."""
_ORIGINALS = ("electronic", "copy", "original")
_NEEDS = ("optional", "deferrable", "required")


@dataclass(frozen=True, slots=True)
class Promise:
    """What is promised jointly: working days, and the chain of parts that makes it so long."""

    days: int
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Merged:
    """One material of the package: its identity, and where it comes from (part, material of that part)."""

    key: str
    sources: tuple[tuple[PartOf, MaterialSpec], ...]


def assemble(spec: PackageSpec, parts: Sequence[PartOf]) -> Content:
    """Return the content of a package; ``parts`` in the order of the specification.

    Raises :class:`ContentError`: ``onething.no_limit`` (a part promises nothing in working days), ``onething.circular``,
    ``onething.unknown_element``.
    """
    without = [part for part in parts if part.days is None]
    if without:
        raise ContentError([
            Finding("onething.no_limit", f"“{part.ready.name}”没有以工作日计的承诺时限,算不出共同承诺;请先在该事项里填写", "parts")
            for part in without
        ])  # fmt: skip
    materials = tuple(material(spec, each, place) for place, each in enumerate(merged(spec, parts)))
    agencies = list(dict.fromkeys(part.agency_name for part in parts))
    return Content(
        guide=spec.guide.model_copy(update={"joint_agencies": tuple(agencies)}),
        form=form(spec, parts), materials=materials, conditions=_conditions(parts),
        flow={"kind": "step", "code": STEP, "name": "各事项办理", "attributes": {"kind": "children", "office": "accountable"}},
        limits=_limits(spec, parts),
        options=Options(
            intake=True, transferable=False, disputable=False, rating=True, commitment_text=spec.commitment_text,
            deferral=any(each.need == "deferrable" for each in materials),
        ),
        benefit={KEY: write(spec)},
    )  # fmt: skip


# --- form -----------------------------------------------------------------------------------------------------------


def form(spec: PackageSpec, parts: Sequence[PartOf]) -> tuple[Section, ...]:
    """Return the merged form: the questions first, then each element in the first section that asks for it."""
    asked = Merging(spec, parts)
    sections: dict[tuple[str, str], list[FormField]] = {}
    questions = [asked.field(question.element) for question in spec.questions]
    placed = {question.element for question in spec.questions}
    for part in parts:
        for section in part.ready.content.form:
            fields = sections.setdefault((section.code, section.title), [])
            for field in section.fields:
                if field.element not in placed:
                    placed.add(field.element)
                    fields.append(asked.field(field.element))
    made = [Section(code="situation", title=spec.questions_title, fields=tuple(questions))] if questions else []
    taken = {"situation"}
    for (code, title), fields in sections.items():
        if fields:
            made.append(Section(code=_free(code, taken), title=title, fields=tuple(fields)))
    return tuple(made)


class Merging:
    """What all questions and parts together ask of each element."""

    def __init__(self, spec: PackageSpec, parts: Sequence[PartOf]) -> None:
        asking: dict[str, int] = {}
        for code in [*(q.element for q in spec.questions), *(code for part in parts for code in part.ready.fields)]:
            asking[code] = asking.get(code, 0) + 1
        shared = frozenset(code for code, count in asking.items() if count > 1)
        self.of: dict[str, list[Need]] = {}
        for need in [*map(_question, spec.questions), *needs(parts, shared)]:
            self.of.setdefault(need.field.element, []).append(need)

    def field(self, code: str) -> FormField:
        """Return the merged field: shown where somebody needs it, required where somebody requires it."""
        listed = self._others(code)
        visible = either(need.where for need in listed)
        required = [need.required for need in listed if need.required is not None]
        always = all(need.required == need.where for need in listed) or "" in required
        return FormField(
            element=code, required=always, visible_if=visible,
            required_if="" if always or not required else either(required),
            help=next((need.field.help for need in listed if need.field.help), ""),
            prefill=any(need.field.prefill for need in listed),
        )  # fmt: skip

    def _others(self, code: str) -> list[Need]:
        """Return who needs an element; a question that decides about a part is asked before that part can want it as well."""
        listed = self.of[code]
        if listed[0].part or len(listed) == 1:
            return listed
        name = listed[0].element.name
        return [listed[0], *(need for need in listed[1:] if name not in _names(need.where, listed))]


def _names(text: str, listed: Sequence[Need]) -> frozenset[str]:
    known = frozenset(element.name for element in elements.dictionary().values())
    return names_in(text, known) if text else frozenset()


def _question(question: QuestionSpec) -> Need:
    element = elements.find(question.element)
    if element is None:
        text = f"数据字典里没有“{question.element}”,请从字典中选择"
        raise ContentError([Finding("onething.unknown_element", text, "questions")])
    field = FormField(element=question.element, required=question.required, help=question.help)
    return Need("", field, element, question.when, question.when if question.required else None)


def _free(code: str, taken: set[str]) -> str:
    found, number = code, 2
    while found in taken:
        found, number = f"{code}_{number}", number + 1
    taken.add(found)
    return found


# --- materials ------------------------------------------------------------------------------------------------------


def key_of(spec: PackageSpec, part: str, code: str) -> str:
    """Return the identity of a part's material within the package."""
    return spec.materials.get(f"{part}.{code}", code)


def merged(spec: PackageSpec, parts: Iterable[PartOf]) -> list[Merged]:
    """Return the materials of the package with their sources; those that a register has first, else in the order of the parts."""
    found: dict[str, list[tuple[PartOf, MaterialSpec]]] = {}
    for part in parts:
        for each in sorted(part.ready.content.materials, key=lambda m: m.order):
            found.setdefault(key_of(spec, part.spec.code, each.code), []).append((part, each))
    made = [Merged(key, tuple(sources)) for key, sources in found.items()]
    return sorted(made, key=lambda one: not any(each.register for _part, each in one.sources))


def material(spec: PackageSpec, one: Merged, place: int) -> MaterialSpec:
    """Return a merged material: as strict as its strictest source, asked for where one of them is."""
    listed = [each for _part, each in one.sources]
    need: Any = _NEEDS[max(_NEEDS.index(each.need) for each in listed)]
    original: Any = _ORIGINALS[max(_ORIGINALS.index(each.original) for each in listed)]
    first = listed[0]
    return MaterialSpec(
        code=one.key, name=first.name, need=need, original=original, order=place,
        required_if=either(both(part.spec.when, each.required_if) for part, each in one.sources),
        source=first.source, source_explained=_first(each.source_explained for each in listed),
        register=_first(each.register for each in listed), commitment=all(each.commitment for each in listed),
        format=_first(each.format for each in listed), pages=max(each.pages for each in listed),
        by_law=";".join(dict.fromkeys(each.by_law for each in listed if each.by_law))[:200],
        standard=_first(each.standard for each in listed), filling=_first(each.filling for each in listed),
        form_file=_first(each.form_file for each in listed), sample_file=_first(each.sample_file for each in listed),
        max_files=max(each.max_files for each in listed),
    )  # fmt: skip


def _first(texts: Iterable[str]) -> str:
    return next((text for text in texts if text), "")


# --- conditions and limits ------------------------------------------------------------------------------------------


def _conditions(parts: Sequence[PartOf]) -> tuple[Condition, ...]:
    """Return the parts' conditions, each text once; a rule binds where its part takes part."""
    made: dict[str, Condition] = {}
    for part in parts:
        for each in part.ready.content.conditions:
            rule = f"if {part.spec.when} then {each.rule} else true" if each.rule and part.spec.when else each.rule
            code = f"{part.spec.code}_{each.code}"[:48].rstrip("_")
            made.setdefault(each.text, Condition(code=code, text=each.text, rule=rule, kind=each.kind, law=each.law))
    return tuple(made.values())


def promise(spec: PackageSpec, parts: Iterable[PartOf], taking_part: Iterable[str] | None = None) -> Promise:
    """Return the joint promise: of all parts, or (``taking_part``) of one situation."""
    weights = {part.spec.code: part.days or 0 for part in parts}
    chosen = frozenset(weights if taking_part is None else taking_part)
    days, path = longest(within(predecessors(spec), chosen), weights)
    return Promise(days, path)


def _limits(spec: PackageSpec, parts: Sequence[PartOf]) -> Limits:
    """Return the package's limits: none of the law's own (each part keeps its own), the longest path as the promise."""
    found = promise(spec, parts)
    names = {part.spec.code: part.ready.name for part in parts}
    told = "→".join(names[code] for code in found.path)
    unsure = any(limit and "待核" in f"{limit.law}{limit.source}" for limit in map(_promised, parts))
    unit: Literal["workday"] = "workday"
    return Limits(
        promised=LimitSpec(amount=found.days, unit=unit, law=f"各事项承诺时限的最长路径:{told}"[:200], source="待核" if unsure else ""),
        acceptance_days=spec.acceptance_days, supplement_days=spec.supplement_days,
    )  # fmt: skip


def _promised(part: PartOf) -> LimitSpec | None:
    limits = part.ready.content.limits
    return limits.promised or limits.statutory


# --- at the time of a case ------------------------------------------------------------------------------------------


def taking_part(spec: PackageSpec, package: Ready, data: Mapping[str, Any]) -> list[str]:
    """Return the parts that take part for these answers (in clear), in their order; ``package`` is the package's version."""
    facts = package.facts({code: value for code, value in data.items() if code in package.visible(data)})
    return [part.code for part in spec.parts if not part.when or is_true(part.when, facts)]


def is_true(text: str, facts: Mapping[str, Any]) -> bool:
    """Tell whether a condition of the specification is true of a form's facts; what is not known is not true."""
    return compile_expression(text, frozenset(facts))(facts) is True
