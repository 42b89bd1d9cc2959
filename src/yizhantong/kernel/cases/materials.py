"""The materials of a case as rows: made, found, replaced."""

from __future__ import annotations

import datetime as dt
from typing import Any

from yizhantong.kernel.access import policy
from yizhantong.kernel.cases import rules
from yizhantong.kernel.cases.engine import Change
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.models import Case, CaseMaterial
from yizhantong.kernel.files.models import Stored

Mode = CaseMaterial.Mode
FILED = frozenset({Mode.UPLOAD, Mode.REUSED})
TRUST: dict[str, str] = {Mode.REGISTER: "A", Mode.PAPER: "B", Mode.COMMITTED: "D", Mode.DEFERRED: "D"}


def given(case: Case) -> list[CaseMaterial]:
    """Return the materials that stand (replaced ones left out), in the order in which they were given."""
    return list(CaseMaterial.objects.filter(case_id=case.pk, replaced=False).order_by("id"))


def row(work: Change, code: str, mode: str, *, file: Stored | None = None, remark: str = "", trust: str = "",
        due_on: dt.date | None = None, **_more: Any) -> CaseMaterial:  # fmt: skip
    """Return a new row, checked against what the item asks; it is not written here."""
    spec = work.version.materials.get(code)
    if spec is None:
        raise CaseError("cases.unknown_material", f"事项没有代码为“{code}”的材料", field=code)
    if mode not in Mode.values:
        raise CaseError("cases.material_mode", f"“{mode}”不是材料的提交方式", field=code)
    if (mode in FILED) != (file is not None):
        text = f"“{spec.name}”以{Mode(mode).label}方式提交时" + ("必须附文件" if mode in FILED else "不附文件")
        raise CaseError("cases.material_file", text, field=code)
    if mode == Mode.COMMITTED and not spec.commitment:
        raise CaseError("cases.material_commitment", f"“{spec.name}”不能以告知承诺代替", field=code)
    if mode == Mode.DEFERRED and spec.need != "deferrable":
        raise CaseError("cases.material_deferral", f"“{spec.name}”不能容缺后补", field=code)
    _refuse_claim(work, spec.name, bool(spec.register), mode, trust, code)
    state = CaseMaterial.State.DUE if mode == Mode.DEFERRED else CaseMaterial.State.GIVEN
    level = trust or (file.trust if file is not None else TRUST.get(mode, "C"))
    return CaseMaterial(
        case=work.case, code=code, name=spec.name, mode=mode, state=state, file=file, trust=level, remark=remark[:200],
        due_on=due_on, given_at=work.now,
    )  # fmt: skip


def _refuse_claim(work: Change, name: str, in_register: bool, mode: str, trust: str, code: str) -> None:
    """Refuse what only an official may say of a material: that the original was seen, or how far it can be trusted."""
    if work.account is None or (work.account.is_staff and policy.may(work.account, rules.INTAKE, zone=work.case.zone)):
        return
    if mode == Mode.PAPER or trust in ("A", "B"):
        raise CaseError("cases.material_seen", f"“{name}”的原件须由窗口核验,不能自行注明", field=code)
    if mode == Mode.REGISTER and not in_register:
        raise CaseError("cases.material_register", f"“{name}”没有共享来源,请上传文件", field=code)
