"""Every declaration is checked when the platform starts: a figure that cannot be answered is an error that names it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured

from yizhantong.kernel.figures import compile as compiler
from yizhantong.kernel.figures import phrases
from yizhantong.kernel.figures.declare import Distinct, Figure, Ratio, Sum, figures
from yizhantong.kernel.figures.errors import FigureError
from yizhantong.kernel.ledger import UNITS, Ledger, ledger, ledgers

_FAMILIES = (
    ("元", "万元", "亿元"), ("千克", "吨", "万吨"), ("米", "公里"), ("平方米",), ("秒", "分钟", "小时"),
)  # fmt: skip

Problem = tuple[str, str]


def validate_all_figures(app_configs: Sequence[Any] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """Return what is wrong with the declared figures (system check). Ids: ``figures.E001`` to ``figures.E008``."""
    return validate(list(figures()))


def validate(declared: Sequence[Figure]) -> list[CheckMessage]:
    """Return what is wrong with ``declared``, taken as the whole of all figures."""
    known = {item.code: item for item in declared}
    found: list[CheckMessage] = []
    for item in declared:
        for code, text in _problems(item, known):
            found.append(Error(f"数据 {item.code}:{text}", id=f"figures.{code}"))
    return [*found, *_same_phrases(declared)]


def _problems(item: Figure, known: dict[str, Figure]) -> Iterator[Problem]:
    steps: tuple[Callable[[Figure, dict[str, Figure]], Iterator[Problem]], ...] = (_ratio, _parent, _counted, _unit)
    for step in steps:
        yield from step(item, known)


def _ratio(item: Figure, known: dict[str, Figure]) -> Iterator[Problem]:
    if not isinstance(item.measure, Ratio):
        return
    for part in (item.measure.numerator, item.measure.denominator):
        if part not in known:
            yield "E001", f"比例的组成“{part}”没有登记"
        elif isinstance(known[part].measure, Ratio):
            yield "E001", f"比例的组成“{part}”本身也是比例,请直接用它的分子、分母"
        else:
            missing = [name for name in item.dimensions if name not in known[part].dimensions]
            if missing:
                yield "E006", f"组成“{part}”不能按{'、'.join(missing)}分组"
    if item.measure.percent != (item.unit == "%"):
        yield "E002", "百分比的单位应为 %,其他比例不应标为百分比(percent)"


def _parent(item: Figure, known: dict[str, Figure]) -> Iterator[Problem]:
    seen, current = {item.code}, item
    while current.parent:
        if current.parent not in known:
            if current is item:
                yield "E003", f"上级数据“{current.parent}”没有登记"
            return
        if current.parent in seen:
            yield "E003", f"上级数据成环:{current.parent}"
            return
        seen.add(current.parent)
        current = known[current.parent]


def _counted(item: Figure, _known: dict[str, Figure]) -> Iterator[Problem]:
    if isinstance(item.measure, Ratio):
        return
    try:
        declared = ledger(item.ledger)
    except KeyError:
        yield "E004", f"台账“{item.ledger}”没有登记"
        return
    yield from _columns(item, declared)
    for name in item.dimensions:
        field = declared.by_name.get(name)
        if field is None:
            yield "E006", f"维度“{name}”不是台账 {item.ledger} 的字段"
        elif field.personal or (declared.public and not field.public):
            yield "E006", f"维度“{name}”不公开,按它分组会泄露内容"
    for dialect in compiler.DIALECTS:
        try:
            compiler.where(item, dialect)
        except FigureError as error:
            yield "E007", f"{error.sentence}(数据库方言 {dialect})"
            return


def _columns(item: Figure, declared: Ledger) -> Iterator[Problem]:
    wanted: list[tuple[str, tuple[str, ...]]] = [(item.date, ("date", "datetime"))]
    if isinstance(item.measure, Sum):
        wanted.append((item.measure.column, ("integer", "decimal")))
    elif isinstance(item.measure, Distinct):
        wanted.append((item.measure.column, ("integer", "string", "boolean", "date", "decimal")))
    for column, kinds in wanted:
        try:
            kind = declared.type_of(column)
        except ImproperlyConfigured:
            yield "E005", f"台账 {item.ledger} 没有列“{column}”"
            continue
        if kind not in kinds:
            yield "E005", f"列“{column}”是 {kind},应为 {'、'.join(kinds)}"


def _unit(item: Figure, _known: dict[str, Figure]) -> Iterator[Problem]:
    """Refuse a sum shown in a unit of another quantity than its column's (money as kilometres)."""
    if not isinstance(item.measure, Sum):
        return
    if item.ledger not in {declared.code for declared in ledgers()}:
        return
    declared = ledger(item.ledger)
    if not _is_number(declared, item.measure.column):
        return
    field = declared.by_column.get(item.measure.column)
    stored = field.unit if field else None
    if stored is not None and _family(stored) != _family(item.unit):
        yield "E002", f"列“{item.measure.column}”以“{stored}”计,不能用单位“{item.unit}”表示"
    if stored is None and _family(item.unit) is not None and item.unit in UNITS:
        yield "E002", f"列“{item.measure.column}”没有注明单位,不能用单位“{item.unit}”表示,请在台账字段上注明"


def _is_number(declared: Ledger, column: str) -> bool:
    try:
        return declared.type_of(column) in ("integer", "decimal")
    except ImproperlyConfigured:
        return False


def _family(unit: str) -> tuple[str, ...] | None:
    """Return the units of the same quantity; None for plain counts."""
    return next((family for family in _FAMILIES if unit in family), None)


def _same_phrases(declared: Sequence[Figure]) -> Iterator[CheckMessage]:
    """Report phrases by which two figures of one zone and unit are called: an article could mean either."""
    seen: dict[tuple[str, str, str], str] = {}
    for item in declared:
        for phrase in dict.fromkeys(phrases.normal(text) for text in item.phrases):
            first = seen.setdefault((item.zone, item.unit, phrase), item.code)
            if first != item.code:
                text = f"数据 {item.code}:说法“{phrase}”与 {first} 相同,单位也相同,稿件中无法区分"
                yield Error(text, id="figures.E008")
