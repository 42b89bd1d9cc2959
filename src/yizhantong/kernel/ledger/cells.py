"""One cell into one value: what people write in a table, in the type that a fact holds.

Full-width digits and letters count as their ordinary forms (Unicode NFKC), thousands may be separated, dates may be cells of
a date, Excel's serial days, or texts such as ``2021年8月16日``; choices go by code or label; divisions and other references by
code or by name. An ambiguous name is refused with its candidates.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import models
from django.utils import timezone

from yizhantong.kernel.divisions import tree
from yizhantong.kernel.ledger.errors import LedgerError

Read = Callable[[Any], Any]

_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_CLOCK = re.compile(r"(.+?)[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?")
_EXCEL_EPOCH = dt.date(1899, 12, 30)
_SERIALS = range(10_000, 80_000)
_TRUE = {"是", "有", "true", "y", "yes", "1", "√"}
_FALSE = {"否", "无", "false", "n", "no", "0", "×"}
CANDIDATES = 8


def clean(value: Any) -> str:
    """Return a cell as text in ordinary characters, without blanks around; a whole number without ``.0``."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, str):
        return unicodedata.normalize("NFKC", value).replace("\u3000", " ").strip()
    return str(value)


def text(value: Any) -> str:
    """Return a cell of a text column: as written, without blanks around."""
    return value.strip() if isinstance(value, str) else clean(value)


def number(value: Any) -> Decimal:
    """Return a cell as an exact number; floats of a spreadsheet have 15 significant digits."""
    if isinstance(value, (bool, dt.date, dt.time, dt.timedelta)):
        raise LedgerError("imports.number", f"“{value}”不是数字")
    if isinstance(value, float) and math.isfinite(value):
        return Decimal(f"{value:.15g}")
    if isinstance(value, int):
        return Decimal(value)
    written = clean(value).replace(" ", "").lstrip("¥")
    if not _NUMBER.fullmatch(written) or len(written) > 40:
        raise LedgerError("imports.number", f"“{str(value)[:40]}”不是数字;单元格里只写数字,单位写在表头")
    try:
        return Decimal(written.replace(",", ""))
    except InvalidOperation as error:
        raise LedgerError("imports.number", f"“{value}”不是数字") from error


def integer_of(factor: Decimal) -> Read:
    """Return a reader of numbers in a unit of ``factor`` stored units; what is finer than a stored unit is refused."""

    def read(value: Any) -> int:
        stored = number(value) * factor
        if stored != stored.to_integral_value():
            raise LedgerError("imports.too_fine", f"“{value}”的小数位太多,换算后不是整数")
        return int(stored)

    return read


def decimal_of(factor: Decimal) -> Read:
    """Return a reader of decimals in a unit of ``factor`` stored units."""
    return lambda value: number(value) * factor


def day(value: Any) -> dt.date:
    """Return a cell as a day."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _serial(value)
    written = clean(value).replace(" ", "")
    if re.fullmatch(r"\d{8}", written):
        written = f"{written[:4]}-{written[4:6]}-{written[6:]}"
    elif re.fullmatch(r"\d{5}", written):
        return _serial(int(written))
    found = _DATE.fullmatch(written)
    if found is None:
        raise LedgerError("imports.date", f"“{str(value)[:40]}”不是日期,请写成 2021-08-16")
    try:
        return dt.date(*map(int, found.groups()))
    except ValueError as error:
        raise LedgerError("imports.date", f"没有“{value}”这一天") from error


def _serial(value: float) -> dt.date:
    days = int(value) if math.isfinite(value) else 0
    if days not in _SERIALS:
        if isinstance(value, (int, float)) and 19_000_000 < value < 22_000_000:
            return day(str(days))
        raise LedgerError("imports.date", f"“{value}”不是日期,请写成 2021-08-16")
    return _EXCEL_EPOCH + dt.timedelta(days=days)


def moment(value: Any) -> dt.datetime:
    """Return a cell as a moment in the city's time zone."""
    if isinstance(value, dt.datetime):
        return timezone.make_aware(value) if value.utcoffset() is None else value
    found = _CLOCK.fullmatch(clean(value)) if isinstance(value, str) else None
    try:
        hour, minute, second = (int(part or 0) for part in found.groups()[1:]) if found else (0, 0, 0)
        at = dt.time(hour, minute, second)
    except ValueError as error:
        raise LedgerError("imports.date", f"没有“{value}”这个时刻") from error
    return timezone.make_aware(dt.datetime.combine(day(found[1] if found else value), at))


def yes_or_no(value: Any) -> bool:
    """Return a cell as true or false."""
    if isinstance(value, bool):
        return value
    written = clean(value).lower()
    if written in _TRUE or written in _FALSE:
        return written in _TRUE
    raise LedgerError("imports.boolean", f"“{value}”不是“是”或“否”")


