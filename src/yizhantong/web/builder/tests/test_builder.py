"""The builder's pages: from nothing to a published item, with nothing lost, undone or overwritten on the way."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from yizhantong.kernel.access.models import Grant, Role, User
from yizhantong.kernel.divisions.load import load_city
from yizhantong.kernel.items import actions, exchange
from yizhantong.kernel.items.dictionary import load_elements
from yizhantong.kernel.items.models import DataElement, Item, ItemVersion
from yizhantong.kernel.parties.load import load_agencies
from yizhantong.kernel.parties.models import Organisation
from yizhantong.testing.items import document, published_item, steps
from yizhantong.web.builder import tabs
from yizhantong.web.builder.nested import nested
from yizhantong.web.builder.operations import operate
from yizhantong.web.builder.tabs import Tab, register_tab, tabs_of

SignedIn = Callable[[User], Client]


@pytest.fixture
def agency(db: None) -> Organisation:
    load_city()
    load_agencies()
    load_elements()
    return Organisation.objects.get(name__contains="市工业和信息化局")


def account(name: str, agency: Organisation, *permissions: str) -> User:
    made = User.objects.create(username=name, agency=agency)
    Grant.objects.create(
        user=made, role=Role.objects.create(code=name, name=name, permissions=list(permissions)), scope="agency"
    )
    return made


@pytest.fixture
def writer(agency: Organisation) -> User:
    return account("writer", agency, "items.edit")


@pytest.fixture
def page(writer: User) -> Client:
    client = Client()
    client.force_login(writer)
    return client


@pytest.fixture
def drafted(writer: User, agency: Organisation) -> ItemVersion:
    from yizhantong.kernel.divisions.models import Division

    item = actions.create_item(
        "demo.one", name="演示", agency=agency, division=Division.objects.get(pk="2107"), account=writer
    )
    return actions.draft(item, writer)


def edit(tab: str) -> str:
    return f"/items/demo.one/edit/{tab}/"


def content() -> dict[str, Any]:
    return dict(ItemVersion.objects.get(item_id="demo.one").content)


def test_an_item_is_made_from_nothing_and_published_by_another(page: Client, agency: Organisation) -> None:
    answer = page.post("/items/new/", {"name": "设备补助", "code": "demo.one", "agency": agency.pk})
    assert answer.headers["Location"] == edit("guide")
    assert page.get(edit("guide")).status_code == 200
    page.post(
        edit("guide"),
        {"guide.by_law": "《演示办法》第一条", "guide.words": "补助、设备", "guide.audience[]": ["", "organisation"]},
    )
    page.post(edit("form"), {"do": "add:form"})
    page.post(edit("form"), {"form.0.code": "section_1", "form.0.title": "申请", "do": "add:form.0:revenue"})
    page.post(
        edit("materials"), {"materials.0.code": "invoice", "materials.0.name": "发票", "materials.0.need": "required"}
    )
    row = {
        f"conditions.0.groups.0.rows.0.{key}": value
        for key, value in (("name", "年营业收入"), ("operator", ">="), ("value", "4,000,000"))
    }
    page.post(
        edit("conditions"), {"conditions.0.code": "c", "conditions.0.text": "收入", "conditions.0.mode": "rows", **row}
    )
    page.post(
        edit("limits"),
        {"limits.promised.amount": "10", "limits.promised.unit": "workday", "limits.acceptance_days": "5"},
    )
    made = content()
    assert made["guide"]["words"] == ["补助", "设备"]
    assert made["guide"]["audience"] == ["organisation"]
    assert made["form"][0]["fields"][0]["element"] == "revenue"
    assert made["conditions"][0]["rule"] == "年营业收入 >= 4000000"
    assert made["limits"]["promised"]["amount"] == 10
    assert made["limits"]["statutory"] is None
    assert "内容完整" in page.get(edit("submit")).content.decode()
    assert page.post("/items/demo.one/submit/").status_code == 302
    assert page.post("/items/demo.one/versions/1/publish/").status_code == 403
    other = Client()
    other.force_login(account("publisher", agency, "items.publish"))
    shown = other.get("/items/demo.one/versions/1/").content.decode()
    assert "发布" in shown
    other.post("/items/demo.one/versions/1/publish/", {})
    assert Item.objects.get(pk="demo.one").current is not None


@pytest.mark.parametrize("tab", [tab.code for tab in tabs_of("application")])
def test_every_tab_of_a_full_item_shows_and_saves_without_changing_it(
    page: Client, drafted: ItemVersion, writer: User, tab: str
) -> None:
    full = document(
        form=["title", {"element": "request", "visible_if": '标题 = "甲"'}],
        materials=[{"code": "a", "name": "甲", "required_if": '标题 = "甲"'}],
        conditions=[
            {"code": "a", "text": "行", "rule": '年营业收入 >= 1 and (规模划型 = "小型" or 规模划型 = "微型")'},
            {"code": "b", "text": "文", "rule": "研发费用 / 年营业收入 > 0.03"},
            {"code": "c", "text": "人", "kind": "person"},
        ],
        guide={"fees": [{"name": "费", "standard": "1", "by_law": "法"}], "charges": True, "charges_by_law": "法"},
        limits={"statutory": {"amount": 20, "law": "法"}, "promised": {"amount": 5}},
    )  # fmt: skip
    actions.save(drafted, full, writer)
    answer = page.get(edit(tab))
    assert answer.status_code == 200
    posted = _posted(answer.content.decode())
    assert bool(posted) == (tab not in ("preview", "trial", "submit"))
    if posted:
        assert page.post(edit(tab), posted).status_code == 302
        assert content() == full | {"materials": [full["materials"][0] | {"order": content()["materials"][0]["order"]}]}


class _Reader(HTMLParser):
    """Reads the builder's form as a browser would post it."""

    def __init__(self) -> None:
        super().__init__()
        self.data: dict[str, list[str]] = {}
        self.inside = False
        self.area = self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form":
            self.inside = found.get("id") == "builder-form"
        if self.inside:
            getattr(self, f"_{tag}", lambda _found: None)(found)

    def _input(self, found: dict[str, str | None]) -> None:
        boxed = found.get("type") in ("checkbox", "radio")
        if found.get("name") and (not boxed or "checked" in found):
            self.data.setdefault(str(found["name"]), []).append(found.get("value") or "")

    def _textarea(self, found: dict[str, str | None]) -> None:
        self.area = str(found.get("name"))
        self.data.setdefault(self.area, []).append("")

    def _select(self, found: dict[str, str | None]) -> None:
        self.select = str(found.get("name") or "")

    def _option(self, found: dict[str, str | None]) -> None:
        if self.select and ("selected" in found or self.select not in self.data):
            self.data[self.select] = [found["value"] or ""] if "value" in found else ["\0"]

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "form"
        self.area = "" if tag == "textarea" else self.area
        self.select = "" if tag == "select" else self.select

    def handle_data(self, data: str) -> None:
        if self.inside and self.area:
            self.data[self.area][-1] += data
        if self.inside and self.select and self.data.get(self.select) == ["\0"]:
            self.data[self.select] = [data.strip()]


