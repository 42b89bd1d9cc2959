"""Pages of packages: for whom each is, few queries, what is wrong told at its place, links that keep to themselves, forms without scripts."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import actions as cases
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.items import actions as item_actions
from yizhantong.kernel.items.models import Item, ItemVersion
from yizhantong.zones.onething import cosigning
from yizhantong.zones.onething.actions import editing
from yizhantong.zones.onething.models import Cosignature
from yizhantong.zones.onething.spec import KEY
from yizhantong.zones.onething.tests.conftest import FATHER, MARRIED, PAPERS, Town

pytestmark = pytest.mark.django_db

Browse = Callable[[str], Client]
PEOPLE = {"", "mother", "father", "editor", "publisher", "stranger", "official0"}
WRITERS = {"editor", "publisher"}
DESK = {"official0", "stranger"}
PAGES: list[tuple[str, list[str], set[str]]] = [
    ("home", [], PEOPLE), ("gains", [], PEOPLE), ("gains-csv", [], PEOPLE), ("package", ["birth"], PEOPLE), ("desk", [], DESK),
    ("editor", [], WRITERS), ("editor-new", [], {"editor"}), ("editor-package", ["birth"], WRITERS), ("editor-preview", ["birth"], WRITERS),
]  # fmt: skip


@pytest.fixture
def browse(town: Town, settings: Any) -> Browse:
    """Return a function that gives the client of an account (``""``: nobody)."""
    settings.YZT_SECOND_FACTOR = False

    def client_of(who: str = "") -> Client:
        client = Client(raise_request_exception=False)
        if who:
            user = User.objects.get(
                pk=(town.officials[sorted(town.officials)[0]] if who == "official0" else town.users[who]).pk
            )
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return client_of


@pytest.mark.parametrize(("name", "args", "allowed"), PAGES, ids=[name for name, _args, _who in PAGES])
def test_each_page_is_for_whom_it_is_meant(browse: Browse, name: str, args: list[str], allowed: set[str]) -> None:
    url = reverse(f"onething:{name}", args=args)
    statuses = {who: browse(who).get(url).status_code for who in sorted(PEOPLE)}
    assert {who for who, status in statuses.items() if status == 200} == allowed, statuses
    assert all(status in (200, 302, 403, 404) for status in statuses.values()), statuses


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


# --- for everybody --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", ["/onething/", "/onething/gains/", "/onething/packages/birth/"])
def test_public_pages_cost_few_queries_however_many_packages(browse: Browse, url: str) -> None:
    client = browse("")
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    assert len(asked) <= 4, [query["sql"][:120] for query in asked]


def test_a_package_says_for_the_answers_given_what_is_to_be_done_and_in_how_many_days(browse: Browse) -> None:
    client = browse("")
    everything = text_of(client.get("/onething/packages/birth/"))
    assert "新生儿参加居民医保" in everything or "医保" in everything
    some = client.get("/onething/packages/birth/", {"birth_wants_card": "false", "birth_wants_insurance": "false"})
    assert "按您的答案,要办 3 项" in text_of(some)
    rubbish = client.get("/onething/packages/birth/", {"birth_applicant": "火星人", "nonsense": "1"})
    assert rubbish.status_code == 200


def test_gains_are_handed_out_with_the_definition_of_before(browse: Browse) -> None:
    answer = browse("").get("/onething/gains.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    days = next(row for row in rows if row["套餐代码"] == "package.birth" and row["指标"] == "办理时限")
    assert int(days["改革前"]) > int(days["改革后"]) > 0
    rate = (int(days["改革前"]) - int(days["改革后"])) / int(days["改革前"]) * 100
    assert days["压减率"] == f"{rate:.2f}%"
    assert "承诺时限" in days["口径说明"]


def test_no_page_holds_an_inline_script_or_style(browse: Browse) -> None:
    for url in ("/onething/", "/onething/packages/property/", "/onething/gains/"):
        page = browse("").get(url).content.decode()
        assert 'style="' not in page
        assert re.search(r"<script(?![^>]*src=)", page) is None


# --- signing together -----------------------------------------------------------------------------------------------


@pytest.fixture
def draft(town: Town) -> Case:
    """A draft that the father has to sign."""
    made = cases.draft(town.item(), applicant=town.mother, account=town["mother"], data=MARRIED)
    for one in (*PAPERS, {"code": "follow_statement", "mode": "paper"}):
        cases.give_material(made, one["code"], mode=one["mode"], account=None)
    return made


def sent(town: Town, browse: Browse, case: Case) -> tuple[Cosignature, str]:
    """Have the mother send the link by its button; return the row and the link."""
    answer = browse("mother").post(reverse("onething:invite", args=[case.number, "father"]))
    assert answer.status_code == 302
    row = Cosignature.objects.get(case=case, state="waiting")
    return row, cosigning.path_of(row)


def test_the_check_page_shows_the_parts_to_come_and_who_must_sign_and_the_refusal_leads_there(
    town: Town, browse: Browse, draft: Case
) -> None:
    client, url = browse("mother"), reverse("web:draft-check", args=[draft.number])
    shown = client.get(url)
    assert "还差 1 人签署" in text_of(shown)
    assert "由最长的一条线决定" in text_of(shown)
    refused = client.post(url, {"true": "1"})
    assert refused.status_code == 422
    assert "onething.unsigned" in text_of(refused)
    assert 'href="#cosigners"' in refused.content.decode()
    assert 'id="cosigners"' in refused.content.decode()


def test_only_the_asker_sends_and_withdraws_links(town: Town, browse: Browse, draft: Case) -> None:
    url = reverse("onething:invite", args=[draft.number, "father"])
    for who in ("", "father", "stranger", "editor"):
        assert browse(who).post(url).status_code in (302, 403, 404)
    assert not Cosignature.objects.exists()
    _row, path = sent(town, browse, draft)
    assert browse("").get(path).status_code == 200
    assert browse("mother").post(reverse("onething:uninvite", args=[draft.number, "father"])).status_code == 302
    dead = browse("").get(path)
    assert dead.status_code == 410
    assert "撤销" in text_of(dead)
    assert browse("mother").get(url).status_code == 405


def test_the_signing_page_is_kept_by_nobody_and_shows_personal_values_only_to_the_signer(
    town: Town, browse: Browse, draft: Case
) -> None:
    _row, path = sent(town, browse, draft)
    client = browse("")
    page = client.get(path)
    assert "no-store" in page["Cache-Control"]
    assert "noindex" in page["X-Robots-Tag"]
    assert page["Referrer-Policy"] == "same-origin"
    assert "本人是新生儿的父亲或母亲" in text_of(page)
    seen = client.post(path, {"do": "look", "identity": FATHER})
    assert "演示小宝" in text_of(seen)
    assert seen.status_code == 200


def test_a_wrong_number_and_a_missing_reason_are_told_at_their_fields(town: Town, browse: Browse, draft: Case) -> None:
    row, path = sent(town, browse, draft)
    client = browse("")
    wrong = client.post(path, {"do": "look", "identity": "110101199003070011"})
    assert wrong.status_code == 422
    assert re.search(r'id="identity-error"[^>]*>[^<]*还可以试 4 次', wrong.content.decode())
    bare = client.post(path, {"do": "decline", "reason": " "})
    assert re.search(r'id="reason-error"[^>]*>[^<]+', bare.content.decode())
    row.refresh_from_db()
    assert row.state == "waiting"
    declined = client.post(path, {"do": "decline", "reason": "姓名没有商量好"})
    assert "不同意" in text_of(declined)
    assert "姓名没有商量好" in text_of(browse("mother").get(reverse("web:draft-check", args=[draft.number])))


def test_signed_once_the_draft_can_be_submitted_and_a_later_change_asks_again(
    town: Town, browse: Browse, draft: Case
) -> None:
    row, path = sent(town, browse, draft)
    client = browse("")
    assert client.post(path, {"do": "sign", "identity": FATHER, "digest": "0" * 64}).status_code == 422
    signed = client.post(path, {"do": "sign", "identity": FATHER, "digest": row.data_digest})
    assert "您已签署" in text_of(signed)
    assert client.post(path, {"do": "sign", "identity": FATHER, "digest": row.data_digest}).status_code == 410
    check = reverse("web:draft-check", args=[draft.number])
    assert "都签好了" in text_of(browse("mother").get(check))
    cases.save_draft(draft, MARRIED | {"newborn_name": "演示大宝"}, town["mother"])
    assert "还差 1 人签署" in text_of(browse("mother").get(check))


@pytest.mark.parametrize("token", ["x", "0" * 64, "%00", "a" * 300])
def test_links_that_never_were_are_told_plainly(browse: Browse, token: str) -> None:
    answer = browse("").get(f"/onething/sign/{token}/")
    assert answer.status_code in (404, 410)


# --- on the way -----------------------------------------------------------------------------------------------------


def test_the_asker_sees_every_part_why_one_failed_and_what_never_opened(town: Town, browse: Browse) -> None:
    parent = town.accepted()
    town.decide(parent, "certificate")
    town.decide(parent, "household", "refused", reason="户口所在地不符", law="《户口登记条例》第七条")
    page = text_of(browse("mother").get(reverse("web:my-case", args=[parent.number])))
    assert "户口所在地不符" in page
    assert "未启动" in page
    assert "办成" in page
    desk = browse_official(town, browse, parent).get(reverse("web:desk-case", args=[parent.number]))
    assert "还没有启动的事项" in text_of(desk) or "未启动" in text_of(desk)


def browse_official(town: Town, browse: Browse, case: Case) -> Client:
    client = browse("")
    client.force_login(town.official(case), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_leads_list_costs_the_same_for_one_package_and_for_many(town: Town, browse: Browse) -> None:
    parent = town.accepted()
    client = browse_official(town, browse, parent)
    client.get("/onething/desk/")
    with CaptureQueriesContext(connection) as one:
        assert parent.number in text_of(client.get("/onething/desk/"))
    for _ in range(4):
        town.accepted()
    with CaptureQueriesContext(connection) as many:
        client.get("/onething/desk/")
    assert len(many) <= len(one) <= 16, [query["sql"][:120] for query in many]


@pytest.mark.parametrize(
    ("state", "shown"),
    [("open", True), ("submitted", False), ("late", False), ("failed", False), ("closed", False), ("all", True)],
)
def test_the_list_is_narrowed_by_state(town: Town, browse: Browse, state: str, shown: bool) -> None:
    parent = town.accepted()
    page = browse_official(town, browse, parent).get("/onething/desk/", {"state": state})
    assert (parent.number in text_of(page)) is shown


def test_officials_of_other_agencies_do_not_see_the_package_in_the_list(town: Town, browse: Browse) -> None:
    parent = town.accepted()
    assert parent.number not in text_of(browse("stranger").get("/onething/desk/", {"state": "all"}))
    assert browse("").get("/onething/desk/", {"after": "nonsense"}).status_code == 302


# --- the editor -----------------------------------------------------------------------------------------------------


def names_in(page: str) -> Iterator[tuple[str, str]]:
    """Yield what a browser would post of the editor's form, as it stands."""
    form = page[page.index('id="package-form"') : page.index("</form>", page.index('id="package-form"'))]
    for tag in re.finditer(r"<input\b[^>]*>", form):
        found = dict(re.findall(r'(\w+)="([^"]*)"', tag.group()))
        box = found.get("type") == "checkbox"
        if "name" in found and (not box or " checked" in tag.group()):
            yield found["name"], _plain(found.get("value", ""))
    for name, inner in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        options = re.findall(r'<option(?: value="([^"]*)")?( selected)?>([^<]*)', inner)
        chosen = next((value or text for value, selected, text in options if selected), None)
        yield name, _plain(chosen if chosen is not None else options[0][0])
    for name, inner in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.S):
        yield name, _plain(inner)


