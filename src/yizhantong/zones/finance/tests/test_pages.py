"""Pages: each for whom it is meant and nobody else; what is typed goes through the actions; few queries; nothing inline."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from yizhantong.kernel.access.models import User
from yizhantong.kernel.ledger.models import AuditEvent
from yizhantong.zones.finance.actions import authorising, dealing, lending, offering
from yizhantong.zones.finance.actions import products as product_actions
from yizhantong.zones.finance.events import actions as event_actions
from yizhantong.zones.finance.events import planning
from yizhantong.zones.finance.events.actions import Reply
from yizhantong.zones.finance.events.tests.conftest import invitation_of
from yizhantong.zones.finance.models import Authorisation, BankFile, Drawdown, Engagement, Look, MatchEvent, Product
from yizhantong.zones.finance.models import Listing as Need
from yizhantong.zones.finance.queries import bank_views, visible
from yizhantong.zones.finance.tests.conftest import OFFER, WAN, Market, account

pytestmark = pytest.mark.django_db

Browse = Callable[[str], Client]
PEOPLE = {"f-office", "f-bank0", "f-bank1", "f-asker", "f-other", "f-clerk", "f-nobody"}
OFFICE, BANKS, FIRMS = {"f-office"}, {"f-bank0", "f-bank1"}, {"f-asker", "f-other"}
OPEN = PEOPLE | {""}
PAGES: list[tuple[str, set[str]]] = [
    ("home", OPEN), ("products", OPEN), ("compare", OPEN), ("needs", PEOPLE), ("authorisations", PEOPLE), ("authorise", FIRMS),
    ("desk", BANKS), ("pool", BANKS), ("own-products", BANKS), ("product-new", BANKS), ("files", BANKS), ("listings", OFFICE),
    ("approvals", OFFICE), ("statistics", OFFICE | BANKS), ("events", PEOPLE), ("event-new", OFFICE),
]  # fmt: skip


@pytest.fixture
def browse(market: Market, settings: Any) -> Browse:
    """Return a function that gives the client of an account (``""``: nobody)."""
    settings.YZT_SECOND_FACTOR = False
    account("f-clerk", market.office.agency_id, ["cases.view", "cases.handle"])
    User.objects.get_or_create(username="f-nobody", defaults={"display_name": "演示路人"})

    def client_of(who: str = "") -> Client:
        client = Client(raise_request_exception=False)
        if who:
            user = User.objects.get(username=who)
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return client_of


@pytest.mark.parametrize(("name", "allowed"), PAGES, ids=[name for name, _who in PAGES])
def test_each_page_is_for_whom_it_is_meant(browse: Browse, name: str, allowed: set[str]) -> None:
    url = reverse(f"finance:{name}")
    statuses = {who: browse(who).get(url).status_code for who in sorted(OPEN)}
    assert {who for who, status in statuses.items() if status == 200} == allowed, statuses
    for who, status in statuses.items():
        if who not in allowed:
            assert status == (302 if not who else status)
            assert status in (302, 403, 404, 409), (who, status)


def matrix(browse: Browse, url: str) -> set[str]:
    return {who for who in PEOPLE if browse(who).get(url).status_code == 200}


def test_one_need_is_seen_by_its_own_and_by_banks_only_where_they_deal_with_it(market: Market, browse: Browse) -> None:
    deal = market.taken()
    number = deal.listing.number
    assert matrix(browse, reverse("finance:need", args=[number])) == {"f-asker"}
    assert matrix(browse, reverse("finance:listing", args=[number])) == {"f-office"}
    assert matrix(browse, reverse("finance:pool-need", args=[number])) == {"f-bank0"}
    assert matrix(browse, reverse("finance:deal", args=[deal.pk])) == {"f-bank0", "f-office"}


def test_a_bank_never_reads_the_name_without_an_authorisation_and_every_look_is_told(
    market: Market, browse: Browse
) -> None:
    deal = market.taken()
    bank, firm = browse("f-bank0"), market.firm
    page = reverse("finance:deal", args=[deal.pk])
    shown = [reverse("finance:desk"), page, reverse("finance:pool-need", args=[deal.listing.number])]
    for url in shown:
        assert firm.name not in bank.get(url).content.decode(), url
    authorising.authorise(
        firm, purpose="approval", groups=["registration", "operation"], banks=[deal.bank], listing=deal.listing, account=market.asker
    )  # fmt: skip
    assert firm.name in bank.get(page).content.decode()
    assert firm.name in bank.get(reverse("finance:desk")).content.decode(), "the list knows what the page knows"
    for officer in market.officers:
        assert bank_views.seen([deal.listing], officer)[deal.listing.pk] == visible.as_bank(deal.listing, officer)
    assert not Look.objects.exists(), "looking at the page is no look at data"
    seen = bank.post(page, {"look": "1"}).content.decode()
    assert "本次查看已记录" in seen
    assert Look.objects.get().account == market.officers[0]
    told = browse("f-asker").get(reverse("finance:authorisations")).content.decode()
    assert deal.bank.name in told
    assert str(market.officers[0]) in told


def test_an_authorisation_is_given_after_its_words_were_read_and_ends_at_once(market: Market, browse: Browse) -> None:
    listing = market.published()
    client, url = browse("f-asker"), reverse("finance:authorise")
    given = {
        "purpose": "matching",
        "groups": ["registration"],
        "banks": [market.banks[0].pk],
        "days": "30",
        "listing": str(listing.pk),
    }
    read = client.post(url, given)
    assert market.banks[0].name in read.context["words"]
    assert not Authorisation.objects.exists()
    client.post(url, given | {"agree": "1"})
    made = Authorisation.objects.get()
    assert made.in_force(made.valid_from)
    wrong = client.post(url, given | {"banks": ["*", market.banks[0].pk], "groups": []})
    assert wrong.status_code == 422
    assert {"banks", "groups"} <= set(wrong.context["form"].errors)
    withdraw = reverse("finance:authorisation-withdraw", args=[made.pk])
    assert browse("f-other").post(withdraw).status_code == 404
    client.post(withdraw)
    made.refresh_from_db()
    assert made.withdrawn_at is not None
    assert matrix(browse, reverse("finance:authorisation", args=[made.pk])) == {"f-asker"}


def act(client: Client, deal: Engagement, what: str, **given: Any) -> Any:
    fields = {f"{what}-{name}": value for name, value in given.items()}
    return client.post(reverse("finance:deal-act", args=[deal.pk, what]), fields)


def test_the_whole_way_by_the_buttons_until_the_figure_moves(market: Market, browse: Browse) -> None:
    listing = market.filed(300)
    office, bank, asker = browse("f-office"), browse("f-bank0"), browse("f-asker")
    at = lambda what: reverse("finance:listing-act", args=[listing.number, what])  # noqa: E731
    office.post(at("publish"))
    office.post(at("open"), {"open-places": "2"})
    assert listing.number in bank.get(reverse("finance:pool")).content.decode()
    grabbed = bank.post(reverse("finance:pool-need", args=[listing.number]), {"grab": "1", "product": ""})
    deal = Engagement.objects.get()
    assert grabbed["Location"] == reverse("finance:deal", args=[deal.pk])
    assert act(bank, deal, "contact", note="已电话联系").status_code == 302
    act(bank, deal, "investigate", note="")
    wrong = act(bank, deal, "grant", amount="999", rate="4.35", months="12")
    assert wrong.status_code == 422
    assert 'value="999"' in wrong.content.decode(), "what was typed is not lost"
    assert act(bank, deal, "grant", amount="300", rate="4.35", months="12").status_code == 302
    own = asker.get(reverse("finance:need", args=[listing.number])).content.decode()
    assert "130,500.00" in own, "300万元 × 4.35% × 12/12"
    act(bank, deal, "sign", number="HT-2021-1", amount="280", on=market.city.day.isoformat())
    deal.refresh_from_db()
    file = f"类型,放款凭证号,授信编号,放款金额(元),放款日期,说明\n放款,FK-1,{deal.credit_number},2800000.00,{market.city.day},\n放款,FK-2,没有的授信,1.00,{market.city.day},\n"
    upload = lambda: SimpleUploadedFile("放款.csv", file.encode("utf-8-sig"), content_type="text/csv")  # noqa: E731
    preview = bank.post(reverse("finance:files"), {"file": upload()})
    assert not Drawdown.objects.exists()
    token = preview.context["token"]
    taken = bank.post(reverse("finance:file-take", args=[token]))
    made = BankFile.objects.get()
    assert (made.recorded, made.failed) == (1, 1)
    assert "没有的授信" in bank.get(taken["Location"]).content.decode()
    assert browse("f-bank1").get(taken["Location"]).status_code == 404
    again = bank.post(reverse("finance:files"), {"file": upload()}).context["token"]
    bank.post(reverse("finance:file-take", args=[again]))
    assert Drawdown.objects.count() == 1
    office.post(at("close"), {"close-remark": ""})
    listing.refresh_from_db()
    assert (listing.state, listing.ending, listing.drawn_fen) == ("closed", "solved", 280 * WAN)


def test_a_refusal_carries_its_reason_to_the_enterprise(market: Market, browse: Browse) -> None:
    deal = market.taken()
    bank = browse("f-bank0")
    assert act(bank, deal, "refuse", reason="", text="").status_code == 422
    act(bank, deal, "refuse", reason="security", text="缺少抵押")
    deal.refresh_from_db()
    assert (deal.state, deal.refusal) == ("refused", "security")
    page = browse("f-asker").get(reverse("finance:need", args=[deal.listing.number])).content.decode()
    assert "担保措施不足;缺少抵押" in page


def test_buttons_of_others_change_nothing(market: Market, browse: Browse) -> None:
    deal = market.taken()
    for who in ("f-bank1", "f-asker", "f-nobody", "f-clerk"):
        assert act(browse(who), deal, "contact", note="越权").status_code in (302, 403, 404), who
    assert act(browse("f-office"), deal, "contact", note="越权").status_code in (403, 422)
    deal.refresh_from_db()
    assert deal.state == "taken"
    need = deal.listing.number
    for who in ("f-bank0", "f-asker", "f-nobody"):
        assert browse(who).post(reverse("finance:listing-act", args=[need, "close"]), {}).status_code == 403
    assert (
        browse("f-other").post(reverse("finance:need-act", args=[need, "call-off"]), {"deal": deal.pk}).status_code
        == 404
    )
    browse("f-asker").post(
        reverse("finance:need-act", args=[need, "call-off"]), {"deal": deal.pk, "reason": "另有安排"}
    )
    deal.refresh_from_db()
    assert deal.state == "off"


def test_an_enterprise_sends_its_need_to_the_banks_it_ticks(market: Market, browse: Browse) -> None:
    listing = market.published()
    url = reverse("finance:need", args=[listing.number])
    client = browse("f-asker")
    page = client.get(url)
    assert {suit.product.bank_id for suit in page.context["suits"]} == {
        bank.pk for bank in market.banks[: len(market.officers)]
    }
    client.post(reverse("finance:need-act", args=[listing.number, "push"]), {"product": [market.offers[0].code]})
    assert Engagement.objects.get().state == "pushed"


def test_a_product_goes_from_draft_to_the_list_by_two_pairs_of_eyes(market: Market, browse: Browse) -> None:
    bank, office = browse("f-bank0"), browse("f-office")
    values = {
        "name": "演示抵押贷", "summary": "", "min_fen": "50", "max_fen": "10", "min_months": "6", "max_months": "36", "lpr": "1y", "low_bp": "10",
        "high_bp": "80", "guarantees": ["mortgage"], "purposes": ["working"], "conditions": "年营业收入 >= 5000000", "materials": "营业执照\n报表",
        "contact": "演示", "phone": "0416-1",
    }  # fmt: skip
    wrong = bank.post(reverse("finance:product-new"), values)
    assert wrong.status_code == 422
    assert "conditions" in wrong.context["form"].errors
    values["conditions"] = "年营业收入 >= 5000000 | 年营业收入不低于 500 万元"
    assert bank.post(reverse("finance:product-new"), values).status_code == 422, "50 to 10 is no range"
    assert bank.post(reverse("finance:product-new"), values | {"max_fen": "500"}).status_code == 302
    made = Product.objects.get(name="演示抵押贷")
    assert matrix(browse, reverse("finance:product", args=[made.code])) == {"f-bank0"}
    bank.post(reverse("finance:product-act", args=[made.code, "submit"]))
    page = reverse("finance:approval", args=[made.code])
    assert matrix(browse, page) == {"f-office"}
    office.post(page, {"do": "send-back", "remark": "请补充条件"})
    assert "请补充条件" in bank.get(reverse("finance:product-edit", args=[made.code])).content.decode()
    bank.post(reverse("finance:product-act", args=[made.code, "submit"]))
    office.post(page, {"do": "publish"})
    assert "演示抵押贷" in Client().get(reverse("finance:products")).content.decode()
    compared = Client().get(
        reverse("finance:compare"), {"code": [made.code, market.offers[0].code], "amount": "100", "months": "12"}
    )
    assert [offer.product.code for offer in compared.context["offers"]] == [made.code, market.offers[0].code]
    none = Client().get(reverse("finance:products"), {"amount": "5000"})
    assert not none.context["page"]
    assert Client().get(reverse("finance:products"), {"amount": "x", "after": "~"}).status_code in (200, 404)


def test_lists_cost_the_same_however_long_they_are(market: Market, browse: Browse) -> None:
    clients = {who: browse(who) for who in ("f-office", "f-bank0", "f-asker")}
    lists = [
        ("f-office", "listings"), ("f-bank0", "desk"), ("f-bank0", "pool"), ("f-asker", "needs"), ("f-bank0", "own-products"),
        ("f-asker", "products"), ("f-asker", "authorisations"),
    ]  # fmt: skip

    def cost(who: str, name: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert clients[who].get(reverse(f"finance:{name}"), {"state": ""}).status_code == 200
        return len(caught)

    def more() -> None:
        deal = market.taken()
        offering.open_to_grab(market.published(), 3, account=market.office)
        authorising.authorise(
            market.firm,
            purpose="matching",
            groups=["registration"],
            banks=[deal.bank],
            listing=deal.listing,
            account=market.asker,
        )
        code = product_actions.submit(
            product_actions.draft(deal.bank, OFFER, account=market.officers[0]), account=market.officers[0]
        )
        product_actions.publish(code, account=market.office)

    more()
    for who, name in lists:
        cost(who, name)
    before = {(who, name): cost(who, name) for who, name in lists}
    more()
    more()
    grown = {pair: cost(*pair) - count for pair, count in before.items()}
    assert {pair: extra for pair, extra in grown.items() if extra > 0} == {}


def test_the_export_is_on_record_and_harmless(market: Market, browse: Browse) -> None:
    deal = market.brought("signed")
    lending.draw(deal, "=1+1", 100 * WAN, on=market.city.day, account=market.officers[0])
    answer = browse("f-bank0").post(reverse("finance:export"))
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 2
    assert rows[1][0] == deal.listing.number
    assert browse("f-asker").post(reverse("finance:export")).status_code == 403
    assert browse("f-bank0").get(reverse("finance:export")).status_code == 405


def test_pages_hold_nothing_inline(market: Market, browse: Browse) -> None:
    deal = market.brought("granted")
    seen = [
        ("f-asker", "need", [deal.listing.number]), ("f-bank0", "deal", [deal.pk]), ("f-office", "listing", [deal.listing.number]),
        ("f-office", "statistics", []), ("f-asker", "home", []), ("f-bank0", "home", []), ("f-office", "home", []),
        ("f-asker", "products", []), ("f-asker", "authorise", []),
    ]  # fmt: skip
    for who, name, args in seen:
        answer = browse(who).get(reverse(f"finance:{name}", args=args))
        text = answer.content.decode()
        assert answer.status_code == 200, (who, name)
        assert " style=" not in text
        assert not re.search(r"<script(?![^>]*(src=|application/json))", text)
        assert not re.search(r" on[a-z]+=", text)


def event_of(market: Market, **changed: Any) -> MatchEvent:
    """Return an event with the enterprise and two banks, all of whom accepted, ready to be planned."""
    day = market.city.day + dt.timedelta(days=10)
    values: dict[str, Any] = {
        "title": "演示对接会", "place": "会展中心", "day": day, "begins": dt.time(9), "minutes": 20, "pause": 5, "slots": 4,
        "rooms": (("一号厅", 2),), "most": 2, "answer_until": day - dt.timedelta(days=3),
    }  # fmt: skip
    event = event_actions.create(event_actions.Given(**(values | changed)), account=market.office)
    event_actions.invite(event, [market.firm, *market.banks[:2]], account=market.office)
    event.refresh_from_db()
    return event


def test_an_event_is_opened_answered_planned_and_told_on_pages(market: Market, browse: Browse) -> None:
    office, asker, bank = browse("f-office"), browse("f-asker"), browse("f-bank0")
    day = market.city.day + dt.timedelta(days=10)
    given = {
        "title": "秋季对接会", "place": "会展中心", "day": day, "begins": "09:00", "minutes": "20", "pause": "5", "slots": "4", "rooms": "一号厅",
        "most": "3", "answer_until": day, "note": "",
    }  # fmt: skip
    wrong = office.post(reverse("finance:event-new"), given)
    assert wrong.status_code == 422
    assert "rooms" in wrong.context["form"].errors
    assert office.post(reverse("finance:event-new"), given | {"rooms": "一号厅 2"}).status_code == 302
    event = MatchEvent.objects.get()
    listing = market.published()
    banks = [one.pk for one in market.banks[:2]]
    office.post(reverse("finance:event-invite", args=[event.pk]), {"banks": banks, "firms": [market.firm.pk]})
    assert event.invitations.count() == 3
    own, partner = invitation_of(event, market.firm), invitation_of(event, market.banks[0])
    page = reverse("finance:event-reply", args=[event.pk, own.pk])
    assert matrix(browse, page) == {"f-asker", "f-office"}
    twice = asker.post(page, {"free": [0, 1], "wish_1": partner.pk, "wish_2": partner.pk, "who": ""})
    assert "wish_2" in twice.context["form"].errors
    asker.post(page, {"free": [0, 1], "wish_1": partner.pk, "who": "演示", "listing": listing.pk})
    bank.post(
        reverse("finance:event-reply", args=[event.pk, partner.pk]),
        {"free": [1, 2, 3], "wish_1": own.pk, "seats": "1", "who": ""},
    )
    office.post(reverse("finance:event-act", args=[event.pk, "plan"]))
    talk = event.talks.get()
    assert (talk.slot, talk.enterprise_id, talk.bank_id) == (1, own.pk, partner.pk)
    at = reverse("finance:event", args=[event.pk])
    assert "已证明最优" in office.get(at).content.decode()
    assert "09:25–09:45" not in asker.get(at).content.decode(), "not before it is published"
    office.post(reverse("finance:event-act", args=[event.pk, "publish"]))
    assert "09:25–09:45" in asker.get(at).content.decode()
    for name, kind in (("programme", "text/html"), ("programme-pdf", "application/pdf"), ("calendar", "text/calendar")):
        url = reverse(f"finance:event-{name}", args=[event.pk])
        assert asker.get(url)["Content-Type"].startswith(kind)
        assert browse("f-other").get(url).status_code == 404
    assert matrix(browse, at) == {"f-office", "f-asker", "f-bank0", "f-bank1"}


def test_a_deal_at_the_table_becomes_the_banks_dealing_with_the_need(market: Market, browse: Browse) -> None:
    listing = market.published()
    event = event_of(market, day=market.city.day, answer_until=market.city.day)
    own, partner = invitation_of(event, market.firm), invitation_of(event, market.banks[0])
    event_actions.answer(own, Reply((partner.pk,), listing=listing.pk), account=market.asker)
    event_actions.answer(partner, Reply((own.pk,)), account=market.officers[0])
    planning.plan(event, account=market.office)
    planning.publish(event, account=market.office)
    talk = event.talks.get()
    url = reverse("finance:event-outcome", args=[event.pk, talk.pk])
    bank = browse("f-bank0")
    wrong = bank.post(url, {"outcome": "deal", "intent": "99999", "note": ""})
    assert "intent" in wrong.context["form"].errors
    bank.post(url, {"outcome": "deal", "intent": "200", "note": "现场达成"})
    deal = Engagement.objects.get()
    talk.refresh_from_db()
    assert (deal.way, deal.state, deal.bank_id, talk.engagement_id) == ("meeting", "taken", market.banks[0].pk, deal.pk)
    assert browse("f-asker").post(url, {"outcome": "more"}).status_code in (403, 404)
    office = browse("f-office")
    office.post(reverse("finance:event-arrive", args=[event.pk, own.pk]))
    assert "已签到" in office.get(reverse("finance:event", args=[event.pk])).content.decode()
    board = office.get(reverse("finance:event", args=[event.pk])).content.decode()
    assert "达成对接" in board
    office.post(reverse("finance:event-act", args=[event.pk, "close"]))
    event.refresh_from_db()
    assert event.state == "held"
    assert Need.objects.get().state == "dealing"


def test_the_board_costs_the_same_however_many_come(market: Market, browse: Browse) -> None:
    office = browse("f-office")
    firms = market.city.organisations("enterprise")

    def planned(count: int) -> MatchEvent:
        event = event_of(market, title=f"{count} 家", rooms=(("厅", 4),))
        event_actions.invite(event, firms[1:count], account=market.office)
        invited = {one.organisation_id: one for one in event.invitations.all()}
        for one in invited.values():
            others = [other.pk for other in invited.values() if other.side != one.side][:5]
            event_actions.answer(one, Reply(tuple(others)), account=market.office)
        planning.plan(event, account=market.office)
        return event

    def cost(event: MatchEvent) -> int:
        url = reverse("finance:event", args=[event.pk])
        office.get(url)
        with CaptureQueriesContext(connection) as caught:
            office.get(url)
        return len(caught)

    assert cost(planned(4)) >= cost(planned(9)) - 1
    assert dealing.lapse() == 0


def test_the_office_takes_away_the_list_that_it_sees(market: Market, browse: Browse) -> None:
    need = market.brought("granted").listing
    office = browse("f-office")
    address = reverse("finance:needs-export")
    answer = office.post(f"{address}?state={need.state}&q={need.number}")
    lines = answer.content.decode().lstrip("\ufeff").splitlines()
    assert lines[0].startswith("需求编号,企业")
    assert "导出这个列表" in office.get(reverse("finance:listings")).content.decode()
    assert [line.split(",")[0] for line in lines[1:]] == [need.number]
    assert f"{need.wanted_fen / 100:.2f}" in lines[1]
    assert len(office.post(f"{address}?state=closed&q={need.number}").content.decode().splitlines()) == 1
    assert AuditEvent.objects.filter(target="finance:listings").count() == 2
    assert browse("f-bank0").post(address).status_code == 403
    assert office.get(address).status_code == 405
