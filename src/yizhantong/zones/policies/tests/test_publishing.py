"""A policy goes online by its officers: document, card, item, four eyes; and off again with its reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from yizhantong.kernel.access import policy
from yizhantong.kernel.items import actions as items
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.policies import matters
from yizhantong.zones.policies.actions import cards, documents
from yizhantong.zones.policies.models import Policy, PolicyCard, PolicyDocument
from yizhantong.zones.policies.queries import eligibility
from yizhantong.zones.policies.queries import policy as standing
from yizhantong.zones.policies.tests.conftest import INDUSTRY, Office

pytestmark = pytest.mark.django_db
DAY = dt.date(2021, 8, 2)
NUMBER = "示工信发〔2021〕5号"


def draft(office: Office, number: str = NUMBER, **changed: Any) -> PolicyDocument:
    given = {
        "title": "关于支持首台套的通知(演示)", "level": "city", "area": "subsidy", "published_on": DAY, "signed_on": DAY,
        "effective_on": DAY, "valid_until": dt.date(2026, 8, 2), "original": "第一条 演示。",
    } | changed  # fmt: skip
    return documents.draft_document(
        number, issuer=Organisation.objects.get(pk=INDUSTRY), account=office.editor, **given
    )


def add_card(office: Office, document: PolicyDocument, **changed: Any) -> PolicyCard:
    given = {
        "title": "首台套奖励",
        "target": "装备制造企业",
        "policy_class": "apply",
        "benefit": {"standard": {"kind": "fixed", "amount": 100000}},
    } | changed
    return cards.draft_card(document, account=office.editor, **given)


def online(office: Office) -> PolicyCard:
    document = draft(office)
    card = add_card(office, document)
    asked = matters.Asked([("制造业企业", '行业门类 = "C"')], ["project_name!"], [("proof", "首台套认定文件")])
    version = cards.make_item(card, account=office.editor, asked=asked)
    documents.submit_document(document, account=office.editor)
    documents.approve_document(document, account=office.publisher)
    items.submit(version, office.editor)
    items.publish(version, office.publisher)
    card.refresh_from_db()
    return card


def test_the_register_is_written_when_the_item_is_published(office: Office) -> None:
    card = online(office)
    found = standing(card.number)
    assert found is not None
    assert (card.state, found.document, found.online_apply, found.occurred_on) == (
        "published",
        NUMBER,
        True,
        office.city.day,
    )
    assert card in list(eligibility.offered())
    assert len(eligibility.matching(card.item.current_id)) > 100


def test_a_changed_standard_is_a_new_version_for_other_eyes(office: Office) -> None:
    card = online(office)
    cards.save_card(
        card, {}, account=office.editor, benefit={"standard": {"kind": "fixed", "amount": 200000}, "quota": 5}
    )
    card.refresh_from_db()
    assert card.benefit["standard"]["amount"] == "100000"
    version = card.item.versions.get(number=2)
    items.submit(version, office.editor)
    items.publish(version, office.publisher)
    card.refresh_from_db()
    assert card.benefit["standard"]["amount"] == "200000"
    assert card.quotas.get(year=2021).total == 5
    assert Policy.objects.filter(number=card.number).count() == 1


def test_ending_a_document_takes_its_cards_off_the_register(office: Office, refused: Callable[..., str]) -> None:
    card = online(office)
    given = {"on": office.city.day, "account": office.publisher}
    assert refused(documents.end_document, card.document, "repealed", reason=" ", **given) == "policies.reason"
    documents.end_document(card.document, "repealed", reason="由新办法替代", **given)
    card.refresh_from_db()
    assert (card.state, card.document.state, standing(card.number)) == ("withdrawn", "repealed", None)
    assert refused(office.filed, card) in ("cases.suspended", "cases.not_published")


def test_nobody_approves_his_own_document_and_no_item_goes_online_before_it(
    office: Office, refused: Callable[..., str]
) -> None:
    document = draft(office, "示工信发〔2021〕6号")
    assert refused(documents.submit_document, document, account=office.editor) == "policies.no_cards"
    card = add_card(office, document)
    version = cards.make_item(card, account=office.editor)
    documents.submit_document(document, account=office.editor)
    with pytest.raises(policy.Refused):
        documents.approve_document(document, account=office.editor)
    PolicyDocument.objects.filter(pk=document.pk).update(written_by=office.publisher)
    assert refused(documents.approve_document, document, account=office.publisher) == "policies.own_work"
    items.submit(version, office.editor)
    assert refused(items.publish, version, office.publisher) == "policies.document_not_in_force"


@pytest.mark.parametrize(
    ("number", "changed", "code"),
    [
        ("示工信发[2021]7号", {}, "policies.document_number"),
        ("示工信发〔21〕7号", {}, "policies.document_number"),
        ("示工信发〔2021〕8号", {"valid_until": dt.date(2020, 1, 1)}, "policies.dates"),
        ("示工信发〔2021〕9号", {"signed_on": dt.date(2021, 8, 9)}, "policies.dates"),
    ],
)
def test_a_document_s_number_and_dates_are_checked(
    office: Office, refused: Callable[..., str], number: str, changed: dict[str, Any], code: str
) -> None:
    assert refused(draft, office, number, **changed) == code


def test_a_notice_is_online_with_its_document_and_has_no_item(office: Office, refused: Callable[..., str]) -> None:
    document = draft(office, "示工信发〔2021〕10号")
    card = add_card(office, document, policy_class="notice", benefit={})
    assert refused(cards.make_item, card, account=office.editor) == "policies.notice_has_no_item"
    documents.submit_document(document, account=office.editor)
    assert (
        refused(documents.save_document, document, {"title": "改"}, account=office.editor) == "policies.document_fixed"
    )
    documents.approve_document(document, account=office.publisher)
    found = standing(card.number)
    assert found is not None
    assert (found.policy_class, found.online_apply) == ("notice", False)


def test_documents_run_out_by_themselves(office: Office) -> None:
    document = draft(office, "示工信发〔2021〕11号")
    add_card(office, document, policy_class="notice", benefit={})
    documents.submit_document(document, account=office.editor)
    documents.approve_document(document, account=office.publisher)
    PolicyDocument.objects.filter(pk=document.pk).update(valid_until=dt.date(2021, 8, 10))
    assert documents.expire_documents() == 1
    assert documents.expire_documents() == 0
    document.refresh_from_db()
    assert document.state == "expired"