def _plain(text: str) -> str:
    from html import unescape

    return unescape(text)


def posted(page: str) -> dict[str, list[str]]:
    made: dict[str, list[str]] = {}
    for name, value in names_in(page):
        if name != "csrfmiddlewaretoken":
            made.setdefault(name, []).append(value)
    return made


@pytest.fixture
def version(town: Town) -> ItemVersion:
    """A draft of the birth package."""
    return editing.draft(town.item(), town["editor"])


EDIT = "/onething/editor/birth/edit/"


@pytest.mark.parametrize("code", ["birth", "property", "startup", "school"])
def test_what_the_form_shows_and_takes_back_is_the_same_package(town: Town, browse: Browse, code: str) -> None:
    made = (
        editing.draft(town.item(code), User.objects.get(pk=town.users["editor"].pk))
        if code == "birth"
        else _everywhere(town, code)
    )
    before = made.content
    url = f"/onething/editor/{code}/edit/"
    client = browse("editor")
    page = client.get(url).content.decode()
    answer = client.post(url, posted(page) | {"do": ["save"]})
    assert answer.status_code == 302, text_of(answer)
    made.refresh_from_db()
    assert made.content["benefit"][KEY] == before["benefit"][KEY]
    assert made.content == before


def _everywhere(town: Town, code: str) -> ItemVersion:
    return editing.draft(town.item(code), User.objects.get(pk=town.users["editor"].pk))


