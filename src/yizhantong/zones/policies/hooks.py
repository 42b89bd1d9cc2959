"""How this zone takes part in the cases of its items: what may be submitted, what each step does to the money."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import hooks
from yizhantong.kernel.cases.models import Case, CaseStep
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.items.models import Item
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.policies import matters
from yizhantong.zones.policies.actions import applications, budgets, followups, reviews
from yizhantong.zones.policies.errors import PolicyError
from yizhantong.zones.policies.models import Application, PolicyCard
from yizhantong.zones.policies.queries import asked, eligibility

Money = Application.Money


class PolicyHooks(hooks.CaseHooks):
    """Submission: window, once a year, eligible, own account. Steps: experts, decision, money. Ending: what is held is released."""

    def check_submit(self, case: Case, data: Mapping[str, Any]) -> None:
        """Refuse what cannot be applied for by this enterprise today, naming every condition that is not met."""
        card = PolicyCard.objects.select_related("document").filter(item_id=case.item_id).first()
        if card is None:
            raise PolicyError("policies.no_card", "该事项没有对应的政策卡,不能申报")
        if case.organisation_id is None:
            raise PolicyError("policies.enterprises_only", "惠企政策由企业申报,请以企业身份办理")
        organisation = Organisation.objects.get(pk=case.organisation_id)
        if card.state != PolicyCard.State.PUBLISHED:
            raise PolicyError("policies.card_offline", f"“{card.title}”已下线,不再受理申报")
        if case.channel != Case.Channel.MATCH:
            _check_window(card)
            _check_eligible(case, organisation)
        if Application.objects.filter(
            card=card, organisation=organisation, year=clock.today().year, live=True
        ).exists():
            raise applications.already_applied(card, clock.today().year)
        applications.check_holder(organisation, str(data.get("account_name") or ""))

    def on_submitted(self, case: Case) -> None:
        """Begin the money side."""
        applications.begin(case)

    def check_step(self, case: Case, step: CaseStep, outcome: str, details: Mapping[str, Any]) -> None:
        """Refuse a step that the zone's own records do not bear out."""
        check = _CHECKS.get(step.code)
        if check is not None:
            check(_application(case), outcome)

    def on_step(self, case: Case, step: CaseStep, outcome: str) -> None:
        """Let the money follow a step that passed."""
        act = _ACTS.get(step.code)
        if act is not None and outcome == "pass":
            act(_application(case), _done_by(step), f"case:{case.number}/{step.code}"[:64])

    def on_closed(self, case: Case) -> None:
        """Give back what the case holds, unless it was granted and paid; then results are asked for."""
        application = Application.objects.select_related("card", "budget", "case").filter(case=case).first()
        if application is None:
            return
        if case.outcome == Case.Outcome.GRANTED and application.money == Money.PAID:
            followups.ask(application)
            return
        budgets.release(application, account=None, source=f"case:{case.number}")

    def on_reopened(self, case: Case) -> None:
        """Let an application that was refused live again, unless the enterprise has applied anew meanwhile."""
        application = _application(case)
        application.live, application.money = True, Money.NONE
        application.approved_fen = application.budget = None
        try:
            with transaction.atomic():
                application.save(update_fields=["live", "money", "approved_fen", "budget"])
        except IntegrityError:
            raise applications.already_applied(application.card, application.year) from None

    def asker_next(self, case: Case) -> tuple[str, str, str] | None:
        """Ask the enterprise to pay back, to confirm the arrival of its money, or to report results."""
        return asked.of_asker(case)

    def eligibility(self, case: Case) -> Any:
        """Return the verdict of the pinned version for the enterprise as it stands today."""
        return eligibility.of_version(case.version_id, case.organisation_id) if case.organisation_id else None

    def extra_panels(self, case: Case) -> list[tuple[str, Mapping[str, Any]]]:
        """Show the money, how it was computed, and the experts' totals."""
        application = (
            Application.objects.select_related("card__stacking", "card__document", "budget", "account")
            .filter(case=case)
            .first()
        )
        if application is None:
            return []
        benefit = eligibility.benefit_of(case.version_id)
        context = {
            "application": application,
            "benefit": benefit,
            "reviews": reviews.given(application) if benefit.experts is not None else [],
            "askable": reviews.askable_now(application) if benefit.experts is not None else [],
            "lines": list(application.lines.select_related("batch").order_by("id")),
        }
        return [("policies/panels/money.html", context)]


