"""Requests of the sample city that go through the exchange itself, with cities that live in this process: some in every stage."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import uuid
from typing import TYPE_CHECKING, Any

from PIL import Image

from yizhantong.kernel.cases import actions as cases
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.crossregion import config, transport
from yizhantong.zones.crossregion.actions import arriving, ending, outbox, sending
from yizhantong.zones.crossregion.models import Crossing, Opening, Outgoing, Partner, PartnerItem
from yizhantong.zones.crossregion.peer import Peer
from yizhantong.zones.crossregion.protocol import messages

if TYPE_CHECKING:
    from yizhantong.zones.crossregion.sample_cases import Stage

SENT = (
    ("proxy", "delivered", 9), ("proxy", "decided", 4), ("proxy", "returned", 3), ("proxy", "supplement", 2), ("online", "held", 2),
    ("online", "delivered", 6), ("joint", "held", 5), ("proxy", "sent", 1), ("online", "supplement", 3),
)  # fmt: skip
"""In which way, how far each goes, and how many days ago it was handed over."""
RECEIVED = (("proxy", "granted", 8), ("online", "held", 2), ("proxy", "returned", 5), ("proxy", "held", 1))
ITEM = "hall.medical_abroad"


class Live:
    """The play through the exchange."""

    def __init__(self, stage: Stage, peers: list[Peer]) -> None:
        self.stage, self.peers = stage, peers
        self.partners = {peer.code: Partner.objects.get(code=peer.code) for peer in peers}
        self.firms = stage.own or stage.firms[:3]

    def all(self) -> None:
        """Play everything."""
        with transport.nearby({peer.base_url: peer.answer for peer in self.peers}):
            for place, (mode, how, ago) in enumerate(SENT):
                self.sent(place, mode, how, ago)
            for place, (mode, how, ago) in enumerate(RECEIVED):
                self.received(place, mode, how, ago)

    def sent(self, place: int, mode: str, how: str, ago: int) -> None:
        """Hand a request over, and bring it as far as it goes."""
        peers = [self.peers[(place + more) % len(self.peers)] for more in range(2 if mode == "joint" else 1)]
        items = [
            PartnerItem.objects.filter(partner=self.partners[peer.code]).order_by("id")[place % 4] for peer in peers
        ]
        wanted = [sending.Wanted(item, {"application_reason": "本人长期在外地工作生活"}) for item in items]
        firm: Any = self.firms[place % len(self.firms)]
        with self.stage.at(ago, 9):
            case = sending.receive_for(firm, wanted, mode, account=None, source="sample")
        if how == "sent":
            return
        self.deliver()
        for crossing, peer in zip(Crossing.objects.filter(case=case).order_by("id"), peers, strict=True):
            with self.stage.at(ago, 10):
                receipt = messages.Receipt(
                    received_at=clock.now(), number=f"{peer.code}-{place + 101}", office=f"{peer.name}办理单位"
                )
                peer.say(self.partners[peer.code], crossing.key, "receipt", receipt)
            with self.stage.at(max(0, ago - 1), 11):
                self.said(crossing, peer, how)

    def said(self, crossing: Crossing, peer: Peer, how: str) -> None:
        """Let the other city say what it has to say."""
        partner, now = self.partners[peer.code], clock.now()
        if how == "supplement":
            defect = messages.Defect(kind="field", code="application_reason", text="请写明申请事由")
            peer.say(partner, crossing.key, "supplement_asked", messages.SupplementAsked(defects=(defect,), at=now))
        elif how == "returned":
            peer.say(partner, crossing.key, "return", messages.Reasoned(reason="申请人参保地不在本市", at=now))
        elif how in ("decided", "delivered"):
            peer.say(
                partner,
                crossing.key,
                "decision",
                messages.Decision(outcome="granted", reason="符合条件", decided_at=now),
            )
            crossing.refresh_from_db()
            if how == "delivered" and crossing.stage == "decided":
                ending.deliver(crossing, "窗口送达", account=None)
        else:
            peer.say(partner, crossing.key, "status", messages.Status(station="accepted", text="已受理", at=now))
        self.deliver()

    def deliver(self) -> None:
        """Send what waits, as the outbox's jobs do."""
        for pk in (
            Outgoing.objects.filter(state="waiting").order_by("queued_at", "sequence").values_list("pk", flat=True)
        ):
            outbox.deliver(str(pk))

    def received(self, place: int, mode: str, how: str, ago: int) -> None:
        """Take a request of another city in, and handle it."""
        opening = Opening.objects.filter(item_id=ITEM, closed_at__isnull=True).first()
        if opening is None:
            return
        peer = self.peers[-1 - place]
        key, person = uuid.UUID(int=self.stage.rng.getrandbits(128), version=4), self.stage.person(place)
        with self.stage.at(ago, 9):
            handover = messages.Handover(
                mode=mode, item=messages.ItemRef(code=ITEM, version=arriving.version_of(opening)), number=f"{peer.code}-{place + 1}",  # type: ignore[arg-type]
                office=f"{peer.name}政务服务局(演示)", applicant=messages.Applicant(
                    kind="person", name=person[0], identity=person[1], assurance="counter", vouched_by=peer.code, vouched_at=clock.now()),
                form=self.stage.form(person), materials=(self.card(peer),),
            )  # fmt: skip
            peer.say(self.partners[peer.code], key, "handover", handover)
            arriving.take_in(Crossing.objects.get(key=key).pk)
        self.deliver()
        crossing = Crossing.objects.select_related("case").get(key=key)
        if crossing.case is None:
            return
        with self.stage.at(max(0, ago - 1), 14):
            self.handle(crossing, crossing.case, how)
        self.deliver()

    def card(self, peer: Peer) -> messages.Material:
        """Return the asker's identity card as the other city offers it: a picture, by its digest."""
        made = io.BytesIO()
        Image.new("RGB", (320, 200), "#dde4ea").save(made, "PNG")
        digest = hashlib.sha256(made.getvalue()).hexdigest()
        peer.files[digest] = made.getvalue()
        return messages.Material(
            code="identity",
            name="居民身份证(演示).png",
            sha256=digest,
            size=len(made.getvalue()),
            media_type="image/png",
            trust="B",
        )

    def handle(self, crossing: Crossing, case: Case, how: str) -> None:
        """Let our own office decide it, or give it back."""
        if how == "returned":
            ending.give_back(crossing, "申请人参保地不在本市,请转参保地", account=None)
            return
        if case.state == Case.State.SUBMITTED:
            cases.accept(case, account=None)
        if how == "granted":
            finish(case, "granted")
            self.deliver()
            crossing.refresh_from_db()
            delivery = messages.Delivery(at=clock.now() + dt.timedelta(minutes=30), how="窗口送达")
            self.peers_of(crossing).say(crossing.partner, crossing.key, "delivery", delivery)

    def peers_of(self, crossing: Crossing) -> Peer:
        """Return the city of a crossing."""
        return next(peer for peer in self.peers if peer.code == crossing.partner.code)


def finish(case: Case, outcome: str) -> None:
    """Complete what is open, step by step, until the case is decided."""
    for _ in range(12):
        case.refresh_from_db()
        step = case.steps.filter(done_at__isnull=True, waits_for="office").order_by("id").first()
        if case.state != Case.State.ACCEPTED or step is None:
            return
        if step.kind == "decision":
            law = config.LAW if outcome == "refused" else ""
            cases.decide(
                case, outcome=outcome, reason="" if outcome == "granted" else "不符合办理条件", law=law, account=None
            )
        else:
            cases.complete_step(case, step.code, outcome="pass", account=None)


def own_firms(username: str) -> list[Organisation]:
    """Return the organisations for which the sample's asker acts."""
    from yizhantong.kernel.access.models import User
    from yizhantong.kernel.cases import people

    account = User.objects.filter(username=username).first()
    return (
        list(Organisation.objects.filter(pk__in=people.mandated(account, config.ZONE)).order_by("pk"))
        if account
        else []
    )