def test_a_condition_is_built_by_choices_and_shows_in_the_lanes(
    town: Town, browse: Browse, version: ItemVersion
) -> None:
    client = browse("editor")
    given = posted(client.get(EDIT).content.decode())
    place = next(name.split(".")[1] for name, value in given.items() if value == ["onething.birth_vaccination"])
    given[f"parts.{place}.when.rows.0.name"] = ["是否为新生儿申领社保卡"]
    given[f"parts.{place}.when.rows.0.operator"] = ["="]
    given[f"parts.{place}.when.rows.0.value"] = ["是"]
    side = client.post("/onething/editor/birth/side/", given)
    assert side.status_code == 200
    assert "合计承诺" in text_of(side)
    version.refresh_from_db()
    assert "when" not in str(version.content["benefit"][KEY]["parts"][4]["when"])
    assert client.post(EDIT, given | {"do": ["save"]}).status_code == 302
    version.refresh_from_db()
    assert version.content["benefit"][KEY]["parts"][int(place)]["when"] == "是否为新生儿申领社保卡 = true"


def test_what_is_wrong_stands_at_its_row_and_nothing_typed_is_lost(
    town: Town, browse: Browse, version: ItemVersion
) -> None:
    client, kept = browse("editor"), version.content
    given = posted(client.get(EDIT).content.decode())
    given["parts.0.when.rows.0.name"], given["parts.0.when.rows.0.value"] = ["父母是否已登记结婚"], ["也许"]
    answer = client.post(EDIT, given | {"do": ["save"]})
    page = answer.content.decode()
    assert answer.status_code == 422
    row = page[page.index('id="f-parts-0"') : page.index('id="f-parts-1"')]
    assert "也许" in row
    assert 'class="editor-finding"' in row
    version.refresh_from_db()
    assert version.content == kept


