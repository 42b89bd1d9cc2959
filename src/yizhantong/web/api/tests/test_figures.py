"""Figures over the API: values, days, places, parts, series and records."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yizhantong.web.api.tests.conftest import AWAY, HOME, Ask, Town, problem

pytestmark = pytest.mark.django_db
AMOUNT = "investment.signed_amount"


def test_a_figure_is_exact_and_readable(ask: Ask) -> None:
    response = ask("GET", f"/figures/{AMOUNT}")
    assert response.status_code == 200, response.content
    assert "签约" in response.content.decode()
    found = json.loads(response.content)
    assert (found["value"], found["raw"], found["unit"]) == (6, "60000000000", "亿元")
    assert found["as_of"] == "2021-08-16"
    assert found["period"]["start"] == "2021-01-01"
    assert found["ledgers"] == ["investment.signing"]


def test_as_of_an_earlier_day_and_in_a_place(ask: Ask) -> None:
    assert json.loads(ask("GET", f"/figures/{AMOUNT}?as_of=2021-02-28").content)["raw"] == "0"
    assert json.loads(ask("GET", f"/figures/{AMOUNT}?division={AWAY}").content)["raw"] == "20000000000"


def test_the_catalogue_is_narrowed_by_words_and_zone(ask: Ask) -> None:
    every = json.loads(ask("GET", "/figures").content)["items"]
    some = json.loads(ask("GET", "/figures?zone=investment&q=签约额").content)["items"]
    assert 0 < len(some) < len(every)
    assert {item["zone"] for item in some} == {"investment"}


def test_wrong_questions_are_told(ask: Ask) -> None:
    problem(ask("GET", "/figures/no.such"), 404, "figures.unknown_figure")
    problem(ask("GET", f"/figures/{AMOUNT}?as_of=2021-08-17"), 422, "figures.future")
    problem(ask("GET", f"/figures/{AMOUNT}?as_of=0002-01-01"), 422, "api.too_early")
    told = problem(ask("GET", f"/figures/{AMOUNT}?as_of=1629072000"), 400, "api.invalid")
    assert told["errors"][0]["field"] == "as_of"
    problem(ask("GET", f"/figures/{AMOUNT}?division=999"), 422, "figures.unknown_division")
    told = problem(ask("GET", f"/figures/{AMOUNT}?asof=2021-01-01"), 400, "api.unknown_parameter")
    assert told["errors"][0]["field"] == "asof"


def test_series_and_parts_add_up(ask: Ask) -> None:
    series = json.loads(ask("GET", f"/figures/{AMOUNT}/series?by=month").content)
    assert series["points"][-1]["total_text"] == "6.00"
    parts = json.loads(ask("GET", f"/figures/{AMOUNT}/parts?level=unit").content)["parts"]
    assert sum(part["value"] for part in parts) == 6
    chapters = json.loads(ask("GET", f"/figures/{AMOUNT}/parts?dimension=三篇大文章").content)["parts"]
    assert {part["key"]: part["text"] for part in chapters}["new"] == "6.00"
    problem(ask("GET", f"/figures/{AMOUNT}/parts?level=unit&dimension=三篇大文章"), 422, "figures.two_ways")
    problem(ask("GET", f"/figures/{AMOUNT}/parts?dimension=没有"), 422, "figures.unknown_dimension")
    problem(ask("GET", f"/figures/{AMOUNT}/series?by=year"), 400, "api.invalid")


def test_records_add_up_page_by_page_and_show_what_one_may_see(ask: Ask, town: Town) -> None:
    raws, after, pages = [], "", 0
    while pages == 0 or after:
        page = json.loads(ask("GET", f"/figures/{AMOUNT}/records?size=4&after={after}").content)
        raws += [int(item["raw"]) for item in page["items"]]
        after, pages = page["after"], pages + 1
    assert (sum(raws), pages, page["complete"]) == (60_000_000_000, 2, True)
    seen = json.loads(ask("GET", f"/figures/{AMOUNT}/records", who="clerk").content)
    assert {item["fact"]["division_id"] for item in seen["items"]} == {HOME}
    assert seen["complete"] is False
    problem(ask("GET", f"/figures/{AMOUNT}/records?after=x"), 422, "figures.no_records")


@pytest.mark.parametrize(
    ("path", "most"), [(f"/figures/{AMOUNT}/records?size=500", 8), ("/figures?zone=investment", 40)]
)
def test_lists_ask_few_queries(ask: Ask, path: str, most: int) -> None:
    ask("GET", path)
    with CaptureQueriesContext(connection) as seen:
        assert ask("GET", path).status_code == 200
    assert len(seen) <= most, [query["sql"][:120] for query in seen]
