"""Items leave and come back the same; a file with one fault changes nothing."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from yizhantong.kernel.access.models import User
from yizhantong.kernel.items import checking, exchange
from yizhantong.kernel.items import content as contents
from yizhantong.kernel.items.catalogue import content_of
from yizhantong.kernel.items.commands import items as command
from yizhantong.kernel.items.errors import ContentError, ItemError
from yizhantong.kernel.items.load import WRITER, load_items
from yizhantong.kernel.items.models import CatalogueEntry, Item, ItemVersion
from yizhantong.kernel.parties.models import Organisation


@pytest.fixture
def loaded(city: None) -> list[ItemVersion]:
    """Load the city's items and return their versions in force."""
    load_items()
    return [item.current for item in Item.objects.select_related("current__item") if item.current]


def test_the_city_has_items_and_loading_again_changes_nothing(loaded: list[ItemVersion]) -> None:
    assert len(loaded) >= 25
    assert len({version.item.agency_id for version in loaded}) >= 10
    assert load_items() == 0
    for version in loaded:
        assert checking.check(version.content) == []
        assert content_of(version.pk).flow.steps
    assert CatalogueEntry.objects.count() >= 25


def test_a_changed_file_is_published_anew_but_never_over_an_officers_work(
    loaded: list[ItemVersion], official: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = loaded[0]
    officer = User.objects.create(username="officer")
    ItemVersion.objects.create(item=one.item, number=2, content=one.content, written_by=officer)
    document = exchange.as_document(one)
    document["content"] = {**document["content"], "guide": {**document["content"]["guide"], "hours": "全天"}}
    monkeypatch.setattr(exchange, "read_file", lambda data: [document])
    assert load_items() == 0
    assert one.item.versions.filter(written_by__username=WRITER).count() == 1


@pytest.mark.parametrize("write", [exchange.export_json, exchange.export_xlsx])
def test_items_leave_and_come_back_the_same(loaded: list[ItemVersion], write: object) -> None:
    data = write(loaded)  # type: ignore[operator]
    checked = exchange.check(exchange.read_file(data))
    assert [entry.findings for entry in checked] == [()] * len(loaded)
    for entry, version in zip(checked, loaded, strict=True):
        assert entry.document["code"] == version.item_id
        assert contents.write(contents.read(entry.document["content"])) == version.content


def test_the_workbook_has_the_exchange_fields(loaded: list[ItemVersion]) -> None:
    book = load_workbook(io.BytesIO(exchange.export_xlsx(loaded)))
    head = [cell.value for cell in book["up_task_general"][1]]
    wanted = {"catalog_code", "task_code", "task_name", "anticipate_day", "promise_day", "limit_scene_num", "is_fee"}
    assert wanted <= set(head)
    codes = {cell.value for cell in book["up_task_material"]["A"]}
    assert loaded[0].item_id in codes


def test_an_import_makes_drafts(loaded: list[ItemVersion], writer: User, agency: Organisation) -> None:
    document = exchange.as_document(loaded[0]) | {"code": "demo.new", "agency": agency.pk, "name": "新事项"}
    data = json.dumps({"format": exchange.FORMAT, "items": [document]}).encode()
    (made,) = exchange.import_items(data, writer)
    assert (made.state, made.number, made.item.name) == ("draft", 1, "新事项")
    (again,) = exchange.import_items(data, writer)
    assert again == made


def test_one_fault_keeps_everything_out_and_says_where(
    loaded: list[ItemVersion], writer: User, agency: Organisation
) -> None:
    good = exchange.as_document(loaded[0]) | {"code": "demo.good", "agency": agency.pk}
    bad = good | {"code": "demo.bad", "agency": "nobody", "content": {"flow": {"kind": "what"}}}
    data = json.dumps({"format": exchange.FORMAT, "items": [good, bad]}).encode()
    with pytest.raises(ContentError) as caught:
        exchange.import_items(data, writer)
    assert {finding.place for finding in caught.value.findings} >= {"demo.bad:agency", "demo.bad:flow.kind"}
    assert not Item.objects.filter(code__startswith="demo.").exists()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"{", "items.bad_file"),
        (b"\xff\xfe", "items.bad_file"),
        (b"[]", "items.bad_format"),
        (b'{"format": "x", "items": []}', "items.bad_format"),
        (b"PK\x03\x04rubbish", "items.bad_file"),
    ],
)
def test_files_of_another_kind_are_refused(city: None, data: bytes, code: str) -> None:
    with pytest.raises(ItemError) as caught:
        exchange.read_file(data)
    assert caught.value.code == code


def test_the_command_lists_shows_checks_exports_and_imports(
    loaded: list[ItemVersion], tmp_path: Path, writer: User
) -> None:
    run = CliRunner().invoke
    listed = json.loads(run(command, ["list", "--json"]).output)
    assert len(listed) == len(loaded)
    code = loaded[0].item_id
    assert json.loads(run(command, ["show", code, "--json"]).output)["content"] == loaded[0].content
    assert run(command, ["show", "nothing"]).exit_code == 2
    for name in ("items.json", "items.xlsx"):
        path = tmp_path / name
        assert run(command, ["export", "--out", str(path)]).exit_code == 0
        assert run(command, ["check", str(path)]).exit_code == 0
    assert run(command, ["import", str(path), "--account", "nobody"]).exit_code == 2
    refused = run(command, ["import", str(path), "--account", "writer"])
    assert (refused.exit_code, "没有" in refused.output) == (2, True)
    broken = tmp_path / "broken.json"
    broken.write_text(json.dumps({"format": exchange.FORMAT, "items": [{}]}))
    assert run(command, ["check", str(broken), "--json"]).exit_code == 1
