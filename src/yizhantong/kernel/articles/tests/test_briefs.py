"""Briefs are rendered from figures, rewritten in versions by those who may, and exported to DOCX."""

from __future__ import annotations

import io

import docx
import pytest
from django.utils import translation

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import Grant, Role, User
from yizhantong.kernel.articles import briefs, queries, wording
from yizhantong.kernel.articles.models import Brief
from yizhantong.kernel.articles.tests.reading import DAY
from yizhantong.kernel.divisions import tree
from yizhantong.kernel.divisions.load import load_city
from yizhantong.kernel.figures import engine

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(db: None) -> None:
    load_city()
    tree.forget()
    engine.forget()
    briefs.load_briefs()


@pytest.fixture
def editor(city: None) -> User:
    Role.objects.create(code="editor", name="编辑", permissions=["articles.brief"])
    account = User.objects.create_user("editor", password="not-a-simple-one")
    Grant.objects.create(user=account, role_id="editor", scope="city")
    return account


def text(line: briefs.Line) -> str:
    return "".join(piece.text for piece in line)


def test_the_briefs_of_the_city_are_loaded_once(city: None) -> None:
    assert queries.briefs().count() > 0
    assert briefs.load_briefs() == 0
    assert briefs.front(DAY)


def test_a_story_holds_live_figures_with_units_in_their_places(city: None) -> None:
    headline, (paragraph,) = briefs.story_of(
        "截至{day}",
        "签约{investment.projects},即{investment.projects|number}项;凌海{investment.projects@210781}。",
        DAY,
    )
    assert text(headline) == "截至8月16日"
    assert text(paragraph) == "签约0个,即0项;凌海0个。"
    live = [piece.value for piece in paragraph if isinstance(piece, briefs.Live)]
    assert [(value.code, value.division) for value in live] == [
        ("investment.projects", None), ("investment.projects", None), ("investment.projects", "210781"),
    ]  # fmt: skip


def test_a_rewriting_is_a_new_version_and_the_old_one_stays(editor: User) -> None:
    brief = Brief.objects.get(code="investment")
    version = briefs.rewrite(editor, "investment", headline="新标题{investment.projects}", body="正文")
    assert (version.number, version.written_by) == (2, editor)
    assert text(briefs.stories([brief], DAY)[0].headline) == "新标题0个"
    assert brief.versions.count() == 2


def test_english_readers_get_the_english_wording_where_there_is_one(editor: User) -> None:
    brief = Brief.objects.get(code="investment")
    briefs.rewrite(editor, "investment", headline="中文", body="正文", headline_en="English {day}", body_en="Text")
    with translation.override("en"):
        assert text(briefs.stories([brief], DAY)[0].headline) == "English 16 August 2021"
    with translation.override("zh-hans"):
        assert text(briefs.stories([brief], DAY)[0].headline) == "中文"


def test_who_may_not_write_briefs_changes_nothing(city: None) -> None:
    stranger = User.objects.create_user("stranger", password="not-a-simple-one")
    with pytest.raises(policy.Refused):
        briefs.rewrite(stranger, "investment", headline="改", body="改")
    assert Brief.objects.get(code="investment").versions.count() == 1


@pytest.mark.parametrize("field", ["headline", "body", "headline_en", "body_en"])
def test_a_wrong_wording_is_refused_in_every_part(editor: User, field: str) -> None:
    words = {"headline": "标题", "body": "正文"} | {field: "签约{investment.nothing}"}
    with pytest.raises(wording.WordingError):
        briefs.rewrite(editor, "investment", **words)
    assert Brief.objects.get(code="investment").versions.count() == 1


def test_a_story_exported_to_docx_reads_back(editor: User) -> None:
    briefs.rewrite(editor, "investment", headline="标题", body="签约{investment.projects}。\n第二段")
    (story,) = briefs.stories([Brief.objects.get(code="investment")], DAY)
    document = docx.Document(io.BytesIO(briefs.to_docx(story, "数据截至8月16日")))
    assert [p.text for p in document.paragraphs] == ["标题", "签约0个。", "第二段", "数据截至8月16日"]
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert rows[0] == ["数据", "数值", "统计时间", "口径"]
    assert rows[1][:2] == ["签约项目数", "0个"]
    assert len(rows) == 2
