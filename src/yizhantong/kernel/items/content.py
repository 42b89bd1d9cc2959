"""The content of a version: guide, form, materials, conditions, flow, limits, options, as one JSON document.

Fields of the guide follow the implementation list of the national exchange tables (GB/T 39046-2020); their names there are
in :mod:`~yizhantong.kernel.items.exchange`. What a shape cannot say is checked by :mod:`~yizhantong.kernel.items.checking`.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from yizhantong.foundation.calendar import Limit
from yizhantong.kernel.items.errors import ContentError, Finding

warnings.filterwarnings("ignore", 'Field name "register" in "MaterialSpec"', UserWarning)
"""A material's ``register`` hides ABCMeta.register, which nobody calls on it."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", max_length=48)]
Unit = Literal["workday", "day", "hour"]
Theme = Literal[
    "birth", "school", "work", "home", "marriage", "health", "security", "opening", "running", "change", "staff",
    "innovation", "project", "closing",
]  # fmt: skip


class Part(BaseModel):
    """A part of a content: fields that it does not know are refused, so that a misspelt one is not lost in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Fee(Part):
    """One charge: its standard in words, and the law that allows it."""

    name: Name
    standard: Short
    can_reduce: bool = False
    by_law: Short


class Question(Part):
    """One frequent question with its answer."""

    question: Short
    answer: Text


class Guide(Part):
    """What the guide tells: the elements of the implementation list. ``visits`` 0 means that nobody has to come (全程网办)."""

    summary: Short = ""
    by_law: Text = ""
    task_type: Literal["01", "03", "04", "05", "06", "07", "08", "09", "10", "20"] = "20"
    use_level: Literal["1", "2", "3", "4", "5", "6"] = "3"
    department_kind: Literal["legal", "authorised", "entrusted"] = "legal"
    entrusted_by: Short = ""
    audience: tuple[Literal["person", "organisation"], ...] = ("person", "organisation")
    acceptance: Text = ""
    handling: Text = ""
    channels: tuple[Literal["window", "online", "express"], ...] = ("window", "online")
    charges: bool = False
    charges_by_law: Short = ""
    fees: tuple[Fee, ...] = ()
    visits: Annotated[int, Field(ge=0, le=9)] = 1
    visits_explained: Short = ""
    online: bool = True
    online_depth: Annotated[int, Field(ge=1, le=4)] = 3
    appointment: bool = False
    express: bool = False
    pay_online: bool = False
    service_centre: bool = True
    terminals: bool = False
    mobile_url: Short = ""
    area: Literal["", "nation", "provinces", "province", "city", "counties"] = ""
    joint_agencies: tuple[Short, ...] = ()
    special_procedures: Short = ""
    result_name: Short = ""
    result_kind: Literal["certificate", "approval", "other"] = "other"
    address: Short = ""
    hours: Short = ""
    consult: Short = ""
    complain: Short = ""
    questions: tuple[Question, ...] = ()
    themes: tuple[Theme, ...] = ()
    """Occasions in the life of a person or an enterprise by which the hall groups items (主题分类)."""
    words: tuple[Short, ...] = ()
    """Spoken words by which people look for it (买房 for 不动产过户)."""


class FormField(Part):
    """One data element on the form; ``visible_if`` and ``required_if`` are FEEL over the elements of the same form."""

    element: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=48)]
    required: bool = False
    visible_if: Text = ""
    required_if: Text = ""
    help: Short = ""
    prefill: bool = True


class Section(Part):
    """One section of the form."""

    code: Code
    title: Name
    fields: tuple[FormField, ...] = ()


class MaterialSpec(Part):
    """One material: needed, optional, or deferrable (容缺后补); ``register``: not asked for when that register has it."""

    code: Code
    name: Name
    need: Literal["required", "optional", "deferrable"] = "required"
    required_if: Text = ""
    original: Literal["original", "copy", "electronic"] = "electronic"
    source: Literal["applicant", "government", "other"] = "applicant"
    source_explained: Short = ""
    register: Short = ""
    commitment: bool = False
    format: Short = ""
    pages: Annotated[int, Field(ge=1, le=999)] = 1
    by_law: Short = ""
    standard: Short = ""
    filling: Short = ""
    form_file: Short = ""
    sample_file: Short = ""
    max_files: Annotated[int, Field(ge=1, le=20)] = 5
    order: int = 0


class Condition(Part):
    """One condition of acceptance or eligibility: its text for people, and its FEEL ``rule`` unless a person judges it."""

    code: Code
    text: Name
    rule: Text = ""
    kind: Literal["rule", "person"] = "rule"
    law: Short = ""


class LimitSpec(Part):
    """A limit: amount, unit, the law that sets it, and where that was read (待核 when unconfirmed)."""

    amount: Annotated[int, Field(ge=0, le=3650)]
    unit: Unit = "workday"
    law: Short = ""
    source: Short = ""

    @property
    def text(self) -> str:
        """The limit as it is said in Chinese: 20个工作日."""
        return Limit(self.amount, self.unit).text


class Limits(Part):
    """The limits of a case; None is "no limit" (无法定时限), never 0."""

    statutory: LimitSpec | None = None
    promised: LimitSpec | None = None
    acceptance_days: Annotated[int, Field(ge=0, le=30)] = 5
    supplement_days: Annotated[int, Field(ge=1, le=365)] | None = None
    deferral_days: Annotated[int, Field(ge=1, le=365)] | None = None
    extension_days: Annotated[int, Field(ge=1, le=365)] | None = None


class Options(Part):
    """How cases of the item behave; see the engine of cases."""

    immediate: bool = False
    intake: bool = True
    public_notice_days: Annotated[int, Field(ge=1, le=60)] | None = None
    commitment_text: Text = ""
    deferral: bool = False
    rating: bool = True
    transferable: bool = True
    disputable: bool = True
    confirm: bool = False
    answer: bool = False


class Content(Part):
    """The whole content of a version. ``benefit`` belongs to the item's zone; the kernel only keeps it."""

    guide: Guide = Guide()
    form: tuple[Section, ...] = ()
    materials: tuple[MaterialSpec, ...] = ()
    conditions: tuple[Condition, ...] = ()
    flow: dict[str, Any]
    limits: Limits = Limits()
    options: Options = Options()
    benefit: dict[str, Any] = {}

    @property
    def form_fields(self) -> tuple[FormField, ...]:
        """All fields of the form, in their order."""
        return tuple(field for section in self.form for field in section.fields)