def _check_window(card: PolicyCard) -> None:
    today = clock.today()
    if card.window_start is not None and today < card.window_start:
        raise PolicyError("policies.window_not_open", f"“{card.title}”自 {card.window_start} 起受理申报,请届时办理")
    if card.window_end is not None and today > card.window_end:
        raise PolicyError("policies.window_closed", f"“{card.title}”已于 {card.window_end} 截止申报")


def _check_eligible(case: Case, organisation: Organisation) -> None:
    verdict = eligibility.of_version(case.version_id, organisation.pk)
    if verdict.state in ("no", "near"):
        unmet = [reason.condition.text for reason in eligibility.unmet(verdict)]
        text = f"按登记数据,贵企业不符合以下条件:{';'.join(unmet)}。数据有误的,请先更正登记数据"
        raise PolicyError("policies.not_eligible", text, unmet=unmet)


def _application(case: Case) -> Application:
    return (
        Application.objects.select_for_update(of=("self",))
        .select_related("card__budget", "card__stacking", "card__document", "budget", "case")
        .get(case_id=case.pk)
    )


def _done_by(step: CaseStep) -> User | None:
    return User.objects.filter(pk=step.done_by_id).first() if step.done_by_id else None


def _check_expert(application: Application, outcome: str) -> None:
    settled = reviews.settle(application)
    if settled.passed != (outcome == "pass"):
        said = "达到" if settled.passed else "未达到"
        text = f"专家评审均分 {settled.mean} {said}通过线,环节结果应与评分一致"
        raise PolicyError("policies.score_says_otherwise", text, mean=str(settled.mean), passed=settled.passed)


def _check_decide(application: Application, outcome: str) -> None:
    if outcome != "pass" or application.money != Money.NONE:
        return
    benefit = eligibility.benefit_of(application.case.version_id)
    if benefit.shortage != "first" and "shared" not in application.basis:
        text = "本政策资金按比例压缩或择优分配,请先在“资金分配”中完成本批分配,再作决定"
        raise PolicyError("policies.not_shared_out", text)
    if application.computed_fen is None:
        missing = "、".join(application.basis.get("missing", [])) or "测算数据"
        raise PolicyError("policies.not_computed", f"缺少{missing},不能核定金额;请补正后再作决定")


def _check_payment(application: Application, _outcome: str) -> None:
    if application.money != Money.PAID:
        raise PolicyError("policies.not_paid", "拨付环节由银行回单办结,不能手工办结;请在“拨付批次”中办理")


def _decided(application: Application, by: User | None, source: str) -> None:
    if application.money == Money.RESERVED:
        return
    application.approved_fen = applications.due_amount(application)
    application.save(update_fields=["approved_fen"])
    budgets.reserve(application, account=by, source=source)


def _measured(application: Application, _by: User | None, _source: str) -> None:
    applications.measure_again(application)


def _scored(application: Application, _by: User | None, _source: str) -> None:
    reviews.keep(application)


def _funds(application: Application, by: User | None, source: str) -> None:
    budgets.commit(application, account=by, source=source)


_CHECKS = {
    matters.EXPERT: _check_expert,
    matters.DECIDE: _check_decide,
    matters.PAYMENT: _check_payment,
}
_ACTS = {
    matters.FORMAL: _measured, matters.EXPERT: _scored, matters.DECIDE: _decided, matters.FUNDS: _funds,
}  # fmt: skip

HOOKS = hooks.register(PolicyHooks(), zone="policies", kind=Item.Kind.POLICY)
__all__ = ["HOOKS", "PolicyHooks"]
