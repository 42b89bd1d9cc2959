"""The zones' rooms on the desk: who sees which, and where staff without a desk of their own land."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from yizhantong.kernel.access.models import User
from yizhantong.web import desk_tabs
from yizhantong.web.desk_tabs import desk_tab

pytestmark = pytest.mark.django_db


def staff(name: str, *permissions: str) -> User:
    from yizhantong.kernel.access.models import Grant, Role

    user = User.objects.create(username=name, display_name=name, is_staff=True)
    role = Role.objects.create(code=f"t-{name}", name=name, permissions=list(permissions))
    Grant.objects.create(user=user, role=role, scope="city")
    return user


def test_rooms_are_those_of_the_account_in_the_order_of_zones() -> None:
    user = staff("both", "talent.manage", "finance.manage", "policies.pay")
    assert [room.zone for room in desk_tabs.rooms(user)] == ["policies", "talent", "finance"]


def test_nobody_else_sees_a_room() -> None:
    assert desk_tabs.rooms(staff("clerk", "cases.view", "cases.handle")) == []
    user = staff("gone", "finance.bank")
    user.is_staff = False
    assert desk_tabs.rooms(user) == []


def test_every_room_has_an_address_that_its_people_may_open() -> None:
    for room in list(desk_tabs._TABS.values()):
        user = staff(room.name.replace(":", "-"), room.permissions[0])
        assert [one.name for one in desk_tabs.rooms(user)].count(room.name) == 1, room.name
        assert room.url.startswith(f"/{room.zone}/")


def test_a_room_needs_a_permission_and_one_meaning() -> None:
    with pytest.raises(ValueError, match="permission"):
        desk_tab("finance", "finance:products", "信贷产品")
    with pytest.raises(ValueError, match="registered already"):
        desk_tab("finance", "finance:listings", "别的名字", "finance.manage")


def test_the_desk_leads_to_the_rooms(client: Client, settings: Any) -> None:
    settings.YZT_SECOND_FACTOR = False
    client.force_login(staff("officer", "cases.view", "cases.handle", "finance.manage"))
    page = client.get("/desk/", follow=True).content.decode()
    assert 'href="/finance/office/"' in page
    assert 'href="/talent/desk/"' not in page


def test_staff_without_a_desk_find_their_room_in_the_navigation(client: Client, settings: Any) -> None:
    settings.YZT_SECOND_FACTOR = False
    client.force_login(staff("banker", "finance.bank"))
    page = client.get("/help/").content.decode()
    assert 'href="/finance/bank/"' in page
    assert 'href="/desk/"' not in page
