"""A city that lives in this very process and speaks the protocol over signed requests: for playing a sample's history, and for tests.

It keeps what it is sent, answers like another instance, and says what it is told to say; nothing of it is in the database::

    shenyang = Peer("210100", "沈阳市")
    partner = introduce(shenyang)
    with transport.nearby({shenyang.base_url: shenyang.answer}):
        ...
        shenyang.say(partner, key, "receipt", messages.Receipt(...))
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.utils import timezone

from yizhantong.kernel.divisions import clock
from yizhantong.zones.crossregion import config, keys, signing
from yizhantong.zones.crossregion.actions import inbox, partners
from yizhantong.zones.crossregion.models import Partner
from yizhantong.zones.crossregion.protocol import messages
from yizhantong.zones.crossregion.protocol.messages import Envelope, Part

ITEMS = (
    ("social.transfer", "养老保险关系转移接续", "15个工作日"), ("fund.proof", "住房公积金异地贷款缴存证明", "1个工作日"),
    ("enterprise.open", "企业设立登记", "2个工作日"), ("medical.abroad", "职工医保异地就医备案", "1个工作日"),
)  # fmt: skip


@dataclass
class Peer:
    """Another city: its key, what it has heard, and how far it has spoken in each case."""

    code: str
    name: str
    base_url: str = ""
    key: keys.OwnKey = field(init=False)
    heard: list[Envelope] = field(default_factory=list)
    spoken: dict[uuid.UUID, int] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    materials: tuple[dict[str, str], ...] = ()

    def __post_init__(self) -> None:
        now = timezone.now()
        self.base_url = self.base_url or f"https://{self.code}.invalid"
        self.key = keys.OwnKey(
            f"peer-{self.code}-{uuid.uuid4().hex[:12]}", Ed25519PrivateKey.generate(), now, now, None
        )

    def introduction(self) -> dict[str, Any]:
        """Return what people of this city hand over."""
        office = {"uscc": partners.demonstration_office(self.code), "name": f"{self.name}政务服务局(演示)"}
        return {
            "code": self.code, "name": self.name, "base_url": self.base_url, "versions": list(messages.VERSIONS), "office": office,
            "keys": [self.key.announced()],
        }  # fmt: skip

    def items(self) -> list[dict[str, Any]]:
        """Return the list of its open items."""
        reason = {"code": "application_reason", "name": "申请事由", "kind": "text", "required": True}
        return [
            {
                "code": code, "name": name, "version": "1.0", "modes": ["online", "proxy", "joint"], "audience": ["person", "organisation"],
                "limit": limit, "agency": f"{self.name}办理单位", "fields": [reason], "materials": list(self.materials),
            }
            for code, name, limit in ITEMS
        ]  # fmt: skip

    def answer(self, asked: signing.Asked, body: bytes) -> tuple[int, dict[str, str], bytes]:
        """Answer a request, after verifying it; the answer is signed."""
        own = {key.keyid: key.private.public_key() for key in keys.own()}
        signing.verify(asked, body, own.get)
        status, content = self._answer(asked, body)
        answered = signing.Answered(status, asked)
        signing.sign_answer(answered, content, self.key)
        return status, dict(answered.headers), content

    def _answer(self, asked: signing.Asked, body: bytes) -> tuple[int, bytes]:
        path = urlsplit(asked.url).path
        if path.endswith("/hello"):
            said = self.introduction() | {"now": clock.now().isoformat(), "items": self.items()}
            return 200, json.dumps(said).encode()
        if path.endswith("/messages"):
            envelope = messages.read(body)
            if all(one.id != envelope.id for one in self.heard):
                self.heard.append(envelope)
            return 200, json.dumps({"id": str(envelope.id), "state": "done"}).encode()
        content = self.files.get(path.rpartition("/")[2])
        return (404, b"{}") if content is None else (200, content)

    def public(self, keyid: str) -> Ed25519PublicKey | None:
        """Return its public key."""
        return self.key.private.public_key() if keyid == self.key.keyid else None

    def say(
        self, partner: Partner, case: uuid.UUID, kind: str, body: Part, **changed: Any
    ) -> tuple[int, dict[str, Any]]:
        """Say the next thing in a case; return what this platform answered."""
        sequence = changed.pop("sequence", self.spoken.get(case, 0) + 1)
        after = next((one.id for one in reversed(self.heard) if one.case == case), None)
        envelope = Envelope(
            protocol="1.0", id=uuid.uuid4(), case=case, sender=self.code, receiver=config.own_code(), sequence=sequence, after=after,
            kind=cast(messages.Kind, kind), at=clock.now(), body=body.model_dump(mode="json"), **changed,
        )  # fmt: skip
        self.spoken[case] = max(sequence, self.spoken.get(case, 0))
        return inbox.take(partner, messages.write(envelope))


def introduce(peer: Peer, *, contact: str = "演示联系人") -> Partner:
    """Register a peer, activate it and learn its list."""
    made = partners.introduce(peer.introduction(), account=None, contact=contact)
    partners.set_state(made, Partner.State.ACTIVE, account=None)
    partners.learn(made, {"versions": list(messages.VERSIONS), "items": peer.items()})
    Partner.objects.filter(pk=made.pk).update(demonstration=True)
    made.refresh_from_db()
    return made