def _posted(html: str) -> dict[str, list[str]]:
    """Return what a browser would post of the builder's form; nothing when the tab only shows."""
    reader = _Reader()
    reader.feed(html)
    return reader.data


def test_what_cannot_be_kept_comes_back_as_it_was_typed(page: Client, drafted: ItemVersion) -> None:
    before = content()
    row = {"conditions.0.groups.0.rows.0.name": "年营业收入", "conditions.0.groups.0.rows.0.value": "很多"}
    answer = page.post(edit("conditions"), {"conditions.0.code": "c", "conditions.0.text": "收入", **row})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "请填数字" in shown
    assert 'value="很多"' in shown
    assert content() == before
    answer = page.post(edit("flow"), {"flow": "{"})
    assert (answer.status_code, "第 1 行" in answer.content.decode()) == (422, True)


def test_findings_lead_to_their_place(page: Client, drafted: ItemVersion) -> None:
    page.post(edit("materials"), {"materials.0.code": "a", "materials.0.name": "其他相关材料"})
    shown = page.get(edit("materials")).content.decode()
    assert "兜底" in shown
    assert f"{edit('materials')}#f-materials-0-name" in shown
    assert 'id="f-materials-0-name"' in shown


def test_the_last_change_is_undone(page: Client, drafted: ItemVersion) -> None:
    page.post(edit("form"), {"do": "add:form"})
    one = content()
    page.post(edit("form"), {"form.0.code": "section_1", "form.0.title": "改了", "do": ""})
    assert content()["form"][0]["title"] == "改了"
    page.post("/items/demo.one/undo/", {"tab": "form"})
    assert content() == one
    page.post("/items/demo.one/undo/", {"tab": "form"})
    assert content()["form"] == []
    assert page.post("/items/demo.one/undo/", {"tab": "nothing"}).headers["Location"] == edit("guide")


