"""Where parts disagree about what they share: told to the editor, who decides; what would make the merged form wrong blocks it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from yizhantong.foundation.rules import FeelError
from yizhantong.kernel.items import elements
from yizhantong.kernel.items.checking import names_in
from yizhantong.kernel.items.errors import Finding
from yizhantong.zones.onething.assembling import Merged, merged
from yizhantong.zones.onething.merging import PartOf
from yizhantong.zones.onething.spec import PackageSpec


@dataclass(frozen=True, slots=True)
class Conflict:
    """One disagreement: what it is about, between which parts, and whether the package cannot be published with it.

    ``code`` is ``onething.material_name``, ``onething.material_twice`` (these block), ``onething.field_help`` or
    ``onething.material_need`` (these tell what the merged one will be).
    """

    code: str
    sentence: str
    place: str
    parts: tuple[str, ...]
    blocks: bool

    @property
    def finding(self) -> Finding:
        """The conflict as a finding."""
        return Finding(self.code, self.sentence, self.place)


def conflicts(spec: PackageSpec, parts: Sequence[PartOf]) -> list[Conflict]:
    """Return all disagreements, those that block first."""
    found = [*_materials(spec, parts), *_fields(parts)]
    return sorted(found, key=lambda each: not each.blocks)


def _fields(parts: Sequence[PartOf]) -> Iterator[Conflict]:
    helps: dict[str, dict[str, list[str]]] = {}
    names: dict[str, str] = {}
    for part in parts:
        for code, (field, element) in part.ready.fields.items():
            names[code] = element.name
            if field.help:
                helps.setdefault(code, {}).setdefault(field.help, []).append(part.spec.code)
    for code, texts in helps.items():
        if len(texts) > 1:
            told = "、".join(f"“{text}”" for text in texts)
            first = next(iter(texts))
            sentence = f"“{names[code]}”在各事项里的填写说明不同:{told};合并后显示“{first}”,如不合适请统一"
            yield Conflict("onething.field_help", sentence, f"form.{code}", _flat(texts), blocks=False)


def _materials(spec: PackageSpec, parts: Sequence[PartOf]) -> Iterator[Conflict]:
    by_name: dict[str, dict[str, list[str]]] = {}
    for one in merged(spec, parts):
        yield from _one(spec, one)
        by_name.setdefault(one.sources[0][1].name, {}).setdefault(one.key, []).append(one.sources[0][0].spec.code)
    for name, keys in by_name.items():
        if len(keys) > 1:
            told = "、".join(keys)
            sentence = f"“{name}”以不同的材料代码({told})出现;是同一材料请在“材料对应”里合为一个,不是请改名"
            yield Conflict("onething.material_twice", sentence, "materials", _flat(keys), blocks=True)


def _one(spec: PackageSpec, one: Merged) -> Iterator[Conflict]:
    where = tuple(part.spec.code for part, _each in one.sources)
    by_code = [(p, m) for p, m in one.sources if f"{p.spec.code}.{m.code}" not in spec.materials]
    names = list(dict.fromkeys(each.name for _part, each in by_code))
    if len(names) > 1:
        told = "、".join(f"“{name}”" for name in names)
        sentence = f"材料代码“{one.key}”在各事项里名称不同:{told};请在“材料对应”里说明是否同一材料"
        yield Conflict("onething.material_name", sentence, f"materials.{one.key}", where, blocks=True)
    if len({(each.need, each.original) for _part, each in one.sources}) > 1:
        sentence = f"“{one.sources[0][1].name}”在各事项里的要求不同(是否必要、原件或电子件);合并后按最严格的要求"
        yield Conflict("onething.material_need", sentence, f"materials.{one.key}", where, blocks=False)


def _flat(listed: dict[str, list[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for codes in listed.values() for code in codes))


# --- what the specification names -----------------------------------------------------------------------------------


def named_wrongly(spec: PackageSpec, parts: Sequence[PartOf]) -> list[Finding]:
    """Return what the specification names and nobody has: questions, names in conditions, elements that a cosigner signs."""
    return [*_questions(spec), *_conditions(spec, parts), *_cosigners(spec, parts)]


def _questions(spec: PackageSpec) -> Iterator[Finding]:
    earlier: set[str] = set()
    for index, question in enumerate(spec.questions):
        element = elements.find(question.element)
        if element is None:
            text = f"数据字典里没有“{question.element}”,请从字典中选择,或先新建数据元"
            yield Finding("onething.unknown_element", text, f"questions[{index}].element")
            continue
        yield from _feel(question.when, frozenset(earlier), f"questions[{index}].when", "前面的问题")
        earlier.add(element.name)


def _conditions(spec: PackageSpec, parts: Sequence[PartOf]) -> Iterator[Finding]:
    names = frozenset(element.name for _code, element in _known(spec, parts))
    for index, part in enumerate(spec.parts):
        yield from _feel(part.when, names, f"parts[{index}].when", "情形问题或表单的数据元")
    for index, signer in enumerate(spec.cosigners):
        yield from _feel(signer.when, names, f"cosigners[{index}].when", "情形问题或表单的数据元")


def _cosigners(spec: PackageSpec, parts: Sequence[PartOf]) -> Iterator[Finding]:
    codes = {code for code, _element in _known(spec, parts)}
    for index, signer in enumerate(spec.cosigners):
        wanted = {
            "name": signer.name,
            "contact": signer.contact,
            **({"identity": signer.identity} if signer.identity else {}),
        }
        for field, code in [*wanted.items(), *(("signs", code) for code in signer.signs)]:
            if code not in codes:
                text = f"“{signer.label}”用到的“{code}”不在合并后的表单里,请从表单的数据元中选择"
                yield Finding("onething.cosigner_element", text, f"cosigners[{index}].{field}")


def _known(spec: PackageSpec, parts: Sequence[PartOf]) -> Iterator[tuple[str, elements.Element]]:
    for question in spec.questions:
        found = elements.find(question.element)
        if found is not None:
            yield question.element, found
    for part in parts:
        for code, (_field, element) in part.ready.fields.items():
            yield code, element


def _feel(text: str, names: frozenset[str], place: str, what: str) -> Iterator[Finding]:
    if not text:
        return
    try:
        read = names_in(text, names)
    except FeelError as error:
        yield Finding(error.code, str(error), place)
        return
    unknown = sorted(read - names)
    if unknown:
        told = "、".join(f"“{name}”" for name in unknown)
        yield Finding("onething.unknown_name", f"条件里的{told}不是{what},请核对名称", place)
