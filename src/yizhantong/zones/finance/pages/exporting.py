"""Lists that officers take away as CSV: a bank its dealings, the finance office the needs; each export is on record."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from yizhantong.kernel.ledger.audit import audit
from yizhantong.kernel.ledger.exports import safe
from yizhantong.kernel.ledger.models import AuditEvent
from yizhantong.zones.finance import access
from yizhantong.zones.finance.models import Engagement, Listing
from yizhantong.zones.finance.pages.common import me, refusing
from yizhantong.zones.finance.queries import office as office_lists

MOST = 20_000
DEALINGS = (
    "需求编号", "产品", "对接方式", "状态", "需求金额(元)", "授信编号", "授信金额(元)", "年利率(%)", "合同编号", "签约金额(元)", "放款金额(元)", "已还金额(元)", "到期日",
    "接单时间", "首次联系时间",
)  # fmt: skip
NEEDS = (
    "需求编号", "企业", "统一社会信用代码", "提交时间", "发布时间", "状态", "结局", "用途", "担保方式", "期限(月)", "需求金额(元)", "签约金额(元)", "放款金额(元)", "对接中的银行数",
)  # fmt: skip


@refusing
@require_POST
def dealings(request: HttpRequest) -> HttpResponse:
    """Hand out the bank's dealings."""
    bank = access.the_bank(me(request))
    rows = Engagement.objects.filter(bank=bank).select_related("listing__case", "product").order_by("-pk")[:MOST]
    cells = [_dealing(one) for one in rows]
    audit(me(request), AuditEvent.Event.EXPORT, "finance:engagements", bank=bank.pk, rows=len(cells))
    return _answer("engagements", DEALINGS, cells)


@refusing
@require_POST
def needs(request: HttpRequest) -> HttpResponse:
    """Hand out the needs that the office's list shows: of a state, with words in their name or number."""
    access.check_manages(me(request))
    state, words = office_lists.asked(request.GET)
    found: QuerySet[Listing] = office_lists.listings(state, words).order_by("-case_id")
    cells = [_need(one) for one in found[:MOST]]
    audit(me(request), AuditEvent.Event.EXPORT, "finance:listings", state=state, rows=len(cells))
    return _answer("needs", NEEDS, cells)


def _dealing(one: Engagement) -> list[object]:
    rate = f"{one.granted_bp / 100:.2f}" if one.granted_bp is not None else ""
    return [
        one.listing.number, one.product.name if one.product else "", one.get_way_display(), one.get_state_display(), _yuan(one.wanted_fen),
        one.credit_number or "", _yuan(one.granted_fen), rate, one.contract_number, _yuan(one.contract_fen), _yuan(one.drawn_fen),
        _yuan(one.repaid_fen), one.matures_on or "", _moment(one.taken_at), _moment(one.contacted_at),
    ]  # fmt: skip


def _need(one: Listing) -> list[object]:
    return [
        one.number, one.enterprise.name, one.enterprise_id, _moment(one.case.submitted_at), _moment(one.published_at), one.get_state_display(),
        one.get_ending_display() if one.ending else "", one.get_purpose_display(), one.get_guarantee_display(), one.term_months,
        _yuan(one.wanted_fen), _yuan(one.contracted_fen), _yuan(one.drawn_fen), getattr(one, "deals", 0),
    ]  # fmt: skip


def _yuan(fen: int | None) -> str:
    return f"{fen / 100:.2f}" if fen is not None else ""


def _moment(at: object) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""  # type: ignore[arg-type]


def _answer(name: str, heading: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """Return rows as CSV that spreadsheet programs open in Chinese; formulas in it are harmless."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(heading)
    table.writerows([safe(str(cell)) for cell in row] for row in rows)
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    answer["Cache-Control"] = "no-store"
    return answer
