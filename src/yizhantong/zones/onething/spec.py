"""What a package is, as data: questions of the situation, parts with their order, who signs with the asker, what was before.

The document lies in the version's ``content.benefit["package"]``; the rest of that content is assembled from it
(:mod:`~yizhantong.zones.onething.assembling`), so that whoever reads, files or searches a package needs the kernel only.

Order of the parts: one whose ``mode`` is ``series`` opens when the part listed before it is granted; one that is ``parallel`` opens
at once. ``after`` names further parts that must be granted first. A part whose ``when`` is not true for the answers takes no part, and
whoever waits for it waits for those before it instead.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, ValidationError

from yizhantong.kernel.items.content import Code, Guide, Name, Short, Text, path_of
from yizhantong.kernel.items.content import Part as Shape
from yizhantong.kernel.items.errors import ContentError, Finding

KEY = "package"
"""Where the specification lies in ``benefit``; a part's item says there, as a text, to which package it counts by itself."""
Element = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=48)]
PartCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", max_length=24)]


class QuestionSpec(Shape):
    """One question of the situation: a data element, asked when ``when`` (FEEL over earlier questions) is true."""

    element: Element
    when: Text = ""
    required: bool = True
    help: Short = ""


class PartSpec(Shape):
    """One item of the package; ``version`` is the number of the item's version from which the package was assembled.

    ``required`` says whether the package can be done without it; an optional part is still opened when ``when`` is true.
    """

    code: PartCode
    item: Annotated[str, StringConstraints(min_length=1, max_length=48)]
    when: Text = ""
    mode: Literal["series", "parallel"] = "parallel"
    after: tuple[PartCode, ...] = ()
    required: bool = True
    version: Annotated[int, Field(ge=1)] | None = None


class CosignerSpec(Shape):
    """Somebody else who must sign before the package can be submitted (spouse, seller, employer).

    ``name``, ``contact`` and ``identity`` are elements of the form from which the person is known; ``signs`` the elements that are
    shown and signed (none named: everything on the form), ``statement`` what is declared by signing.
    """

    code: PartCode
    label: Name
    when: Text = ""
    name: Element
    contact: Element
    identity: Element | None = None
    signs: tuple[Element, ...] = ()
    statement: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
    days: Annotated[int, Field(ge=1, le=30)] = 7


class BeforeSpec(Shape):
    """What the asker had to do before there was the package; what is not given is counted from the parts handled one by one.

    ``situation`` names the typical situation for which both sides are counted (none: all parts). ``limit_kind`` says whether ``days`` are promised limits or those of the law: the two are never compared without a label.
    """

    definition: Text = "各事项分别申请、依次办理:时限为各事项承诺时限相加,材料、环节、跑动、字段为各事项之和"
    situation: Short = ""
    answers: dict[str, bool | str] = {}
    """The answers of that situation, by element: parts that exclude each other were never asked for together, before or now."""
    limit_kind: Literal["promised", "statutory"] = "promised"
    days: Annotated[int, Field(ge=0, le=3650)] | None = None
    materials: Annotated[int, Field(ge=0, le=999)] | None = None
    steps: Annotated[int, Field(ge=0, le=99)] | None = None
    visits: Annotated[int, Field(ge=0, le=99)] | None = None
    fields: Annotated[int, Field(ge=0, le=999)] | None = None
    source: Short = ""


class PackageSpec(Shape):
    """A whole package. ``counts_as`` is what the ledgers count it as; ``materials`` gives a material of a part (``part.material``)
    the identity by which it is merged, where the material's own code is not the right one.
    """

    counts_as: Literal["birth", "property", "school", "startup"]
    questions: tuple[QuestionSpec, ...] = ()
    questions_title: Name = "您的情形"
    parts: Annotated[tuple[PartSpec, ...], Field(min_length=1, max_length=20)]
    cosigners: Annotated[tuple[CosignerSpec, ...], Field(max_length=6)] = ()
    materials: dict[str, Code] = {}
    before: BeforeSpec = BeforeSpec()
    guide: Guide = Guide()
    steps: Annotated[int, Field(ge=1, le=99)] = 3
    """Steps that the asker goes through now: answer, fill in, receive, unless the editor counts others."""
    acceptance_days: Annotated[int, Field(ge=1, le=5)] = 5
    supplement_days: Annotated[int, Field(ge=1, le=365)] = 15
    commitment_text: Text = ""

    def part(self, code: str) -> PartSpec:
        """Return a part by its code."""
        return next(part for part in self.parts if part.code == code)


def read(document: Mapping[str, Any]) -> PackageSpec:
    """Return the specification of a document; raise :class:`ContentError` with everything wrong with its shape or its order."""
    try:
        spec = PackageSpec.model_validate(document)
    except ValidationError as error:
        raise ContentError([_finding(found) for found in error.errors(include_url=False)]) from None
    findings = list(check(spec))
    if findings:
        raise ContentError(findings)
    return spec


