"""A package of five agencies for the tests of parts: its items, its zone's hooks, and short ways through it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from yizhantong.kernel.cases import actions, hooks, queries
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.cases.tests import world
from yizhantong.kernel.items.models import Item
from yizhantong.kernel.parties.models import Organisation

ZONE = "bundle"
OFFICES = (world.ECONOMY, world.ECOLOGY, world.SAFETY, world.WINDOW, world.FIFTH)
LAW = "《办法》第三条"
DECIDE = world.seq(world.step("decide", "决定", kind="decision"))
WAIT = world.seq(world.step("parts", "各事项办理", kind="children"))


class Joining(hooks.CaseHooks):
    """Forks five parts when the parent is accepted, and ends it when the last of them has ended."""

    def __init__(self, parts: Callable[[Case], list[actions.Part]], *, ends: bool = True) -> None:
        self.parts = parts
        self.ends = ends
        self.seen: list[tuple[str, str, str]] = []
        self.forked: list[Case] = []

    def on_accepted(self, case: Case) -> None:
        made = self.parts(case)
        if made:
            self.forked = actions.fork(case, made, account=None)

    def on_child_accepted(self, parent: Case, child: Case) -> None:
        self.seen.append(("accepted", child.details["part"], parent.state))

    def on_child_closed(self, parent: Case, child: Case) -> None:
        self.seen.append(("closed", child.details["part"], parent.state))
        if not self.ends or parent.state != "accepted":
            return
        if all(part.state == "closed" for part in queries.parts(parent)):
            actions.finish_children_step(parent, "parts")


def items(count: int = 5, *, intake: bool = False, kind: str = "application") -> list[Item]:
    """Make the items of the parts, one for each office."""
    document = world.content(DECIDE, intake=intake)
    return [
        world.item(f"part.p{n}", document, agency=OFFICES[n], zone="trial", kind=kind, name=f"事项{n}")
        for n in range(count)
    ]


def package(flow: Any = WAIT, **options: Any) -> Item:
    """Make the item of the package."""
    document = world.content(flow, intake=False, **options)
    return world.item("package.trial", document, agency=world.ECONOMY, zone=ZONE, kind="package", name="试验一件事")


def parts_of(made: list[Item], **more: Any) -> list[actions.Part]:
    """Return a part for each item."""
    return [actions.Part(item, item.code.rpartition(".")[2], **more) for item in made]


def file(item: Item) -> Case:
    """File the package for the firm."""
    return actions.file(item, applicant=Organisation.objects.get(pk=world.FIRM), data={}, account=None)


def end(part: Case, outcome: str = "granted") -> Case:
    """Decide a part."""
    if outcome == "granted":
        return actions.decide(part, outcome=outcome, account=None)
    return actions.decide(part, outcome=outcome, reason="不符合条件", law=LAW, account=None)