def test_a_circle_of_items_is_refused_in_words(town: Town, browse: Browse, version: ItemVersion) -> None:
    client = browse("editor")
    given = posted(client.get(EDIT).content.decode())
    given["parts.0.after[]"] = ["", "household"]
    answer = client.post(EDIT, given | {"do": ["save"]})
    assert answer.status_code == 422
    assert "互为前置" in text_of(answer)


def test_rows_are_moved_and_removed_by_buttons_without_scripts(
    town: Town, browse: Browse, version: ItemVersion
) -> None:
    client = browse("editor")
    given = posted(client.get(EDIT).content.decode())
    assert client.post(EDIT, given | {"do": ["up:questions.1"]}).status_code == 302
    version.refresh_from_db()
    asked = [row["element"] for row in version.content["benefit"][KEY]["questions"]]
    assert asked[:2] == ["parents_married", "birth_applicant"]
    given = posted(client.get(EDIT).content.decode())
    assert client.post(EDIT, given | {"do": ["remove:parts.4"]}).status_code == 302
    version.refresh_from_db()
    assert len(version.content["benefit"][KEY]["parts"]) == 4


def test_of_two_windows_the_later_does_not_overwrite_the_earlier(
    town: Town, browse: Browse, version: ItemVersion
) -> None:
    client = browse("editor")
    first = posted(client.get(EDIT).content.decode())
    second = dict(first)
    assert client.post(EDIT, first | {"guide.summary": ["甲"], "do": ["save"]}).status_code == 302
    late = client.post(EDIT, second | {"guide.summary": ["乙"], "do": ["save"]})
    assert late.status_code == 422
    assert "刚在别处被修改过" in text_of(late)


