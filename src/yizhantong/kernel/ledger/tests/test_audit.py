"""What is written down of what people do with the platform."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.contrib.auth import authenticate
from django.test import Client, RequestFactory

from yizhantong.kernel.access.models import Grant, Role, User
from yizhantong.kernel.ledger import queries, triggers
from yizhantong.kernel.ledger.audit import AUDIT, audit, masked_address
from yizhantong.kernel.ledger.models import AuditEvent

pytestmark = pytest.mark.django_db


def events(event: str) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(event=event).order_by("id"))


def test_signing_in_and_out_and_failing_to(city: None) -> None:
    user = User.objects.create_user("wang", password="a-long-password-1")
    client = Client(REMOTE_ADDR="10.1.2.3")
    client.force_login(user)
    client.logout()
    request = RequestFactory().post("/", REMOTE_ADDR="10.9.9.9")
    assert authenticate(request, username="wang", password="wrong") is None
    (signed_in,), (failed,) = events("sign_in"), events("sign_in_failed")
    assert (signed_in.actor, signed_in.recorded_by) == ("wang", user)
    assert len(events("sign_out")) == 1
    assert (failed.actor, failed.result, failed.address) == ("wang", "failed", "10.9.9.*")
    assert "wrong" not in failed.detail


def test_changes_of_rights_and_accounts(city: None, official: Callable[..., User]) -> None:
    user = official("clerk", "ledger.view")
    Grant.objects.get(user=user).delete()
    Role.objects.get(code="role-clerk").save()
    said = [json.loads(event.detail)["how"] for event in events("rights")]
    assert said == ["created", "created", "deleted", "changed"]
    assert json.loads(events("account")[0].detail)["what"] == "clerk"


def test_signing_in_is_no_change_of_the_account(city: None) -> None:
    user = User.objects.create_user("wang", password="a-long-password-1")
    before = len(events("account"))
    Client().force_login(user)
    assert len(events("account")) == before


def test_only_auditors_see_it(city: None, official: Callable[..., User]) -> None:
    audit(None, "refused", "ledger:investment.trial", result="refused", permission="ledger.export")
    assert not queries.visible_to(official("clerk", "ledger.view", "ledger.export"), AUDIT).exists()
    assert queries.visible_to(official("auditor", "accounts.audit"), AUDIT).filter(event="refused").count() == 1


def test_long_details_are_cut_and_addresses_masked(city: None) -> None:
    fact = audit(None, "setting", "x" * 500, address="2001:db8::1", text="长" * 2000)
    assert isinstance(fact, AuditEvent)
    assert (len(fact.target), len(fact.detail), fact.address) == (200, 1000, "2001:db8:*")
    assert masked_address("") == masked_address("unknown") == ""


def test_before_a_city_is_loaded_nothing_can_be_recorded(db: None) -> None:
    assert audit(None, "setting") is None


def test_audit_facts_are_append_only_like_all_others() -> None:
    assert AuditEvent in triggers.append_only_models()