def test_what_another_saved_meanwhile_is_not_overwritten(page: Client, drafted: ItemVersion) -> None:
    seen = _posted(page.get(edit("form")).content.decode())["seen"]
    page.post(edit("form"), {"do": "add:form"})
    answer = page.post(edit("form"), {"seen": seen})
    assert answer.status_code == 422
    assert "别处被修改" in answer.content.decode()
    assert len(content()["form"]) == 1


def test_saving_while_typing_answers_with_the_state_only(page: Client, drafted: ItemVersion) -> None:
    answer = page.post(edit("guide"), {"guide.by_law": "《演示办法》", "autosave": "1"})
    shown = answer.content.decode()
    assert "已自动保存" in shown
    assert "<html" not in shown
    assert content()["guide"]["by_law"] == "《演示办法》"


def test_elements_are_found_and_made(page: Client, drafted: ItemVersion) -> None:
    page.post(edit("form"), {"do": "add:form"})
    shown = page.get(edit("form") + "?q=营业+收入").content.decode()
    assert "add:form.0:revenue" in shown
    base = {"form.0.code": "section_1", "form.0.title": "申请", "do": "new-element", "new.section": "0"}
    page.post(edit("form"), base | {"new.name": "设备型号", "new.kind": "choice", "new.choices": "甲、乙"})
    made = DataElement.objects.get(name="设备型号")
    assert made.choices == ["甲", "乙"]
    assert content()["form"][0]["fields"][0]["element"] == made.code
    for wrong in (
        {"new.name": "年营业收入", "new.kind": "text"},
        {"new.name": "a+b", "new.kind": "text"},
        {"new.name": "色", "new.kind": "choice"},
    ):
        assert page.post(edit("form"), base | wrong).status_code == 422


def test_the_preview_is_the_form_of_the_applicant(page: Client, drafted: ItemVersion, writer: User) -> None:
    form = ["title", {"element": "request", "visible_if": '标题 = "甲"', "required_if": '标题 = "甲"'}]
    actions.save(drafted, document(form=form), writer)
    assert 'name="request"' not in page.get(edit("preview")).content.decode()
    shown = page.post(edit("preview"), {"title": "甲"}).content.decode()
    assert 'name="request"' in shown
    assert "请填写具体请求" in shown


def test_the_trial_counts_all_enterprises(page: Client, drafted: ItemVersion, writer: User) -> None:
    rules = [
        {"code": "a", "text": "收入", "rule": "年营业收入 >= 1"},
        {"code": "b", "text": "表单上的", "rule": '标题 = "甲"'},
    ]
    actions.save(drafted, document(form=["title"], conditions=rules), writer)
    shown = page.get(edit("trial")).content.decode()
    assert "家符合" in shown
    assert "表单上的" in shown


def test_the_approver_sees_what_changed_and_gives_back(page: Client, agency: Organisation, writer: User) -> None:
    published_item("demo.one", agency=agency, form=["title"], limits={"promised": {"amount": 5}})
    page.post("/items/demo.one/draft/")
    page.post(
        edit("limits"),
        {"limits.promised.amount": "3", "limits.promised.unit": "workday", "limits.acceptance_days": "5"},
    )
    page.post("/items/demo.one/submit/")
    other = Client()
    other.force_login(account("publisher", agency, "items.publish"))
    shown = other.get("/items/demo.one/versions/2/").content.decode()
    assert "limits.promised.amount" in shown
    other.post("/items/demo.one/versions/2/send-back/", {"remark": "请说明"})
    assert "请说明" in page.get("/items/demo.one/").content.decode()
    other.post("/items/demo.one/change/", {"what": "suspend", "reason": "升级"})
    assert Item.objects.get(pk="demo.one").suspended == "升级"


def test_the_approver_sees_the_flow_drawn(page: Client, agency: Organisation, writer: User) -> None:
    published_item("demo.drawn", flow=steps("review", "decide"), agency=agency)
    address = "/items/demo.drawn/versions/1/"
    shown = page.get(address).content.decode()
    assert f'data-flow-url="{address}flow.bpmn"' in shown
    assert 'data-step="decide"' in shown
    drawing = page.get(f"{address}flow.bpmn")
    assert drawing.headers["Content-Type"].startswith("application/xml")
    assert b"BPMNDiagram" in drawing.content
    assert Client().get(f"{address}flow.bpmn").status_code == 302


