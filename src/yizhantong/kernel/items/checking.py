"""The content of a version checked as a whole: every finding names its place, so that an officer is led there.

What is refused beside wrong shapes: unknown data elements, codes used twice, FEEL that cannot be read or names what nobody
knows, a promise longer than the law (承诺时限 ≤ 法定时限), an immediate item that promises more than a day, charges without
basis, catch-all materials (兜底条款) and vague wording (模糊语言), a flow that is none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from yizhantong.foundation.flow import FlowError
from yizhantong.foundation.flow import read as read_flow
from yizhantong.foundation.rules import FeelError, compile_expression
from yizhantong.kernel.items import content as contents
from yizhantong.kernel.items import elements
from yizhantong.kernel.items.content import Content
from yizhantong.kernel.items.errors import ContentError, Finding
from yizhantong.kernel.parties import vocabulary

STEPS = "环节"
"""The name under which conditions of a flow see the outcome of each step that is done."""
PERSON = "person"
PACKAGE, CHILDREN = "package", "children"
"""The kind of item that is handled as several, and that of the step which waits for them."""
RESERVED = frozenset({"intake", "supplement", "delivery", "confirm", "answer", "decision"})
"""Codes of the steps that the handling of cases opens by itself (收件、补正、送达、确认、答复、决定): no flow may use them for its own."""

_CATCH_ALL = re.compile(
    r"其(他|它)[^,。;、]{0,12}(材料|资料|证明|文件|证件)|法律[、、]?法规(、规章)?(等)?规定的其(他|它)|兜底|等(相关|有关)?(材料|资料|证明|文件)$"
)
_VAGUE = re.compile(
    r"(相关|有关|必要的?|所需的?)(材料|资料|证明|文件)|原则上|视情况|酌情|适当|若干|必要时|一般情况下|尽快|及时提供"
)


def check(document: Mapping[str, Any], *, kind: str = "application") -> list[Finding]:
    """Return everything wrong with a document, shape first: with a wrong shape nothing else is looked at."""
    try:
        content = contents.read(document)
    except ContentError as error:
        return error.findings
    return check_content(content, kind=kind)


def require(document: Mapping[str, Any], *, kind: str = "application") -> Content:
    """Return the content of a document that has nothing wrong; raise :class:`ContentError` otherwise."""
    content = contents.read(document)
    findings = check_content(content, kind=kind)
    if findings:
        raise ContentError(findings)
    return content


def check_content(content: Content, *, kind: str = "application") -> list[Finding]:
    """Return everything wrong with a content of the right shape."""
    return [
        *_guide(content, kind),
        *_form(content),
        *_materials(content),
        *_conditions(content),
        *_flow(content, kind),
        *_limits(content),
    ]


def _guide(content: Content, kind: str) -> Iterator[Finding]:
    guide = content.guide
    if kind == "application" and not guide.by_law:
        yield Finding("items.no_law", "请填写设定依据:法律、法规、规章或文件的名称和条款", "guide.by_law")
    if guide.charges and not guide.fees:
        yield Finding("items.fee_rows", "标为收费的事项至少要有一条收费项目", "guide.fees")
    if guide.charges and not guide.charges_by_law:
        yield Finding("items.fee_law", "标为收费的事项要写明收费依据", "guide.charges_by_law")
    if guide.fees and not guide.charges:
        yield Finding("items.fee_flag", "列了收费项目,请同时标为收费;不收费请删去收费项目", "guide.charges")
    if guide.visits == 0 and not (guide.online and guide.online_depth == 4):
        yield Finding(
            "items.visits", "到现场 0 次的事项应能网上办理,深度为全程网办;否则请填实际次数", "guide.online_depth"
        )
    if guide.online_depth == 4 and not guide.online:
        yield Finding("items.online", "网办深度为全程网办,请同时标为可网上办理", "guide.online")
    if guide.department_kind == "entrusted" and not guide.entrusted_by:
        yield Finding("items.entrusted", "受委托实施的事项要写明委托机关", "guide.entrusted_by")
    yield from _wording(guide.acceptance, "guide.acceptance", vague=False)


def _form(content: Content) -> Iterator[Finding]:
    yield from _twice((section.code for section in content.form), "form", "分组代码")
    seen: set[str] = set()
    names = form_names(content)
    for s, section in enumerate(content.form):
        for f, field in enumerate(section.fields):
            place = f"form[{s}].fields[{f}]"
            if elements.find(field.element) is None:
                text = f"数据字典里没有“{field.element}”,请从字典中选择,或先新建数据元"
                yield Finding("items.unknown_element", text, f"{place}.element")
            elif field.element in seen:
                yield Finding("items.duplicate_element", "同一个数据元只能填一次,请删去一处", f"{place}.element")
            seen.add(field.element)
            yield from _feel(field.visible_if, names, f"{place}.visible_if")
            yield from _feel(field.required_if, names, f"{place}.required_if")
            yield from _own_name(field.visible_if, field.element, f"{place}.visible_if")


def _own_name(text: str, code: str, place: str) -> Iterator[Finding]:
    element = elements.find(code)
    try:
        named = names_in(text, frozenset({element.name})) if text and element is not None else frozenset()
    except FeelError:
        return
    if element is not None and element.name in named:
        yield Finding("items.own_name", "一项是否显示不能由它自己决定,请改用别的项", place)


def _materials(content: Content) -> Iterator[Finding]:
    yield from _twice((material.code for material in content.materials), "materials", "材料代码")
    yield from _twice((material.name for material in content.materials), "materials", "材料名称")
    names = form_names(content)
    for index, material in enumerate(content.materials):
        place = f"materials[{index}]"
        yield from _wording(material.name, f"{place}.name")
        yield from _wording(material.standard, f"{place}.standard")
        yield from _feel(material.required_if, names, f"{place}.required_if")
        if material.need == "deferrable" and not content.options.deferral:
            text = "标为容缺后补的材料,要在办理方式里允许容缺受理"
            yield Finding("items.deferral", text, f"{place}.need")
        if material.commitment and not content.options.commitment_text:
            text = "允许以告知承诺代替的材料,要先写好承诺书正文"
            yield Finding("items.commitment", text, f"{place}.commitment")


def _conditions(content: Content) -> Iterator[Finding]:
    yield from _twice((condition.code for condition in content.conditions), "conditions", "条件代码")
    names = form_names(content) | vocabulary.NAMES | {PERSON}
    for index, condition in enumerate(content.conditions):
        place = f"conditions[{index}]"
        yield from _wording(condition.text, f"{place}.text", vague=False)
        yield from _feel(condition.rule, names, f"{place}.rule")
        if condition.kind == "rule" and not condition.rule:
            text = "请写出判断规则;只能由人判断的条件,请选“人工判断”"
            yield Finding("items.no_rule", text, f"{place}.rule")


def _flow(content: Content, kind: str) -> Iterator[Finding]:
    try:
        flow = read_flow(content.flow)
    except FlowError as error:
        yield Finding(error.code, error.sentence, "flow" + error.path.removeprefix("$"))
        return
    for code in sorted(RESERVED.intersection(flow.steps)):
        text = f"环节代码“{code}”是办理过程自带的环节,请给“{flow.steps[code].name}”另取一个代码"
        yield Finding("items.reserved_step", text, "flow")
    yield from _waiting(kind, [step.attributes.get("kind") for step in flow.steps.values()])
    names = form_names(content) | vocabulary.NAMES | {STEPS}
    for text in flow.conditions:
        for finding in _feel(text, names, "flow"):
            yield Finding(finding.code, f"流程的条件“{text}”:{finding.sentence}", "flow")
        for step in sorted(_steps_named(text) - set(flow.steps)):
            yield Finding("items.unknown_step", f"流程的条件“{text}”提到的环节“{step}”不存在", "flow")


def _waiting(kind: str, steps: list[Any]) -> Iterator[Finding]:
    """Yield what is wrong with the step that waits for parts: a package has exactly one, any other item none."""
    waiting = steps.count(CHILDREN)
    if kind == PACKAGE and waiting != 1:
        yield Finding("items.package_step", "一件事套餐的流程要有且只有一个“各事项办理”(children)环节", "flow")
    if kind != PACKAGE and waiting:
        yield Finding(
            "items.children_step", "只有一件事套餐的流程可以有“各事项办理”(children)环节,请改环节种类", "flow"
        )


def _steps_named(text: str) -> set[str]:
    return set(re.findall(rf"{STEPS}\.([a-z0-9_]+)", text))


def _limits(content: Content) -> Iterator[Finding]:
    statutory, promised = content.limits.statutory, content.limits.promised
    if statutory and promised:
        if statutory.unit != promised.unit:
            text = "承诺时限与法定时限的单位不同,不能比较;请用相同的单位"
            yield Finding("items.limit_unit", text, "limits.promised.unit")
        elif promised.amount > statutory.amount:
            text = f"承诺时限 {promised.amount} 超过法定时限 {statutory.amount};承诺应不长于法定"
            yield Finding("items.promise", text, "limits.promised.amount")
    if statutory and not statutory.law:
        yield Finding("items.limit_law", "请写明法定时限的法律条款;没有法定时限请留空", "limits.statutory.law")
    if statutory and statutory.amount == 0:
        yield Finding("items.limit_zero", "没有法定时限请留空(显示“无法定时限”),不要填 0", "limits.statutory.amount")
    if promised and promised.unit == "hour" and promised.amount == 0:
        yield Finding("items.limit_zero", "按小时计的时限至少 1 小时", "limits.promised.amount")
    if content.options.immediate and not _within_a_day(promised):
        text = "即办件的承诺时限应为 1 个工作日以内;请改时限,或取消即办"
        yield Finding("items.immediate", text, "limits.promised")


def _within_a_day(limit: contents.LimitSpec | None) -> bool:
    return limit is not None and limit.amount <= (24 if limit.unit == "hour" else 1)


# --- shared ---------------------------------------------------------------------------------------------------------


def form_names(content: Content) -> frozenset[str]:
    """Return the Chinese names of the elements on the form, which rules over the form may use."""
    found = (elements.find(field.element) for field in content.form_fields)
    return frozenset(element.name for element in found if element is not None)


def names_in(text: str, names: frozenset[str]) -> frozenset[str]:
    """Return the names that a FEEL text reads; raise :class:`FeelError` when it cannot be read."""
    return frozenset(compile_expression(text, names).names)


def _feel(text: str, names: frozenset[str], place: str) -> Iterator[Finding]:
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
        yield Finding("items.unknown_name", f"规则里的{told}不是表单的数据元,也不是企业画像的名称", place)


def _twice(values: Iterable[str], place: str, what: str) -> Iterator[Finding]:
    listed = list(values)
    often = {value for value, count in Counter(listed).items() if count > 1}
    met: set[str] = set()
    for index, value in enumerate(listed):
        if value in often and value in met:
            yield Finding("items.duplicate_code", f"{what}“{value}”重复,请改一处", f"{place}[{index}]")
        met.add(value)


def _wording(text: str, place: str, *, vague: bool = True) -> Iterator[Finding]:
    found = _CATCH_ALL.search(text)
    if found:
        said = f"“{found.group()}”是兜底条款,请逐项写明;没有别的请删去"
        yield Finding("items.catch_all", said, place)
        return
    found = _VAGUE.search(text) if vague else None
    if found:
        yield Finding("items.vague", f"“{found.group()}”是模糊语言,请写明具体的名称、数量或期限", place)
