"""What the notices' tests share: kinds, people, and a mail server that answers as it is told."""

from __future__ import annotations

import datetime as dt
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from yizhantong.kernel.access.models import User
from yizhantong.kernel.divisions.models import City, Division
from yizhantong.kernel.notices import kinds, wishes
from yizhantong.kernel.notices.kinds import declare_kind
from yizhantong.kernel.notices.models import Delivery, Outage
from yizhantong.kernel.parties.models import Person


@dataclass
class Post:
    """A mail server in this process: ``answers`` are given to the next messages, then 250."""

    answers: list[str] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    mails: list[EmailMessage] = field(default_factory=list)
    drops: int = 0

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address in self.refused:
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.answers and not self.answers[0].startswith("250"):
            return self.answers.pop(0)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        self.mails.append(mail)  # type: ignore[arg-type]
        if self.drops:
            self.drops -= 1
            server.transport.close()
        return "250 taken"

    def to(self, address: str) -> list[EmailMessage]:
        return [mail for mail in self.mails if address in str(mail["To"])]


@dataclass
class Office:
    """The server's place: it can be shut and opened again on the same port."""

    post: Post
    port: int = 0
    controller: Controller | None = None

    def open(self) -> None:
        self.controller = Controller(self.post, hostname="127.0.0.1", port=self.port or _free_port())
        self.controller.start()
        self.port = self.controller.port

    def shut(self) -> None:
        if self.controller is not None:
            self.controller.stop()
            self.controller = None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def office(settings: Any) -> Iterator[Office]:
    """Yield an open mail server that the platform is set up for."""
    made = Office(Post())
    made.open()
    settings.YZT_SMTP_URL = f"smtp://127.0.0.1:{made.port}"
    settings.YZT_ADDRESS = "https://city.example"
    yield made
    made.shut()


@pytest.fixture(autouse=True)
def _kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "_KINDS", {})
    wishes.forget()
    declare_kind("t.plain", "普通消息")
    declare_kind("t.mail", "邮件消息", {"mail": "at_once"})
    declare_kind("t.daily", "每日消息", {"mail": "daily"})
    declare_kind("t.legal", "法定通知", {"mail": "at_once"}, mandatory=True)
    declare_kind("t.sms", "短信消息", {"sms": "at_once"})


@pytest.fixture
def people(db: None) -> Callable[..., User]:
    """Return a maker of accounts with a mail address and, where asked for, a phone."""
    City.objects.create(code="2107", folder="test", name="示例市", name_en="Sample")
    place = Division.objects.create(code="2107", name="示例市", level="city", source="test")

    def make(name: str, *, phone: str = "", mail: bool = True, **more: Any) -> User:
        person = Person.objects.create(name=name, phone=phone, division=place) if phone else None
        return User.objects.create(username=name, email=f"{name}@people.example" if mail else "", person=person, **more)

    return make


def later(**time: float) -> None:
    """Let time pass for whatever waits."""
    past = dt.timedelta(**time)
    for delivery in Delivery.objects.all():
        delivery.next_at -= past
        delivery.created_at -= past
        delivery.lease_until = delivery.lease_until and delivery.lease_until - past
        delivery.save()
    for outage in Outage.objects.all():
        outage.next_at -= past
        outage.save()
