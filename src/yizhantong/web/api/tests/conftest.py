"""A small city for the API's tests: real divisions, a few facts in five ledgers, sealed in part, and five who ask.

It is loaded once for each module within a transaction that is rolled back; each test's own changes are rolled back as well.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, override_settings

from yizhantong.kernel.access.models import Grant, Role, Token, User
from yizhantong.kernel.divisions import clock, tree
from yizhantong.kernel.divisions.calendar import load_calendar
from yizhantong.kernel.figures import engine
from yizhantong.kernel.items import catalogue, elements
from yizhantong.kernel.ledger import actions, ledger, sample_load, segments
from yizhantong.kernel.parties.models import Organisation
from yizhantong.testing.items import published_item, steps

TODAY = dt.date(2021, 8, 16)
HOME, AWAY = "210781", "210702"
CLERK = ["ledger.view", "ledger.record", "ledger.reverse", "ledger.import", "ledger.export"]
ACCOUNTS: dict[str, tuple[list[str], str | None]] = {
    "clerk": ([*CLERK, "articles.check"], HOME),
    "other": (CLERK, AWAY),
    "journalist": (["articles.check"], None),
    "statistician": ([*CLERK, "articles.check", "figures.publish", "personal.reveal"], None),
}


@dataclass
class Town:
    """What the tests know of the city: ids of facts by ledger, tokens by name of account."""

    facts: dict[str, list[int]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    enterprise: str = ""


def signing(town: Town, number: int, **values: Any) -> dict[str, Any]:
    """Return the values of a signing by column."""
    return {
        "division_id": HOME, "occurred_on": dt.date(2021, 3, 1), "project": f"QS-{number:03d}", "name": f"演示项目{number}",
        "investor_id": town.enterprise, "contract_fen": 10_000_000_000, "investment_fen": 20_000_000_000, "chapter": "new",
        "industry_id": "3985", "industrial": True, "agreement": "formal", "origin": "provinces",
    } | values  # fmt: skip


def body_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the body by which the API records a fact of those values."""
    base = ("division_id", "occurred_on", "note")
    own = {name: value for name, value in values.items() if name not in base}
    return {name: str(values[name]) for name in base if name in values} | {"values": own}


def fill(town: Town) -> None:
    """Record the facts; the first 40 of ``training.session`` and all of ``investment.signing`` are sealed."""
    town.enterprise = Organisation.objects.filter(kind="enterprise").order_by("uscc").values_list("pk", flat=True)[0]
    places = [HOME, AWAY, "JZ-BH"]
    sessions = [
        {
            "division_id": places[number % 3], "occurred_on": dt.date(2021, 2, 1 + number % 28), "session": f"PX-{number:03d}",
            "title": "果树修剪", "kind": "technical", "seconds": 7_200, "attendance": 30 + number,
        }
        for number in range(60)
    ]  # fmt: skip
    graduations = [
        {
            "division_id": HOME, "occurred_on": dt.date(2021, 6, 1), "trainee": f"P{number:012X}", "year": 2021,
            "course": "果树班", "attended_percent": 95, "certificate": f"JY-{number}",
        }
        for number in range(3)
    ]  # fmt: skip
    batches: dict[str, list[dict[str, Any]]] = {
        "investment.signing": [signing(town, n, division_id=places[n % 3]) for n in range(6)],
        "training.session": sessions[:40],
        "training.graduation": graduations,
    }
    for code, rows in batches.items():
        actions.record_many(ledger(code), rows, source="test", recorded_at=sample_load.Backdate())
        segments.seal(ledger(code))
    actions.record_many(ledger("training.session"), sessions[40:], source="test", recorded_at=sample_load.Backdate())
    for code in batches:
        town.facts[code] = list(ledger(code).model._default_manager.order_by("id").values_list("id", flat=True))


def people(town: Town) -> None:
    """Make the accounts, each with a role of its own and a token."""
    for name, (permissions, division) in ACCOUNTS.items():
        user = User.objects.create_user(name, password="Yanshi-2021", display_name=name)
        role = Role.objects.create(code=name, name=name, permissions=permissions)
        scope = Grant.Scope.DIVISION if division else Grant.Scope.CITY
        Grant.objects.create(user=user, role=role, scope=scope, division_id=division)
        town.users[name], town.tokens[name] = user, Token.issue(user, "测试")[1]


def settle() -> Town:
    """Load the city, its facts and its people."""
    sample_load.prepare(TODAY)
    load_calendar()
    published_item("demo.permit", form=("title",), flow=steps("review", "decide", decide={"kind": "decision"}))
    town = Town()
    fill(town)
    people(town)
    engine.forget()
    return town


def leave() -> None:
    """Drop what is remembered of the city."""
    tree.forget()
    clock._demonstration_day.cache_clear()
    engine.forget()
    catalogue.forget()
    elements.forget()


@pytest.fixture(scope="module")
def settled(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The city, for one module."""
    folder: Path = tmp_path_factory.mktemp("segments")
    with django_db_blocker.unblock(), override_settings(YZT_SEGMENTS=folder), transaction.atomic():
        yield settle()
        transaction.set_rollback(True)
    leave()


@pytest.fixture
def town(settled: Town) -> Iterator[Town]:
    """The city, for one test."""
    cache.clear()
    with transaction.atomic():
        yield settled
        transaction.set_rollback(True)
    engine.forget()


Ask = Callable[..., HttpResponse]


@pytest.fixture
def ask(town: Town) -> Ask:
    """Return a function that asks the API: ``ask("GET", "/figures", who="clerk", body={…}, headers={…})``."""

    def ask(
        method: str, path: str, *, who: str = "", body: Any = None, headers: Any = None, **more: Any
    ) -> HttpResponse:
        given = {**(headers or {}), **({"Authorization": f"Bearer {town.tokens[who]}"} if who else {})}
        if body is not None:
            more |= {"data": body if isinstance(body, (str, bytes)) else json.dumps(body, default=str)}
            more.setdefault("content_type", "application/json")
        address = path if path.startswith("/api") else f"/api/v1{path}"
        return Client().generic(method, address, headers=given, **more)  # type: ignore[return-value]

    return ask


def problem(response: HttpResponse, status: int, code: str) -> dict[str, Any]:
    """Check that an answer is the problem meant, told in full (RFC 9457), and return it."""
    assert response.status_code == status, response.content.decode()
    assert response["Content-Type"] == "application/problem+json"
    told: dict[str, Any] = json.loads(response.content)
    assert told["code"] == code, told
    assert told["type"] == f"urn:yizhantong:{code}"
    assert told["status"] == status
    assert told["title"]
    assert any("一" <= char <= "鿿" for char in told["detail"])
    return told
