"""No link of this zone's pages is dead: whoever is shown a link may follow it, in this zone and out of it."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from yizhantong.kernel.access.models import User
from yizhantong.kernel.notices.models import Notice
from yizhantong.zones.policies import matters
from yizhantong.zones.policies.actions import attachments, automatic, experts, payments, recovery, reviews
from yizhantong.zones.policies.models import FollowUp, PolicyCard, PolicyDocument
from yizhantong.zones.policies.tests.conftest import Enter, Office, official, representative
from yizhantong.zones.policies.tests.test_after_payment import paid

pytestmark = pytest.mark.django_db
EACH = 2
"""Pages fetched for each name of an address: cards are all alike."""


class Links(HTMLParser):
    """Collects what a page's main part links to, where its forms go, and its anchors."""

    def __init__(self) -> None:
        super().__init__()
        self.inside = 0
        self.links: list[str] = []
        self.forms: list[tuple[str, str]] = []
        self.anchors: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what this tag points to."""
        given = {name: value or "" for name, value in attrs}
        self.anchors.add(given.get("id", ""))
        self.inside += tag == "main"
        if self.inside and tag == "a" and "href" in given:
            self.links.append(given["href"])
        if self.inside and tag == "form" and given.get("action"):
            self.forms.append((given.get("method", "get").lower(), given["action"]))

    def handle_endtag(self, tag: str) -> None:
        """Leave the main part."""
        self.inside -= tag == "main"


def name_of(url: str) -> str:
    """Return the name of an address; an address that leads nowhere is a failure."""
    try:
        found = resolve(urlsplit(url).path)
    except Resolver404:
        pytest.fail(f"{url} leads nowhere")
    return f"{found.namespace}:{found.url_name}"


def crawl(client: Client, starts: list[str]) -> Counter[str]:
    """Follow all links from ``starts``: within the zone on and on, out of it one step; return how many pages of each name."""
    waiting, seen, fetched = [(start, "start") for start in starts], set(starts), Counter[str]()
    while waiting:
        url, origin = waiting.pop()
        name = name_of(url)
        if origin != "start" and fetched[name] >= EACH:
            continue
        fetched[name] += 1
        answer = client.get(url)
        assert answer.status_code in (200, 302), f"{url} ({answer.status_code}), linked from {origin}"
        if not url.startswith("/policies/") or not answer.headers["Content-Type"].startswith("text/html"):
            continue
        page = Links()
        page.feed(answer.content.decode())
        for _method, action in page.forms:
            name_of(urljoin(url, action))
        for link in page.links:
            target, anchor = urldefrag(urljoin(url, link))
            assert not link.startswith("#") or anchor in page.anchors, f"{url} has no part {link}"
            assert urlsplit(target).netloc == "", f"{url} links to {link}"
            if target not in seen:
                seen.add(target)
                waiting.append((target, url))
    return fetched


@pytest.fixture
def busy(office: Office) -> Office:
    """A city in which every kind of page has something to show."""
    application, _user = paid(office, 0)
    recovery.decide_recovery(application, 100, reason="核查", law="条例", account=office.treasurer)
    metrics = [{"code": "output", "name": "新增产值"}]
    FollowUp.objects.create(application=application, period="第1期", metrics=metrics, due_on=office.city.day)
    for place, stage in enumerate((matters.FORMAL, "joint", matters.DECIDE, "announced", matters.FUNDS), 1):
        case = office.brought("首次升规企业奖励", stage, place=place)
    payments.make_batch([office.money(case)], office=office.finance, account=office.treasurer)
    document = PolicyDocument.objects.get(document="锦政办发〔2019〕35号")
    attachments.attach(document, named("图解.png"), purpose="interpretation", account=official_editor(office, document))
    card = office.card("小微企业一次性经营补助")
    automatic.check_list(automatic.make_list(card, 2021, account=None), account=None)
    return office


def named(name: str) -> ContentFile[bytes]:
    """Return a small picture."""
    import io

    from PIL import Image

    held = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(held, "PNG")
    return ContentFile(held.getvalue(), name)


def official_editor(office: Office, document: PolicyDocument) -> User:
    """Return an editor of the document's issuer."""
    return official("issuer-editor", document.issuer_id, "policies.edit")


