"""The list of a season as a workbook: without names and identity numbers, capped, on record."""

from __future__ import annotations

import io

from django.conf import settings
from django.utils import timezone
from openpyxl import Workbook

from yizhantong.kernel.access.models import User
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.ledger.audit import audit
from yizhantong.kernel.ledger.exports import safe
from yizhantong.kernel.ledger.models import AuditEvent
from yizhantong.zones.onething.enrolment import terms
from yizhantong.zones.onething.enrolment.access import check_manages
from yizhantong.zones.onething.enrolment.errors import EnrolmentError
from yizhantong.zones.onething.enrolment.models import Child, Placement, Season

HEADS = ("办件编号", "公示代码", "申报类别", "核定类别", "对应学校", "状态", "摇号数", "录取批次", "录取学校", "学位")


def workbook(season: Season, account: User) -> bytes:
    """Return the file; ``enrolment.too_many`` beyond the platform's cap of an export. Every export is an audit fact."""
    check_manages(account, season)
    rows = Child.objects.filter(season=season).select_related("case", "school").order_by("code")
    count = rows.count()
    if count > settings.YZT_EXPORT_MAX_ROWS:
        raise EnrolmentError("enrolment.too_many", f"超过 {settings.YZT_EXPORT_MAX_ROWS} 条,不能一次导出")
    names = {each.code: each.name for each in terms.read(season.rules).categories}
    places = {
        place.child_id: place
        for place in Placement.objects.filter(child__season=season)
        .select_related("batch", "school")
        .order_by("batch__number")
    }
    book = Workbook(write_only=True)
    sheet = book.create_sheet("名单")
    moment = timezone.localtime(clock.now()).strftime("%Y-%m-%d %H:%M")
    sheet.append([f"# {account.username} 于 {moment} 自一站通导出“{season.name}”{count} 条"])
    sheet.append(list(HEADS))
    for child in rows.iterator(chunk_size=2000):
        place = places.get(child.pk)
        sheet.append([safe(str(cell)) for cell in (
            child.case.number, child.code, names.get(child.claimed, ""), names.get(child.category, ""), child.school or "", child.get_state_display(), child.lot,
            place.batch.name if place else "", place.school or "" if place else "", place.get_state_display() if place else "",
        )])  # fmt: skip
    made = io.BytesIO()
    book.save(made)
    audit(account, AuditEvent.Event.EXPORT, f"enrolment:{season.code}", rows=count)
    return made.getvalue()