def test_four_eyes_publish_what_one_pair_wrote(town: Town, browse: Browse, version: ItemVersion) -> None:
    editor, publisher = browse("editor"), browse("publisher")
    given = posted(editor.get(EDIT).content.decode())
    editor.post(EDIT, given | {"guide.summary": ["孩子出生后的五件事一次办"], "do": ["save"]})
    act = "/onething/editor/birth/do/"
    assert editor.post(f"{act}submit/").status_code == 302
    assert ItemVersion.objects.get(pk=version.pk).state == "submitted"
    editor.post(f"{act}publish/")
    assert ItemVersion.objects.get(pk=version.pk).state == "submitted"
    publisher.post(f"{act}send-back/", {"remark": ""})
    assert ItemVersion.objects.get(pk=version.pk).state == "submitted"
    publisher.post(f"{act}send-back/", {"remark": "请写清时限"})
    assert "请写清时限" in text_of(editor.get("/onething/editor/birth/"))
    editor.post(f"{act}submit/")
    publisher.post(f"{act}publish/")
    assert ItemVersion.objects.get(pk=version.pk).state == "published"
    assert "五件事一次办" in text_of(browse("").get("/onething/packages/birth/"))


def test_a_new_package_is_built_from_nothing_by_choices(town: Town, browse: Browse) -> None:
    client = browse("editor")
    made = client.post(
        "/onething/editor/new/", {"code": "moving", "name": "搬家一件事", "agency": town.item().agency_id}
    )
    assert made.status_code == 302, text_of(made)
    url = "/onething/editor/moving/edit/"
    given = posted(client.get(url).content.decode())
    given["parts.0.item"] = ["onething.birth_vaccination"]
    saved = client.post(url, given | {"do": ["save"]})
    assert saved.status_code == 302, text_of(saved)
    page = client.get(url).content.decode()
    assert "申请人看到的表单" in page
    document = ItemVersion.objects.get(item_id="package.moving").content["benefit"][KEY]
    assert [part["code"] for part in document["parts"]] == ["birth_vaccination"]
    assert (
        client.post(
            "/onething/editor/new/", {"code": "birth", "name": "重复", "agency": town.item().agency_id}
        ).status_code
        == 422
    )


def test_a_part_published_anew_is_told_and_taken_in_by_one_press(town: Town, browse: Browse) -> None:
    part = Item.objects.get(pk="onething.birth_vaccination")
    writer, other = town["editor"], town["publisher"]
    fresh = item_actions.draft(part, writer)
    document = dict(fresh.content)
    document["guide"] = dict(document["guide"]) | {"summary": "说明改过了"}
    item_actions.save(fresh, document, writer)
    item_actions.submit(fresh, writer)
    item_actions.publish(fresh, other)
    client = browse("editor")
    page = text_of(client.get("/onething/editor/birth/"))
    assert "按现行版本重新合并" in page
    assert client.post("/onething/editor/birth/do/reassemble/").status_code == 302
    made = ItemVersion.objects.get(item_id="package.birth", state="draft")
    pinned = {row["item"]: row["version"] for row in made.content["benefit"][KEY]["parts"]}
    part.refresh_from_db()
    assert part.current is not None
    assert pinned[part.pk] == part.current.number


