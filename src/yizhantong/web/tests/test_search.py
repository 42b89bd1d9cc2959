"""The page of the search and its suggestions, and the operation for programs."""

from __future__ import annotations

from typing import Any

import pytest

from yizhantong.kernel.search import index, ranking, sources
from yizhantong.web.tests.conftest import Browse

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _indexed(town: Any) -> None:
    ranking.forget()
    index("item", "1", title="不动产过户", body="存量房转移登记 <b>", url="/services/1/")
    index("item", "2", title="内部指引:不动产过户", url="/h/", public=False, permission="articles.check")
    sources.rebuild("help")


def test_a_spoken_question_is_answered_with_its_reason(browse: Browse) -> None:
    page = browse().get("/search/", {"q": "买房"})
    text = page.content.decode()
    assert page.status_code == 200
    assert 'href="/services/1/"' in text
    assert "口语“买房”" in text
    assert "内部指引" not in text
    assert "<b>" not in text


def test_a_slip_is_told(browse: Browse) -> None:
    text = browse().get("/search/", {"q": "不动产果户"}).content.decode()
    assert "您要找的是不是" in text
    assert "<mark>不动产过户</mark>" in text


@pytest.mark.parametrize("asked", ["", "完全没有的东西zzz", "<script>alert</script>", "x" * 500])
def test_an_empty_answer_says_what_to_try(browse: Browse, asked: str) -> None:
    page = browse().get("/search/", {"q": asked})
    assert page.status_code == 200
    assert "to-try" in page.content.decode()
    assert "<script>alert" not in page.content.decode()


def test_help_is_found_at_its_section(browse: Browse) -> None:
    assert 'href="/help/#check"' in browse().get("/search/", {"q": "核稿", "kind": "help"}).content.decode()
    assert 'id="check"' in browse().get("/help/").content.decode()


def test_suggestions_are_a_fragment(browse: Browse) -> None:
    text = browse().get("/search/suggest", {"q": "bud"}).content.decode()
    assert "/services/1/" in text
    assert "<html" not in text
    assert browse().get("/search/suggest", {"q": ""}).content.strip() == b""


def test_results_alone_are_a_fragment_for_htmx(browse: Browse) -> None:
    text = (
        browse().get("/search/", {"q": "买房"}, headers={"HX-Target": "results", "HX-Request": "true"}).content.decode()
    )
    assert "<html" not in text


def test_the_page_in_english_has_its_words(browse: Browse) -> None:
    assert browse(language="en").get("/search/", {"q": "买房"}).status_code == 200


def test_searching_asks_few_questions(browse: Browse, django_assert_max_num_queries: Any) -> None:
    client = browse()
    client.get("/search/", {"q": "买房"})
    with django_assert_max_num_queries(8):
        client.get("/search/", {"q": "买房"})


def test_programs_search_too(browse: Browse) -> None:
    found = browse().get("/api/v1/search", {"q": "maifang"}).json()
    assert found["items"][0]["title"] == "不动产过户"
    assert browse().get("/api/v1/search", {"q": ""}).status_code == 400
