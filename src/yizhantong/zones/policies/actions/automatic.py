"""免申即享: a list made by comparison of data, checked by another, confirmed by each enterprise with its account, then paid.

make_list → (remove) → check_list: money and places are reserved, everyone is told
          → confirm: a case begins, decided already → money confirmed, payment; or decline / lapse: what was held is released
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.cases.actions import complete_step, file
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.cases.people import acts_for
from yizhantong.kernel.divisions import calendar, clock
from yizhantong.kernel.notices.actions import send
from yizhantong.zones.policies.actions import applications, budgets
from yizhantong.zones.policies.actions.recording import source_of, user
from yizhantong.zones.policies.amounts import compute
from yizhantong.zones.policies.errors import PolicyError
from yizhantong.zones.policies.matters import DECIDE
from yizhantong.zones.policies.models import Application, AutomaticList, BudgetEntry, Candidate, PolicyCard, PolicyClass
from yizhantong.zones.policies.queries import eligibility, people
from yizhantong.zones.policies.queries.eligibility import benefit_of

ListState, State = AutomaticList.State, Candidate.State
PERMISSION = "cases.handle"


@transaction.atomic
def make_list(card: PolicyCard, year: int, *, account: Account | None) -> AutomaticList:
    """Compare the registers with the card's conditions in one pass and list who matches, with amount and reasons.

    Enterprises that have the card this year already, or are on a list for it, are left out; so are amounts of nothing.
    """
    locked = (
        PolicyCard.objects.select_for_update(of=("self",)).select_related("item", "document", "unit").get(pk=card.pk)
    )
    _allowed(account, locked)
    if (
        locked.policy_class != PolicyClass.AUTOMATIC
        or locked.state != PolicyCard.State.PUBLISHED
        or locked.item is None
    ):
        raise PolicyError("policies.not_automatic", "只有已上线的免申即享类政策卡可以生成名单")
    if locked.lists.filter(year=year, state=ListState.MADE).exists():
        raise PolicyError("policies.list_open", "已有一份名单待复核,请先复核或作废")
    assert locked.item.current_id is not None
    standard = benefit_of(locked.item.current_id).standard
    assert standard is not None
    made = AutomaticList.objects.create(card=locked, year=year, made_at=clock.now(), made_by=user(account))
    known = set(locked.applications.filter(year=year, live=True).values_list("organisation", flat=True))
    known |= set(
        Candidate.objects.filter(list__card=locked, list__year=year).exclude(list__state=ListState.DROPPED)
        .exclude(state=State.REMOVED).values_list("organisation", flat=True)
    )  # fmt: skip
    rows = []
    for organisation in eligibility.matching(locked.item.current_id):
        if organisation in known:
            continue
        found = compute(standard, eligibility.facts_of(organisation))
        if found.fen:
            rows.append(Candidate(list=made, organisation_id=organisation, amount_fen=found.fen, basis=found.to_dict()))
    if not rows:
        raise PolicyError("policies.nobody_matches", f"{year} 年度没有新的企业符合“{locked.title}”")
    Candidate.objects.bulk_create(rows)
    return made


@transaction.atomic
def remove(candidate: Candidate, reason: str, *, account: Account) -> Candidate:
    """Strike an enterprise off a list that is not yet checked, with the reason."""
    held = Candidate.objects.select_for_update(of=("self",)).select_related("list__card__document").get(pk=candidate.pk)
    _allowed(account, held.list.card)
    if held.state != State.LISTED:
        raise PolicyError("policies.candidate_state", "名单已复核,不能再剔除")
    if not reason.strip():
        raise PolicyError("policies.reason", "请写明剔除原因", field="reason")
    held.state, held.reason = State.REMOVED, reason.strip()[:200]
    held.save(update_fields=["state", "reason"])
    return held


@transaction.atomic
def check_list(automatic: AutomaticList, *, account: Account | None, source: str = "") -> AutomaticList:
    """Check what another has made: the whole sum and all places are reserved at once, and everyone is asked to confirm."""
    held = _locked(automatic)
    card = held.card
    _allowed(account, card)
    if account is not None and held.made_by_id == account.pk:
        raise PolicyError("policies.own_work", "比对人不能复核自己的名单,请由另一位经办人复核")
    if card.budget is None:
        raise PolicyError("policies.no_budget", f"“{card.title}”没有关联资金")
    if card.budget.year != held.year:
        raise PolicyError("policies.budget_year", "名单年度与资金年度不一致;额度不得跨年结转使用")
    listed = list(held.candidates.filter(state=State.LISTED).order_by("id"))
    budgets.take_places(card, held.year, len(listed))
    assert card.item is not None
    for one in listed:
        about = budgets.About(card.number, "", one.organisation_id)
        budgets.move(
            card.budget,
            BudgetEntry.Kind.RESERVE,
            one.amount_fen,
            account=account,
            source=source_of(account, source),
            about=about,
        )
    held.candidates.filter(state=State.LISTED).update(state=State.OFFERED)
    days = benefit_of(card.item.current_id or 0).confirm_days
    held.state, held.checked_at, held.checked_by = ListState.CHECKED, clock.now(), user(account)
    held.reply_by = calendar.working_calendar().working_day_after(clock.today(), days)
    held.save(update_fields=["state", "checked_at", "checked_by", "reply_by"])
    _tell(held, [one.organisation_id for one in listed])
    return held


@transaction.atomic
def drop_list(automatic: AutomaticList, *, account: Account) -> AutomaticList:
    """Give up a list that was not checked."""
    held = _locked(automatic)
    _allowed(account, held.card)
    held.state = ListState.DROPPED
    held.save(update_fields=["state"])
    return held


@transaction.atomic
def confirm(candidate: Candidate, *, holder: str, bank: str, number: str, account: User) -> Candidate:
    """The enterprise wants it and says where to: a case begins with money and decision in place."""
    held = _offered(candidate, account)
    card = held.list.card
    assert card.item is not None
    data = {"account_name": holder, "bank_name": bank, "account_number": number}
    applications.check_holder(held.organisation, holder)
    case = file(
        card.item, applicant=held.organisation, data=data, account=None, channel=Case.Channel.MATCH,
        source=source_of(account), details={"candidate": held.pk},
    )  # fmt: skip
    application = Application.objects.select_related("card", "case").get(case=case)
    application.approved_fen, application.budget = held.amount_fen, card.budget
    application.computed_fen, application.basis = held.amount_fen, held.basis
    application.money, application.quota_taken = (
        Application.Money.RESERVED,
        card.quotas.filter(year=held.list.year).exists(),
    )
    application.year = held.list.year
    application.save()
    held.state, held.application, held.answered_at = State.CONFIRMED, application, clock.now()
    held.save(update_fields=["state", "application", "answered_at"])
    checked = timezone.localtime(held.list.checked_at)
    complete_step(
        case,
        DECIDE,
        outcome="pass",
        opinion=f"名单于 {checked:%Y-%m-%d} 复核,企业已确认",
        account=None,
        source=source_of(account),
    )
    return held


@transaction.atomic
def decline(candidate: Candidate, reason: str, *, account: User) -> Candidate:
    """The enterprise does not want it: money and place are free again."""
    held = _offered(candidate, account)
    _free(held, State.DECLINED, reason.strip()[:200] or "企业放弃", source_of(account))
    return held


def lapse() -> int:
    """Let offers lapse that nobody answered in time; return how many. A daily job calls it."""
    late = Candidate.objects.filter(state=State.OFFERED, list__reply_by__lt=clock.today())
    count = 0
    for key in late.values_list("pk", flat=True):
        with transaction.atomic():
            held = _of(key)
            if held.state == State.OFFERED:
                _free(held, State.LAPSED, "逾期未确认", "job:lapse")
                count += 1
    return count


def _free(held: Candidate, state: str, reason: str, source: str) -> None:
    card = held.list.card
    assert card.budget is not None
    about = budgets.About(card.number, "", held.organisation_id)
    budgets.move(card.budget, BudgetEntry.Kind.RELEASE, held.amount_fen, account=None, source=source, about=about)
    budgets.take_places(card, held.list.year, -1)
    held.state, held.reason, held.answered_at = state, reason, clock.now()
    held.save(update_fields=["state", "reason", "answered_at"])


def _offered(candidate: Candidate, account: User) -> Candidate:
    held = _of(candidate.pk)
    if not acts_for(account, held.organisation_id, None, "policies"):
        raise PolicyError("policies.not_the_enterprise", f"当前账号不能代表“{held.organisation.name}”确认")
    if held.state != State.OFFERED:
        text = f"该项现为“{State(held.state).label}”,不能再确认或放弃;请刷新后查看"
        raise PolicyError("policies.candidate_state", text, state=held.state)
    if held.list.reply_by is not None and clock.today() > held.list.reply_by:
        raise PolicyError("policies.too_late", f"确认期限已于 {held.list.reply_by} 届满")
    return held


def _of(key: int) -> Candidate:
    rows = Candidate.objects.select_for_update(of=("self",))
    return rows.select_related("organisation", "list__card__budget", "list__card__item", "list__card__document").get(
        pk=key
    )


def _locked(automatic: AutomaticList) -> AutomaticList:
    rows = AutomaticList.objects.select_for_update(of=("self",))
    held = rows.select_related("card__budget", "card__document", "card__item").get(pk=automatic.pk)
    if held.state != ListState.MADE:
        raise PolicyError("policies.list_state", f"名单现为“{ListState(held.state).label}”,请刷新后查看")
    return held


def _tell(held: AutomaticList, organisations: list[str]) -> None:
    told = people.accounts(organisations)
    body = f"贵企业符合“{held.card.title}”,无需申报;请于 {held.reply_by} 前登录确认收款账户,逾期视为放弃。"
    send("policies.automatic", told, title="您有一笔免申即享资金待确认", body=body, link="/policies/offers/")


def _allowed(account: Account | None, card: PolicyCard) -> None:
    if account is None:
        return
    if not policy.reach(account, PERMISSION, "policies").includes(card.unit_id, card.document.division_id):
        raise policy.Refused(PERMISSION, card.document.division_id)
