"""How this zone takes part in the cases of needs: whatever page or program an action comes from, the same follows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yizhantong.kernel.cases.hooks import CaseHooks, register
from yizhantong.kernel.cases.models import Case, CaseStep
from yizhantong.kernel.items.models import Item
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.finance import notices as tell
from yizhantong.zones.finance.actions import facts, needs
from yizhantong.zones.finance.actions.dealing import call_off_all
from yizhantong.zones.finance.actions.locking import lock, settled_state
from yizhantong.zones.finance.errors import FinanceError
from yizhantong.zones.finance.models import Engagement, Listing

Ending, State = Listing.Ending, Listing.State
ENDINGS = {
    Case.Outcome.WITHDRAWN: Ending.WITHDRAWN,
    Case.Outcome.NOT_ACCEPTED: Ending.NOT_ACCEPTED,
    Case.Outcome.TERMINATED: Ending.WITHDRAWN,
}


class NeedHooks(CaseHooks):
    """Submission makes the listing; acceptance publishes it and enters the need; the ending ends what banks still do."""

    def check_submit(self, case: Case, data: Mapping[str, Any]) -> None:
        """Refuse a need of nobody's enterprise."""
        organisation = case.organisation
        if organisation is None or organisation.kind != Organisation.Kind.ENTERPRISE:
            raise FinanceError("finance.enterprises_only", "融资需求由企业提出,请以企业身份办理", field="applicant")

    def on_submitted(self, case: Case) -> None:
        """Make the listing, and give the case a title that tells its amount."""
        listing = needs.begin(case)
        case.title = f"融资需求 {tell.wan(listing.wanted_fen)} {listing.term_months} 个月"[:120]
        Case.objects.filter(pk=case.pk).update(title=case.title)
        tell.office(listing, f"待审核:{case.title}", f"{case.number} 待审核发布。")

    def on_accepted(self, case: Case) -> None:
        """Enter the need into its ledger and let banks come to it."""
        listing = lock(case.pk)
        assert case.organisation is not None
        assert case.accepted_at is not None
        facts.publish_need(
            case.number, case.organisation, listing.wanted_fen, term_months=listing.term_months, purpose=listing.purpose,
            guarantee=listing.guarantee, first_loan=listing.first_loan, on=timezone.localtime(case.accepted_at).date(),
            source=f"case:{case.number}",
        )  # fmt: skip
        listing.state, listing.published_at = State.POOL, case.accepted_at
        listing.save(update_fields=["state", "published_at"])

    def check_step(self, case: Case, step: CaseStep, outcome: str, details: Mapping[str, Any]) -> None:
        """Refuse the matching to be ended by hand: it ends with the need."""
        text = "银企对接随需求结束,不能单独办结;请在银企撮合的需求页结束"
        raise FinanceError("finance.ends_with_need", text)

    def on_closed(self, case: Case) -> None:
        """End the listing and what banks still do for it; a need withdrawn before any credit leaves its ledger in red letters."""
        listing = lock(case.pk)
        ending = ENDINGS.get(Case.Outcome(case.outcome)) or self._answered(case, listing)
        if ending == Ending.WITHDRAWN and listing.contracted_fen:
            text = f"需求 {case.number} 已有签约,不能撤回;请在放款后结束"
            raise FinanceError("finance.contract_signed", text)
        call_off_all(listing, f"需求已结束:{Ending(ending).label}")
        listing.state, listing.ending, listing.grab_places = State.CLOSED, ending, 0
        listing.save(update_fields=["state", "ending", "grab_places"])
        if ending == Ending.WITHDRAWN:
            reason = f"{Case.Outcome(case.outcome).label}:{case.reason}"[:200]
            facts.take_back_need(case.number, reason=reason, source=f"case:{case.number}")

    def on_reopened(self, case: Case) -> None:
        """Let a disputed need live again."""
        listing = lock(case.pk)
        listing.state, listing.ending, listing.ending_code = State.POOL, "", ""
        listing.state = settled_state(listing)
        listing.save(update_fields=["state", "ending", "ending_code"])

    def asker_next(self, case: Case) -> tuple[str, str, str] | None:
        """Ask the enterprise to sign with a bank that granted credit."""
        if not Engagement.objects.filter(listing=case.pk, state=Engagement.State.GRANTED).exists():
            return None
        try:
            address = reverse("finance:need", args=[case.number])
        except NoReverseMatch:
            return None
        return _("银行已经批准授信,请与银行签约或中止对接。"), _("去查看"), address

    def _answered(self, case: Case, listing: Listing) -> str:
        if case.result == Case.Result.SOLVED and listing.drawn_fen:
            return Ending.SOLVED
        if case.result == Case.Result.UNABLE and not listing.drawn_fen and listing.ending_code:
            return Ending.UNSOLVED
        text = "需求的结果以放款为准:有放款的为已解决,没有放款的须选原因;请在银企撮合的需求页结束"
        raise FinanceError("finance.ends_with_need", text)


HOOKS = register(NeedHooks(), zone="finance", kind=Item.Kind.APPLICATION)
