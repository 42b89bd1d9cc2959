"""Issued documents: numbered without gaps, typeset, found by code or content, and final."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from typing import Any

import pypdfium2
import pytest
from django.db import Error, transaction

from yizhantong.kernel.access.models import User
from yizhantong.kernel.access.policy import Refused
from yizhantong.kernel.divisions.models import City
from yizhantong.kernel.files import codes, issuing, queries, typesetting, vault
from yizhantong.kernel.files.errors import FileError
from yizhantong.kernel.files.issuing import issue, revoke
from yizhantong.kernel.files.models import Issued, Series, Stored
from yizhantong.kernel.files.tests.conftest import make_office
from yizhantong.kernel.ledger.models import AuditEvent
from yizhantong.kernel.parties.models import Organisation

pytestmark = pytest.mark.django_db
Issue = Callable[..., Issued]


def made(office: Organisation, **more: Any) -> Issued:
    given: dict[str, Any] = {
        "title": "准予决定书",
        "issuer": office,
        "holder_name": "示例恒远新材料有限公司",
        "holder_kind": "organisation",
        "subject": ("case", "SL20210816000123"),
        "fields": [("办理事项", "研发投入奖励")],
        "paragraphs": ["经审查，符合条件。"],
        "account": None,
    }
    return issue(more.pop("kind", "decision"), **{**given, **more})


def text_of(issued: Issued) -> str:
    assert issued.stored is not None
    document = pypdfium2.PdfDocument(vault.read(issued.sha256))
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return text


def test_a_document_has_number_code_and_a_pdf_that_says_so(office: Organisation) -> None:
    issued = made(office, remedy="如不服本决定，可以申请行政复议。")
    assert issued.number == "示例市工业和信息化局决字〔2021〕1号"
    assert issued.stored is not None
    assert (issued.stored.trust, issued.stored.media_type) == ("A", "application/pdf")
    text = text_of(issued)
    for said in (
        "示例市工业和信息化局",
        issued.number,
        "研发投入奖励",
        "符合条件",
        "行政复议",
        "2021年8月16日",
        "演示数据",
    ):
        assert said in text
    assert codes.grouped(issued.verify_code) in text.replace("\r\n", "")
    document = pypdfium2.PdfDocument(vault.read(issued.sha256))
    about = document.get_metadata_dict()
    document.close()
    assert about["Title"] == f"准予决定书 {issued.number}"
    assert about["CreationDate"].startswith("D:20210816") or about["CreationDate"].startswith("D:20210815")


def test_numbers_follow_each_other_by_issuer_kind_and_year(office: Organisation, city: City) -> None:
    other = make_office("示例市财政局", "11210700MAAY4CL12E")
    numbers = [made(office).number, made(office).number, made(office, kind="receipt").number, made(other).number]
    assert [number.rpartition("〕")[2] for number in numbers] == ["1号", "2号", "1号", "1号"]
    assert len(set(numbers)) == 4
    city.demonstration_day = dt.date(2022, 1, 4)
    city.save()
    assert made(office).number.endswith("〔2022〕1号")


def test_a_failed_issue_loses_no_number_and_leaves_no_record(
    office: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(office)
    with monkeypatch.context() as broken:
        broken.setattr(vault, "put", lambda content: (_ for _ in ()).throw(FileError("disk_full", "满")))
        with pytest.raises(FileError):
            made(office)
    assert Stored.objects.count() == 1
    assert made(office).number.endswith("〕2号")
    assert Series.objects.get().last == 2


def test_a_number_of_ones_own_must_be_new(office: Organisation) -> None:
    assert made(office, number="锦演证〔2021〕特1号").number == "锦演证〔2021〕特1号"
    with pytest.raises(FileError) as refused:
        made(office, number="锦演证〔2021〕特1号")
    assert refused.value.code == "files.number_taken"
    with pytest.raises(FileError) as refused:
        made(office, kind="poem")
    assert refused.value.code == "files.kind"


@pytest.mark.parametrize("wrong", [{"title": "长" * 121}, {"holder_name": " "}, {"number": "号" * 61}])
def test_what_would_not_fit_is_refused_before_a_number_is_lost(office: Organisation, wrong: dict[str, str]) -> None:
    with pytest.raises(FileError) as refused:
        made(office, **wrong)
    assert refused.value.code == "files.length"
    assert not Series.objects.exists()


def test_texts_of_people_are_printed_as_they_are_and_never_run(office: Organisation) -> None:
    evil = '#panic("x") #import "a.typ" $x$ *b* `r` \\ <a> @b // c /* d'
    issued = made(office, holder_name=evil, paragraphs=[evil], fields=[(evil, evil)], title="决定" + evil[:40])
    assert text_of(issued).replace("\r\n", "").count('#panic("x")') >= 4


def test_long_documents_run_over_pages_with_their_number(office: Organisation) -> None:
    issued = made(office, paragraphs=[f"第{n}项。" + "依法办理。" * 60 for n in range(20)], title="很长的标题" * 6)
    assert "共 " in text_of(issued)
    document = pypdfium2.PdfDocument(vault.read(issued.sha256))
    assert len(document) > 3
    document.close()


def test_the_same_data_gives_the_same_bytes() -> None:
    data = {
        "kind_label": "决定书", "title": "决定", "number": "1号", "issuer": "局", "seal_name": "局", "holder": "某",
        "date_text": "2021年8月16日", "demonstration": False, "verify_page": "https://x.test/verify/", "code": "ABCD",
        "qr": typesetting.qr_svg("https://x.test/"), "fields": [], "paragraphs": ["一"], "remedy": "", "footnote": "",
    }  # fmt: skip
    moment = dt.datetime(2021, 8, 16, tzinfo=dt.UTC)
    for layout in ("document", "certificate", "slip"):
        first = typesetting.typeset(layout, data, moment)
        assert first == typesetting.typeset(layout, data, moment)
        document = pypdfium2.PdfDocument(first)
        text = document[0].get_textpage().get_text_range()
        document.close()
        assert "演示" not in text
        assert ("电子印章加盖处" in text) == (layout != "slip")


def test_a_server_without_chinese_fonts_says_so(office: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting, "_chinese", lambda: None)
    with pytest.raises(FileError, match="中文字体") as refused:
        made(office)
    assert refused.value.code == "files.no_font"
    assert not Issued.objects.exists()


def test_documents_are_found_by_code_however_typed_and_by_their_bytes(office: Organisation) -> None:
    issued = made(office)
    typed = f" {codes.grouped(issued.verify_code).lower()} "
    assert queries.verified(typed) == issued
    assert queries.verified("x" * 500) is None
    assert queries.verified(codes.make()) is None
    content = vault.read(issued.sha256)
    assert queries.verified_by_content(content) == issued
    assert queries.verified_by_content(content[:-1] + b"x") is None
    assert list(queries.issued_for("case", "SL20210816000123")) == [issued]


def test_codes_cannot_be_guessed_and_are_not_misread() -> None:
    drawn = {codes.make() for _ in range(500)}
    assert len(drawn) == 500
    assert len(codes.ALPHABET) ** codes.LENGTH > 2**80
    assert not set("01OIL") & set(codes.ALPHABET)


def test_a_document_is_revoked_once_with_a_reason_by_who_may(office: Organisation, decider: User, asker: User) -> None:
    issued = made(office)
    with pytest.raises(Refused):
        revoke(issued, reason="误发", account=asker)
    with pytest.raises(FileError, match="撤销原因"):
        revoke(issued, reason=" ", account=decider)
    revoked = revoke(issued, reason="误发", account=decider)
    assert revoked.revoked_at is not None
    assert revoked.revoked_reason == "误发"
    with pytest.raises(FileError, match="不能重复撤销") as refused:
        revoke(issued, reason="再撤", account=decider)
    assert refused.value.code == "files.already_revoked"
    assert AuditEvent.objects.filter(target=f"issued:{issued.number}", actor="decider").count() == 1


def test_an_official_of_another_agency_cannot_revoke(office: Organisation, decider: User) -> None:
    other = make_office("示例市财政局", "11210700MAAY4CL12E")
    with pytest.raises(Refused):
        revoke(made(other), reason="误发", account=decider)


def test_a_document_takes_the_place_of_another_once(office: Organisation) -> None:
    first = made(office)
    second = made(office, replaces=first)
    assert queries.verified(first.verify_code).replaced_by == second  # type: ignore[union-attr]
    with pytest.raises(FileError) as refused:
        made(office, replaces=first)
    assert refused.value.code == "files.already_replaced"


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: rows.update(holder_name="别人"),
        lambda rows: rows.update(sha256="0" * 64),
        lambda rows: rows.update(revoked_reason="只写原因"),
        lambda rows: rows._raw_delete(rows.db),
    ],
)
def test_the_database_itself_refuses_to_rewrite_a_document(office: Organisation, change: Callable[[Any], Any]) -> None:
    issued = made(office)
    with pytest.raises(Error, match=r"files\.issued_is_final"), transaction.atomic():
        change(Issued.objects.filter(pk=issued.pk))
    issued.refresh_from_db()
    assert issued.holder_name == "示例恒远新材料有限公司"


def test_a_revocation_cannot_be_taken_back(office: Organisation) -> None:
    issued = revoke(made(office), reason="误发", account=None)
    with pytest.raises(Error, match=r"files\.issued_is_final"), transaction.atomic():
        Issued.objects.filter(pk=issued.pk).update(revoked_at=None, revoked_reason="")


def test_issuing_a_document_is_quick(office: Organisation) -> None:
    made(office)
    begun = time.perf_counter()
    for _ in range(5):
        made(office)
    assert (time.perf_counter() - begun) / 5 < 0.5


def test_letterheads_leave_out_the_mark_of_sample_codes() -> None:
    assert issuing.letterhead("示例市财政局(演示代码)") == "示例市财政局"
    assert issuing.letterhead("(演示)") == "(演示)"
