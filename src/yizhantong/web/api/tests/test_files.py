"""Files over the API: the form, imports with their errors by cell, exports."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from openpyxl import load_workbook

from yizhantong.kernel.ledger import ledger
from yizhantong.kernel.ledger.models import AuditEvent
from yizhantong.web.api.tests.conftest import HOME, Ask, Town, problem

pytestmark = pytest.mark.django_db
T = "/api/v1/ledgers/training.session"
HEAD = "区划,发生日期,场次编号,培训主题,培训类型,时长(小时),参训人次\n"
GOOD = HEAD + f"{HOME},2021-05-01,DR-1,果树修剪,科技培训,2,30\n{HOME},2021年5月2日,DR-2,果树修剪,technical,1.5,31\n"
BAD = HEAD + f"{HOME},2021-05-01,DR-3,果树修剪,科技培训,两小时,30\n{HOME},2021-13-02,DR-4,果树修剪,不知道,1,31\n"


def send(town: Town, content: str | bytes, *, query: str = "", who: str = "clerk", **more: Any) -> HttpResponse:
    raw = content.encode() if isinstance(content, str) else content
    data = {"file": SimpleUploadedFile("场次.csv", raw)} | more
    headers = {"Authorization": f"Bearer {town.tokens[who]}"}
    return Client().post(f"{T}/imports{query}", data, headers=headers)  # type: ignore[return-value]


def test_the_form_is_a_workbook_with_the_ledgers_headings(ask: Ask) -> None:
    response = ask("GET", f"{T}/template")
    assert "spreadsheetml" in response["Content-Type"]
    headings = [cell.value for cell in load_workbook(io.BytesIO(response.content)).worksheets[0][1]]
    assert "时长(小时)" in headings


def test_a_dry_run_writes_nothing_and_an_import_all(town: Town) -> None:
    facts = ledger("training.session").model._default_manager
    before = facts.count()
    looked = json.loads(send(town, GOOD, query="?dry_run=true").content)
    assert (looked["ok"], looked["new"], facts.count()) == (True, 2, before), looked
    made = send(town, GOOD)
    assert made.status_code == 201, made.content
    assert json.loads(made.content)["recorded"] == 2
    assert facts.get(session="DR-2").seconds == 5_400
    again = send(town, GOOD)
    told = json.loads(again.content)
    assert (again.status_code, told["already"], told["recorded"], facts.count()) == (200, True, 0, before + 2)


def test_errors_name_sheet_row_and_column_and_nothing_is_written(town: Town) -> None:
    before = ledger("training.session").model._default_manager.count()
    told = problem(send(town, BAD), 422, "imports.has_errors")
    places = {(fault["row"], fault["column"], fault["code"]) for fault in told["errors"]}
    assert {(2, "F", "imports.number"), (3, "B", "imports.date"), (3, "E", "imports.choice")} <= places
    looked = json.loads(send(town, BAD, query="?dry_run=true").content)
    assert looked["ok"] is False
    assert {(error["row"], error["column"]) for error in looked["errors"]} == {place[:2] for place in places}
    assert before == ledger("training.session").model._default_manager.count()


def test_files_that_are_none_are_told(town: Town, settings: Any) -> None:
    problem(send(town, b"\x00\x01\x02" * 50), 422, "imports.not_a_table")
    problem(send(town, b"PK\x03\x04nothing"), 422, "imports.not_a_table")
    problem(send(town, b""), 422, "imports.empty_file")
    client = Client(headers={"Authorization": f"Bearer {town.tokens['clerk']}"})
    problem(client.post(f"{T}/imports", {}), 400, "api.invalid")  # type: ignore[arg-type]
    problem(client.post(f"{T}/imports", "{}", content_type="application/json"), 415, "api.content_type")  # type: ignore[arg-type]
    kind = "multipart/form-data"
    problem(client.post(f"{T}/imports", "x", content_type=kind), 400, "api.unreadable")  # type: ignore[arg-type]
    settings.YZT_IMPORT_MAX_BYTES = 50
    problem(send(town, GOOD), 413, "imports.too_large")


def test_rows_of_another_county_are_refused(town: Town) -> None:
    problem(send(town, GOOD, who="other"), 422, "imports.has_errors")


def test_an_export_holds_what_one_sees_and_is_logged(ask: Ask) -> None:
    response = ask("GET", f"{T}/export?filter=session:PX-000", who="clerk")
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert "来源" in rows[0]
    assert len(rows) == 3
    event = AuditEvent.objects.latest("id")
    assert (event.event, event.actor, event.target) == ("export", "clerk", "training.session")
    public = ask("GET", f"{T}/export?format=xlsx&division={HOME}")
    sheet = load_workbook(io.BytesIO(public.content)).active
    assert sheet is not None
    assert sheet.max_row == 22
    assert "来源" not in [cell.value for cell in sheet[1]]
    problem(ask("GET", f"{T}/export?format=pdf"), 400, "api.invalid")


def test_too_large_an_export_is_told_not_cut(ask: Ask, settings: Any, tmp_path: Path) -> None:
    settings.YZT_EXPORT_MAX_ROWS = 10
    problem(ask("GET", f"{T}/export"), 422, "exports.too_many")
