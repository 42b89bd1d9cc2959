"""The city's list of experts: entered, changed, retired; and who may be asked for an application.

Nobody is asked whose employer applies, who was asked for it before, or whose account may not score any more. Officials who
handle applications are not experts: the review would not be blind.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.policies.errors import PolicyError
from yizhantong.zones.policies.models import Application, Expert, ExpertReview

MANAGE = ("policies.edit", "cases.assign")
SCORE = "experts.score"


@transaction.atomic
def enlist(account_of: User, field: str, employer: str | None = None, *, account: Account | None = None) -> Expert:
    """Enter an account into the list, or change what the list says of it; applications of ``employer`` he never scores.

    ``account`` is who manages the list (None: the platform). Raises :class:`PolicyError` ``policies.expert_rights``,
    ``policies.expert_official``, ``policies.expert_field``, ``policies.expert_employer``; ``Refused``.
    """
    _manages(account)
    if account is not None:
        _suitable(account_of)
    if not field.strip():
        raise PolicyError("policies.expert_field", "请填写专业领域", field="field")
    if employer and not Organisation.objects.filter(pk=employer).exists():
        raise PolicyError("policies.expert_employer", f"没有统一社会信用代码为 {employer} 的单位", field="employer")
    expert, _made = Expert.objects.update_or_create(
        account=account_of, defaults={"field": field.strip()[:60], "employer_id": employer or None, "active": True}
    )
    return expert


@transaction.atomic
def retire(expert: Expert, *, account: Account | None) -> Expert:
    """Take an expert off the list; what he scored stays. Who still has a review to give is replaced there first."""
    _manages(account)
    held = Expert.objects.select_for_update().get(pk=expert.pk)
    if waiting := held.reviews.filter(state=ExpertReview.State.ASKED).count():
        raise PolicyError("policies.expert_busy", f"该专家还有 {waiting} 件待评审,请先在相应申报中改派")
    held.active = False
    held.save(update_fields=["active"])
    return held


def listed(*order: str) -> QuerySet[Expert]:
    """Return all experts with how many reviews they owe (``waiting``), have given (``scored``) and have given back
    (``stepped_back``); in the order asked for, or those on the list first."""
    state = ExpertReview.State
    rows = Expert.objects.select_related("account", "employer").annotate(
        waiting=Count("reviews", filter=Q(reviews__state=state.ASKED)),
        scored=Count("reviews", filter=Q(reviews__state=state.SCORED)),
        stepped_back=Count("reviews", filter=Q(reviews__state=state.CONFLICT)),
    )
    return rows.order_by(*(order or ("-active", "field", "pk")))


def askable(application: Application) -> list[Expert]:
    """Return who may be asked for an application, who has least to do first."""
    rows = listed("waiting", "pk").filter(active=True, account__is_active=True)
    rows = rows.exclude(reviews__application=application).exclude(employer=application.organisation_id)
    return [one for one in rows if policy.may(one.account, SCORE, zone="policies")]


def substitute(review: ExpertReview) -> Expert | None:
    """Return who is asked in an expert's place: of the same field, who has least to do; None when there is nobody."""
    return next((one for one in askable(review.application) if one.field == review.expert.field), None)


def _manages(account: Account | None) -> None:
    if account is not None and not any(policy.may(account, name, zone="policies") for name in MANAGE):
        raise policy.Refused(MANAGE[0])


def _suitable(account_of: User) -> None:
    if not account_of.is_active or not policy.may(account_of, SCORE, zone="policies"):
        text = f"账号 {account_of.username} 没有“专家评分”权限或已停用,请先由安全管理员授权"
        raise PolicyError("policies.expert_rights", text, field="username")
    if policy.may(account_of, "cases.handle", zone="policies"):
        text = f"账号 {account_of.username} 经办政策申报,不能同时作为评审专家"
        raise PolicyError("policies.expert_official", text, field="username")