def write(spec: PackageSpec) -> dict[str, Any]:
    """Return the document of a specification; ``read(write(spec)) == spec``."""
    return spec.model_dump(mode="json")


def check(spec: PackageSpec) -> Iterator[Finding]:
    """Yield what is wrong beyond the shape: codes used twice, predecessors that are none, a circle."""
    yield from _twice([part.code for part in spec.parts], "parts", "code", "事项代码")
    yield from _twice([part.item for part in spec.parts], "parts", "item", "事项")
    yield from _twice([signer.code for signer in spec.cosigners], "cosigners", "code", "签署人代码")
    yield from _twice([question.element for question in spec.questions], "questions", "element", "问题")
    codes = {part.code for part in spec.parts}
    for index, part in enumerate(spec.parts):
        for code in part.after:
            if code not in codes:
                text = f"前置事项“{code}”不在套餐里,请从套餐的事项中选择"
                yield Finding("onething.unknown_part", text, f"parts[{index}].after")
    round_trip = circle(predecessors(spec))
    if round_trip:
        told = " → ".join(round_trip)
        yield Finding("onething.circle", f"事项互为前置,谁也不能开始:{told};请删去其中一个前置关系", "parts")
    for key in spec.materials:
        part_code, _dot, material = key.partition(".")
        if part_code not in codes or not material:
            text = f"“{key}”应写成“事项代码.材料代码”,且事项在套餐里"
            yield Finding("onething.material_key", text, f"materials.{key}")


def predecessors(spec: PackageSpec) -> dict[str, tuple[str, ...]]:
    """Return for each part, in their order, the parts that must be granted before it opens."""
    found: dict[str, tuple[str, ...]] = {}
    before = ""
    for part in spec.parts:
        direct = ((before,) if part.mode == "series" and before else ()) + part.after
        found[part.code] = tuple(dict.fromkeys(direct))
        before = part.code
    return found


def within(order: Mapping[str, Collection[str]], taking_part: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return the order among those that take part: in place of one that does not stand those before it. No circles."""

    def standing(code: str) -> Iterator[str]:
        for before in order.get(code, ()):
            if before in taking_part:
                yield before
            else:
                yield from standing(before)

    return {code: tuple(dict.fromkeys(standing(code))) for code in order if code in taking_part}


def circle(order: Mapping[str, Collection[str]]) -> list[str]:
    """Return a circle in the order (its first part again at the end), or an empty list."""
    done: set[str] = set()
    way: list[str] = []

    def visit(code: str) -> list[str]:
        if code in way:
            return [*way[way.index(code) :], code]
        if code in done:
            return []
        way.append(code)
        for before in order.get(code, ()):
            found = visit(before)
            if found:
                return found
        way.pop()
        done.add(code)
        return []

    return next((found for code in order if (found := visit(code))), [])


def longest(order: Mapping[str, Collection[str]], weights: Mapping[str, int]) -> tuple[int, tuple[str, ...]]:
    """Return the weight of the heaviest chain of parts, and the chain; (0, ()) for no parts. No circles.

    Among equally heavy chains that of the parts named first.
    """
    best: dict[str, tuple[int, tuple[str, ...]]] = {}

    def upto(code: str) -> tuple[int, tuple[str, ...]]:
        if code not in best:
            earlier = max((upto(before) for before in order[code]), key=lambda found: found[0], default=(0, ()))
            best[code] = (earlier[0] + weights[code], (*earlier[1], code))
        return best[code]

    return max((upto(code) for code in order), key=lambda found: found[0], default=(0, ()))


def _twice(values: list[str], place: str, field: str, what: str) -> Iterator[Finding]:
    often = {value for value, count in Counter(values).items() if count > 1}
    for index, value in enumerate(values):
        if value in often and value in values[:index]:
            yield Finding("onething.twice", f"{what}“{value}”重复,请改一处或删去", f"{place}[{index}].{field}")


_SENTENCES = {
    "missing": "这一项必须填写",
    "extra_forbidden": "套餐没有这一项,请核对拼写或删去",
    "string_too_short": "这一项不能为空",
    "string_too_long": "最多 {max_length} 个字,请缩短",
    "string_pattern_mismatch": "代码只能用小写字母、数字和下划线,并以字母开头",
    "too_short": "至少要有 {min_length} 项",
    "too_long": "最多 {max_length} 项",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "literal_error": "可用的值是 {expected}",
}


def _finding(error: Any) -> Finding:
    sentence = _SENTENCES.get(error["type"], "这一项的写法不对,请核对").format_map(error.get("ctx", {}))
    return Finding("onething.bad_spec", sentence, path_of(error["loc"]))
