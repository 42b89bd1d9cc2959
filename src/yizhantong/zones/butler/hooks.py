"""How the service takes part in the cases of its appeals: whatever page or program an action comes from, the same follows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.hooks import CaseHooks, register
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.items.models import Item
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.butler import notices as tell
from yizhantong.zones.butler.access import MANAGE, holders
from yizhantong.zones.butler.actions import endings, facts
from yizhantong.zones.butler.config import Kind, settings
from yizhantong.zones.butler.models import Appeal, Ending, UnableReview
from yizhantong.zones.butler.queries import facts as standing

CHANNEL_OF = {
    Case.Channel.ONLINE: Appeal.Channel.PLATFORM,
    Case.Channel.BEHALF: Appeal.Channel.BUTLER,
    Case.Channel.COUNTER: Appeal.Channel.WINDOW,
}
"""The channel of an appeal that was not filed through this zone's own pages."""


class AppealHooks(CaseHooks):
    """The service's part in each appeal; facts are dated by the case's own moments."""

    def check_submit(self, case: Case, data: Mapping[str, Any]) -> None:
        """Refuse an appeal of nobody's enterprise: persons have the hotline."""
        organisation = case.organisation
        if organisation is None or organisation.kind != Organisation.Kind.ENTERPRISE:
            raise CaseError(
                "butler.not_an_enterprise", "企业诉求由企业提出;个人诉求请拨打政务服务便民热线", field="applicant"
            )

    def on_submitted(self, case: Case) -> None:
        """Give the appeal its subject as title, its channel, and whether the enterprise's name is withheld."""
        channel = CHANNEL_OF.get(Case.Channel(case.channel), Appeal.Channel.PLATFORM)
        case.details = {"channel": str(channel)} | case.details | {"is_secret": bool(case.data.get("appeal_secret"))}
        case.title = str(case.data.get("appeal_subject") or case.title)[:80]
        Case.objects.filter(pk=case.pk).update(details=case.details, title=case.title)

    def on_accepted(self, case: Case) -> None:
        """Enter the appeal into its ledger."""
        assert case.organisation is not None
        assert case.office is not None
        assert case.accepted_at is not None
        facts.accept_appeal(
            case.number, case.organisation, case.office, kind=_kind(case).counts_as, channel=case.details["channel"],
            subject=case.title, on=timezone.localtime(case.accepted_at).date(), account=None, source=f"case:{case.number}",
        )  # fmt: skip

    def on_closed(self, case: Case) -> None:
        """Enter the outcome and ask the enterprise; an appeal that was withdrawn leaves its ledger by a reversal that says so."""
        source = f"case:{case.number}"
        if case.outcome == Case.Outcome.ANSWERED:
            self._refuse_unreviewed(case)
            assert case.closed_at is not None
            day = timezone.localtime(case.closed_at).date()
            facts.close_appeal(case.number, case.result, on=day, account=None, source=source)
            ending = endings.ask(case)
            tell.asked_to_confirm(case, f"{timezone.localtime(ending.ask_until):%Y-%m-%d}")
        elif standing.appeal(case.number) is not None:
            label = str(Case.Outcome(case.outcome).label)
            facts.take_back_appeal(case.number, reason=f"{label}:{case.reason}"[:200], account=None, source=source)

    def on_reopened(self, case: Case) -> None:
        """Take the outcome back and tell those who watch."""
        endings.disputed(case)
        people = {person.pk: person for person in holders(MANAGE)}
        if case.handler is not None:
            people[case.handler.pk] = case.handler
        tell.disputed(case, case.dispute.reason, people.values())

    def on_transferred(self, case: Case) -> None:
        """Enter the appeal anew under its new office; what escalated stays with the matter."""
        if case.office is not None and standing.appeal(case.number) is not None:
            facts.move_appeal(case.number, case.office, source=f"case:{case.number}")

    def on_rated(self, case: Case, rating: int) -> None:
        """Enter the rating into its ledger."""
        if standing.outcome(case.number) is not None:
            facts.rate_outcome(case.number, rating, on=clock.today(), account=None, source=f"case:{case.number}")

    def asker_next(self, case: Case) -> tuple[str, str, str] | None:
        """Ask the enterprise whether its problem is solved, while an ending waits for it."""
        if not Ending.objects.filter(case=case, state=Ending.State.WAITING).exists():
            return None
        return (
            _("已经答复。问题解决了吗?请您确认,或提出异议。"),
            _("去确认"),
            reverse("butler:appeal", args=[case.number]),
        )

    def extra_panels(self, case: Case) -> list[tuple[str, Mapping[str, Any]]]:
        """Return what the desk's case page shows of an appeal beside the case."""
        from yizhantong.zones.butler.queries.appeals import beside

        return [("butler/panel.html", {"appeal": beside(case)})]

    def _refuse_unreviewed(self, case: Case) -> None:
        if case.result != Case.Result.UNABLE:
            return
        approved = UnableReview.objects.filter(case=case, state=UnableReview.State.APPROVED)
        if not approved.exists():
            text = "“无法解决”须先由管家主管复核;请在管家服务的诉求页提出,写明理由和依据"
            raise CaseError("butler.unable_unreviewed", text, field="result")


def _kind(case: Case) -> Kind:
    kind = settings().kind_of(case.item_id)
    if kind is None:
        raise CaseError("butler.unknown_kind", f"事项 {case.item_id} 不在诉求种类中,请核对城市配置")
    return kind


HOOKS = register(AppealHooks(), zone="butler", kind=Item.Kind.APPEAL)
