"""Files of cases and guides: served by permission, with a watermark where they bear one, never by an address of their own."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yizhantong.foundation.flow.bpmn import to_bpmn
from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import queries
from yizhantong.kernel.cases.models import Addition, Case, CaseMaterial
from yizhantong.kernel.divisions import city
from yizhantong.kernel.files import kinds
from yizhantong.kernel.files import queries as files
from yizhantong.kernel.files.models import Issued, Stored
from yizhantong.kernel.files.watermark import watermarked
from yizhantong.kernel.items import catalogue
from yizhantong.kernel.items.models import ItemVersion
from yizhantong.web.views.hall.services import found_item

MARKED = (*kinds.IMAGES, kinds.PDF.media_type)
INLINE = MARKED
FRAMED = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'"
"""A picture or PDF may stand in a frame of our own pages; it runs nothing."""


@login_required
@require_GET
def case_file(request: HttpRequest, number: str, file: int) -> HttpResponse:
    """Hand out a file of a case to whoever sees the case: with a watermark, unless an authority issued it."""
    account = request.user
    assert isinstance(account, User)
    case = (
        queries.visible_to(account).filter(number=number).first() or queries.mine(account).filter(number=number).first()
    )
    stored = Stored.objects.filter(pk=file).first()
    if case is None or stored is None or not _belongs(case, stored):
        raise Http404(_("没有这个文件"))
    opened = files.open_for(account, stored, may=True)
    content = opened.content
    if stored.trust != Stored.Trust.A and opened.media_type in MARKED:
        content = watermarked(stored, _("仅用于办理 %(title)s") % {"title": case.title})
    return served(content, opened.media_type, opened.name, inline="download" not in request.GET)


@require_GET
def service_flow(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """Hand out the drawing (BPMN 2.0) of a version that was published; it never changes."""
    shown = (ItemVersion.State.PUBLISHED, ItemVersion.State.RETIRED)
    found = get_object_or_404(ItemVersion, item=code, number=version, state__in=shown)
    ready = catalogue.content_of(found.pk)
    name = "flow-" + "".join(char if char.isalnum() else "-" for char in code)
    response = HttpResponse(to_bpmn(ready.flow, name, ready.name), content_type="application/xml; charset=utf-8")
    response["Cache-Control"] = "public, max-age=86400"
    return response


@require_GET
def service_file(request: HttpRequest, code: str, material: str, what: str) -> HttpResponse:
    """Hand out the empty form or the filled-in sample of a material, from the city's folder."""
    item = found_item(code)
    content = catalogue.content_of(item.current_id or 0).content
    spec = next((one for one in content.materials if one.code == material), None)
    name = (spec.form_file if what == "form" else spec.sample_file) if spec is not None else ""
    path = city.folder().joinpath("items", "files", name) if name and "/" not in name and ".." not in name else None
    if path is None or not path.is_file():
        raise Http404(_("没有这份表格"))
    octets = path.read_bytes()
    return served(octets, kinds.recognise(octets, name).media_type, name, inline=False)


def served(content: bytes, media_type: str, name: str, *, inline: bool) -> HttpResponse:
    """Return a file as an answer; what browsers cannot show safely is always a download."""
    response = HttpResponse(content, content_type=media_type)
    shown = inline and media_type in INLINE
    response["Content-Disposition"] = content_disposition_header(not shown, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Content-Security-Policy"] = FRAMED
    return response


def _belongs(case: Case, stored: Stored) -> bool:
    """Tell whether the file is a material, an addition or a paper of the case."""
    return (
        CaseMaterial.objects.filter(case=case, file=stored).exists()
        or Addition.objects.filter(case=case, file=stored).exists()
        or Issued.objects.filter(subject_kind="case", subject_number=case.number, stored=stored).exists()
    )
