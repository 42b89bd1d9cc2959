"""The materials of a case: what is asked for, what was given, what could be given without bringing it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.http import HttpRequest
from django.utils.translation import gettext as _

from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import actions, queries, rules
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.models import Case, CaseMaterial
from yizhantong.kernel.files.actions import store
from yizhantong.kernel.files.models import Stored
from yizhantong.kernel.items import catalogue
from yizhantong.kernel.items.content import MaterialSpec
from yizhantong.kernel.items.forms import open_data

REUSED = 5
"""How many of one's earlier files are offered for one material."""


@dataclass
class Row:
    """One material that is asked for, with what was given for it; ``missing`` when it is needed and nothing was."""

    spec: MaterialSpec
    needed: bool
    given: list[CaseMaterial] = field(default_factory=list)
    reusable: list[Stored] = field(default_factory=list)
    may_defer: bool = False

    @property
    def exempt(self) -> bool:
        """Tell whether a register has it, so that nobody brings it."""
        return bool(self.spec.register)

    @property
    def missing(self) -> bool:
        """Tell whether something must still be given."""
        return self.needed and not self.exempt and not self.given


def rows_of(case: Case, account: User, given: Sequence[CaseMaterial] | None = None) -> list[Row]:
    """Return the materials that the item asks for with these data, and one's earlier files that would do.

    ``given``: the case's materials that stand, where they were read already, with their files.
    """
    ready = catalogue.content_of(case.version_id)
    if given is None:
        given = list(case.materials.filter(replaced=False).select_related("file").order_by("id"))
    asked = ready.asked(open_data(ready, case.data))
    earlier = _earlier(case, account, [spec.name for spec, _needed in asked])
    return [
        Row(
            spec,
            needed,
            [one for one in given if one.code == spec.code],
            earlier.get(spec.name, [])[:REUSED],
            may_defer=spec.need == "deferrable" and ready.content.options.deferral,
        )
        for spec, needed in asked
    ]


def _earlier(case: Case, account: User, names: Sequence[str]) -> dict[str, list[Stored]]:
    """Return files that the same applicant gave under the same names in other cases, the newest first."""
    if not names:
        return {}
    party = {"case__organisation": case.organisation_id} if case.organisation_id else {"case__person": case.person_id}
    rows = CaseMaterial.objects.filter(file__isnull=False, name__in=names, **party).exclude(case=case)
    if not rules.acts(account, case):  # an agent sees of the applicant's cases only those that he filed
        rows = rows.filter(case__in=queries.mine(account).values("pk"))
    rows = rows.exclude(state=CaseMaterial.State.REJECTED).select_related("file").order_by("-id")[:60]
    found: dict[str, list[Stored]] = {}
    seen: set[str] = set()
    for row in rows:
        assert row.file is not None
        if row.file.sha256 not in seen:
            seen.add(row.file.sha256)
            found.setdefault(row.name, []).append(row.file)
    return found


def give(case: Case, request: HttpRequest, account: User) -> None:
    """Give one material as a form says: ``code``, ``mode`` and ``file`` or ``reuse`` (an earlier file's number)."""
    code, mode = request.POST.get("code", "")[:32], request.POST.get("mode", "upload")
    remark = request.POST.get("remark", "")[:200]
    if mode == CaseMaterial.Mode.UPLOAD:
        uploads = request.FILES.getlist("file")
        if not uploads:
            raise CaseError("cases.no_file", _("请先选择文件"), field=code)
        trust = Stored.Trust.B if request.POST.get("seen") and account.is_staff else Stored.Trust.C
        for upload in uploads:
            kept = store(upload, account=account, name=upload.name or "", purpose=_purpose(case), trust=trust)
            actions.give_material(case, code, mode=mode, file=kept, account=account, remark=remark)
        return
    if mode == CaseMaterial.Mode.REUSED:
        rows = {str(one.pk): one for row in rows_of(case, account) if row.spec.code == code for one in row.reusable}
        chosen = rows.get(request.POST.get("reuse", ""))
        if chosen is None:
            raise CaseError("cases.no_file", _("请先选择要复用的材料"), field=code)
        actions.give_material(case, code, mode=mode, file=chosen, account=account, remark=remark)
        return
    actions.give_material(case, code, mode=mode, account=account, remark=remark)


def _purpose(case: Case) -> str:
    return (_("仅用于办理%(name)s") % {"name": case.title})[:120]
