"""The knowledge base as each reader may see it, and what it suggests to somebody who writes an appeal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.ledger.standing import in_force
from yizhantong.zones.butler.access import MANAGE, ZONE, enterprises_acted_for
from yizhantong.zones.butler.likeness import likeness
from yizhantong.zones.butler.models import Answer, AnswerUse

SUGGESTED = 3
LEAST = 0.12
"""How alike a question must be to be suggested."""


@dataclass(frozen=True, slots=True)
class Use:
    """How often readers said that an answer was, or was not, what they needed."""

    helped: int
    not_helped: int


def visible_to(account: Account) -> QuerySet[Answer]:
    """Return the answers an account may see, newest first.

    * everyone: published public ones;
    * who acts for an enterprise: those for enterprises too;
    * officials who handle cases or serve: internal ones, drafts and retired ones as well.
    """
    answers = Answer.objects.select_related("agency").order_by("-id")
    if may_write(account):
        return answers
    seen = ["public"]
    if account.is_authenticated and enterprises_acted_for(account).exists():
        seen.append("enterprise")
    return answers.filter(state=Answer.State.PUBLISHED, visibility__in=seen, valid_until__gte=clock.today())


def readable(account: Account) -> QuerySet[Answer]:
    """Return the published, still valid answers an account may see."""
    return visible_to(account).filter(state=Answer.State.PUBLISHED, valid_until__gte=clock.today())


def may_write(account: Account) -> bool:
    """Tell whether the account may write answers: it handles appeals, serves or manages."""
    permissions = ("cases.handle", "butler.serve", MANAGE)
    staff = isinstance(account, User) and account.is_staff
    return staff and any(policy.may(account, name, zone=ZONE) for name in permissions)


def may_review(account: Account, answer: Answer) -> bool:
    """Tell whether the account may review the answer: its agency's head, or a manager; its writer is refused by the action."""
    if policy.reach(account, MANAGE, ZONE):
        return True
    return policy.reach(account, "cases.decide", ZONE).includes(answer.agency_id)


def suggested(account: Account, text: str, kind: str = "", most: int = SUGGESTED) -> list[Answer]:
    """Return the published answers nearest to a text that somebody is writing, the nearest first.

    Candidates come from the index of the search room and, so that a fresh or tiny index does not leave anyone alone, from
    the newest answers of the kind; they are ranked by how alike the words are.
    """
    text = text.strip()
    if len(text) < 2:
        return []
    from yizhantong.zones.butler import search

    found = readable(account)
    keys = search.keys(text, account)
    near = list(found.filter(pk__in=keys)) if keys else []
    same = list(found.filter(kind=kind)[:200]) if kind else list(found[:200])
    candidates = {answer.pk: answer for answer in [*near, *same]}
    ranked = sorted(
        ((likeness(text, f"{answer.question}{answer.answer[:200]}"), answer) for answer in candidates.values()),
        key=lambda pair: (-pair[0], -pair[1].pk),
    )
    return [answer for score, answer in ranked if score >= LEAST or answer.pk in keys][:most]


def uses_of(answers: Iterable[int]) -> dict[int, Use]:
    """Return what readers said of some answers, in one query."""
    said = in_force(AnswerUse.objects.filter(answer__in=list(answers))).order_by()
    rows = said.values_list("answer").annotate(
        helped=Count("pk", filter=Q(helpful=True)), other=Count("pk", filter=Q(helpful=False))
    )
    return {answer: Use(helped, other) for answer, helped, other in rows}
