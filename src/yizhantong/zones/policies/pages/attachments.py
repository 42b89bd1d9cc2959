"""Files that go with a document: opened by whoever sees the document, added and taken away by its editors."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yizhantong.kernel.files import queries as files
from yizhantong.kernel.files.errors import FileError
from yizhantong.web.views.hall.files import served
from yizhantong.zones.policies.actions import attachments
from yizhantong.zones.policies.pages.common import attempt, back, staff
from yizhantong.zones.policies.queries import visible


@require_GET
def download(request: HttpRequest, number: int, file: int) -> HttpResponse:
    """Hand out a file of a document that the account sees; with ``?download`` never shown in the browser."""
    document = get_object_or_404(visible.documents(request.user), pk=number)
    stored = get_object_or_404(document.attachments, pk=file)
    try:
        opened = files.open_for(request.user, stored, may=True)
    except FileError as error:
        raise Http404(error.sentence) from error
    return served(opened.content, opened.media_type, opened.name, inline="download" not in request.GET)


@login_required
@require_POST
def attach(request: HttpRequest, number: int) -> HttpResponse:
    """Add a file to a document."""
    user = staff(request, "policies.edit")
    document = get_object_or_404(visible.documents(request.user), pk=number)
    upload = request.FILES.get("file")
    given = upload if isinstance(upload, UploadedFile) else None
    purpose = request.POST.get("purpose", "")
    attempt(
        request, _("附件已上传"), lambda: attachments.attach(document, given, purpose=purpose, account=user)
    )  # fmt: skip
    return back(f"{reverse('policies:desk-document', args=[number])}#attachments")


@login_required
@require_POST
def detach(request: HttpRequest, number: int, file: int) -> HttpResponse:
    """Take a file from a document."""
    user = staff(request, "policies.edit")
    document = get_object_or_404(visible.documents(request.user), pk=number)
    attempt(request, _("附件已删除"), lambda: attachments.detach(document, file, account=user))
    return back(f"{reverse('policies:desk-document', args=[number])}#attachments")
