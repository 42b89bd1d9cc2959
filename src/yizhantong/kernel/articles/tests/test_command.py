"""``yzt check`` answers every input: 0 without findings, 1 with, 2 with a sentence for what is no draft."""

from __future__ import annotations

import io
import json
from pathlib import Path

import docx
import openpyxl
import pypdfium2
import pytest
from click.testing import CliRunner, Result

from yizhantong.kernel.articles.command import check

GOOD = "全市签约项目90个,其中工业项目56个,占总数的62%。"
BAD = "全市签约项目90个,其中工业项目56个,占总数的82%。"


def run(*arguments: str | Path, given: bytes | None = None) -> Result:
    return CliRunner().invoke(check, [str(a) for a in arguments], input=given)


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    path = tmp_path / "稿件.txt"
    path.write_text(BAD, "utf-8")
    return path


def test_a_sound_draft_ends_with_0_and_a_faulty_one_with_1(draft: Path) -> None:
    assert run(draft, "--no-ledger").exit_code == 1
    assert "[不成立]" in run(draft, "--no-ledger").output
    draft.write_text(GOOD, "utf-8")
    assert run(draft, "--no-ledger").exit_code == 0


def test_a_draft_may_come_from_standard_input() -> None:
    found = run("-", "--no-ledger", "--json", given=GOOD.encode())
    assert found.exit_code == 0
    assert [claim["phrase"] for claim in json.loads(found.output)["claims"]] == ["90个", "56个", "62%"]


def test_json_has_the_promised_fields(draft: Path) -> None:
    data = json.loads(run(draft, "--no-ledger", "--json").output)
    wanted = "phrase start end number unit value qualifier kind what period figure ledger_value verdict"
    assert set(wanted.split()) <= set(data["claims"][0])
    assert {"kind", "claims", "holds", "sentence"} <= set(data["relations"][0])
    assert {"conflicts", "repeats", "breaks"} <= set(data)
    assert all(BAD[claim["start"] : claim["end"]] == claim["phrase"] for claim in data["claims"])
    assert {claim["verdict"] for claim in data["claims"]} == {"no figure"}


def scanned() -> bytes:
    document = pypdfium2.PdfDocument.new()
    document.new_page(200, 200)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def broken_docx() -> bytes:
    out = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("稿件")
    document.save(out)
    return out.getvalue()[:900]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "articles.empty"),
        (bytes(range(256)) * 9, "articles.not_text"),
        (scanned(), "articles.empty"),
        (broken_docx(), "articles.broken"),
        (b"x" * (20 * 1024 * 1024 + 1), "articles.too_large"),
    ],
    ids=["empty", "binary", "scanned", "broken docx", "huge"],
)
def test_what_is_no_draft_ends_with_2_and_a_sentence(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "draft"
    path.write_bytes(content)
    found = run(path, "--no-ledger", "--json")
    assert found.exit_code == 2
    assert json.loads(found.stdout)["error"]["code"] == code
    assert any("\u4e00" <= c <= "\u9fff" for c in found.stderr)


def test_a_missing_file_and_a_directory_are_named(tmp_path: Path) -> None:
    missing, folder = run(tmp_path / "nowhere.txt"), run(tmp_path)
    assert (missing.exit_code, folder.exit_code) == (2, 2)
    assert "找不到文件" in missing.output
    assert "无法读取" in folder.output


def test_a_place_that_cannot_be_written_is_named(draft: Path, tmp_path: Path) -> None:
    found = run(draft, "--no-ledger", "--html", tmp_path / "no" / "such" / "out.html")
    assert found.exit_code == 2
    assert "无法写入" in found.output


def test_html_stands_alone_and_is_escaped(draft: Path, tmp_path: Path) -> None:
    draft.write_text(f"<script>alert(1)</script>{BAD}", "utf-8")
    out = tmp_path / "out.html"
    assert run(draft, "--no-ledger", "--html", out).exit_code == 1
    page = out.read_text("utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert 'src="' not in page
    assert "http" not in page
    assert '<mark class="bad"><a href="#c2">82%</a></mark>' in page


def test_xlsx_opens_and_holds_no_formula(draft: Path, tmp_path: Path) -> None:
    draft.write_text(f"=1+1\x0b签约项目12个。\n{BAD}", "utf-8")
    out = tmp_path / "out.xlsx"
    assert run(draft, "--no-ledger", "--xlsx", out).exit_code == 1
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["数字", "关系", "矛盾", "重复", "断行"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert [row[0].value for row in book["数字"].iter_rows(min_row=2)][-1] == "82%"


@pytest.mark.django_db
def test_without_a_city_the_command_says_what_to_do(draft: Path) -> None:
    from yizhantong.kernel.divisions import tree

    tree.forget()
    found = run(draft, "--json")
    tree.forget()
    assert found.exit_code == 2
    assert json.loads(found.stdout)["error"]["code"] == "articles.no_city"
    assert "yzt prepare" in found.stderr
