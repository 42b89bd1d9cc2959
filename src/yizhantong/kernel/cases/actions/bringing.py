"""Bringing materials: giving them, giving them again, having them looked at."""

from __future__ import annotations

from yizhantong.kernel.access import policy
from yizhantong.kernel.cases import materials, store
from yizhantong.kernel.cases.engine import Change, State, change
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.models import Case, CaseMaterial
from yizhantong.kernel.files.models import Stored

_M = CaseMaterial.State


def give_material(case: Case, code: str, *, mode: str, file: Stored | None = None, account: policy.Account | None,
                  remark: str = "", trust: str = "", replace: CaseMaterial | None = None, source: str = "") -> CaseMaterial:  # fmt: skip
    """Give one material (one file of it). What was found unfit, or is still due (容缺), is replaced by it; so is ``replace``.

    After acceptance only what is due or unfit can be given. Errors: ``cases.unknown_material``, ``cases.material_*``.
    """
    with change(case, "give_material", account, source) as work:
        made = materials.row(work, code, mode, file=file, remark=remark, trust=trust)
        standing = [row for row in materials.given(work.case) if row.code == code]
        gone = [
            row
            for row in standing
            if row.state in (_M.DUE, _M.REJECTED) or (replace is not None and row.pk == replace.pk)
        ]
        _refuse_more(work, code, standing, gone)
        CaseMaterial.objects.filter(pk__in=[row.pk for row in gone]).update(replaced=True)
        store.insert(made)
    return made


def _refuse_more(work: Change, code: str, standing: list[CaseMaterial], gone: list[CaseMaterial]) -> None:
    spec = work.version.materials[code]
    if work.case.state == State.ACCEPTED and not gone:
        raise CaseError("cases.material_closed", f"办件已受理,“{spec.name}”不需要再提交", field=code)
    if len(standing) - len(gone) >= spec.max_files:
        raise CaseError("cases.material_many", f"“{spec.name}”最多 {spec.max_files} 份,请先替换其中一份", field=code)


def verify_material(case_material: CaseMaterial, ok: bool, account: policy.Account | None, *, trust: str | None = None,
                    remark: str = "", source: str = "") -> CaseMaterial:  # fmt: skip
    """Say whether a material is fit; ``trust`` B when it was compared with the original (国办函〔2016〕108号)."""
    case = Case.objects.get(pk=case_material.case_id)
    with change(case, "verify_material", account, source):
        held = CaseMaterial.objects.get(pk=case_material.pk)
        if held.replaced or held.state == _M.DUE:
            raise CaseError("cases.material_gone", f"“{held.name}”已被替换或尚未提交,请刷新后查看")
        if not ok and not remark.strip():
            raise CaseError("cases.missing", "请说明材料哪里不合格", field="remark")
        if trust is not None and trust not in CaseMaterial.TRUSTED:
            raise CaseError("cases.trust", f"“{trust}”不是可信等级,可用 A、B、C、D", field="trust")
        values = {"state": _M.VERIFIED if ok else _M.REJECTED, "remark": remark.strip()[:200] or held.remark}
        store.update(held, {**values, "trust": trust or held.trust})
    return held
