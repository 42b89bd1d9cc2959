"""A package and its parts on the pages of the hall and the desk, in lists and in the API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import actions, hooks, lookup
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.cases.tests import packages, world
from yizhantong.kernel.divisions import clock, tree
from yizhantong.kernel.items import catalogue, elements


@pytest.fixture
def family(db: None, settings: Any) -> Iterator[tuple[Case, list[Case]]]:
    """Return a package of five parts, the third of which was refused."""
    settings.YZT_SECOND_FACTOR = False
    for forget in (catalogue.forget, elements.forget, tree.forget):
        forget()
    world.build()
    items = packages.items()
    zone = packages.Joining(lambda _case: packages.parts_of(items, accepted=True))
    hooks.register(zone, zone=packages.ZONE, kind="package")
    with clock.at(world.NOW):
        parent = packages.file(packages.package())
        packages.end(zone.forked[2], "refused")
        yield parent, zone.forked
    hooks.forget(zone)
    for forget in (catalogue.forget, elements.forget, tree.forget):
        forget()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def lead() -> User:
    return world.official("牵头", world.ECONOMY, "cases.view", "cases.handle", "cases.decide")


def test_the_desk_shows_the_parts_of_a_package_and_the_package_of_a_part(family: tuple[Case, list[Case]]) -> None:
    parent, parts = family
    client = signed_in(lead())
    page = client.get(f"/desk/cases/{parent.number}/").content.decode()
    for part in parts:
        assert part.title in page
        assert part.number in page
    assert "不符合条件" in page
    assert f'href="/desk/cases/{parts[0].number}/"' in page  # of the lead's own office
    assert f'href="/desk/cases/{parts[1].number}/"' not in page  # another office's: told of, not opened
    page = client.get(f"/desk/cases/{parts[0].number}/").content.decode()
    assert "属于一件事" in page
    assert f'href="/desk/cases/{parent.number}/"' in page


def test_who_asks_opens_every_part(family: tuple[Case, list[Case]]) -> None:
    parent, parts = family
    client = signed_in(world.citizen("经办", world.FIRM))
    page = client.get(f"/my/cases/{parent.number}/").content.decode()
    assert all(f'href="/my/cases/{part.number}/"' in page for part in parts)
    assert "属于试验一件事" in client.get("/my/cases/").content.decode()


def test_lists_and_pages_ask_no_more_for_a_package(family: tuple[Case, list[Case]]) -> None:
    parent, parts = family
    plain = actions.file(parts[0].item, applicant=parent.organisation, data={}, account=None)  # type: ignore[arg-type]
    client = signed_in(lead())
    counts = []
    for address in (
        f"/desk/cases/{plain.number}/", f"/desk/cases/{parent.number}/", f"/desk/cases/{parts[0].number}/", "/desk/cases/",
    ):  # fmt: skip
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        counts.append(len(asked))
    assert max(counts[1:3]) <= counts[0] + 2, counts
    assert counts[3] <= 9, counts


def test_the_api_tells_of_parts_and_package(family: tuple[Case, list[Case]]) -> None:
    parent, parts = family
    client = signed_in(lead())
    whole = client.get(f"/api/v1/cases/{parent.number}").json()
    assert [each["number"] for each in whole["parts"]] == [part.number for part in parts]
    assert [each["outcome"] for each in whole["parts"]] == ["", "", "refused", "", ""]
    assert [each["sees"] for each in whole["parts"]] == [True, False, False, False, False]
    assert (whole["parent"], whole["package"]) == (None, "")
    part = client.get(f"/api/v1/cases/{parts[0].number}").json()
    assert (part["parent"]["number"], part["package"], part["parts"]) == (parent.number, parent.number, [])
    listed = client.get("/api/v1/cases").json()["items"]
    assert {each["package"] for each in listed} == {"", parent.number}


def test_the_public_lookup_lists_the_parts_without_names_or_reasons(family: tuple[Case, list[Case]]) -> None:
    parent, parts = family
    password = parent.query_password
    page = Client().post("/progress/", {"number": parent.number, "password": password}).content.decode()
    assert 'id="parts"' in page
    for part in parts:
        assert part.number in page
        assert part.title in page
    assert ("不予" in page, "办理中" in page or "已受理" in page) == (True, True)
    assert "不符合条件" not in page, "reasons are for who asked"
    assert "演示企业" not in page
    one = Client().post("/progress/", {"number": parts[0].number, "password": password}).content.decode()
    assert 'id="parts"' not in one
    asked = {"number": parent.number, "password": password}
    told = Client().post("/api/v1/progress", asked, content_type="application/json").json()
    listed = {part["number"]: (part["state"], part["outcome"]) for part in told["parts"]}
    assert listed == {
        part.number: ("closed", "refused") if n == 2 else ("accepted", "") for n, part in enumerate(parts)
    }


def test_the_lookup_of_a_package_takes_as_many_queries_however_many_parts(family: tuple[Case, list[Case]]) -> None:
    parent, parts = family
    with CaptureQueriesContext(connection) as whole:
        found = lookup.progress(parent.number, parent.query_password)
    with CaptureQueriesContext(connection) as one:
        lookup.progress(parts[0].number, parent.query_password)
    assert len(found.parts) == len(parts)
    assert len(whole) <= len(one) + 1
