"""A draft is compared with what the ledgers hold, for its own period and place; kept checks are their makers' own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction
from importlib import import_module
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import Grant, Role, User
from yizhantong.kernel.articles import actions, queries
from yizhantong.kernel.articles.check import LedgerView, check_text
from yizhantong.kernel.articles.documents import Document, DocumentError
from yizhantong.kernel.articles.ledger_view import view
from yizhantong.kernel.articles.reports import as_json
from yizhantong.kernel.articles.tests.reading import DAY
from yizhantong.kernel.divisions import clock, tree
from yizhantong.kernel.figures import engine
from yizhantong.kernel.figures import queries as figures
from yizhantong.kernel.ledger import sample_load

pytestmark = pytest.mark.django_db

ZONE = "investment"
Q1 = (dt.date(2021, 1, 1), dt.date(2021, 3, 31))


@pytest.fixture(scope="module")
def ledgers(django_db_setup: None, django_db_blocker: Any) -> Iterator[LedgerView]:
    """Return the ledgers of one zone of the sample city as a check sees them."""
    with django_db_blocker.unblock(), transaction.atomic():
        city = sample_load.prepare(sample_load.sample_day())
        for batch in import_module(f"yizhantong.zones.{ZONE}.sample").sample(city):
            sample_load.load_batch(batch)
        engine.forget()
        yield view(DAY)
        transaction.set_rollback(True)
    tree.forget()
    engine.forget()
    clock._demonstration_day.cache_clear()


def verdicts(text: str, ledgers: LedgerView) -> dict[str, tuple[str | None, str]]:
    data = as_json(check_text(text, DAY, ledgers))
    return {claim["phrase"]: (claim["figure"], claim["verdict"]) for claim in data["claims"]}


def test_numbers_that_agree_and_differ_are_told_apart(ledgers: LedgerView) -> None:
    found = verdicts("今年以来,全市签约项目90个,对接企业588家。全市清理河道垃圾3处。", ledgers)
    assert found["90个"] == ("investment.projects", "agrees")
    assert found["588家"] == ("investment.enterprises", "differs")
    assert found["3处"] == (None, "no figure")


def test_the_value_is_that_of_the_period_named(ledgers: LedgerView) -> None:
    months = figures.series("investment.projects", "month", as_of=DAY)
    first = sum(point.raw or 0 for point in months if point.start <= dt.date(2021, 3, 1))
    july = next(point.raw for point in months if point.start == dt.date(2021, 7, 1))
    asked = ("investment.projects", None, Q1)
    assert ledgers.ask({asked})[asked] == first
    found = verdicts(f"一季度,全市签约项目{first}个。", ledgers)
    assert found[f"{first}个"] == ("investment.projects", "agrees")
    found = verdicts(f"7月份,全市签约项目{july + 1}个。", ledgers)
    assert found[f"{july + 1}个"] == ("investment.projects", "differs")


def test_different_things_of_several_months_are_not_added_up(ledgers: LedgerView) -> None:
    spring = (dt.date(2021, 2, 1), dt.date(2021, 4, 30))
    distinct, summed = ("investment.enterprises", None, spring), ("investment.signed_amount", None, spring)
    values = ledgers.ask({distinct, summed})
    assert values[distinct] is None
    assert isinstance(values[summed], int | Fraction)


def test_the_value_is_that_of_the_division_named(ledgers: LedgerView) -> None:
    of_county = figures.value("investment.projects", DAY, "210781").raw
    found = as_json(check_text(f"凌海市今年签约项目{of_county}个。", DAY, ledgers))["claims"]
    assert [(c["division"], c["verdict"]) for c in found if c["figure"]] == [("210781", "agrees")]


def test_numbers_without_a_period_are_not_called_wrong_for_one_year(ledgers: LedgerView) -> None:
    text = "全市上半年招商引资到位额100亿元。"
    assert verdicts(text, ledgers)["100亿元"] == ("investment.funds_half_year", "differs")


def test_figures_prove_a_contradiction_that_the_wording_leaves_open(ledgers: LedgerView) -> None:
    text = "全市签约项目90个。签约额359.04亿元。\n\n亿元以上签约项目62个,亿元以上签约项目签约额324.25亿元。"
    alone, beside = check_text(text, DAY), check_text(text, DAY, ledgers)
    assert alone.conflicts == ()
    (found,) = beside.conflicts
    assert {beside.article.claims[i].phrase for i in found.claims} == {"90个", "359.04亿元", "62个", "324.25亿元"}
    assert "28" in found.sentence


def test_a_contradiction_is_told_once(ledgers: LedgerView) -> None:
    text = "今年签约项目90个,签约额359.04亿元。其中,亿元以上签约项目62个,签约额324.25亿元。"
    assert len(check_text(text, DAY, ledgers).conflicts) == 1


@pytest.fixture
def editor(ledgers: LedgerView) -> User:
    Role.objects.create(code="editor", name="编辑", permissions=["articles.check"])
    account = User.objects.create_user("editor", password="not-a-simple-one")
    Grant.objects.create(user=account, role_id="editor", scope="city")
    return account


def test_a_check_is_kept_as_it_was_found_for_its_maker_alone(editor: User) -> None:
    kept = actions.check_draft(editor, Document("# 招商\n今年签约项目90个。", "txt"), as_of=DAY)
    assert (kept.title, kept.as_of, kept.with_ledger) == ("招商", DAY, True)
    assert kept.result["counts"]["agrees"] == 1
    other = User.objects.create_user("other", password="not-a-simple-one")
    assert list(queries.visible_to(editor)) == [kept]
    assert not queries.visible_to(other).exists()
    assert not queries.visible_to(AnonymousUser()).exists()
    with pytest.raises(policy.Refused):
        actions.discard(other, kept)
    actions.discard(editor, kept)
    assert not queries.visible_to(editor).exists()


def test_without_the_permission_or_with_an_empty_draft_nothing_is_kept(editor: User) -> None:
    stranger = User.objects.create_user("stranger", password="not-a-simple-one")
    with pytest.raises(policy.Refused):
        actions.check_draft(stranger, Document("今年签约项目90个。", "txt"))
    with pytest.raises(DocumentError):
        actions.check_draft(editor, Document("  \n", "txt"))


def test_a_long_first_line_is_cut_for_the_title(editor: User) -> None:
    kept = actions.check_draft(editor, Document("长" * 300, "txt"), as_of=DAY, with_ledger=False)
    assert kept.title == "长" * 60 + "…"
    assert kept.result["ledger"] is False