def test_nobody_else_sees_or_changes_it(agency: Organisation, drafted: ItemVersion) -> None:
    stranger = Client()
    stranger.force_login(
        account("stranger", Organisation.objects.get(name__contains="市财政局"), "items.edit", "items.publish")
    )
    for url in ("/items/demo.one/", edit("guide"), "/items/demo.one/versions/1/", "/items/demo.one/versions/1/export/"):
        assert stranger.get(url).status_code == 404
    for url in (
        "/items/demo.one/submit/",
        "/items/demo.one/undo/",
        "/items/demo.one/change/",
        "/items/demo.one/versions/1/publish/",
    ):
        assert stranger.post(url).status_code == 404
    nobody = Client()
    nobody.force_login(User.objects.create(username="nobody"))
    assert nobody.get("/items/").status_code == 403
    assert nobody.get("/items/new/").status_code == 403
    assert Client().get("/items/").status_code == 302


def test_the_list_asks_few_questions_and_pages(
    page: Client, agency: Organisation, drafted: ItemVersion, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    for number in range(60):
        Item.objects.create(
            code=f"demo.x{number:03d}",
            name=f"事项{number}",
            zone="hall",
            kind="application",
            agency=agency,
            division_id="2107",
        )
    page.get("/items/")
    with django_assert_max_num_queries(11):
        shown = page.get("/items/").content.decode()
    assert "after=" in shown
    assert "demo.x059" in page.get("/items/?after=demo.x048").content.decode()
    assert "demo.one" in page.get("/items/?state=draft&q=演示").content.decode()
    assert "没有符合条件的事项" in page.get("/items/?q=没有这个").content.decode()


def test_items_go_out_and_come_in_by_file(page: Client, agency: Organisation, drafted: ItemVersion) -> None:
    data = page.get("/items/demo.one/versions/1/export/").content
    made = json.loads(data)
    made["items"][0] |= {"code": "demo.two", "content": document(form=["title"])}
    file = io.BytesIO(json.dumps(made).encode())
    file.name = "items.json"
    assert page.post("/items/import/", {"file": file}).status_code == 302
    assert Item.objects.filter(pk="demo.two").exists()
    bad = io.BytesIO(json.dumps({"format": exchange.FORMAT, "items": [{}]}).encode())
    bad.name = "bad.json"
    answer = page.post("/items/import/", {"file": bad})
    assert (answer.status_code, "没有导入" in answer.content.decode()) == (422, True)
    assert page.post("/items/import/", {}).status_code == 422
    assert page.get("/items/demo.one/versions/1/export/?format=xlsx").content[:2] == b"PK"


@pytest.mark.parametrize(
    ("rule", "ok"),
    [
        ("年营业收入 > 1", True),
        ('环节.review = "pass"', True),
        ("", True),
        ("年营业收入 >", False),
        ("利润 > 1", False),
    ],
)
def test_rules_of_a_flow_are_checked_as_they_are_typed(page: Client, rule: str, ok: bool) -> None:
    assert page.get("/items/rule/", {"rule": rule}).json()["ok"] is ok


def test_posted_names_become_a_document() -> None:
    posted = QueryDict("a.1.x=2&a.0.x=1&b=false&b=true&c[]=&c[]=u&c[]=v&a.0.y.z=3&b.deep=4")
    assert nested(posted) == {"a": [{"x": "1", "y": {"z": "3"}}, {"x": "2"}], "b": "true", "c": ["u", "v"]}


def test_rows_move_and_go() -> None:
    tree: dict[str, Any] = {"a": [{"n": 1}, {"n": 2}, {"n": 3}]}
    operate(tree, "down:a.0")
    operate(tree, "up:a.2")
    operate(tree, "remove:a.0")
    for harmless in ("up:a.0", "down:a.1", "remove:a.9", "remove:", "add:nothing", "what:a.0", "", "remove:a.x"):
        operate(tree, harmless)
    assert tree == {"a": [{"n": 3}, {"n": 1}]}


def test_a_zone_adds_its_tab(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tabs, "_EXTRA", {})
    register_tab("policy", Tab("extra", "甲", "x.html"), after="form")
    assert [tab.code for tab in tabs_of("policy")][1:3] == ["form", "extra"]
    assert "extra" not in [tab.code for tab in tabs_of("application")]
    with pytest.raises(ValueError, match="registered"):
        register_tab("policy", Tab("extra", "乙", "y.html"))
