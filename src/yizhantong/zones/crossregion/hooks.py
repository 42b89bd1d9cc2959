"""How this zone takes part in cases: whatever page or program an action comes from, the other city hears of it.

Cases that came from another city are of any zone's items; they are known by ``details["crossregion"]``. Cases of our own items
(:data:`~yizhantong.zones.crossregion.config.SEND`) are those that were handed to other cities.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from yizhantong.kernel.cases import settings as case_settings
from yizhantong.kernel.cases.hooks import CaseHooks, register
from yizhantong.kernel.cases.models import Case, CaseStep
from yizhantong.kernel.items.models import Item
from yizhantong.zones.crossregion.config import ZONE
from yizhantong.zones.crossregion.errors import CrossingError

PAPERS = frozenset({Case.Outcome.GRANTED, Case.Outcome.REFUSED, Case.Outcome.NOT_ACCEPTED})


class Shown(CaseHooks):
    """What a case page shows of the other city."""

    def extra_panels(self, case: Case) -> list[tuple[str, Mapping[str, Any]]]:
        """Return what a case page shows of the other city."""
        from yizhantong.zones.crossregion.queries.line import line

        found = case.crossings.select_related("partner").order_by("id") if _ours(case) else []
        shown = [{"crossing": one, "line": line(one)} for one in found]
        return [("crossregion/panel.html", {"crossings": shown})] if shown else []


class ReceivedHooks(Shown):
    """The case of another city's asker, of any of our items: what happens to it is told to the city that received the request."""

    def concerns(self, case: Case) -> bool:
        """Tell whether the case came from another city."""
        return "crossregion" in case.details

    def on_accepted(self, case: Case) -> None:
        """Tell the acceptance, with the moment when the limit runs out."""
        from yizhantong.zones.crossregion.actions import telling

        telling.tell_status(case, "accepted", "已受理")

    def on_supplement_asked(self, case: Case, defects: Sequence[Mapping[str, str]], due_on: dt.date | None) -> None:
        """Tell what is missing."""
        from yizhantong.zones.crossregion.actions import telling

        telling.tell_supplement(case, [dict(each) for each in defects], due_on)

    def on_step(self, case: Case, step: CaseStep, outcome: str) -> None:
        """Tell that a step of the way is done."""
        from yizhantong.zones.crossregion.actions import telling

        if step.kind != "decision":
            telling.tell_status(case, step.code[:32], f"“{step.name}”已办结")

    def on_closed(self, case: Case) -> None:
        """Tell how it ended."""
        from yizhantong.zones.crossregion.actions import telling

        on_paper = case.item.kind in case_settings.of("papers")["kinds"]
        telling.tell_ending(
            case, papers=on_paper and case.outcome in PAPERS and case.outcome != Case.Outcome.NOT_ACCEPTED
        )

    def on_transferred(self, case: Case) -> None:
        """Tell that another of our offices answers for it now."""
        from yizhantong.zones.crossregion.actions import telling

        if case.office is not None:
            telling.tell_status(case, "transferred", f"改由{case.office.name}办理")


class SentHooks(Shown):
    """Our own case of a request for another city: its steps follow the messages, and nobody's hand goes before them."""

    def check_step(self, case: Case, step: CaseStep, outcome: str, details: Mapping[str, Any]) -> None:
        """Refuse to complete by hand what only the other city's receipt or decision completes."""
        from yizhantong.zones.crossregion.actions.casework import by_exchange

        if not by_exchange():
            text = f"“{step.name}”随外地城市的签收和决定自动办结;退回或未接收的,请在跨区通办中重新转出或答复申请人"
            raise CrossingError("by_exchange", text)

    def on_closed(self, case: Case) -> None:
        """Tell the other cities when the asker has taken it back; refuse an answer that does not come from them."""
        from yizhantong.zones.crossregion.actions import sending
        from yizhantong.zones.crossregion.actions.casework import by_exchange

        if case.outcome == Case.Outcome.ANSWERED and not by_exchange():
            raise CrossingError(
                "by_exchange", "结果随外地城市的决定登记;退回或未接收的,请在跨区通办中重新转出或答复申请人"
            )
        if case.outcome in (Case.Outcome.WITHDRAWN, Case.Outcome.TERMINATED):
            sending.tell_withdrawal(case)

    def asker_panels(self, case: Case) -> list[tuple[str, Mapping[str, Any]]]:
        """Return what the asker's page of her case shows: where it is, in which city."""
        return [("crossregion/asker_panel.html", said) for _template, said in self.extra_panels(case)]

    def asker_next(self, case: Case) -> tuple[str, str, str] | None:
        """Ask for what the other city lacks."""
        waiting = case.crossings.filter(stage="supplement", direction="sent").first()
        if waiting is None:
            return None
        return _("对方城市需要补正。"), _("去补正"), reverse("crossregion:mine-one", args=[waiting.number])


def _ours(case: Case) -> bool:
    return case.zone == ZONE or "crossregion" in case.details


for _kind in (Item.Kind.APPLICATION, Item.Kind.POLICY, Item.Kind.APPEAL):
    register(ReceivedHooks(), kind=_kind)
register(SentHooks(), zone=ZONE)
