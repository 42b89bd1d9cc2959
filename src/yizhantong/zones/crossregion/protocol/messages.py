"""Messages between cities as they travel: versioned JSON, each with an id, a number in its case, and what it follows.

A message of the same major version is read tolerantly (members that are not known are passed over, as a later minor version
may have them); another major version is refused by name with the versions that are spoken here. All moments are aware.
"""

from __future__ import annotations

import json
import uuid
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

VERSIONS = ("1.0",)
"""Versions of the protocol that are spoken here, the preferred one first."""
MOST_BYTES = 2 * 1024 * 1024

Text = Annotated[str, StringConstraints(max_length=4000)]
Short = Annotated[str, StringConstraints(max_length=200)]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Division = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
Version = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,4}\.[0-9]{1,4}$")]
Kind = Literal[
    "handover", "receipt", "refusal", "supplement_asked", "supplement_given", "status", "decision", "delivery", "return",
    "withdrawal",
]  # fmt: skip


class ProtocolError(Exception):
    """A message that cannot be taken, with a stable ``code``, a sentence, and what the sender needs to know to mend it."""

    def __init__(self, code: str, sentence: str, status: int = 422, **details: Any) -> None:
        super().__init__(sentence)
        self.code, self.sentence, self.status, self.details = f"exchange.{code}", sentence, status, details


class Part(BaseModel):
    """A part of a message; members that are not known are passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Material(Part):
    """One material of the list that goes first: the bytes are fetched by digest, and only where they are not at hand."""

    code: Annotated[str, StringConstraints(max_length=48)]
    name: Short
    sha256: Digest
    size: Annotated[int, Field(ge=0, le=20 * 1024 * 1024)]
    media_type: Annotated[str, StringConstraints(max_length=80)]
    trust: Literal["A", "B", "C", "D"] = "C"
    remark: Short = ""


class Applicant(Part):
    """Who asks, and by what the home city vouches for the identity (国办发〔2020〕35号: 身份核验由收件地负责)."""

    kind: Literal["person", "organisation"]
    name: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    identity: Annotated[str, StringConstraints(min_length=1, max_length=18)]
    phone: Annotated[str, StringConstraints(max_length=20)] = ""
    assurance: Literal["counter", "online"]
    """How it was verified: with the original at a counter, or by a signed-in, real-name account."""
    vouched_by: Division
    vouched_at: AwareDatetime


class ItemRef(Part):
    """An item of the receiver's list of open items, in the version that the sender has read."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    version: Version


class Segment(Part):
    """A stretch of the clock: it ran or was stopped; the last one may be open."""

    kind: Literal["run", "pause"]
    start: AwareDatetime
    end: AwareDatetime | None = None
    reason: Short = ""


class Handover(Part):
    """What is handed over: the request as a whole, without the bytes of its materials."""

    mode: Literal["online", "proxy", "joint"]
    item: ItemRef
    applicant: Applicant
    form: dict[str, Any] = {}
    materials: Annotated[tuple[Material, ...], Field(max_length=100)] = ()
    number: Short
    """The sender's number of the case."""
    office: Short
    segments: Annotated[tuple[Segment, ...], Field(max_length=200)] = ()


class Receipt(Part):
    """The receiver's office answers for the case from ``received_at`` on."""

    received_at: AwareDatetime
    number: Short
    office: Short
    due_at: AwareDatetime | None = None


class Reasoned(Part):
    """A refusal to take, or a return as not theirs."""

    code: Short = ""
    reason: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    at: AwareDatetime


class Defect(Part):
    """One thing that is missing or wrong."""

    kind: Literal["material", "field", "other"]
    code: Short = ""
    text: Annotated[str, StringConstraints(min_length=1, max_length=300)]


class SupplementAsked(Part):
    """What is missing, told once and completely."""

    defects: Annotated[tuple[Defect, ...], Field(min_length=1, max_length=50)]
    due_on: Short = ""
    at: AwareDatetime


class SupplementGiven(Part):
    """The answer: values of the form and materials that replace or add to what was given."""

    form: dict[str, Any] = {}
    materials: Annotated[tuple[Material, ...], Field(max_length=100)] = ()
    at: AwareDatetime


