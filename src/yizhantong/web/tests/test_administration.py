"""The pages of administration: each administrator sees and does what is his duty, and nobody else anything."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from yizhantong.kernel.access.models import Grant, User
from yizhantong.kernel.divisions.load import load_city
from yizhantong.kernel.ledger.models import AuditEvent
from yizhantong.project.accounts import ensure_roles

pytestmark = pytest.mark.django_db
PASSWORD = "long-enough-and-odd"


@pytest.fixture(autouse=True)
def city(db: None, settings: Any) -> None:
    settings.YZT_SECOND_FACTOR = False
    load_city()
    ensure_roles()


def client_of(role: str, name: str = "") -> Client:
    user = User.objects.create_user(name or role, password=PASSWORD)
    Grant.objects.create(user=user, role_id=role, scope="city")
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_an_account_comes_into_being_and_gets_a_role_from_another_administrator() -> None:
    system, security = client_of("system-admin"), client_of("security-admin")
    given = {"username": "newcomer", "display_name": "新人", "password": PASSWORD, "staff": "on"}
    answer = system.post("/administration/new/", given)
    made = User.objects.get(username="newcomer")
    assert answer["Location"] == f"/administration/{made.pk}/"
    assert security.post(f"/administration/{made.pk}/", {"role": "clerk", "division": "210781"}).status_code == 302
    grant = made.grants.get()
    assert grant.division_id == "210781"
    assert security.post(f"/administration/grants/{grant.pk}/revoke/").status_code == 302
    page = security.get(f"/administration/{made.pk}/").content.decode()
    assert "已结束" in page


@pytest.mark.parametrize("role", ["clerk", "statistician", "audit-admin", "leader"])
def test_whoever_is_no_administrator_is_refused_and_it_is_recorded(role: str) -> None:
    other = User.objects.create_user("other", password=PASSWORD)
    client = client_of(role)
    for path in ("/administration/", "/administration/new/", f"/administration/{other.pk}/"):
        assert client.get(path).status_code == 403
    assert client.post(f"/administration/{other.pk}/change/", {"what": "shut"}).status_code == 403
    assert client.post(f"/administration/{other.pk}/", {"role": "system-admin"}).status_code == 403
    assert AuditEvent.objects.filter(event="refused", actor=role).count() == 5


def test_wrong_input_is_shown_at_its_field_and_kept() -> None:
    system = client_of("system-admin")
    answer = system.post("/administration/new/", {"username": "new comer", "password": "123", "staff": "on"})
    assert answer.status_code == 422
    assert "new comer" in answer.content.decode()


def test_an_account_is_shut_opened_and_gets_a_new_password_and_factor() -> None:
    system = client_of("system-admin")
    other = User.objects.create_user("other", password=PASSWORD)
    path = f"/administration/{other.pk}/change/"
    system.post(path, {"what": "shut"})
    assert not User.objects.get(pk=other.pk).is_active
    system.post(path, {"what": "open"})
    system.post(path, {"what": "password", "password": "another-long-and-odd"})
    system.post(path, {"what": "factor"})
    assert User.objects.get(pk=other.pk).check_password("another-long-and-odd")
    assert AuditEvent.objects.filter(
        event="account", detail__contains="second factor reset", actor="system-admin"
    ).exists()


def test_the_audit_ledger_is_for_the_audit_administrator() -> None:
    client_of("system-admin").post("/administration/new/", {"username": "one", "password": PASSWORD, "staff": "on"})
    assert client_of("audit-admin").get("/ledgers/ledger.audit/").status_code == 200
    assert client_of("security-admin").get("/ledgers/ledger.audit/").status_code == 403
    assert Client().get("/ledgers/ledger.audit/").status_code == 403
