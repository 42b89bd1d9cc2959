"""Files of a document: who adds, takes away and opens them, what is fixed once it is in force."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from yizhantong.kernel.access import policy
from yizhantong.kernel.files.actions import sweep_orphans
from yizhantong.kernel.files.models import Stored
from yizhantong.zones.policies.actions import attachments
from yizhantong.zones.policies.actions.documents import draft_document
from yizhantong.zones.policies.models import PolicyDocument
from yizhantong.zones.policies.tests.conftest import Enter, Office

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _vault(tmp_path: Path, settings: Any) -> None:
    settings.YZT_HOME = tmp_path


def picture(colour: str, name: str = "图解.png") -> SimpleUploadedFile:
    """Return a small picture as somebody would upload it."""
    from PIL import Image

    held = io.BytesIO()
    Image.new("RGB", (12, 8), colour).save(held, "PNG")
    return SimpleUploadedFile(name, held.getvalue(), "image/png")


def draft(office: Office, number: str) -> PolicyDocument:
    """Begin a document."""
    day = dt.date(2021, 8, 2)
    assert office.editor.agency is not None
    return draft_document(
        number, issuer=office.editor.agency, account=office.editor, title="演示文件", level="city", area="subsidy",
        signed_on=day, published_on=day, effective_on=day, original="第一条",
    )  # fmt: skip


def test_a_file_is_uploaded_shown_opened_and_taken_away_again(office: Office, enter: Enter) -> None:
    document = draft(office, "示工信发〔2021〕31号")
    client = enter(office.editor)
    here = reverse("policies:desk-document", args=[document.pk])
    sent = {"purpose": "annex", "file": picture("red", "申报表.png")}
    told = client.post(reverse("policies:desk-attach", args=[document.pk]), sent, follow=True).content.decode()
    assert "附件已上传" in told
    assert "申报表.png" in told
    stored = document.attachments.get()
    assert (stored.purpose, stored.trust, stored.uploaded_by) == ("annex", "A", office.editor)
    link = reverse("policies:file", args=[document.pk, stored.pk])
    assert link in client.get(here).content.decode()
    shown = client.get(link)
    assert shown["Content-Type"] == "image/png"
    assert shown["Content-Disposition"].startswith("inline")
    assert client.get(f"{link}?download")["Content-Disposition"].startswith("attachment")
    assert enter(None).get(link).status_code == 404, "a draft and its files are nobody else's"
    sweep_orphans(dt.timedelta(days=-1))
    assert Stored.objects.filter(pk=stored.pk).exists(), "a document refers to it"
    client.post(reverse("policies:desk-detach", args=[document.pk, stored.pk]))
    assert not document.attachments.exists()
    assert client.get(link).status_code == 404


def test_the_public_page_sets_original_and_interpretation_side_by_side(office: Office, enter: Enter) -> None:
    document = draft(office, "示工信发〔2021〕32号")
    original = attachments.attach(document, picture("blue", "原文.png"), purpose="original", account=office.editor)
    later = draft(office, "示工信发〔2021〕33号")
    PolicyDocument.objects.filter(pk=later.pk).update(supersedes=document, state="effective")
    PolicyDocument.objects.filter(pk=document.pk).update(state="amended")
    document.refresh_from_db()
    told = attachments.attach(document, picture("green"), purpose="interpretation", account=office.editor)
    text = enter(None).get(reverse("policies:document", args=[document.pk])).content.decode()
    for part in (
        'href="#interpretation"',
        'href="#original"',
        'id="interpretation"',
        'id="original"',
        "示工信发〔2021〕33号",
    ):
        assert part in text
    for stored in (original, told):
        link = reverse("policies:file", args=[document.pk, stored.pk])
        assert link in text
        assert enter(None).get(link).status_code == 200
    assert "示工信发〔2021〕32号" in enter(None).get(reverse("policies:document", args=[later.pk])).content.decode()


def test_what_is_in_force_keeps_its_original_but_may_be_explained(office: Office, refused: Callable[..., str]) -> None:
    document = draft(office, "示工信发〔2021〕34号")
    kept = attachments.attach(document, picture("red"), purpose="original", account=office.editor)
    PolicyDocument.objects.filter(pk=document.pk).update(state="effective")
    code = refused(attachments.attach, document, picture("blue"), purpose="annex", account=office.editor)
    assert code == "policies.document_fixed"
    assert refused(attachments.detach, document, kept.pk, account=office.editor) == "policies.document_fixed"
    assert attachments.attach(document, picture("blue"), purpose="guide", account=office.editor).purpose == "guide"


def test_unfit_files_are_refused_and_nothing_is_kept(office: Office, refused: Callable[..., str]) -> None:
    document = draft(office, "示工信发〔2021〕35号")
    program = SimpleUploadedFile("a.png", b"MZ" + bytes(100))
    for upload in (None, program, SimpleUploadedFile("a.pdf", picture("red").read())):
        code = refused(attachments.attach, document, upload, purpose="annex", account=office.editor)
        assert code == "policies.attachment"
    attachments.attach(document, picture("red"), purpose="annex", account=office.editor)
    twice = refused(attachments.attach, document, picture("red"), purpose="annex", account=office.editor)
    assert twice == "policies.attachment"
    assert document.attachments.count() == 1
    with pytest.raises(policy.Refused):
        attachments.attach(document, picture("blue"), purpose="annex", account=office.clerk)


def test_a_file_of_another_document_is_not_opened_through_this_one(office: Office, enter: Enter) -> None:
    one, other = draft(office, "示工信发〔2021〕36号"), draft(office, "示工信发〔2021〕37号")
    stored = attachments.attach(one, picture("red"), purpose="annex", account=office.editor)
    client: Client = enter(office.editor)
    assert client.get(reverse("policies:file", args=[other.pk, stored.pk])).status_code == 404
    assert client.post(reverse("policies:desk-detach", args=[other.pk, stored.pk]), follow=True).status_code == 200
    assert one.attachments.exists()
