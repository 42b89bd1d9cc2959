"""Signatures of RFC 9421: what is altered, old, of another key, or for another address is refused."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from yizhantong.zones.crossregion import keys, signing
from yizhantong.zones.crossregion.protocol.messages import ProtocolError

URL = "https://there.example/crossregion/exchange/1/messages"
BODY = '{"a":"演示"}'.encode()


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YZT_CROSSREGION_KEYS", str(tmp_path / "keys"))


def find(keyid: str) -> Ed25519PublicKey | None:
    return next((key.private.public_key() for key in keys.own() if key.keyid == keyid), None)


def signed(**given: object) -> signing.Asked:
    asked = signing.Asked("POST", URL)
    signing.sign(asked, BODY, keys.signing(), **given)  # type: ignore[arg-type]
    return asked


def refusal(asked: signing.Asked, body: bytes = BODY) -> str:
    with pytest.raises(ProtocolError) as refused:
        signing.verify(asked, body, find)
    return refused.value.code


def test_a_signed_request_tells_who_signed_it_and_covers_what_matters() -> None:
    asked = signed(nonce="n1")
    assert signing.verify(asked, BODY, find) == signing.Verified(keys.signing().keyid, "n1")
    assert '("@method" "@target-uri" "content-digest")' in asked.headers["Signature-Input"]


def test_another_body_address_or_method_is_refused() -> None:
    assert refusal(signed(), b"{}") == "exchange.signature"
    for changed in (signing.Asked("GET", URL), signing.Asked("POST", URL.replace("there", "elsewhere"))):
        changed.headers.update(signed().headers)
        assert refusal(changed) == "exchange.signature"


@pytest.mark.parametrize("minutes", [-10, 5])
def test_a_signature_that_is_too_old_or_of_the_future_is_refused(minutes: int) -> None:
    assert refusal(signed(created=dt.datetime.now(dt.UTC) + dt.timedelta(minutes=minutes))) == "exchange.signature"


def test_a_key_that_is_not_known_is_refused_by_its_id() -> None:
    asked = signed()
    with pytest.raises(ProtocolError) as refused:
        signing.verify(asked, BODY, lambda keyid: None)
    assert refused.value.code == "exchange.unknown_key"
    assert keys.signing().keyid in refused.value.sentence


def test_an_answer_cannot_be_given_for_another_request() -> None:
    asked, other = signed(), signed()
    answered = signing.Answered(200, asked)
    signing.sign_answer(answered, b"ok", keys.signing())
    assert signing.verify_answer(answered, b"ok", find).keyid == keys.signing().keyid
    for wrong in (signing.Answered(200, other, answered.headers), signing.Answered(500, asked, answered.headers)):
        with pytest.raises(ProtocolError):
            signing.verify_answer(wrong, b"ok", find)


def test_after_a_rotation_the_new_key_is_announced_before_it_signs_and_the_old_one_runs_out() -> None:
    old = keys.signing()
    new = keys.rotate(dt.timedelta(hours=2))
    assert keys.signing().keyid == old.keyid
    ends = {key.keyid: key.valid_to for key in keys.own()}
    assert ends[new.keyid] is None
    assert ends[old.keyid] is not None
    assert new.valid_from < ends[old.keyid]
    assert all(path.stat().st_mode & 0o077 == 0 for path in keys.folder().glob("*.json"))
