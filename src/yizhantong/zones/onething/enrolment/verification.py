"""What the registers say of a child, compared with what the parents say: met, not met, not known; each with its reason. Pure.

What no register knows is *not known*, never a "no": it is re-checked at the counter with the papers. A child is lifted into a better category
of which the registers show that it belongs there, and never put into a worse one by a machine.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from yizhantong.foundation.rules.explain import Verdict
from yizhantong.zones.onething.enrolment.catchments import Address, Catchments
from yizhantong.zones.onething.enrolment.terms import Category, Terms, explainer

SOURCES = {
    "户籍": "公安户籍登记", "落户": "公安户籍登记", "户主": "公安户籍登记", "房产": "不动产登记", "居住": "公安居住证登记", "社保": "社会保险登记",
    "接种": "预防接种登记", "在读": "学籍登记", "学生": "报名表与身份证号", "出生": "报名表与身份证号",
}  # fmt: skip
HOMES = {"household": "户籍学校", "property": "房产学校", "permit": "居住学校"}


@dataclass(frozen=True, slots=True)
class Home:
    """An address of a register: within the district or not, since when, ``share`` in per cent (property)."""

    address: Address
    inside: bool
    since: dt.date | None = None
    until: dt.date | None = None
    share: int | None = None
    residential: bool | None = None
    relation: str = ""


@dataclass(frozen=True, slots=True)
class Insured:
    """Months of social insurance, and until when it is paid."""

    months: int
    paid_until: dt.date


@dataclass(frozen=True, slots=True)
class Known:
    """All that the registers know of a child and its guardians; empty: no entry was found."""

    household: Home | None = None
    properties: tuple[Home, ...] = ()
    permits: tuple[Home, ...] = ()
    insured: tuple[Insured, ...] = ()
    vaccinated: bool | None = None
    siblings_at: tuple[str, ...] = ()
    """Schools at which a brother or sister that the form names is a pupil."""


@dataclass(frozen=True, slots=True)
class Check:
    """One condition with its verdict (``met``, ``not_met``, ``unknown``, ``needs_person``), the value used and its source."""

    text: str
    verdict: str
    value: str
    source: str

    def plain(self) -> dict[str, str]:
        """Return it as it is kept."""
        return {"text": self.text, "verdict": self.verdict, "value": self.value, "source": self.source}


@dataclass(frozen=True, slots=True)
class Verified:
    """What came out: ``category`` and ``school`` when all is met; else ``reasons`` in words, why it is re-checked at the counter."""

    category: str
    school: str | None
    keys: tuple[int, ...] = ()
    checks: tuple[Check, ...] = ()
    reasons: tuple[str, ...] = ()
    lifted: bool = False
    materials: tuple[str, ...] = field(default=())

    @property
    def met(self) -> bool:
        """Tell whether nobody has to look at it any more."""
        return not self.reasons


def facts(
    known: Known, catchments: Catchments, day: dt.date, born_on: dt.date | None, born_by_number: dt.date | None
) -> dict[str, Any]:
    """Return what rules speak of, as of ``day``; None: not known. Of several homes the one that serves best is taken."""
    household, best = known.household, _best(known.properties, catchments)
    permit = max(known.permits, key=lambda home: (home.until or dt.date.max, home.since or dt.date.min), default=None)
    insured = max(known.insured, key=lambda one: one.months, default=None)
    return {
        "学生出生日期": born_on,
        "出生日期一致": None if born_on is None or born_by_number is None else born_on == born_by_number,
        "户籍学校": _school(household, catchments), "户籍在区": None if household is None else household.inside,
        "落户年数": _years(household, day), "户主关系": household.relation or None if household else None,
        "房产学校": _school(best, catchments), "房产在区": None if best is None else best.inside,
        "房产份额": None if best is None else best.share, "房产为住宅": None if best is None else best.residential,
        "房产年数": _years(best, day),
        "居住学校": _school(permit, catchments),
        "居住证有效": None if permit is None else permit.inside and (permit.until or dt.date.max) >= day,
        "居住证月数": None if permit is None or permit.since is None else max(0, (day - permit.since).days // 30),
        "社保月数": None if insured is None else insured.months,
        "社保在缴": None if insured is None else (day - insured.paid_until).days <= 62,
        "接种完成": known.vaccinated,
    }  # fmt: skip


def _best(homes: Sequence[Home], catchments: Catchments) -> Home | None:
    ranked = sorted(
        homes,
        key=lambda home: (
            not home.inside,
            _school(home, catchments) is None,
            -(home.share or 0),
            home.since or dt.date.max,
        ),
    )
    return ranked[0] if ranked else None


def _school(home: Home | None, catchments: Catchments) -> str | None:
    return catchments.school_of(home.address) if home is not None and home.inside else None


def _years(home: Home | None, day: dt.date) -> int | None:
    return None if home is None or home.since is None else max(0, (day - home.since).days // 365)


def verify(terms: Terms, claimed: str, said: Mapping[str, Any], known: Known) -> Verified:
    """Return what the registers say of a child that claims a category (code); ``said`` as of :func:`facts`."""
    wanted = terms.category(claimed)
    common, common_checks = asked(terms.common, said)
    best, lifted = wanted, False
    verdict, checks = asked(wanted.rule, said)
    for category in terms.categories[: terms.rank(claimed)]:
        better, better_checks = asked(category.rule, said)
        if better is Verdict.MET and said.get(HOMES[category.home]):
            best, verdict, checks, lifted = category, better, better_checks, True
            break
    school = said.get(HOMES[best.home])
    reasons = [*_reasons(common_checks, common), *_reasons(checks, verdict)]
    if not reasons and school is None:
        reasons.append(f"按“{best.name}”的住址没有找到对应的学校")
    with_sibling = {**said, "在读兄姐": school in known.siblings_at}
    return Verified(
        best.code, school, keys_of(best, with_sibling), (*common_checks, *checks), tuple(reasons), lifted,
        best.materials if reasons else (),
    )  # fmt: skip


def keys_of(category: Category, said: Mapping[str, Any]) -> tuple[int, ...]:
    """Return the order within a category: smaller goes first; what is not known goes last."""
    found = []
    for preference in category.order:
        value = _value(preference.rule, said)
        found.append((0 if value else 1) if isinstance(value, bool) else 1 if value is None else -int(value))
    return tuple(found)


def _value(rule: str, said: Mapping[str, Any]) -> Any:
    from yizhantong.foundation.rules import evaluate

    return evaluate(rule, dict(said)).value


def asked(rule: str, said: Mapping[str, Any]) -> tuple[Verdict, tuple[Check, ...]]:
    """Ask one rule; return its verdict and its single conditions."""
    explanation = explainer(rule).explain(dict(said))
    rows = []
    for each in explanation.conditions:
        used = each.values[0] if each.values else None
        name = used.name if used else ""
        rows.append(
            Check(each.text, each.verdict.value, shown(used.value if used else None), SOURCES.get(name[:2], ""))
        )
    return explanation.verdict, tuple(rows)


def shown(value: Any) -> str:
    """Return a value of a register in words."""
    if value is None:
        return "无记录"
    if isinstance(value, bool):
        return "是" if value else "否"
    return value.isoformat() if isinstance(value, dt.date) else str(value)


_TOLD = {"not_met": "不符合", "unknown": "登记信息里没有查到", "needs_person": "需人工认定"}


def _reasons(checks: Sequence[Check], verdict: Verdict) -> list[str]:
    if verdict is Verdict.MET:
        return []
    return [
        f"{each.text}:{_TOLD[each.verdict]}({each.source}:{each.value})" for each in checks if each.verdict in _TOLD
    ]
