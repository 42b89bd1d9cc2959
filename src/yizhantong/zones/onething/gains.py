"""What a package saves: the official measure, time, materials, steps, visits and fields, each before and now.

``rate`` is 压减率 (B-A)/B, exact; None (shown as "—") where before was nothing. "Before" is what its definition says, shown with the
figures; limits of the law before are never compared with promises now without a label.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.items.catalogue import Ready
from yizhantong.zones.onething.assembling import assemble, promise, taking_part
from yizhantong.zones.onething.merging import PartOf
from yizhantong.zones.onething.spec import BeforeSpec, PackageSpec

LABELS = {
    "days": _("办理时限"),
    "materials": _("申请材料"),
    "steps": _("办理环节"),
    "visits": _("跑动次数"),
    "fields": _("填报字段"),
}
UNITS = {"days": _("工作日"), "materials": _("份"), "steps": _("个"), "visits": _("次"), "fields": _("项")}
MIXED = _("时限口径不同:之前为法定时限,现在为承诺时限,不可直接比较")


@dataclass(frozen=True, slots=True)
class Gain:
    """One measure: ``code`` (days, materials, steps, visits, fields), before and now, and what must be said beside it."""

    code: str
    before: int
    after: int
    note: str = ""

    @property
    def label(self) -> str:
        """The measure's name."""
        return str(LABELS[self.code])

    @property
    def unit(self) -> str:
        """The measure's unit."""
        return str(UNITS[self.code])

    @property
    def rate(self) -> Decimal | None:
        """The share saved, (B-A)/B: 0.7826 for 46 to 10; negative where it became more; None where before was nothing."""
        return None if self.before == 0 else Decimal(self.before - self.after) / self.before

    @property
    def rate_text(self) -> str:
        """The share saved in percent with two decimals, or "—"."""
        return percent(self.rate)


@dataclass(frozen=True, slots=True)
class Gains:
    """All measures of a package, the share of materials nobody has to hand in, and the definition of "before"."""

    rows: tuple[Gain, ...]
    shared: int
    """Materials that registers give (数据共享免交)."""
    due: int
    """Materials of the merged set."""
    definition: str
    situation: str
    """The typical situation for which both sides are counted; empty: all parts."""
    source: str

    @property
    def shared_rate(self) -> Decimal | None:
        """数据共享免交率: shared materials over those due; None where none are due."""
        return None if self.due == 0 else Decimal(self.shared) / self.due

    @property
    def shared_text(self) -> str:
        """The share in percent with two decimals, or "—"."""
        return percent(self.shared_rate)

    def of(self, code: str) -> Gain:
        """Return one measure."""
        return next(row for row in self.rows if row.code == code)


def gains(spec: PackageSpec, parts: Sequence[PartOf], ready: Ready) -> Gains:
    """Return what the package saves in its typical situation; what the editor gave as "before" goes first.

    ``ready`` is the package's own version. Both sides are counted over the parts of that situation only.
    """
    given = spec.before
    chosen = set(taking_part(spec, ready, given.answers)) if given.answers else {part.spec.code for part in parts}
    parts = [part for part in parts if part.spec.code in chosen]
    before, content = counted(given, parts), assemble(spec, parts)
    now = {
        "days": promise(spec, parts, chosen).days, "materials": len(content.materials), "steps": spec.steps,
        "visits": content.guide.visits, "fields": len(content.form_fields),
    }  # fmt: skip
    mixed = str(MIXED) if given.limit_kind == "statutory" else ""
    rows = tuple(Gain(code, before[code], now[code], mixed if code == "days" else "") for code in LABELS)
    shared = sum(1 for each in content.materials if each.register)
    return Gains(rows, shared, len(content.materials), given.definition, given.situation, given.source)


def counted(given: BeforeSpec, parts: Sequence[PartOf]) -> dict[str, int]:
    """Return the measures before: what is given, else what the parts sum up to when they are asked for one by one."""
    made = {
        "days": sum(_days(part, given.limit_kind) for part in parts),
        "materials": sum(len(part.ready.content.materials) for part in parts),
        "steps": sum(2 + len(part.ready.flow.steps) for part in parts),
        "visits": sum(part.ready.content.guide.visits for part in parts),
        "fields": sum(len(part.ready.fields) for part in parts),
    }
    return {code: made[code] if getattr(given, code) is None else getattr(given, code) for code in made}


def _days(part: PartOf, kind: str) -> int:
    limits = part.ready.limits
    limit = (limits.statutory if kind == "statutory" else None) or limits.effective
    return limit.amount if limit is not None and limit.unit == "workday" else 0


def percent(rate: Decimal | None) -> str:
    """Return a share as 78.26%, or "—" for none."""
    if rate is None:
        return "—"
    return f"{(rate * 100).quantize(Decimal('0.01'), ROUND_HALF_UP)}%"
