"""Situations for the tests of desk and hall: a small city with officials, an enterprise that asks, and an item with form and materials."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import actions
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.cases.tests import world
from yizhantong.kernel.files.models import Stored
from yizhantong.kernel.items.models import Item
from yizhantong.kernel.parties.models import Organisation

DATA = {"test_amount": "120000.00", "test_contact": "张三丰", "test_invoice": False}
FLOW = world.seq(
    world.step("review", "初审"),
    world.together(
        world.step("ecology", "环保联审", office=world.ECOLOGY, veto=True, law="《办法》第三条"),
        world.step("safety", "安全联审", office=world.SAFETY),
    ),
    world.step("decide", "决定", kind="decision"),
)
MATERIALS = (
    {"code": "licence", "name": "营业执照", "register": "organisation:name"},
    {"code": "report", "name": "审计报告"},
    {"code": "list", "name": "项目清单", "need": "deferrable"},
    {"code": "promise", "name": "安全承诺", "commitment": True},
)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj 3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\nxref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n0000000101 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n164\n%%EOF"


@dataclass
class Place:
    """The people of the city by name, its items, and how they browse."""

    people: dict[str, User] = field(default_factory=dict)
    item: Item | None = None

    def as_(self, name: str = "", **more: Any) -> Client:
        """Return a browser, signed in as somebody."""
        client = Client(raise_request_exception=False, **more)
        if name:
            client.force_login(self.people[name], backend="django.contrib.auth.backends.ModelBackend")
        return client

    @property
    def firm(self) -> Organisation:
        """The enterprise that asks."""
        return Organisation.objects.get(pk=world.FIRM)

    def filed(self, **more: Any) -> Case:
        """Return a case that the enterprise has filed online."""
        given = Stored.objects.create(
            sha256="0" * 64, media_type="application/pdf", size=1, name="演示.pdf", uploaded_by=self.people["asker"],
            uploaded_at=world.NOW,
        )  # fmt: skip
        materials: list[dict[str, Any]] = [
            {"code": "report", "mode": "upload", "file": given},
            {"code": "promise", "mode": "committed"},
            {"code": "list", "mode": "upload", "file": given},
        ]
        assert self.item is not None
        return actions.file(
            self.item, applicant=self.firm, data=DATA, materials=materials, account=self.people["asker"], **more
        )

    def accepted(self) -> Case:
        """Return a case that was accepted."""
        return actions.accept(self.filed(), account=self.people["clerk"])


def settle() -> Place:
    """Build the city."""
    world.build()
    place = Place()
    world.element("test_amount", "项目金额", "money", minimum=0)
    world.element("test_contact", "项目联系人", "text", personal=True)
    world.element("test_invoice", "需要开票", "boolean")
    world.element("test_title", "开票抬头", "text")
    document = world.content(
        FLOW, fields=("test_amount", "test_contact", "test_invoice", "test_title"), materials=MATERIALS
    )
    fields = document["form"][0]["fields"]
    for one in fields[:3]:
        one["required"] = True
    fields[3] |= {"visible_if": "需要开票 = true", "required_if": "需要开票 = true"}
    document["options"] = {"deferral": True}
    document["guide"] = {"summary": "试验", "consult": "0416-1234567"}
    place.item = world.item("trial.one", document, name="试验奖补", zone="policies")
    people = {
        "clerk": world.official("clerk", world.ECONOMY, "cases.view", "cases.intake", "cases.handle"),
        "second": world.official("second", world.ECONOMY, "cases.view", "cases.handle"),
        "head": world.official("head", world.ECONOMY, "cases.view", "cases.handle", "cases.decide", "cases.assign", "personal.reveal"),
        "ecology": world.official("ecology", world.ECOLOGY, "cases.view", "cases.handle"),
        "safety": world.official("safety", world.SAFETY, "cases.view", "cases.handle"),
        "window": world.official("window", world.WINDOW, "cases.view", "cases.intake", "cases.handle", scope="city"),
        "watcher": world.official("watcher", None, "cases.view", "cases.supervise", scope="city"),
        "idle": world.official("idle", world.ECOLOGY),
        "asker": world.citizen("经办", world.FIRM),
        "rival": world.citizen("对手", world.RIVAL),
    }  # fmt: skip
    place.people = people
    return place
