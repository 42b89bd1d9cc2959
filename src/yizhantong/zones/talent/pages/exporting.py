"""Lists as files, CSV or XLSX: capped, on record, with a last line that says who took them and when."""

from __future__ import annotations

import itertools

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yizhantong.kernel.cases.people import mandated
from yizhantong.kernel.ledger.audit import audit
from yizhantong.kernel.ledger.exports import Format, mark_of, written
from yizhantong.kernel.ledger.models import AuditEvent
from yizhantong.zones.talent.models import Vacancy
from yizhantong.zones.talent.pages.common import me, officers
from yizhantong.zones.talent.queries.lists import TABLES, Table, applicants

TYPES: dict[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@officers
@require_GET
def of_officers(request: HttpRequest, what: str, form: str) -> HttpResponse:
    """Hand out one of the officers' lists."""
    if what not in TABLES:
        raise Http404
    return _file(request, what, TABLES[what], form)


@login_required
@require_GET
def of_post(request: HttpRequest, number: str, form: str) -> HttpResponse:
    """Hand out who applied for a post, to its employer; the candidates' names only where they consented."""
    post = get_object_or_404(Vacancy, number=number, employer__in=mandated(request.user))
    return _file(request, f"post-{number}", applicants(post), form)


def _file(request: HttpRequest, code: str, table: Table, form: str) -> HttpResponse:
    if form not in TYPES:
        raise Http404
    most = settings.YZT_EXPORT_MAX_ROWS
    rows = list(itertools.islice(table.rows(), most + 1))
    if len(rows) > most:
        messages.error(request, _("超过 %(most)s 条,不能一次导出") % {"most": most})
        return HttpResponseRedirect(reverse("talent:desk"))
    kind: Format = "xlsx" if form == "xlsx" else "csv"
    content = written(
        str(table.title), [str(one) for one in table.headings], rows, mark_of(str(table.title), me(request), len(rows)), kind
    )  # fmt: skip
    audit(me(request), AuditEvent.Event.EXPORT, f"talent:{code}", format=form, rows=len(rows))
    answer = HttpResponse(content, content_type=TYPES[form])
    answer["Content-Disposition"] = f'attachment; filename="talent-{code}.{form}"'
    answer["Cache-Control"] = "no-store"
    return answer
