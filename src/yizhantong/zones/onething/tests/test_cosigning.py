"""Others sign by links that die: used once, over in time, withdrawn, or void because what they show has changed."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from yizhantong.kernel.cases import actions as cases
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.notices.models import Notice
from yizhantong.zones.onething import cosigning, tasks
from yizhantong.zones.onething.errors import OnethingError
from yizhantong.zones.onething.models import Cosignature
from yizhantong.zones.onething.queries import things
from yizhantong.zones.onething.tests.conftest import FATHER, MARRIED, MOTHER, PAPERS, Town

pytestmark = pytest.mark.django_db
FOLLOW = {"code": "follow_statement", "mode": "paper"}


def drafted(town: Town, **more: Any) -> Case:
    return cases.draft(town.item(), applicant=town.mother, account=town["mother"], data=MARRIED | more)


def invited(town: Town, draft: Case) -> tuple[Cosignature, str]:
    row, path = cosigning.invite(draft, "father", town["mother"])
    return row, path.removeprefix("/onething/sign/").rstrip("/")


def given(draft: Case) -> None:
    for each in (*PAPERS, FOLLOW):
        cases.give_material(draft, each["code"], mode=each["mode"], account=None)


def test_a_package_is_submitted_when_all_have_signed_it(town: Town) -> None:
    draft = drafted(town)
    given(draft)
    with pytest.raises(CaseError) as refused:
        cases.submit(draft, account=town["mother"])
    assert (refused.value.code, refused.value.details["missing"]) == ("onething.unsigned", ["father"])
    row, token = invited(town, draft)
    cosigning.sign(token, digest=row.data_digest, identity=FATHER)
    cases.submit(draft, account=town["mother"])
    assert draft.state == "submitted"


def test_what_is_filed_at_once_cannot_go_around_the_signature(town: Town) -> None:
    with pytest.raises(CaseError) as refused:
        cases.file(town.item(), applicant=town.mother, data=MARRIED, account=town["mother"], materials=[])
    assert refused.value.code in ("cases.materials", "onething.unsigned")
    with pytest.raises(CaseError) as unsigned:
        cases.file(town.item(), applicant=town.mother, data=MARRIED, account=None, materials=[*PAPERS, FOLLOW])
    assert unsigned.value.code == "onething.unsigned"


def test_nobody_signs_where_the_situation_asks_nobody(town: Town) -> None:
    draft = drafted(town, parents_married=False)
    assert cosigning.wanted(draft) == []
    with pytest.raises(OnethingError) as refused:
        cosigning.invite(draft, "father", town["mother"])
    assert refused.value.code == "onething.no_cosigner"


def test_the_signer_sees_exactly_what_is_signed(town: Town) -> None:
    row, token = invited(town, drafted(town))
    shown = cosigning.shown(cosigning.opened(token), reveal=True)
    assert [(label, text) for _code, label, text in shown.rows] == [
        ("新生儿姓名", "演示小宝"), ("新生儿性别", "女"), ("新生儿出生日期", "2021-08-01"), ("随父或随母落户", "随母"), ("户籍地", "锦州市古塔区"),
    ]  # fmt: skip
    assert shown.digest == row.data_digest
    masked = cosigning.shown(row)
    assert masked.rows[0][2] == "演***"


def test_contact_and_content_lie_sealed_and_the_word_is_not_kept(town: Town) -> None:
    from django.db import connection

    row, token = invited(town, drafted(town))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, contact, shown, nonce, token_digest FROM onething_cosignature WHERE id = %s", [row.pk]
        )
        stored = cursor.fetchone()
    assert all(str(text).startswith("aes:") for text in stored[:3])
    assert token not in stored


def test_a_link_works_once(town: Town) -> None:
    row, token = invited(town, drafted(town))
    cosigning.sign(token, digest=row.data_digest, identity=FATHER)
    with pytest.raises(OnethingError) as refused:
        cosigning.sign(token, digest=row.data_digest, identity=FATHER)
    assert (refused.value.code, refused.value.details["state"]) == ("onething.link_dead", "signed")


def test_a_link_dies_with_its_time(town: Town) -> None:
    row, token = invited(town, drafted(town))
    with clock.at(row.expires_at - dt.timedelta(seconds=1)):
        assert cosigning.opened(token).pk == row.pk
        assert cosigning.expire_due() == 0
    with clock.at(row.expires_at):
        with pytest.raises(OnethingError) as refused:
            cosigning.sign(token, digest=row.data_digest, identity=FATHER)
        assert refused.value.details["state"] == "expired"
        assert tasks.expire_links.call() == 1
    row.refresh_from_db()
    assert row.state == "expired"


def test_a_link_dies_when_it_is_called_back_or_sent_again(town: Town) -> None:
    draft = drafted(town)
    _row, first = invited(town, draft)
    row, second = invited(town, draft)
    with pytest.raises(OnethingError):
        cosigning.opened(first)
    cosigning.withdraw(row, town["mother"])
    with pytest.raises(OnethingError) as refused:
        cosigning.opened(second)
    assert refused.value.details["state"] == "withdrawn"


def test_changed_data_void_links_and_signatures(town: Town) -> None:
    draft = drafted(town)
    given(draft)
    row, token = invited(town, draft)
    cosigning.sign(token, digest=row.data_digest, identity=FATHER)
    cases.save_draft(draft, MARRIED | {"newborn_name": "演示大宝"}, town["mother"])
    with pytest.raises(CaseError) as refused:
        cases.submit(draft, account=town["mother"])
    assert refused.value.code == "onething.unsigned"
    assert "签署后内容有变更" in refused.value.sentence
    assert cosigning.refresh(draft) == 0
    row.refresh_from_db()
    assert row.state == "void"


def test_a_change_of_what_is_not_signed_leaves_the_signature(town: Town) -> None:
    draft = drafted(town)
    row, token = invited(town, draft)
    cosigning.sign(token, digest=row.data_digest, identity=FATHER)
    cases.save_draft(draft, MARRIED | {"card_bank": "工商银行"}, town["mother"])
    assert cosigning.refresh(draft) == 0


def test_a_link_shows_nothing_old(town: Town) -> None:
    draft = drafted(town)
    row, token = invited(town, draft)
    cases.save_draft(draft, MARRIED | {"newborn_name": "演示大宝"}, town["mother"])
    with pytest.raises(OnethingError) as refused:
        cosigning.sign(token, digest=row.data_digest, identity=FATHER)
    assert refused.value.details["state"] == "void"


def test_only_the_person_who_was_asked_signs_and_five_errors_end_the_link(town: Town) -> None:
    row, token = invited(town, drafted(town))
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(OnethingError) as refused:
            cosigning.sign(token, digest=row.data_digest, identity=MOTHER)
        assert (refused.value.code, refused.value.details["left"]) == ("onething.signer_identity", left)
    with pytest.raises(OnethingError) as dead:
        cosigning.sign(token, digest=row.data_digest, identity=FATHER)
    assert dead.value.code == "onething.link_dead"


def test_a_page_that_shows_something_else_cannot_sign(town: Town) -> None:
    _row, token = invited(town, drafted(town))
    with pytest.raises(OnethingError) as refused:
        cosigning.sign(token, digest="0" * 64, identity=FATHER)
    assert refused.value.code == "onething.signed_other"


def test_only_the_asker_invites(town: Town) -> None:
    draft = drafted(town)
    with pytest.raises(CaseError) as refused:
        cosigning.invite(draft, "father", town["stranger"])
    assert refused.value.code == "cases.not_yours"


def test_a_forged_word_opens_nothing(town: Town) -> None:
    _row, token = invited(town, drafted(town))
    for forged in ("", token[:-1], token[:-1] + ("0" if token[-1] != "0" else "1"), "a" * 64):
        with pytest.raises(OnethingError) as refused:
            cosigning.opened(forged)
        assert refused.value.details["state"] == "unknown"


def test_who_declines_says_why_and_the_asker_hears_it(town: Town, django_capture_on_commit_callbacks: Any) -> None:
    draft = drafted(town)
    with django_capture_on_commit_callbacks(execute=True):
        _row, token = invited(town, draft)
        with pytest.raises(OnethingError):
            cosigning.decline(token, reason=" ")
        cosigning.decline(token, reason="姓名还没有商量好")
    assert Notice.objects.filter(account=town["mother"], body__contains="姓名还没有商量好").exists()


def test_the_link_goes_out_by_text_message_and_to_the_person_s_account(
    town: Town, settings: Any, tmp_path: Path
) -> None:
    settings.YZT_SMS_URL = f"file://{tmp_path}/sms.jsonl"
    row, token = invited(town, drafted(town))
    assert tasks.send_link.call(pk=row.pk) == "sent"
    line = json.loads((tmp_path / "sms.jsonl").read_text(encoding="utf-8"))
    assert line["phone"] == "139****0011"
    assert token in line["text"]
    assert Notice.objects.filter(account=town["father"], link=cosigning.path_of(row)).count() == 1
    waiting = list(things.signatures(town["father"]))
    assert [(each.mine, each.url) for each in waiting] == [(True, cosigning.path_of(row))]
    assert [each.mine for each in things.signatures(town["mother"])] == [False]


def test_a_draft_thrown_away_takes_its_links_with_it(town: Town) -> None:
    draft = drafted(town)
    _row, token = invited(town, draft)
    cases.discard(draft, town["mother"])
    with pytest.raises(OnethingError):
        cosigning.opened(token)