class Status(Part):
    """A station that the case has passed."""

    station: Short
    text: Short = ""
    due_at: AwareDatetime | None = None
    documents: Annotated[tuple[Material, ...], Field(max_length=20)] = ()
    """Documents of the decision that were issued after it."""
    at: AwareDatetime


class Decision(Part):
    """How the receiver's case ended, with the clock as it ran there."""

    outcome: Literal["granted", "refused", "not_accepted", "answered", "withdrawn", "terminated", "partial"]
    reason: Text = ""
    law: Short = ""
    decided_at: AwareDatetime
    papers: bool = False
    """Whether documents follow, by digest, in a later ``status``."""
    segments: Annotated[tuple[Segment, ...], Field(max_length=200)] = ()


class Delivery(Part):
    """The result is in the applicant's hands."""

    at: AwareDatetime
    how: Short = ""


class Withdrawal(Part):
    """The applicant takes the request back."""

    reason: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    at: AwareDatetime


BODIES: dict[str, type[Part]] = {
    "handover": Handover, "receipt": Receipt, "refusal": Reasoned, "supplement_asked": SupplementAsked,
    "supplement_given": SupplementGiven, "status": Status, "decision": Decision, "delivery": Delivery, "return": Reasoned,
    "withdrawal": Withdrawal,
}  # fmt: skip


class Envelope(Part):
    """A message: ``sequence`` counts what one side says of one case from 1, ``after`` is what it last heard of it."""

    protocol: Version
    id: uuid.UUID
    case: uuid.UUID
    sender: Division
    receiver: Division
    sequence: Annotated[int, Field(ge=1, le=100_000)]
    after: uuid.UUID | None = None
    kind: Kind
    at: AwareDatetime
    body: dict[str, Any]

    @property
    def content(self) -> Any:
        """Return the body as its kind has it; :class:`ProtocolError` ``exchange.message`` when it is none."""
        return _read(BODIES[self.kind], self.body)


def read(raw: bytes) -> Envelope:
    """Return the message of some bytes; raise :class:`ProtocolError` (``message``, ``version``, ``kind``)."""
    if len(raw) > MOST_BYTES:
        raise ProtocolError("too_large", "消息正文超过 2 MB;材料请按摘要另取,不要放进正文", 413)
    try:
        document = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise ProtocolError("message", "消息正文不是合法的 JSON(UTF-8)", 400) from error
    if not isinstance(document, dict):
        raise ProtocolError("message", "消息正文应是一个 JSON 对象", 400)
    refuse_version(str(document.get("protocol", "")))
    if document.get("kind") not in BODIES:
        kind = str(document.get("kind"))[:32]
        raise ProtocolError("kind", f"不认识的消息种类“{kind}”", supported=sorted(BODIES))
    envelope: Envelope = _read(Envelope, document)
    _ = envelope.content
    return envelope


def write(envelope: Envelope) -> bytes:
    """Return the bytes of a message; ``read(write(e)) == e``."""
    return json.dumps(envelope.model_dump(mode="json"), ensure_ascii=False, separators=(",", ":")).encode()


def refuse_version(version: str) -> None:
    """Raise :class:`ProtocolError` ``exchange.version`` for another major version than those spoken here."""
    if version.partition(".")[0] not in {known.partition(".")[0] for known in VERSIONS}:
        text = f"不支持协议版本“{version[:16]}”,本地支持:{'、'.join(VERSIONS)};请升级或改用共同支持的版本"
        raise ProtocolError("version", text, supported=list(VERSIONS))


def common(theirs: list[str]) -> str | None:
    """Return the version to speak with a city that speaks ``theirs``: ours of a major version that it knows, or None."""
    majors = {version.partition(".")[0] for version in theirs}
    return next((version for version in VERSIONS if version.partition(".")[0] in majors), None)


def _read(model: type[Part], document: Any) -> Any:
    try:
        return model.model_validate(document)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "正文"
        raise ProtocolError("message", f"消息的“{place}”不对:{first['msg']}", field=place) from error
