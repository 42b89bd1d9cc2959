"""Every page: who may enter, how many questions it asks of the database, and that it shows what it should."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from yizhantong.kernel.access.models import User
from yizhantong.zones.policies import matters
from yizhantong.zones.policies.actions import experts, reviews
from yizhantong.zones.policies.models import Budget, ExpertReview, PolicyCard, PolicyDocument
from yizhantong.zones.policies.tests.conftest import Enter, Office, official, representative

pytestmark = pytest.mark.django_db
DESK = (
    "desk", "desk-documents", "desk-new-document", "desk-matching", "desk-board", "desk-budgets", "desk-batches",
    "desk-recoveries", "desk-results",
)  # fmt: skip
MAY = {
    "clerk": {"desk", "desk-matching", "desk-board", "desk-budgets", "desk-results"},
    "editor": {"desk", "desk-documents", "desk-new-document", "desk-matching", "desk-budgets"},
    "publisher": {"desk", "desk-documents", "desk-matching", "desk-budgets"},
    "treasurer": {
        "desk",
        "desk-matching",
        "desk-board",
        "desk-budgets",
        "desk-batches",
        "desk-recoveries",
        "desk-results",
    },
}


@pytest.mark.parametrize("name", DESK)
@pytest.mark.parametrize("who", MAY)
def test_officers_enter_what_is_theirs(office: Office, enter: Enter, who: str, name: str) -> None:
    answer = enter(getattr(office, who)).get(reverse(f"policies:{name}"))
    assert answer.status_code == (200 if name in MAY[who] else 403)


@pytest.mark.parametrize("name", DESK)
def test_nobody_else_enters_the_desk(office: Office, enter: Enter, name: str) -> None:
    user, _made = User.objects.get_or_create(username="somebody")
    assert enter(user).get(reverse(f"policies:{name}")).status_code == 403
    assert enter(None).get(reverse(f"policies:{name}")).status_code == 302


def test_the_public_list_is_narrowed_and_asks_few_questions(office: Office, enter: Enter) -> None:
    client = enter(None)
    url = reverse("policies:index")
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(url)
    assert len(asked) <= 8
    assert "66" in answer.content.decode()
    found = client.get(url, {"class": "automatic", "q": "稳岗"}).content.decode()
    assert "稳岗返还" in found
    assert "研发投入后补助" not in found
    assert "没有符合条件的政策" in client.get(url, {"q": "不存在的政策"}).content.decode()


def test_drafts_are_not_shown_to_the_public(office: Office, enter: Enter) -> None:
    document = PolicyDocument.objects.get(document="锦政办发〔2019〕35号")
    card = PolicyCard.objects.filter(document=document).first()
    assert card is not None
    PolicyCard.objects.filter(pk=card.pk).update(state="draft")
    client = enter(None)
    assert client.get(reverse("policies:card", args=[card.number])).status_code == 404
    link = reverse("policies:card", args=[card.number])
    assert link not in client.get(reverse("policies:document", args=[document.pk])).content.decode()
    assert enter(office.editor).get(reverse("policies:desk-card", args=[card.number])).status_code == 200


def test_an_enterprise_sees_why_and_declares_what_is_missing(office: Office, enter: Enter) -> None:
    firm = office.firm(office.card("首次升规企业奖励"), 20 % 15)
    client = enter(representative("matcher", firm, office.city))
    url = reverse("policies:match")
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(url)
    assert len(asked) <= 14
    text = answer.content.decode()
    assert "首次升规企业奖励" in text
    assert "来源" in text
    declared = client.post(reverse("policies:declare"), {"enterprise": firm.pk, "fact.上云星级": "4"}, follow=True)
    assert "已登记为企业自报" in declared.content.decode()
    firm.profile.refresh_from_db()
    assert firm.profile.sources["cloud_stars"]["confidence"] in ("declared", "register")
    card = client.get(reverse("policies:card", args=[office.card("首次升规企业奖励").number])).content.decode()
    assert "符合" in card
    assert "100,000.00" in card


def test_an_enterprise_answers_for_itself_only(office: Office, enter: Enter) -> None:
    card = office.card("首次升规企业奖励")
    one, other = office.firm(card, 1), office.firm(card, 2)
    client = enter(representative("self", one, office.city))
    text = client.get(reverse("policies:match"), {"enterprise": other.pk}).content.decode()
    assert one.name in text
    assert other.name not in text
    assert client.post(reverse("policies:answer", args=[99_999]), {}).status_code == 404
    assert enter(User.objects.create(username="nobody-s")).get(reverse("policies:match")).status_code == 200


def test_the_expert_s_page_never_names_the_applicant(office: Office, enter: Enter) -> None:
    user = official("blind", None, "experts.score", scope="city")
    expert = experts.enlist(user, "装备")
    card = office.card("工业企业技术改造设备补助")
    day = office.driver.start_of(matters.EXPERT)
    firm = office.firm(card, 3)
    case = office.driver.file(card, firm, None, day)
    office.driver.drive(case, "joint", day)
    application = office.money(case)
    reviews.assign_experts(application, [expert], account=office.clerk)
    review = ExpertReview.objects.get(application=application, expert=expert)
    client = enter(user)
    for url in (reverse("policies:scoring"), reverse("policies:sheet", args=[review.pk])):
        text = client.get(url).content.decode()
        assert firm.name not in text
        assert firm.pk not in text
        assert case.number not in text
    told = client.post(
        reverse("policies:sheet", args=[review.pk]), {"score.advance": "300"}, follow=True
    ).content.decode()
    assert "声明" in told
    assert enter(office.clerk).get(reverse("policies:sheet", args=[review.pk])).status_code == 403


def test_a_policy_is_drafted_with_its_card_in_the_browser(office: Office, enter: Enter) -> None:
    client = enter(office.editor)
    posted = {
        "document": "示工信发〔2021〕21号", "title": "演示文件", "issuer": office.editor.agency_id, "level": "city", "area": "subsidy",
        "signed_on": "2021-08-01", "published_on": "2021-08-02", "effective_on": "2021-08-02", "original": "第一条",
    }  # fmt: skip
    wrong = client.post(reverse("policies:desk-new-document"), posted | {"document": "示工信发[2021]21号"})
    assert wrong.status_code == 422
    assert "六角括号" in wrong.content.decode()
    made = client.post(reverse("policies:desk-new-document"), posted)
    assert made.status_code == 302
    document = PolicyDocument.objects.get(document="示工信发〔2021〕21号")
    card = {
        "title": "演示奖励", "target": "企业", "policy_class": "apply", "unit": office.editor.agency_id, "fund": "city", "kind": "ladder",
        "of": "研发费用", "rungs": "1000000 50000\n5000000 2%", "shortage": "first", "public_days": 5, "pass_mark": 60,
        "criteria": "novelty 创新性 100 4", "metrics": "output 新增产值 万元 500",
    }  # fmt: skip
    url = reverse("policies:desk-new-card", args=[document.pk])
    assert client.post(url, card | {"rungs": "一档"}).status_code == 422
    assert client.post(url, card).status_code == 302
    kept = document.cards.get()
    assert kept.benefit["standard"]["rungs"][1] == {"at_least": "5000000", "percent": "2"}
    assert kept.benefit["experts"]["criteria"][0]["name"] == "创新性"
    here = reverse("policies:desk-card", args=[kept.number])
    assert "1000000 50000" in client.get(here).content.decode()
    client.post(here, {"do": "item"})
    kept.refresh_from_db()
    assert kept.item is not None
    client.post(reverse("policies:desk-document", args=[document.pk]), {"do": "submit"})
    enter(office.publisher).post(reverse("policies:desk-document", args=[document.pk]), {"do": "approve"})
    document.refresh_from_db()
    assert document.state == "effective"


def test_money_goes_out_and_comes_back_through_the_pages(office: Office, enter: Enter) -> None:
    case = office.brought("首次升规企业奖励", matters.FUNDS, place=4)
    application = office.money(case)
    first, second = enter(office.treasurer), enter(office.cashier)
    page = first.get(reverse("policies:desk-batches")).content.decode()
    assert case.number in page
    first.post(reverse("policies:desk-batches"), {"application": application.pk})
    batch = application.lines.get().batch
    here = reverse("policies:desk-batch", args=[batch.number])
    assert "制单人不能复核" in first.post(here, {"do": "approve"}, follow=True).content.decode()
    second.post(here, {"do": "approve"})
    sent = second.post(reverse("policies:desk-bank-file", args=[batch.number, "csv"]))
    assert sent["Content-Type"].startswith("text/csv")
    assert application.account.number in sent.content.decode()
    assert application.account.number not in first.get(here).content.decode()
    assert first.get(reverse("policies:desk-application", args=[application.pk])).status_code == 200
    told = first.post(here, {"do": "return"}, follow=True).content.decode()
    assert "请选择银行回单文件" in told


def test_the_board_shows_what_each_office_said_in_few_questions(office: Office, enter: Enter) -> None:
    for place in (5, 6, 7):
        case = office.brought("首次升规企业奖励", matters.FORMAL, place=place)
        if place == 5:
            office.driver.complete(case, matters.CREDIT, "pass", "无异常")
    client = enter(office.clerk)
    url = reverse("policies:desk-board")
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        text = client.get(url).content.decode()
    assert len(asked) <= 14
    assert "通过" in text
    assert text.count("待办") >= 8
    for stage in ("formal", "expert", "decide", "public_notice", "funds", "payment", "unknown"):
        assert client.get(url, {"stage": stage}).status_code == 200


def test_budgets_are_opened_by_who_may(office: Office, enter: Enter) -> None:
    posted = {"do": "open", "code": "NEW-1", "name": "新资金", "year": 2021, "office": office.finance.pk, "wan": "12.5"}
    assert enter(office.treasurer).post(reverse("policies:desk-budgets"), posted).status_code == 302
    assert Budget.objects.get(code="NEW-1").total_fen == 12_500_000
    assert enter(office.clerk).post(reverse("policies:desk-budgets"), posted | {"code": "NEW-2"}).status_code == 403
