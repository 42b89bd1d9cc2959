"""Materials that one part found unfit after acceptance: a later part that needs one does not open until it is supplied again.

What a part rejects stands with that part (``verify_material``). While the part is on its way, it asks the asker itself, and a material that was
given there anew serves the later parts, too. Where it has ended meanwhile, the package asks: its own copy is unfit from then on, and the asker is
given notice by the kernel's supplement (补正), which stops the clock. A notice is given once (行政许可法第三十二条); where the package was
supplemented before, the asker is told without it, and gives the material on the package's page.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from yizhantong.kernel.cases import actions as cases
from yizhantong.kernel.cases.models import Case, CaseMaterial, Supplement
from yizhantong.zones.onething import notices
from yizhantong.zones.onething.assembling import key_of
from yizhantong.zones.onething.loading import Loaded
from yizhantong.zones.onething.models import PackagePart

_M = CaseMaterial.State
SHARED = CaseMaterial.Mode.REGISTER
"""What a register gives is nothing that the asker could supply."""


@dataclass(frozen=True, slots=True)
class Unfit:
    """A material of the package that nobody supplied again: its key, where and why it was rejected, whether that part has ended."""

    key: str
    name: str
    part: str
    why: str
    ended: bool
    since: dt.datetime

    @property
    def text(self) -> str:
        """What the asker is told."""
        return f"“{self.name}”在“{self.part}”中被认定不合格({self.why}),请重新提交"


def found(
    rows: Iterable[PackagePart], loaded: Loaded, elsewhere: Iterable[CaseMaterial]
) -> tuple[list[Unfit], list[CaseMaterial]]:
    """Return what is unfit, and what was given anew to some part, under the package's keys; ``elsewhere`` is what parts were given."""
    by_case = {row.child_id: row for row in rows if row.child_id is not None}
    given = sorted((each for each in elsewhere if each.mode != SHARED), key=lambda each: (each.given_at, each.pk))
    last: dict[str, Unfit] = {}
    fresh: dict[str, list[CaseMaterial]] = {}
    for each in given:
        row = by_case[each.case_id]
        key = key_of(loaded.spec, row.code, each.code)
        if each.state == _M.REJECTED:
            why = each.remark or "不合格"
            last[key] = Unfit(key, each.name, row.title, why, row.state != PackagePart.State.OPEN, each.given_at)
            fresh.pop(key, None)
        elif key in last and not each.replaced and each.state != _M.DUE and each.given_at > last[key].since:
            each.code = key
            fresh.setdefault(key, []).append(each)
    anew = [each for key in fresh for each in fresh[key]]
    return [one for key, one in last.items() if key not in fresh], anew


def usable(
    parent: Case, rows: Mapping[str, PackagePart], opening: Sequence[PackagePart], loaded: Loaded,
    needs: Mapping[str, Mapping[str, bool]], given: Sequence[CaseMaterial], elsewhere: Sequence[CaseMaterial],
) -> tuple[list[PackagePart], list[CaseMaterial]]:  # fmt: skip
    """Return the parts that may open now, and the materials for them; those that may not stay waiting, and the asker is asked.

    ``needs``: for each part the package's keys of what it asks for, and whether it needs it; ``given`` the package's own materials,
    ``elsewhere`` what its parts were given.
    """
    unfit, anew = found(rows.values(), loaded, elsewhere)
    if not unfit and not anew:
        return list(opening), list(given)
    again = {each.key for each in unfit if any(_later(row, each) for row in given)}
    unfit = [each for each in unfit if each.key not in again]
    spoilt = {each.key for each in unfit} | {each.code for each in anew}
    kept = [row for row in given if row.code not in spoilt] + anew
    held = {row.code: [each for each in unfit if needs[row.code].get(each.key)] for row in opening}
    _ask(parent, [row for row in opening if held[row.code]], held, given)
    return [row for row in opening if not held[row.code]], kept


def _later(row: CaseMaterial, unfit: Unfit) -> bool:
    return row.code == unfit.key and row.state != _M.REJECTED and row.given_at > unfit.since


def _ask(
    parent: Case, stopped: Sequence[PackagePart], held: Mapping[str, Sequence[Unfit]], given: Sequence[CaseMaterial]
) -> None:
    """Say at each part why it waits, and ask the asker once for what no part asks for any more."""
    wanted: dict[str, Unfit] = {}
    for row in stopped:
        reason = ";".join(each.text for each in held[row.code])[:500]
        if row.reason != reason:
            row.reason = reason
            row.save(update_fields=["reason"])
            wanted |= {each.key: each for each in held[row.code] if each.ended}
    for each in given:
        if each.code in wanted and each.state != _M.REJECTED:
            cases.verify_material(each, False, None, remark=wanted[each.code].why, source=f"case:{parent.number}")
    if wanted and not Supplement.objects.filter(case_id=parent.pk).exists():
        defects = [{"kind": "material", "code": key, "text": one.text} for key, one in wanted.items()]
        cases.ask_supplement(parent, defects, account=None, source=f"case:{parent.number}")
    elif wanted:
        notices.unfit(parent, [one.text for one in wanted.values()])
