"""Answers are reviewed by a second person, found while an appeal is written, counted, and run out."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from hypothesis import given, settings
from hypothesis import strategies as st

from yizhantong.kernel.access.policy import Refused
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.search import search
from yizhantong.zones.butler.actions import knowledge as actions
from yizhantong.zones.butler.likeness import likeness
from yizhantong.zones.butler.models import Answer, AnswerUse
from yizhantong.zones.butler.queries import knowledge as queries
from yizhantong.zones.butler.tests.conftest import DAY, Town, at

pytestmark = pytest.mark.django_db


def answer(town: Town, *, published: bool = True, **changed: Any) -> Answer:
    values = {
        "question": "工业用地指标怎么申请", "answer": "向自然资源局提出用地预审,材料见指南。", "kind": "land", "links": [],
        "visibility": "public", "valid_until": DAY + dt.timedelta(days=90),
    }  # fmt: skip
    made = actions.write_answer(account=town["clerk"], **values | changed)
    return actions.publish_answer(made, account=town["head"]) if published else made


def test_nobody_reviews_his_own_answer(town: Town) -> None:
    made = actions.write_answer(
        account=town["head"], question="问", answer="答", kind="land", links=[], visibility="public", valid_until=DAY
    )
    with pytest.raises(LedgerError) as refused:
        actions.publish_answer(made, account=town["head"])
    with pytest.raises(Refused):
        actions.publish_answer(made, account=town["clerk"])
    assert refused.value.code == "butler.own_answer"
    assert actions.publish_answer(made, account=town["manager"]).state == "published"


def test_a_change_takes_it_out_until_it_is_reviewed_again(town: Town) -> None:
    made = answer(town)
    assert [hit.entry.key for hit in search("用地指标", kinds=["answer"])] == [str(made.pk)]
    actions.change_answer(made, account=town["clerk"], answer="改由线上申请。")
    assert search("用地指标", kinds=["answer"]) == []
    assert not queries.readable(town["agent"]).exists()


@pytest.mark.parametrize(
    ("visibility", "who"),
    [("public", {"anyone", "agent", "clerk"}), ("enterprise", {"agent", "clerk"}), ("internal", {"clerk"})],
)
def test_who_reads_what(town: Town, visibility: str, who: set[str]) -> None:
    made = answer(town, visibility=visibility)
    accounts = {"anyone": AnonymousUser(), "agent": town["agent"], "clerk": town["clerk"]}
    assert {name for name, account in accounts.items() if queries.readable(account).filter(pk=made.pk).exists()} == who


def test_what_is_known_is_suggested_while_an_appeal_is_written(town: Town) -> None:
    made = answer(town, visibility="enterprise")
    answer(town, question="蒸汽价格如何调整", answer="按物价部门文件。", kind="utilities")
    assert queries.suggested(town["agent"], "我们厂想申请新增工业用地指标", "land") == [made]
    assert queries.suggested(town["agent"], "员工子女入学") == []
    assert queries.suggested(town["agent"], "地") == []


def test_use_is_counted_without_saying_whose(town: Town) -> None:
    made = answer(town)
    actions.judge_answer(made, True, account=town["agent"])
    actions.judge_answer(made, False, account=AnonymousUser())
    assert queries.uses_of([made.pk])[made.pk] == queries.Use(1, 1)
    assert set(AnswerUse.objects.values_list("recorded_by", "source")) == {(None, "form:knowledge")}
    hidden = answer(town, visibility="internal")
    with pytest.raises(LedgerError):
        actions.judge_answer(hidden, True, account=town["agent"])


def test_what_is_no_longer_valid_is_retired(town: Town) -> None:
    made = answer(town, valid_until=DAY)
    with at(DAY + dt.timedelta(days=1)):
        assert not queries.readable(town["agent"]).exists()
        assert (actions.retire_expired(), actions.retire_expired()) == (1, 0)
    made.refresh_from_db()
    assert made.state == "retired"
    assert search("用地指标", kinds=["answer"]) == []


@pytest.mark.parametrize("day", [DAY - dt.timedelta(days=1), DAY + dt.timedelta(days=366)])
def test_validity_has_an_end_within_the_city_s_limit(town: Town, day: dt.date) -> None:
    with pytest.raises(LedgerError) as refused:
        answer(town, valid_until=day)
    assert refused.value.field == "有效期至"


def test_the_public_writes_nothing(town: Town) -> None:
    for who in ("agent", "nobody"):
        with pytest.raises(Refused):
            actions.write_answer(account=town[who], question="问", answer="答", kind="land", valid_until=DAY)


@given(st.text(max_size=40), st.text(max_size=40))
@settings(max_examples=60, deadline=None)
def test_likeness_is_symmetric_and_between_nought_and_one(one: str, other: str) -> None:
    assert likeness(one, other) == likeness(other, one)
    assert 0 <= likeness(one, other) <= 1
    assert likeness(one, one) in (0.0, 1.0)
