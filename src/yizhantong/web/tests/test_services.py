"""The hall over the city's own items: narrowed by theme, searched, with forms and samples to be had."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from yizhantong.kernel.divisions import tree
from yizhantong.kernel.divisions.load import load_city
from yizhantong.kernel.items import catalogue, elements
from yizhantong.kernel.items.load import load_items
from yizhantong.kernel.items.models import Item
from yizhantong.kernel.parties.load import load_agencies
from yizhantong.kernel.search import sources
from yizhantong.web.builder.parts import THEMES

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def city() -> Iterator[None]:
    catalogue.forget()
    elements.forget()
    load_city()
    load_agencies()
    load_items()
    yield
    tree.forget()
    catalogue.forget()
    elements.forget()


def test_the_hall_narrows_by_theme_and_keeps_it(client: Client) -> None:
    hall = client.get("/services/?theme=home&for=person").content.decode()
    assert "不动产转移登记" in hall
    assert "食品经营许可" not in hall
    assert '<option value="home" selected>' in hall
    assert "&amp;theme=home" in hall
    assert "没有符合条件的事项" in client.get("/services/?theme=nothing").content.decode()


def test_every_theme_has_items_and_every_item_a_theme() -> None:
    used = [catalogue.content_of(item.current_id or 0).content.guide.themes for item in Item.objects.all()]
    assert all(used)
    assert {theme for themes in used for theme in themes} == {code for code, _label in THEMES}


def test_the_box_of_the_hall_searches(client: Client) -> None:
    sources.rebuild()
    hall = client.get("/services/").content.decode()
    assert f'action="{reverse("web:search")}"' in hall
    assert f'hx-get="{reverse("web:search-suggest")}"' in hall
    assert "不动产转移登记" in client.get(reverse("web:search-suggest"), {"q": "买房"}).content.decode()


@pytest.mark.parametrize(
    ("code", "name", "what", "start"),
    [
        ("hall.graduate_subsidy", "招用毕业生名单", "form", b"PK"),
        ("hall.graduate_subsidy", "招用毕业生名单", "sample", b"PK"),
        ("hall.low_income", "收入和财产声明", "sample", b"%PDF"),
    ],
)
def test_forms_and_samples_of_materials_are_handed_out(
    client: Client, code: str, name: str, what: str, start: bytes
) -> None:
    found = Item.objects.get(code=code).current
    assert found is not None
    material = next(one["code"] for one in found.content["materials"] if one["name"] == name)
    address = reverse("web:service-file", args=[code, material, what])
    assert address in client.get(f"/services/{code}/").content.decode()
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.content.startswith(start)
    assert answer["Content-Disposition"].startswith("attachment")
