"""Anyone verifies a document: genuine, revoked, replaced or unknown, by number and code, by address, or by the PDF."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from yizhantong.kernel.files import codes, vault
from yizhantong.kernel.files.issuing import issue, revoke
from yizhantong.kernel.files.models import Issued
from yizhantong.kernel.parties.models import Organisation
from yizhantong.web.api.tests.conftest import Ask, Town, ask, problem

__all__ = ["ask"]
pytestmark = pytest.mark.django_db

Browse = Callable[..., Client]


@pytest.fixture(autouse=True)
def vault_folder(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.MEDIA_ROOT = tmp_path
    cache.clear()
    yield
    cache.clear()


def issued(holder: str = "张小明", holder_kind: Any = "person", **more: Any) -> Issued:
    return issue(
        "decision",
        title="准予决定书",
        issuer=Organisation.objects.filter(kind="agency").order_by("uscc")[0],
        holder_name=holder,
        holder_kind=holder_kind,
        subject=("case", "SL1"),
        fields=[("身份证号", "210702********0014")],
        paragraphs=["私密的内容"],
        account=None,
        **more,
    )


@pytest.fixture
def anyone(browse: Browse) -> Client:
    return browse("")


def page_of(client: Client, one: Issued) -> str:
    response = client.get(reverse("web:verify-document", args=[codes.grouped(one.verify_code).lower()]))
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    return response.content.decode()


def test_a_genuine_document_is_told_with_its_holder_masked_and_nothing_more(anyone: Client) -> None:
    one = issued()
    page = page_of(anyone, one)
    for said in ("真实有效", one.number, "准予决定书", "张*明", one.sha256):
        assert said in page
    for secret in ("张小明", "私密的内容", "210702", "SL1", "演示代码"):
        assert secret not in page


def test_organisations_are_named(anyone: Client) -> None:
    assert "示例恒远有限公司" in page_of(anyone, issued("示例恒远有限公司", "organisation"))


def test_revoked_and_replaced_documents_are_told_as_such(anyone: Client) -> None:
    first = issued()
    second = issued(replaces=first)
    page = page_of(anyone, first)
    assert "已被新文书替代" in page
    assert second.number in page
    revoke(second, reason="误发", account=None)
    page = page_of(anyone, second)
    assert "已经撤销" in page
    assert "误发" in page
    assert "真实有效" not in page


def test_an_unknown_code_is_told_as_possibly_forged(anyone: Client) -> None:
    for code in (codes.make(), "x", "<script>"):
        response = anyone.get(reverse("web:verify-document", args=[code]))
        assert response.status_code == 404
        assert "查无此文书" in response.content.decode()


@pytest.mark.parametrize(
    "typed", [str, lambda n: n.replace("〔", " [").replace("〕", "] "), lambda n: n.replace("〔", "（")]
)
def test_number_and_code_lead_to_the_document_however_they_are_typed(anyone: Client, typed: Any) -> None:
    one = issued()
    number = typed(one.number) if typed is not str else one.number
    if "（" in number:
        number = number.replace("〕", "）")
    response = anyone.post(reverse("web:verify"), {"number": number, "code": codes.grouped(one.verify_code).lower()})
    assert response.status_code == 302
    assert response["Location"] == reverse("web:verify-document", args=[one.verify_code])


def test_a_code_with_the_number_of_another_document_is_not_confirmed(anyone: Client) -> None:
    one, other = issued(), issued()
    for number, code in ((other.number, one.verify_code), (one.number, codes.make()), (one.number, ""), ("", "")):
        response = anyone.post(reverse("web:verify"), {"number": number, "code": code})
        assert response.status_code == 422
        assert response.content.decode().count("data-errors") == 1


def test_the_pdf_itself_is_confirmed_and_one_changed_bit_is_found(anyone: Client) -> None:
    one = issued()
    content = vault.read(one.sha256)

    def compare(body: bytes) -> Any:
        upload = SimpleUploadedFile("a.pdf", body, "application/pdf")
        return anyone.post(reverse("web:verify"), {"by_file": "1", "file": upload})

    page = compare(content)
    assert page.status_code == 200
    assert "逐位一致" in page.content.decode()
    assert one.number in page.content.decode()
    changed = compare(content[:-9] + bytes([content[-9] ^ 1]) + content[-8:])
    assert changed.status_code == 422
    assert "内容被改动过" in changed.content.decode()
    assert compare(b"").status_code == 422
    assert Issued.objects.count() == 1


def test_guessing_is_slowed_down(anyone: Client) -> None:
    answers = {anyone.get(reverse("web:verify-document", args=[codes.make()])).status_code for _ in range(60)}
    assert answers == {404}
    slowed = anyone.get(reverse("web:verify-document", args=[codes.make()]))
    assert slowed.status_code == 429
    assert slowed["Retry-After"] == "60"


def test_pages_of_verification_ask_few_questions(anyone: Client, django_assert_max_num_queries: Any) -> None:
    one = issued()
    with django_assert_max_num_queries(3):
        page_of(anyone, one)


def test_programs_verify_by_the_api(town: Town, ask: Ask) -> None:
    one = issued()
    answer = ask("GET", f"/verify/{one.verify_code}").json()
    assert (answer["state"], answer["number"], answer["holder"]) == ("valid", one.number, "张*明")
    assert set(answer) == {
        "state", "number", "kind", "title", "issuer", "holder", "issued_at", "revoked_at", "revoked_reason", "replaced_by", "sha256",
    }  # fmt: skip
    revoke(one, reason="误发", account=None)
    assert ask("GET", f"/verify/{codes.grouped(one.verify_code)}").json()["state"] == "revoked"
    problem(ask("GET", f"/verify/{codes.make()}"), 404, "files.unknown_code")
