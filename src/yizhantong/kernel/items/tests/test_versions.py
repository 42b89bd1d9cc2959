"""The way of a version: written by one, published by another, then fixed for good."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, IntegrityError, connection, transaction

from yizhantong.kernel.access.models import User
from yizhantong.kernel.access.policy import Refused
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.divisions.models import Division
from yizhantong.kernel.items import actions, queries, triggers
from yizhantong.kernel.items.catalogue import content_of
from yizhantong.kernel.items.errors import ContentError, ItemError
from yizhantong.kernel.items.models import Item, ItemVersion
from yizhantong.kernel.parties.models import Organisation
from yizhantong.testing.django import triggers_lifted
from yizhantong.testing.items import document, published_item

Make = Callable[..., User]


@pytest.fixture
def item(writer: User, agency: Organisation) -> Item:
    return actions.create_item(
        "demo.one", name="演示事项", agency=agency, division=Division.objects.get(pk="2107"), account=writer
    )


def submitted(item: Item, writer: User) -> ItemVersion:
    version = actions.draft(item, writer)
    assert actions.save(version, document(form=["title"]), writer) == []
    return actions.submit(version, writer)


def test_a_version_goes_from_draft_to_force(item: Item, writer: User, publisher: User) -> None:
    version = actions.publish(submitted(item, writer), publisher)
    item.refresh_from_db()
    assert item.current == version
    assert version.state == "published"
    assert version.digest == actions.digest_of(version.content)
    assert list(queries.published()) == [item]


def test_nobody_publishes_his_own_work(item: Item, publisher: User) -> None:
    version = submitted(item, publisher)
    with pytest.raises(ItemError, match="另一位") as caught:
        actions.publish(version, publisher)
    assert caught.value.code == "items.own_work"
    with pytest.raises(IntegrityError), transaction.atomic():
        ItemVersion.objects.filter(pk=version.pk).update(published_by=publisher)


def test_the_next_version_retires_the_one_before(item: Item, writer: User, publisher: User) -> None:
    first = actions.publish(submitted(item, writer), publisher)
    second = actions.draft(item, writer)
    assert (second.number, second.content) == (2, first.content)
    actions.publish(actions.submit(second, writer), publisher)
    first.refresh_from_db()
    item.refresh_from_db()
    assert (first.state, item.current_id) == ("retired", second.pk)


def test_a_version_for_a_later_day_waits_for_it(
    item: Item, writer: User, publisher: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = clock.today() + dt.timedelta(days=3)
    version = actions.publish(submitted(item, writer), publisher, valid_from=day)
    item.refresh_from_db()
    assert item.current is None
    assert actions.put_due_in_force() == 0
    monkeypatch.setattr(clock, "today", lambda: day)
    assert actions.put_due_in_force() == 1
    assert actions.put_due_in_force() == 0
    item.refresh_from_db()
    assert item.current == version


def test_a_version_cannot_begin_in_the_past(item: Item, writer: User, publisher: User) -> None:
    with pytest.raises(ItemError, match="早于今天"):
        actions.publish(submitted(item, writer), publisher, valid_from=clock.today() - dt.timedelta(days=1))


def test_what_is_wrong_is_kept_as_draft_but_not_submitted(item: Item, writer: User) -> None:
    version = actions.draft(item, writer)
    findings = actions.save(version, document(form=["title"]) | {"guide": {}}, writer)
    assert [finding.place for finding in findings] == ["guide.by_law"]
    with pytest.raises(ContentError) as caught:
        actions.submit(version, writer)
    assert caught.value.code == "items.no_law"


def test_a_version_sent_back_is_a_draft_again_with_the_remark(item: Item, writer: User, publisher: User) -> None:
    version = submitted(item, writer)
    with pytest.raises(ItemError, match="写明"):
        actions.send_back(version, " ", publisher)
    back = actions.send_back(version, "请补依据", publisher)
    assert (back.state, back.remark) == ("draft", "请补依据")
    assert actions.draft(item, writer) == back


def test_only_drafts_are_changed(item: Item, writer: User) -> None:
    version = submitted(item, writer)
    with pytest.raises(ItemError) as caught:
        actions.save(version, version.content, writer)
    assert caught.value.code == "items.not_draft"
    with pytest.raises(ItemError) as caught:
        actions.draft(item, writer)
    assert caught.value.code == "items.submitted"


def test_suspended_items_take_no_new_cases_and_say_why(item: Item, writer: User, publisher: User) -> None:
    actions.publish(submitted(item, writer), publisher)
    with pytest.raises(Refused):
        actions.suspend(item, "系统升级", writer)
    assert actions.suspend(item, "系统升级", publisher).suspended == "系统升级"
    assert list(queries.published()) == []
    assert list(queries.visible_to(AnonymousUser())) == [item]
    actions.resume(item, publisher)
    assert list(queries.published()) == [item]
    actions.retire(item, publisher)
    assert list(queries.published()) == []


def test_rights_end_at_the_agency_and_the_zone(official: Make, item: Item, agency: Organisation) -> None:
    other = Organisation.objects.get(name__contains="市财政局")
    stranger = official("stranger", "items.edit", "items.publish", agency=other, scope="agency")
    zoned = official("zoned", "items.edit", agency=agency, scope="agency", zone="policies")
    for account in (stranger, zoned, official("nobody")):
        assert not queries.manageable_by(account).exists()
        with pytest.raises(Refused):
            actions.draft(item, account)
    assert queries.manageable_by(official("all", "items.edit")).get() == item


FORGERIES = (
    "UPDATE items_itemversion SET content = '{}' WHERE id = %s",
    "UPDATE items_itemversion SET digest = 'x' WHERE id = %s",
    "UPDATE items_itemversion SET number = 9 WHERE id = %s",
    "UPDATE items_itemversion SET published_by_id = NULL WHERE id = %s",
    "UPDATE items_itemversion SET written_by_id = NULL WHERE id = %s",
    "UPDATE items_itemversion SET state = 'draft' WHERE id = %s",
    "UPDATE items_itemversion SET valid_from = NULL WHERE id = %s",
    "DELETE FROM items_itemversion WHERE id = %s",
)


@pytest.mark.parametrize("sql", FORGERIES)
@pytest.mark.parametrize("state", ["published", "retired"])
def test_a_published_version_cannot_be_changed_by_raw_sql(city: None, sql: str, state: str) -> None:
    version = published_item("demo.fixed", form=["title"])
    if state == "retired":
        published_item("demo.fixed", form=["title"], number=2)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, [version.pk])
    version.refresh_from_db()
    assert (version.state, version.number) == (state, 1)
    assert version.content["form"]


def test_a_published_version_cannot_be_replaced(city: None) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("REPLACE is SQLite's")
    version = published_item("demo.fixed", form=["title"])
    columns = "id, item_id, number, state, content, digest, remark"
    with pytest.raises(DatabaseError, match="published_is_fixed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT OR REPLACE INTO items_itemversion ({columns}) VALUES (%s, %s, 1, 'draft', '{{}}', '', '')",
            [version.pk, version.item_id],
        )


def test_a_draft_can_be_changed_and_deleted(item: Item, writer: User) -> None:
    version = actions.draft(item, writer)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE items_itemversion SET content = %s WHERE id = %s", [json.dumps({"flow": {}}), version.pk]
        )
        cursor.execute("DELETE FROM items_itemversion WHERE id = %s", [version.pk])
    assert not item.versions.exists()


def test_missing_triggers_are_told(city: None) -> None:
    assert triggers.missing() == []
    if connection.vendor == "sqlite":
        with triggers_lifted(connection):
            assert len(triggers.missing()) == 3
            assert triggers.check_database(["default"])[0].id == "items.E001"


def test_a_published_version_is_ready_without_a_query(
    city: None, django_assert_num_queries: Callable[[int], Any]
) -> None:
    version = published_item("demo.ready", form=["title", "requested_amount"])
    content_of(version.pk)
    with django_assert_num_queries(0):
        ready = content_of(version.pk)
    assert list(ready.fields) == ["title", "requested_amount"]
    assert list(ready.flow.steps) == ["review", "decide"]
