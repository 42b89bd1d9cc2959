"""Open data: every dataset fits its own schema, holds no person, is safe in a spreadsheet, and is cached by its tag."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from decimal import Decimal
from typing import Any

import jsonschema_rs
import pytest
from django.test import Client

from yizhantong.kernel.appointments.load import load_halls
from yizhantong.kernel.cases.tests import world
from yizhantong.kernel.parties.models import Person
from yizhantong.web import opendata
from yizhantong.web.opendata import Column, Dataset
from yizhantong.web.tests.casework import Place

CODES = ("calendar", "divisions", "figures", "halls", "items", "materials", "packages", "policies")


@pytest.fixture
def anyone(place: Place, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Return a browser of nobody in a small city whose item has a case and people."""
    place.accepted()
    return place.as_()


@pytest.mark.parametrize("code", CODES)
def test_every_dataset_fits_its_schema_and_names_nobody(anyone: Client, code: str) -> None:
    rows = json.loads(anyone.get(f"/open-data/{code}.json").content)
    schema = anyone.get(f"/open-data/{code}.schema.json").json()
    jsonschema_rs.meta.validate(schema)
    jsonschema_rs.Draft202012Validator(schema, validate_formats=True).validate(rows)
    whole = json.dumps(rows, ensure_ascii=False)
    assert not re.search(r"(?<![0-9A-Za-z])[1-9][0-9]{16}[0-9X](?![0-9A-Za-z])", whole)
    assert not any(f'"{name}"' in whole for name in Person.objects.values_list("name", flat=True))
    page = anyone.get(f"/open-data/{code}/")
    assert page.status_code == 200
    table = list(csv.reader(io.StringIO(anyone.get(f"/open-data/{code}.csv").content.decode("utf-8-sig"))))
    assert len(table) == len(rows) + 1
    api = anyone.get(f"/api/v1/open-data/{code}/rows?size=500").json()
    assert api["items"] == rows[:500]
    assert api["total"] == len(rows)


def test_the_catalogue_is_dcat_and_lists_every_dataset(anyone: Client) -> None:
    document = anyone.get("/open-data/catalogue.jsonld").json()
    assert document["@type"] == "dcat:Catalog"
    described = {each["dct:identifier"]: each for each in document["dcat:dataset"]}
    assert set(CODES) <= set(described)
    for each in described.values():
        assert each["dct:license"]["@id"].startswith("https://")
        addresses = [one["dcat:downloadURL"]["@id"] for one in each["dcat:distribution"]]
        assert all(anyone.get(address.removeprefix("http://testserver")).status_code == 200 for address in addresses)
    page = anyone.get("/open-data/").content.decode()
    assert all(f"/open-data/{code}/" in page for code in CODES)
    assert {each["code"] for each in anyone.get("/api/v1/open-data").json()["items"]} == set(described)


def test_items_and_materials_are_those_in_force(anyone: Client, place: Place) -> None:
    assert place.item is not None
    [row] = [each for each in anyone.get("/open-data/items.json").json() if each["code"] == place.item.pk]
    assert (row["name"], row["promised_limit"], row["version"]) == ("试验奖补", "10个工作日", 1)
    materials = [
        each["code"] for each in anyone.get("/open-data/materials.json").json() if each["item"] == place.item.pk
    ]
    assert materials == ["licence", "report", "list", "promise"]
    place.item.suspended = "修订"
    place.item.save(update_fields=["suspended"])
    assert anyone.get("/open-data/items.json").json() == []


def test_a_cache_is_told_that_nothing_changed_until_something_does(anyone: Client, place: Place) -> None:
    first = anyone.get("/open-data/items.csv")
    assert "public" in first["Cache-Control"]
    tag = first["ETag"]
    assert anyone.get("/open-data/items.csv", headers={"if-none-match": f'W/"x", {tag}'}).status_code == 304
    assert anyone.get("/open-data/items.json", headers={"if-none-match": tag}).status_code == 200
    since = {"if-modified-since": first["Last-Modified"]}
    assert anyone.get("/open-data/items.csv", headers=since).status_code == 304
    assert anyone.get("/open-data/items.csv", headers=since | {"if-none-match": '"other"'}).status_code == 200
    world.item("trial.two", name="第二项")
    assert anyone.get("/open-data/items.csv", headers={"if-none-match": tag}).status_code == 200


def test_what_is_not_there_is_not_found(anyone: Client) -> None:
    for path in (
        "/open-data/nothing/",
        "/open-data/nothing.csv",
        "/open-data/items.exe",
        "/open-data/nothing.schema.json",
    ):
        assert anyone.get(path).status_code == 404
    assert anyone.get("/api/v1/open-data/nothing").json()["code"] == "opendata.unknown"
    assert anyone.get("/api/v1/open-data/items/rows?after=0").status_code == 400
    assert anyone.post("/open-data/").status_code == 405


def test_robots_are_kept_from_what_is_somebodys(anyone: Client) -> None:
    text = anyone.get("/robots.txt").content.decode()
    assert "Disallow: /my/" in text
    assert "Disallow: /open-data" not in text


def test_a_registry_that_cannot_be_misused_and_values_of_every_kind(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    opendata.datasets()
    monkeypatch.setattr(opendata, "_DATASETS", dict(opendata._DATASETS))
    columns = (
        Column("a", "甲"),
        Column("b", "乙", "decimal"),
        Column("c", "丙", "date"),
        Column("d", "丁", "boolean"),
        Column("e", "戊", "integer"),
    )

    def made(code: str, *rows: Any, of: tuple[Column, ...] = columns) -> Dataset:
        return Dataset(code=code, title="题", description="述", columns=of, rows=lambda: rows)

    held = opendata.register(made("trial", ("=1+1", Decimal("-1.50"), dt.date(2021, 8, 16), True, -3), (None,) * 5))
    found = opendata.table(held)
    assert opendata.as_csv(found).decode("utf-8-sig").splitlines()[1] == "'=1+1,-1.50,2021-08-16,是,-3"
    assert json.loads(opendata.as_json(found))[0] == {"a": "=1+1", "b": "-1.50", "c": "2021-08-16", "d": True, "e": -3}
    jsonschema_rs.Draft202012Validator(opendata.schema(held)).validate(json.loads(opendata.as_json(found)))
    for wrong in (made("trial"), made("Trial!"), made("two", of=(columns[0], columns[0])), made("none", of=())):
        with pytest.raises(ValueError, match="open data"):
            opendata.register(wrong)
    with pytest.raises(ValueError, match="does not fit"):
        opendata.table(made("short", ("x",)))


def test_halls_are_read_in_few_queries(
    anyone: Client, django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yizhantong.kernel.appointments.load.load_agencies", lambda: None)
    world.Organisation.objects.filter(pk=world.WINDOW).update(name="营商环境建设局")
    world.Organisation.objects.filter(pk=world.ECONOMY).update(name="人力资源和社会保障局")
    load_halls()
    held = opendata.dataset("halls")
    assert held is not None
    with django_assert_max_num_queries(3):
        assert len(opendata.table(held).rows) == 7