def read(document: Mapping[str, Any]) -> Content:
    """Return the content of a document; raise :class:`ContentError` with everything wrong with its shape."""
    try:
        return Content.model_validate(document)
    except ValidationError as error:
        raise ContentError([_finding(item) for item in error.errors(include_url=False)]) from None


def write(content: Content) -> dict[str, Any]:
    """Return the JSON document of a content; ``read(write(content)) == content``."""
    return content.model_dump(mode="json")


def path_of(location: tuple[int | str, ...]) -> str:
    """Return a location as a path: ``("form", 0, "title")`` is ``form[0].title``."""
    text = ""
    for part in location:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


_SENTENCES = {
    "missing": "这一项必须填写",
    "extra_forbidden": "这里不应有这一项,请核对拼写或删去",
    "string_too_short": "这一项不能为空",
    "string_too_long": "最多 {max_length} 个字,请缩短",
    "string_pattern_mismatch": "代码只能用小写字母、数字和下划线,并以字母开头",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "literal_error": "可用的值是 {expected}",
    "int_parsing": "这里应是整数",
    "int_type": "这里应是整数",
    "int_from_float": "这里应是整数",
    "bool_parsing": "这里应是“是”或“否”",
    "bool_type": "这里应是“是”或“否”",
    "string_type": "这里应是文字",
    "tuple_type": "这里应是一个列表",
    "dict_type": "这里应是一个 JSON 对象",
    "model_type": "这里应是一个 JSON 对象",
    "model_attributes_type": "这里应是一个 JSON 对象",
}


def _finding(error: Any) -> Finding:
    kind = error["type"]
    sentence = _SENTENCES.get(kind, "这一项的写法不对,请核对").format_map(error.get("ctx", {}))
    code = "items.missing" if kind in ("missing", "string_too_short") else "items.bad_field"
    return Finding(code, sentence, path_of(error["loc"]))
