"""Reviews of experts: assigned, declared in conflict and replaced, scored blind; the totals settled without the extremes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.cases.people import officials
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.notices.actions import send
from yizhantong.zones.policies import scoring
from yizhantong.zones.policies.actions import experts
from yizhantong.zones.policies.benefit import Experts
from yizhantong.zones.policies.errors import PolicyError
from yizhantong.zones.policies.matters import EXPERT
from yizhantong.zones.policies.models import Application, Expert, ExpertReview
from yizhantong.zones.policies.queries.eligibility import benefit_of

State = ExpertReview.State


def sheet_of(application: Application) -> Experts:
    """Return the rules of expert review that the case's version pins."""
    rules = benefit_of(application.case.version_id).experts
    if rules is None:
        raise PolicyError("policies.no_experts", "本政策没有专家评审环节")
    return rules


def given(application: Application) -> list[ExpertReview]:
    """Return all reviews of an application, in the order in which they were asked for."""
    return list(application.reviews.select_related("expert__account").order_by("id"))


def askable_now(application: Application) -> list[Expert]:
    """Return the experts that may be asked now: nobody unless the review of experts is open."""
    waits = application.case.steps.filter(code=EXPERT, done_at__isnull=True).exists()
    return experts.askable(application) if waits else []


@transaction.atomic
def assign_experts(application: Application, asked: Iterable[Expert], *, account: Account) -> list[ExpertReview]:
    """Ask experts for their review; those employed by the applicant are refused (回避)."""
    locked = _locked(application)
    _office(locked, account)
    sheet_of(locked)
    if not locked.case.steps.filter(code=EXPERT, done_at__isnull=True).exists():
        raise PolicyError("policies.not_in_review", "该申报不在专家评审环节")
    made = []
    keys = [one.pk for one in asked]
    for expert in sorted(Expert.objects.select_for_update().filter(pk__in=keys), key=lambda one: keys.index(one.pk)):
        if not expert.active:
            raise PolicyError("policies.expert_retired", f"专家{expert}已不在库,请另选专家")
        if expert.employer_id == locked.organisation_id:
            text = f"专家{expert}受聘于申报企业,应当回避"
            raise PolicyError("policies.expert_conflict", text, "《科学技术进步法》及评审回避要求(待核)")
        review, new = ExpertReview.objects.get_or_create(
            application=locked, expert=expert, defaults={"asked_at": clock.now()}
        )
        if new:
            made.append(review)
    _tell_experts(made)
    return made


@transaction.atomic
def declare_conflict(review: ExpertReview, reason: str, *, account: User) -> ExpertReview:
    """Step back from a review because of an interest.

    Another expert of the field is asked in his place; where there is none, the office is told that it must find one.
    """
    locked = _own(review, account)
    if not reason.strip():
        raise PolicyError("policies.reason", "请写明需要回避的原因", field="conflict")
    locked.state, locked.conflict, locked.done_at = State.CONFLICT, reason.strip()[:200], clock.now()
    locked.save(update_fields=["state", "conflict", "done_at"])
    _replace(locked)
    return locked


@transaction.atomic
def recall(review: ExpertReview, reason: str, *, account: Account) -> ExpertReview:
    """Ask another expert in place of one who does not answer (改派); his review is closed unscored."""
    locked = _locked_review(review)
    _office(locked.application, account)
    _open(locked)
    if not reason.strip():
        raise PolicyError("policies.reason", "请写明改派的原因", field="reason")
    locked.state, locked.conflict, locked.done_at = State.RECALLED, reason.strip()[:200], clock.now()
    locked.save(update_fields=["state", "conflict", "done_at"])
    _replace(locked)
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
    locked.total = scoring.total(sheet_of(locked.application).criteria, scores)
    if not opinion.strip():
        raise PolicyError("policies.opinion", "请填写评审意见", field="opinion")
    locked.scores = {code: str(points).strip() for code, points in scores.items()}
    locked.opinion, locked.independent, locked.state = opinion.strip()[:1000], True, State.SCORED
    locked.done_at = clock.now()
    locked.save()
    if not locked.application.reviews.filter(state=State.ASKED).exists():
        _tell_office(locked.application, "专家评审已齐,请办结评审环节")
    return locked


def settle(application: Application) -> scoring.Settled:
    """Return what the given scores come to; everyone asked must have answered."""
    rules = sheet_of(application)
    reviews = list(application.reviews.order_by("id"))
    if open_ones := sum(review.state == State.ASKED for review in reviews):
        raise PolicyError("policies.scores_open", f"还有 {open_ones} 位专家未评分或回避,请等待或改派")
    totals = [review.total for review in reviews if review.state == State.SCORED and review.total is not None]
    return scoring.settle(totals, least=rules.least, pass_mark=rules.pass_mark, drop_extremes=rules.drop_extremes)


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


def _replace(review: ExpertReview) -> None:
    """Ask somebody else for a review that was given back."""
    other = experts.substitute(review)
    if other is None:
        _tell_office(review.application, "有专家回避或改派,同领域没有可补派的专家,请另行指派")
        return
    made = ExpertReview.objects.create(application=review.application, expert=other, asked_at=clock.now())
    _tell_experts([made])


def _tell_experts(made: Sequence[ExpertReview]) -> None:
    if made:
        body = f"请评审“{made[0].application.card.title}”的申报材料,申报单位信息已隐去。"
        told = [one.expert.account_id for one in made]
        send("policies.expert", told, title="新的评审任务", body=body, link="/policies/scoring/")


def _tell_office(application: Application, text: str) -> None:
    case = application.case
    told = officials(case.office_id, ("cases.handle",)) if case.office_id else []
    body = f"“{application.card.title}”(编号 {case.number}):{text}。"
    send("policies.review", told, title=text, body=body, link=f"/policies/desk/applications/{application.pk}/")


def _locked_review(review: ExpertReview) -> ExpertReview:
    rows = ExpertReview.objects.select_for_update(of=("self",)).select_related(
        "application__case", "application__card", "expert"
    )
    return rows.get(pk=review.pk)


def _own(review: ExpertReview, account: User) -> ExpertReview:
    locked = _locked_review(review)
    if locked.expert.account_id != account.pk or not policy.may(account, "experts.score", zone="policies"):
        raise policy.Refused("experts.score")
    _open(locked)
    return locked


def _open(review: ExpertReview) -> None:
    if review.state != State.ASKED:
        text = f"该评审已于 {review.done_at:%Y-%m-%d} 结束({State(review.state).label}),不能更改"
        raise PolicyError("policies.reviewed_already", text, state=review.state)
    if not review.application.case.steps.filter(code=EXPERT, done_at__isnull=True).exists():
        raise PolicyError("policies.not_in_review", "该申报已不在专家评审环节")
