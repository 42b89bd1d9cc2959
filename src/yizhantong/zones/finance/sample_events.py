"""Matching events of the sample city: one whose timetable is published, one whose invitations wait for answers (演示数据)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from yizhantong.kernel.ledger.sampling import weekday
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.finance.events import actions, planning
from yizhantong.zones.finance.events.actions import Given, Reply
from yizhantong.zones.finance.models import Invitation, Listing, MatchEvent

if TYPE_CHECKING:
    from yizhantong.zones.finance.sample_cases import Stage

FIRMS, BANKS = 14, 5
ROOMS = (("一号厅", 4), ("二号厅", 2))
Side = Invitation.Side


class Events:
    """Two events that the finance office opens: the next one, and the one after."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.rng = stage, stage.city.rng("finance.events")
        self.banks = stage.banks[:BANKS]
        seeking = Listing.objects.filter(state__in=[Listing.State.POOL, Listing.State.DEALING]).order_by("-pk")
        self.needs: dict[str, Listing] = {}
        for listing in seeking.select_related("enterprise"):
            self.needs.setdefault(listing.enterprise_id, listing)
        own = [firm for firm in self.needs if firm in stage.own]
        self.firms = [self.needs[pk].enterprise for pk in dict.fromkeys([*own, *self.needs])][:FIRMS]

    def play(self) -> None:
        """Play both; without enterprises that look for money there is no event."""
        if not self.firms or not self.banks:
            return
        self.published()
        self.inviting()

    def published(self) -> None:
        """Open, invite, answer, plan and publish the event of next week."""
        day = self.stage.city.day
        with self.stage.at(weekday(day - dt.timedelta(days=11)), 9):
            event = self.opened("制造业银企对接会", weekday(day + dt.timedelta(days=8)), day - dt.timedelta(days=2))
        invited = list(event.invitations.select_related("organisation").order_by("pk"))
        with self.stage.at(weekday(day - dt.timedelta(days=5)), 10):
            gone = invited.pop(len(self.firms) - 1)
            actions.answer(gone, None, reason="当天有外地客户来访", account=self.stage.office)
            for one in invited:
                self.answered(one, invited)
        with self.stage.at(day, 8):
            planning.plan(event, account=self.stage.office)
            planning.publish(event, account=self.stage.office)

    def inviting(self) -> None:
        """Open and invite to an event of next month; some have answered, the sample's own enterprise has not."""
        day = self.stage.city.day
        with self.stage.at(weekday(day - dt.timedelta(days=3)), 15):
            event = self.opened(
                "科技型企业专场对接会", weekday(day + dt.timedelta(days=30)), day + dt.timedelta(days=14)
            )
        invited = list(event.invitations.select_related("organisation").order_by("pk"))
        with self.stage.at(day, 9):
            for one in invited[2::3]:
                self.answered(one, invited)

    def opened(self, title: str, day: dt.date, until: dt.date) -> MatchEvent:
        """Open an event of eight meetings a morning and invite everybody."""
        given = Given(
            title=f"{title}(演示)", place="市政务服务中心会议中心", day=day, begins=dt.time(9, 0), minutes=20, pause=5, slots=8,
            rooms=ROOMS, most=4, answer_until=until, note="每家企业可选想见的银行,按志愿统一编排。",
        )  # fmt: skip
        event = actions.create(given, account=self.stage.office)
        actions.invite(event, [*self.firms, *self.banks], account=self.stage.office)
        event.refresh_from_db()
        return event

    def answered(self, one: Invitation, invited: list[Invitation]) -> None:
        """Let one answer, with wishes of the other side; its own people answer where they have an account."""
        account = self.stage.office
        if one.organisation_id in self.stage.own:
            account = self.stage.asker
        elif one.organisation_id in self.stage.officers:
            account = self.stage.officers[one.organisation_id]
        others = [each.pk for each in invited if each.side != one.side]
        wishes = self.rng.sample(others, min(len(others), 4 if one.side == Side.ENTERPRISE else 6))
        need = self.needs.get(one.organisation_id) if one.side == Side.ENTERPRISE else None
        reply = Reply(
            tuple(wishes), self.hours(one), seats=2 if one.side == Side.BANK else 1, listing=need.pk if need else None,
            who=self.who(one.organisation),
        )  # fmt: skip
        actions.answer(one, reply, account=account)

    def hours(self, one: Invitation) -> frozenset[int] | None:
        """Return when it can come: most the whole morning, some only the first or the second half."""
        chance = self.rng.random()
        if one.side == Side.BANK or chance < 0.7:
            return None
        return frozenset(range(4) if chance < 0.85 else range(4, 8))

    def who(self, party: Organisation) -> str:
        """Return who comes for it."""
        return "对公业务部客户经理(演示)" if party.kind == Organisation.Kind.BANK else "财务负责人(演示)"