# --- for programs ---------------------------------------------------------------------------------------------------


def test_programs_read_packages_situations_and_progress(town: Town, browse: Browse) -> None:
    client = browse("")
    listed = client.get("/api/v1/onething/packages").json()
    assert {"package.birth", "package.property"} <= {one["code"] for one in listed}
    spec = client.get("/api/v1/onething/packages/package.birth/spec").json()
    assert spec["parts"][0]["code"] == "certificate"
    answers = {"answers": {"birth_wants_card": False, "birth_wants_insurance": False}}
    some = client.post(
        "/api/v1/onething/packages/package.birth/situation", answers, content_type="application/json"
    ).json()
    assert len(some["parts"]) == 3
    assert client.get("/api/v1/onething/packages/package.nothing").status_code == 404
    parent = town.accepted()
    url = f"/api/v1/onething/cases/{parent.number}/progress"
    assert client.get(url).status_code == 401
    assert browse("father").get(url).json()["code"] == "cases.unknown"
    assert len(browse("mother").get(url).json()["parts"]) == 5


def test_programs_preview_only_what_they_may_edit(town: Town, browse: Browse) -> None:
    spec = {"spec": browse("").get("/api/v1/onething/packages/package.birth/spec").json()}
    url = "/api/v1/onething/packages/package.birth/preview"
    assert browse("mother").post(url, spec, content_type="application/json").status_code == 404
    made = browse("editor").post(url, spec, content_type="application/json").json()
    assert made["ready"] is True
    assert made["gains"]["rows"]
    wrong = browse("editor").post(url, {"spec": {"parts": []}}, content_type="application/json")
    assert wrong.status_code == 422


def test_programs_send_links_to_the_signer_and_never_read_them(town: Town, browse: Browse, draft: Case) -> None:
    url = f"/api/v1/onething/drafts/{draft.number}/signatures"
    client = browse("mother")
    assert [one["state"] for one in client.get(url).json()] == ["missing"]
    sent_ = client.post(f"{url}/father", content_type="application/json")
    assert sent_.json()[0]["state"] == "waiting"
    assert cosigning.path_of(Cosignature.objects.get(case=draft)).split("/")[3] not in sent_.content.decode()
    assert browse("father").get(url).status_code == 404
    assert client.delete(f"{url}/father").json()[0]["state"] == "missing"


def test_the_home_page_says_who_still_has_to_sign(town: Town, browse: Browse, draft: Case) -> None:
    sent(town, browse, draft)
    assert "去签署" in text_of(browse("father").get("/my/"))
    assert "待签署" in text_of(browse("mother").get("/my/"))


# --- results and promises -------------------------------------------------------------------------------------------


def test_a_result_is_disputed_at_the_part_that_made_it_not_at_the_package(town: Town, browse: Browse) -> None:
    parent = town.accepted(birth_wants_card=False, birth_wants_insurance=False)
    town.decide(parent, "certificate")
    household = town.decide(parent, "household", "refused", reason="户籍地不在本市", law="《户口登记条例》第七条")
    town.decide(parent, "vaccination")
    whole = browse("mother").get(f"/my/cases/{parent.number}/").content.decode()
    part = browse("mother").get(f"/my/cases/{household.number}/").content.decode()
    offered = 'name="operation" value="dispute"'
    assert (offered in whole, offered in part) == (False, True)
    assert f"/my/cases/{household.number}/#dispute" in whole
    assert 'id="dispute"' in part
    assert "对哪一项不服" in whole


def test_the_school_package_promises_a_day_of_the_season_instead_of_working_days(browse: Browse) -> None:
    front, page = (browse("").get(url) for url in ("/onething/", "/onething/packages/school/"))
    assert "60 个工作日" not in text_of(page)
    assert "不按工作日计算" in text_of(page)
    assert re.search(r"60\s*个工作日内", text_of(front)) is None