def test_links_of_messages_lead_somewhere(busy: Office) -> None:
    links = set(Notice.objects.filter(kind__startswith="policies.").values_list("link", flat=True))
    assert any("/payments/" in link for link in links), "money asked back is told"
    for link in links:
        assert name_of(link).startswith("policies:")


def test_nobody_s_links_are_dead(busy: Office, enter: Enter) -> None:
    found = crawl(enter(None), [reverse("policies:index")])
    assert {"policies:index", "policies:card", "policies:document"} <= set(found)
    document = PolicyDocument.objects.get(document="锦政办发〔2019〕35号")
    again = crawl(enter(None), [reverse("policies:document", args=[document.pk])])
    assert again["policies:file"] == 2, "shown and to be saved"


def test_an_enterprise_s_links_lead_to_guide_and_application_and_back(busy: Office, enter: Enter) -> None:
    application = busy.money(busy.brought("首次升规企业奖励", "filed", place=8))
    user = representative("walker", application.organisation, busy.city)
    payee = User.objects.get(username="payee-0")
    card = busy.card("首次升规企业奖励")
    here = reverse("policies:card", args=[card.number])
    for who in (user, payee):
        client = enter(who)
        pages = [reverse(f"policies:{name}") for name in ("index", "match", "offers", "results")]
        found = crawl(client, [*pages, here])
        assert {"policies:card", "web:my-case", "web:service"} & set(found) >= {"policies:card", "web:service"}
    assert {"policies:payment", "policies:result", "web:my-case"} <= set(found)
    assert found["web:apply"] >= 1
    assert here in enter(None).get(f"/services/{card.item_id}/").content.decode(), "and back from the guide"


@pytest.mark.parametrize("who", ["clerk", "editor", "publisher", "treasurer"])
def test_an_officer_s_links_may_all_be_followed(busy: Office, enter: Enter, who: str) -> None:
    found = crawl(enter(getattr(busy, who)), [reverse("policies:desk")])
    wanted = {
        "clerk": {"policies:desk-board", "policies:desk-application", "web:desk-case"},
        "editor": {"policies:desk-document", "policies:desk-card", "policies:desk-matching", "policies:desk-experts"},
        "publisher": {"policies:desk-document", "policies:desk-card"},
        "treasurer": {"policies:desk-batch", "policies:desk-recoveries", "policies:desk-results"},
    }[who]
    assert wanted <= set(found)


def test_an_expert_s_links_are_his_own(office: Office, enter: Enter) -> None:
    user = official("link-expert", None, "experts.score", scope="city")
    expert = experts.enlist(user, "装备")
    card = office.card("工业企业技术改造设备补助")
    day = office.driver.start_of(matters.EXPERT)
    case = office.driver.file(card, office.firm(card, 4), None, day)
    office.driver.drive(case, "joint", day)
    reviews.assign_experts(office.money(case), [expert], account=office.clerk)
    found = crawl(enter(user), [reverse("policies:scoring")])
    assert found["policies:sheet"] == 1


def test_the_desk_s_other_pages_lead_somewhere_too(busy: Office, enter: Enter) -> None:
    card = PolicyCard.objects.get(title="首次升规企业奖励")
    editor = official_editor(busy, card.document)
    starts = [
        reverse("policies:desk-card", args=[card.number]),
        reverse("policies:desk-document", args=[card.document_id]),
    ]
    found = crawl(enter(editor), starts)
    assert {"policies:card", "policies:document", "policies:desk-new-card"} <= set(found)
    assert card.item is not None
    builder = official("builder", card.item.agency_id, "items.edit", "policies.edit")
    item_page = reverse("web:item", args=[card.item_id])
    assert item_page in enter(builder).get(starts[0]).content.decode()
    assert reverse("policies:card", args=[card.number]) in enter(builder).get(item_page).content.decode()
