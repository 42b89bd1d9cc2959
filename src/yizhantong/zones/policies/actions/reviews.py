"""Experts: assigned, declaring conflicts, scoring blind; the totals settled without the extremes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.notices.actions import send
from yizhantong.zones.policies import scoring
from yizhantong.zones.policies.benefit import Experts
from yizhantong.zones.policies.errors import PolicyError
from yizhantong.zones.policies.matters import EXPERT
from yizhantong.zones.policies.models import Application, Expert, ExpertReview
from yizhantong.zones.policies.queries.eligibility import benefit_of

State = ExpertReview.State


def sheet_of(application: Application) -> Experts:
    """Return the rules of expert review that the case's version pins."""
    experts = benefit_of(application.case.version_id).experts
    if experts is None:
        raise PolicyError("policies.no_experts", "本政策没有专家评审环节")
    return experts


@transaction.atomic
def enlist(account_of: User, field: str, employer: str | None = None) -> Expert:
    """Enter an account into the list of experts; ``employer`` by its code is never scored by him."""
    expert, _made = Expert.objects.update_or_create(
        account=account_of, defaults={"field": field, "employer_id": employer, "active": True}
    )
    return expert


@transaction.atomic
def assign_experts(application: Application, experts: Iterable[Expert], *, account: Account) -> list[ExpertReview]:
    """Ask experts for their review; those employed by the applicant are refused (回避)."""
    locked = _locked(application)
    _office(locked, account)
    sheet_of(locked)
    if not locked.case.steps.filter(code=EXPERT, done_at__isnull=True).exists():
        raise PolicyError("policies.not_in_review", "该申报不在专家评审环节")
    made = []
    for expert in experts:
        if expert.employer_id == locked.organisation_id:
            text = f"专家{expert}受聘于申报企业,应当回避"
            raise PolicyError("policies.expert_conflict", text, "《科学技术进步法》及评审回避要求(待核)")
        review, new = ExpertReview.objects.get_or_create(
            application=locked, expert=expert, defaults={"asked_at": clock.now()}
        )
        if new:
            made.append(review)
    link = "/policies/scoring/"
    send("policies.expert", [one.expert.account_id for one in made], title="新的评审任务", body=f"请评审“{locked.card.title}”的申报材料,申报单位信息已隐去。", link=link)  # fmt: skip
    return made


@transaction.atomic
def declare_conflict(review: ExpertReview, reason: str, *, account: User) -> ExpertReview:
    """Step back from a review because of an interest; another expert is asked in his place."""
    locked = _own(review, account)
    if not reason.strip():
        raise PolicyError("policies.reason", "请写明需要回避的原因", field="conflict")
    locked.state, locked.conflict, locked.done_at = State.CONFLICT, reason.strip()[:200], clock.now()
    locked.save(update_fields=["state", "conflict", "done_at"])
    return locked


@transaction.atomic
def score(
    review: ExpertReview, scores: Mapping[str, object], *, opinion: str, independent: bool, account: User
) -> ExpertReview:
    """Give the scores once; the expert declares that he has no interest in the matter."""
    locked = _own(review, account)
    if not independent:
        raise PolicyError(
            "policies.not_declared", "请先声明与申报事项无利益冲突;有冲突的请申请回避", field="independent"
        )
    experts = sheet_of(locked.application)
    locked.total = scoring.total(experts.criteria, scores)
    if not opinion.strip():
        raise PolicyError("policies.opinion", "请填写评审意见", field="opinion")
    locked.scores = {code: str(points).strip() for code, points in scores.items()}
    locked.opinion, locked.independent, locked.state = opinion.strip()[:1000], True, State.SCORED
    locked.done_at = clock.now()
    locked.save()
    return locked


def settle(application: Application) -> scoring.Settled:
    """Return what the given scores come to; everyone asked must have answered."""
    experts = sheet_of(application)
    reviews = list(application.reviews.order_by("id"))
    if open_ones := sum(review.state == State.ASKED for review in reviews):
        raise PolicyError("policies.scores_open", f"还有 {open_ones} 位专家未评分或回避,请等待或改派")
    totals = [review.total for review in reviews if review.state == State.SCORED and review.total is not None]
    return scoring.settle(totals, least=experts.least, pass_mark=experts.pass_mark, drop_extremes=experts.drop_extremes)


def keep(application: Application) -> Application:
    """Write the settled score and mark what was dropped."""
    settled = settle(application)
    scored = list(application.reviews.filter(state=State.SCORED).order_by("id"))
    dropped = [scored[place].pk for place in settled.dropped]
    application.reviews.filter(pk__in=dropped).update(dropped=True)
    application.score = settled.mean
    application.save(update_fields=["score"])
    return application


def _locked(application: Application) -> Application:
    rows = Application.objects.select_for_update(of=("self",)).select_related("case", "card")
    return rows.get(pk=application.pk)


def _office(application: Application, account: Account) -> None:
    case = application.case
    if not policy.reach(account, "cases.handle", "policies").includes(case.office_id, case.division_id):
        raise policy.Refused("cases.handle", case.division_id)


def _own(review: ExpertReview, account: User) -> ExpertReview:
    rows = ExpertReview.objects.select_for_update(of=("self",)).select_related(
        "application__case", "application__card", "expert"
    )
    locked = rows.get(pk=review.pk)
    if locked.expert.account_id != account.pk or not policy.may(account, "experts.score", zone="policies"):
        raise policy.Refused("experts.score")
    if locked.state != State.ASKED:
        raise PolicyError("policies.reviewed_already", f"该评审已于 {locked.done_at:%Y-%m-%d} 提交,不能更改")
    if not locked.application.case.steps.filter(code=EXPERT, done_at__isnull=True).exists():
        raise PolicyError("policies.not_in_review", "该申报已不在专家评审环节")
    return locked
