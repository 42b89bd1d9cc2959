"""How people ask, and what they find."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from yizhantong.kernel.access.models import Grant, Role, User
from yizhantong.kernel.access.policy import PERMISSIONS
from yizhantong.kernel.divisions import tree
from yizhantong.kernel.divisions.models import City, Division
from yizhantong.kernel.search import actions, index, judging, queries, ranking, remove, search, sounds, sources, spoken
from yizhantong.kernel.search.actions import Document
from yizhantong.kernel.search.asking import Why
from yizhantong.kernel.search.models import Entry, Token
from yizhantong.kernel.search.tests.catalogue import ASKED, HELP, ITEMS, POLICIES, documents

pytestmark = pytest.mark.django_db
WANTED = 0.95


@pytest.fixture
def catalogue(db: None) -> None:
    """Index the catalogue."""
    ranking.forget()
    actions.put("item", documents(ITEMS, "services"))
    actions.put("policy", documents(POLICIES, "policies"))
    actions.put("help", documents(HELP, "help"))


def first(text: str, **said: Any) -> str:
    hits = search(text, **said)
    return hits[0].entry.title if hits else ""


def test_spoken_questions_find_what_is_meant(catalogue: None) -> None:
    missed = {asked: (wanted, first(asked)) for asked, wanted in ASKED.items() if first(asked) != wanted}
    assert len(ASKED) >= 100
    recall = 1 - len(missed) / len(ASKED)
    assert recall >= WANTED, f"{recall:.1%}: {missed}"


def test_every_title_finds_itself_first(catalogue: None) -> None:
    titles = list(Entry.objects.values_list("title", flat=True))
    assert [title for title in titles if first(title) != title] == []


def test_every_title_is_found_by_its_pinyin_and_its_initials(catalogue: None) -> None:
    titles = [title for title in Entry.objects.values_list("title", flat=True) if len(title) <= 8 and "(" not in title]
    missed = [t for t in titles if t not in [hit.entry.title for hit in search("".join(sounds.syllables_of(t)))[:3]]]
    assert missed == [], "by pinyin"
    missed = [t for t in titles if t not in [hit.entry.title for hit in search(sounds.initials_of(t))[:3]]]
    assert missed == [], "by initials"


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("不动产果户", "不动产过户"), ("入学抱名", "入学报名"), ("信用复修", "信用修复"), ("ruxuebaomign", "入学报名"),
        ("不动产过户", ""), ("买房", ""), ("bdcgh", ""), ("入学报名", ""), ("完全无关的东西", ""),
    ],
)  # fmt: skip
def test_it_says_what_was_probably_meant(catalogue: None, asked: str, meant: str) -> None:
    assert queries.look(asked).meant == meant


@pytest.mark.parametrize(
    ("asked", "why", "pieces"),
    [
        ("过户", Why.TEXT, (("不动产", False), ("过户", True))),
        ("果户", Why.SIMILAR, (("不动产", False), ("过户", True))),
        ("guohu", Why.PINYIN, (("不动产", False), ("过户", True))),
        ("二手房过户", Why.SPOKEN, (("不动产过户", True),)),
    ],
)
def test_an_answer_says_why_and_where(
    catalogue: None, asked: str, why: Why, pieces: tuple[tuple[str, bool], ...]
) -> None:
    hit = search(asked)[0]
    assert (hit.entry.title, hit.why, hit.marked) == ("不动产过户", why, pieces)


@pytest.mark.parametrize(
    "asked", ["", "   ", "!!!", "怎么办", "\x00", "的" * 500, "'; DROP TABLE", "%%%", "a" * 300, "zzzzqqqq", "🏠"]
)
def test_no_question_is_an_error(catalogue: None, asked: str) -> None:
    queries.look(asked)
    queries.suggest(asked)


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [("不动", "不动产过户"), ("bud", "不动产过户"), ("bdcg", "不动产过户"), ("买", "不动产过户"), ("ruxueb", "入学报名"), ("户", "户口迁移"), ("qy", "企业开办")],
)  # fmt: skip
def test_suggestions_come_while_one_types(catalogue: None, typed: str, wanted: str) -> None:
    assert wanted in [hit.entry.title for hit in queries.suggest(typed)]


def test_kinds_narrow_down_and_group(catalogue: None) -> None:
    assert {hit.entry.kind for hit in search("企业", kinds=["policy"])} == {"policy"}
    kinds = [kind for kind, _hits in queries.look("企业").by_kind()]
    assert set(kinds) >= {"item", "policy"}
    assert len(search("企业", limit=3)) == 3


def test_a_heavier_entry_goes_before_its_equals(db: None) -> None:
    ranking.forget()
    for key, weight in (("1", 1.0), ("2", 2.0)):
        index("item", key, title=f"取水许可({key})", url=f"/{key}/", weight=weight)
    assert first("取水许可") == "取水许可(2)"


def test_what_changes_is_indexed_anew_and_what_goes_is_gone(db: None, django_assert_max_num_queries: Any) -> None:
    ranking.forget()
    index("item", "1", title="取水许可", url="/1/")
    assert first("取水") == "取水许可"
    index("item", "1", title="犬只登记", url="/1/")
    assert (first("取水"), first("犬只")) == ("", "犬只登记")
    with django_assert_max_num_queries(3):
        index("item", "1", title="犬只登记", url="/1/")
    remove("item", "1")
    remove("item", "1")
    assert not Token.objects.exists()
    assert first("犬只") == ""


def test_a_source_is_brought_into_line(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    ranking.forget()
    held = [Document(key="1", title="取水许可", url="/1/"), Document(key="2", title="犬只登记", url="/2/")]
    monkeypatch.setattr(sources, "_SOURCES", {"t": sources.Source("t", "测试", lambda: held)})
    monkeypatch.setattr(sources, "_discover", lambda: None)
    assert sources.rebuild() == {"t": (2, 0)}
    assert sources.rebuild("t") == {"t": (0, 0)}
    held[:] = [Document(key="2", title="犬只年检", url="/2/")]
    assert sources.rebuild() == {"t": (1, 1)}
    assert list(Entry.objects.values_list("title", flat=True)) == ["犬只年检"]
    with pytest.raises(KeyError):
        sources.rebuild("nothing")


# --- who sees what ------------------------------------------------------------------------------------------------------


@pytest.fixture
def official(db: None, monkeypatch: pytest.MonkeyPatch) -> Callable[..., User]:
    """Return a maker of accounts that hold a permission, over the city or a division."""
    monkeypatch.setitem(PERMISSIONS, "t.see", "测试查看")
    Division.objects.create(code="2107", name="示例市", level="city", source="test")
    for code in ("210781", "210782"):
        Division.objects.create(code=code, name=code, level="county", parent_id="2107", unit_id=code, source="test")
    City.objects.create(code="2107", folder="test", name="示例市", name_en="Sample")
    tree.forget()
    ranking.forget()
    role = Role.objects.create(code="seer", name="seer", permissions=["t.see"])

    def make(name: str, division: str | None = None, may: bool = True) -> User:
        user = User.objects.create(username=name)
        if may:
            scope = Grant.Scope.DIVISION if division else Grant.Scope.CITY
            Grant.objects.create(user=user, role=role, scope=scope, division_id=division)
        return user

    return make


def test_what_is_not_public_is_seen_with_its_permission_in_its_division(official: Callable[..., User]) -> None:
    index("item", "open", title="取水许可", url="/o/")
    for division in (None, "210781", "210782"):
        index(
            "item",
            f"h{division}",
            title=f"取水内部指引{division}",
            url="/h/",
            public=False,
            permission="t.see",
            division=division,
        )

    def seen(account: User | None) -> set[str]:
        return {hit.entry.key for hit in search("取水", account=account)}

    assert seen(None) == {"open"}
    assert seen(official("none", may=False)) == {"open"}
    assert seen(official("city")) == {"open", "hNone", "h210781", "h210782"}
    assert seen(official("county", "210781")) == {"open", "h210781"}
    assert {hit.entry.key for hit in queries.suggest("取水")} == {"open"}


def test_a_hidden_entry_must_name_its_permission(db: None) -> None:
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        index("item", "1", title="x", url="/", public=False)


# --- spoken words and sounds --------------------------------------------------------------------------------------------


def test_there_are_many_spoken_words_and_each_means_something_else() -> None:
    known = spoken.spoken().meanings
    assert len({meaning for meanings in known.values() for meaning in meanings}) >= 120
    assert [phrase for phrase, meanings in known.items() if phrase in meanings and len(meanings) == 1] == []


def test_a_city_adds_its_own_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Any, settings: Any) -> None:
    settings.YZT_CITY = str(tmp_path)
    (tmp_path / "search.toml").write_text('[terms]\n"取水许可" = ["压水井"]\n', "utf-8")
    spoken.spoken.cache_clear()
    from yizhantong.kernel.divisions import city

    city.settings_of.cache_clear()
    try:
        assert spoken.spoken().meanings["压水井"] == ("取水许可",)
        assert "买房" in spoken.spoken().meanings
    finally:
        spoken.spoken.cache_clear()
        city.settings_of.cache_clear()


@pytest.mark.parametrize(
    ("letters", "reading"),
    [
        ("budongchan", ("bu", "dong", "chan")), ("guoh", ("guo", "h")), ("bdongchan", ("dong", "chan")), ("nvren", ("nv", "ren")),
        ("nuren", ("nu", "ren")),
    ],
)  # fmt: skip
def test_letters_are_read_as_syllables(letters: str, reading: tuple[str, ...]) -> None:
    assert reading in sounds.read(letters)


@pytest.mark.parametrize("letters", ["bdcgh", "www", "xyzzy"])
def test_what_is_no_pinyin_is_not_read(letters: str) -> None:
    assert sounds.read(letters) == ()


def test_an_ambiguous_row_is_read_in_several_ways() -> None:
    assert {("fang", "an"), ("fan", "gan")} <= set(sounds.read("fangan"))


def test_sounds_that_are_mixed_up_are_one() -> None:
    assert sounds.blurred("zhang") == sounds.blurred("zan")
    assert sounds.blurred("xing") == sounds.blurred("xin")
    assert sounds.blurred("nv") == sounds.blurred("nu")


def test_marks_put_together_are_the_title(catalogue: None) -> None:
    for asked in ("企业", "qiye", "App", "许可(零售)"):
        for hit in search(asked):
            assert "".join(piece for piece, _on in hit.marked) == hit.entry.title
    assert judging._pieces("", []) == ()
