"""Messages as they travel: read strictly where it matters, tolerantly where a later version may say more."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yizhantong.zones.crossregion.protocol import messages
from yizhantong.zones.crossregion.protocol.messages import ProtocolError

AT = "2021-08-09T10:00:00+08:00"


def a_message(**changed: Any) -> dict[str, Any]:
    body = {
        "mode": "proxy", "item": {"code": "there.permit", "version": "1.0"}, "number": "1", "office": "营商局",
        "applicant": {
            "kind": "person", "name": "演示人", "identity": "210702199001010010", "assurance": "counter", "vouched_by": "990100", "vouched_at": AT,
        },
    }  # fmt: skip
    said = {
        "protocol": "1.0", "id": str(uuid.uuid4()), "case": str(uuid.uuid4()), "sender": "990100", "receiver": "990200", "sequence": 1,
        "kind": "handover", "at": AT, "body": body,
    }  # fmt: skip
    return said | changed


def read(said: Any) -> messages.Envelope:
    return messages.read(json.dumps(said).encode())


def test_a_message_is_read_as_it_was_written() -> None:
    envelope = read(a_message())
    assert messages.read(messages.write(envelope)) == envelope
    assert envelope.content.applicant.name == "演示人"


def test_what_a_later_minor_version_adds_is_passed_over() -> None:
    assert read(a_message(protocol="1.7", colour="red")).protocol == "1.7"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"protocol": "2.0"}, "exchange.version"), ({"protocol": "x"}, "exchange.version"), ({"kind": "pigeon"}, "exchange.kind"),
        ({"sequence": 0}, "exchange.message"), ({"sender": "2107"}, "exchange.message"), ({"body": {}}, "exchange.message"),
        ({"id": "1"}, "exchange.message"), ({"at": "2021-08-09T10:00:00"}, "exchange.message"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_refused_by_name(changed: dict[str, Any], code: str) -> None:
    with pytest.raises(ProtocolError) as refused:
        read(a_message(**changed))
    assert refused.value.code == code


def test_an_unknown_major_version_is_told_which_are_spoken() -> None:
    with pytest.raises(ProtocolError) as refused:
        read(a_message(protocol="2.0"))
    assert refused.value.details == {"supported": ["1.0"]}
    assert messages.common(["2.0", "1.3"]) == "1.0"
    assert messages.common(["2.0"]) is None


@settings(max_examples=80, deadline=None)
@given(
    st.binary(max_size=200)
    | st.recursive(st.none() | st.integers() | st.text(max_size=5), st.lists).map(lambda v: json.dumps(v).encode())
)
def test_rubbish_is_refused_and_never_anything_else(raw: bytes) -> None:
    with pytest.raises(ProtocolError):
        messages.read(raw)