def choice_of(choices: Mapping[Any, Any]) -> Read:
    """Return a reader of choices, by code or by label."""
    by_text = {str(label): code for code, label in choices.items()} | {str(code): code for code in choices}

    def read(value: Any) -> Any:
        written = clean(value)
        if written in by_text:
            return by_text[written]
        known = "、".join(str(label) for label in list(choices.values())[:20])
        raise LedgerError("imports.choice", f"“{written[:40]}”不在可选项中,可填:{known}")

    return read


class Divisions:
    """Finds divisions by code, name, or path of names (``凌海市/石山镇``, ``凌海市石山镇``)."""

    def __init__(self) -> None:
        self._by_name: dict[str, list[str]] = defaultdict(list)
        for branch in tree.branches().values():
            self._by_name[branch.name].append(branch.code)
        self._known: dict[str, str] = {}

    def __call__(self, value: Any) -> str:
        """Return the code of the division that a cell names."""
        written = clean(value)
        if written not in self._known:
            self._known[written] = self._find(written)
        return self._known[written]

    def _find(self, written: str) -> str:
        if written in tree.branches():
            return written
        parts = [part for part in re.split(r"[/>\s、\-—]+", written) if part]
        found = self._along(parts) if len(parts) > 1 else list(self._by_name.get(written, ()))
        found = found or self._glued(written)
        if len(found) == 1:
            return found[0]
        if not found:
            raise LedgerError("imports.division_unknown", f"没有名为“{written[:60]}”的区划,请填代码或“县/乡镇/村”")
        listed = "、".join(f"{self.path(code)}({code})" for code in found[:CANDIDATES])
        raise LedgerError("imports.division_ambiguous", f"“{written}”有 {len(found)} 处,请写明上级或填代码:{listed}")

    def _along(self, parts: list[str]) -> list[str]:
        return [code for code in self._by_name.get(parts[-1], ()) if _within(self._names(code), parts)]

    def _glued(self, written: str) -> list[str]:
        """Find ``凌海市石山镇``: a name at the end, and above it names that make up the rest."""
        found = []
        for cut in range(1, len(written)):
            for code in self._by_name.get(written[cut:], ()):
                if _spelled(self._names(code)[:-1], written[:cut]):
                    found.append(code)
        return found

    def _names(self, code: str) -> list[str]:
        """Return the names from the province down; a functional zone stands between its townships and their county."""
        branches = tree.branches()
        branch = branches[code]
        names = [branch.name]
        if branch.unit and branch.unit != code and branches[branch.unit].level == "zone":
            names.append(branches[branch.unit].name)
        current = branch.parent
        while current is not None:
            names.append(branches[current].name)
            current = branches[current].parent
        return names[::-1]

    def path(self, code: str) -> str:
        """Return the names from the county down to the division."""
        return "/".join(self._names(code)[2:]) or tree.branches()[code].name


def _within(names: list[str], parts: list[str]) -> bool:
    rest = iter(names)
    return all(part in rest for part in parts)


def _spelled(names: Iterable[str], written: str) -> bool:
    for name in names:
        written = written.removeprefix(name)
    return not written


class References:
    """Finds the record that a cell names, by its key or, where its model has a ``name``, by an unambiguous name."""

    def __init__(self, model: type[models.Model], values: Iterable[Any]) -> None:
        self._label = str(model._meta.verbose_name)
        pk = model._meta.pk
        self._integer = isinstance(pk, (models.AutoField, models.IntegerField))
        wanted = {clean(value) for value in values}
        keys = [item for item in wanted if not self._integer or item.isdigit()]
        self._keys: dict[str, Any] = {}
        self._names: dict[str, list[Any]] = defaultdict(list)
        named = any(f.name == "name" for f in model._meta.concrete_fields)
        for part in _parts(keys):
            self._keys |= {
                str(key): key for key in model._default_manager.filter(pk__in=part).values_list("pk", flat=True)
            }
        for part in _parts([item for item in wanted if named and item not in self._keys]):
            for name, key in model._default_manager.filter(name__in=part).values_list("name", "pk"):
                self._names[name].append(key)

    def __call__(self, value: Any) -> Any:
        """Return the key of the record that a cell names."""
        written = clean(value)
        if written in self._keys:
            return self._keys[written]
        found = self._names.get(written, [])
        if len(found) == 1:
            return found[0]
        if not found:
            raise LedgerError("imports.reference_unknown", f"没有“{written[:60]}”这个{self._label}")
        listed = "、".join(str(key) for key in found[:CANDIDATES])
        raise LedgerError(
            "imports.reference_ambiguous", f"名为“{written}”的{self._label}有 {len(found)} 个,请填代码:{listed}"
        )


def _parts(items: list[str], size: int = 500) -> Iterable[list[str]]:
    return (items[start : start + size] for start in range(0, len(items), size))
