"""Appeals as each account may see them: who asks, who answers for them, the butler, the manager; and what stands beside their cases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext, gettext_noop

from yizhantong.kernel.access.models import User
from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.cases import people
from yizhantong.kernel.cases import queries as cases
from yizhantong.kernel.cases.models import Case, CaseStep
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.ledger.standing import in_force
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.butler.access import butler_of, management
from yizhantong.zones.butler.config import settings
from yizhantong.zones.butler.likeness import likeness
from yizhantong.zones.butler.models import Appeal, Duplicate, Ending, Escalation, Rating, UnableReview
from yizhantong.zones.butler.queries.butlers import assignments

WITHHELD = gettext_noop("企业名称保密")
OPEN = (Case.State.SUBMITTED, Case.State.SUPPLEMENT, Case.State.ACCEPTED)
CANDIDATES = 200


def visible_appeals(account: Account) -> QuerySet[Case]:
    """Return the appeals an account may see, newest first.

    * whoever the kernel lets see the case: who asks, the offices that handle it, who supervises;
    * a butler: those of the enterprises that he serves, unless the enterprise asked to be withheld and he did not raise it;
    * a manager: those of his divisions and agency, all for one over the city.
    """
    allowed = Q(pk__in=cases.visible_to(account).filter(zone="butler").order_by().values("pk"))
    sent = ~Q(state=Case.State.DRAFT)
    butler = butler_of(account)
    if butler is not None:
        served = assignments().filter(butler=butler.code).values("enterprise_id")
        own = Q(details__is_secret=False) | Q(details__raised_by=account.pk)
        allowed |= sent & own & Q(organisation__in=served)
    reach = management(account)
    if reach.everywhere:
        allowed |= sent
    elif reach:
        allowed |= sent & (Q(division_id__in=reach.divisions) | Q(office_id__in=reach.agencies))
    return (
        Case.objects.filter(allowed, zone="butler")
        .select_related("organisation", "office", "handler", "item")
        .order_by("-id")
    )


def is_withheld(case: Case, account: Account) -> bool:
    """Tell whether the enterprise's name is withheld from the account: everyone but the asker, who raised it, and the accountable office."""
    if not case.details.get("is_secret"):
        return False
    if not isinstance(account, User):
        return True
    if (
        people.acts_for(account, case.organisation_id, case.person_id, "butler")
        or case.details.get("raised_by") == account.pk
    ):
        return False
    return not (account.is_staff and account.agency_id is not None and account.agency_id == case.office_id)


def asker_of(case: Case, account: Account) -> str:
    """Return the name of the enterprise as the account may see it."""
    if is_withheld(case, account) or case.organisation is None:
        return gettext(WITHHELD)
    return case.organisation.name


@dataclass(frozen=True, slots=True)
class Joint:
    """How several offices stand together: how many of how many are done, and what the whole is called."""

    offices: list[tuple[str, str]] = field(default_factory=list)
    done: int = 0

    @property
    def total(self) -> int:
        """Return the number of offices asked."""
        return len(self.offices)

    @property
    def status(self) -> str:
        """Return ``none``, ``working`` (some still open), ``agreed`` (all passed) or ``divided`` (one did not)."""
        if not self.offices:
            return "none"
        if self.done < self.total:
            return "working"
        return "divided" if any(state == "fail" for _name, state in self.offices) else "agreed"

    @property
    def label(self) -> str:
        """Return the status in words."""
        words = {
            "none": gettext("单独办理"),
            "working": gettext("联办中(%(done)s/%(total)s)") % {"done": self.done, "total": self.total},
            "agreed": gettext("联办已齐"),
            "divided": gettext("联办有不同意见"),
        }
        return words[self.status]


def joint_of(steps: Iterable[CaseStep]) -> Joint:
    """Compute the main status from the co-handling offices' steps, each office by its latest one."""
    latest: dict[str, CaseStep] = {}
    for step in steps:
        if step.kind == "joint":
            latest[step.office_id] = step
    offices = [(step.office.name, step.outcome if step.done_at else "open") for step in latest.values()]
    return Joint(offices, sum(1 for step in latest.values() if step.done_at))


@dataclass(frozen=True, slots=True)
class Beside:
    """What the service keeps beside a case."""

    kind: str
    channel: str
    joint: Joint
    escalations: list[Escalation]
    reviews: list[UnableReview]
    endings: list[Ending]
    duplicate: Duplicate | None
    duplicates: list[Duplicate]

    @property
    def review(self) -> UnableReview | None:
        """Return the review that is asked for, if there is one."""
        return next((item for item in self.reviews if item.state == UnableReview.State.ASKED), None)

    @property
    def ending(self) -> Ending | None:
        """Return the latest ending."""
        return self.endings[-1] if self.endings else None


def beside(case: Case) -> Beside:
    """Return what stands beside a case, in six queries."""
    steps = CaseStep.objects.filter(case=case, kind="joint").select_related("office").order_by("id")
    return Beside(
        kind=settings().label_of(case.item_id.removeprefix("butler.")),
        channel=channel_label(case),
        joint=joint_of(steps),
        escalations=list(Escalation.objects.filter(case=case).select_related("answered_by").order_by("round", "rung")),
        reviews=list(UnableReview.objects.filter(case=case).select_related("proposed_by", "settled_by").order_by("id")),
        endings=list(Ending.objects.filter(case=case).select_related("settled_by").order_by("round")),
        duplicate=Duplicate.objects.filter(case=case).select_related("original").first(),
        duplicates=list(Duplicate.objects.filter(original=case).select_related("case")),
    )


def channel_label(case: Case) -> str:
    """Return the channel through which an appeal came, in words."""
    channel = case.details.get("channel", "")
    return str(dict(Appeal.Channel.choices).get(channel, channel))


def with_progress(appeals: QuerySet[Case]) -> QuerySet[Case]:
    """Return appeals with what a list shows of each: its latest ending, its rungs, whether a review is asked for."""
    return appeals.prefetch_related(
        Prefetch("endings", Ending.objects.order_by("round")),
        Prefetch("escalations", Escalation.objects.order_by("round", "rung")),
    )


def open_escalations(account: Account) -> QuerySet[Escalation]:
    """Return the rungs that nobody has answered: those told to the account, or those a manager reaches; the longest overdue first."""
    waiting = Escalation.objects.filter(answered_at=None, case__state__in=OPEN)
    waiting = waiting.select_related("case__office", "case__organisation", "office", "root").order_by("due_at", "id")
    reach = management(account)
    if reach.everywhere:
        return waiting
    if not isinstance(account, User):
        return waiting.none()
    mine = Q(pk__in=[row.pk for row in waiting if account.username in row.told])
    return waiting.filter(mine | Q(office_id__in=reach.agencies) | Q(case__division_id__in=reach.divisions))


def asked_reviews(account: Account) -> QuerySet[UnableReview]:
    """Return the reviews a manager may settle, the longest waiting first."""
    waiting = UnableReview.objects.filter(state=UnableReview.State.ASKED)
    waiting = waiting.select_related("case__office", "case__organisation", "proposed_by").order_by("proposed_at", "id")
    reach = management(account)
    if reach.everywhere:
        return waiting
    return waiting.filter(Q(case__office_id__in=reach.agencies) | Q(case__division_id__in=reach.divisions))


def likely_duplicates(case: Case, account: Account, most: int = 5) -> list[tuple[Case, float]]:
    """Return earlier visible appeals of the same enterprise and kind, some days back, whose words are alike; the likest first.

    For a person to judge: nothing is linked by itself.
    """
    since = (case.submitted_at or clock.now()) - dt.timedelta(days=settings().duplicate_days)
    near = visible_appeals(account).filter(organisation_id=case.organisation_id, item_id=case.item_id, pk__lt=case.pk)
    near = near.filter(submitted_at__gte=since)
    words = words_of(case)
    scored = [(other, likeness(words, words_of(other))) for other in near[:CANDIDATES]]
    likely = [(other, score) for other, score in scored if score >= settings().likeness]
    return sorted(likely, key=lambda pair: -pair[1])[:most]


def words_of(case: Case) -> str:
    """Return what an appeal says."""
    return f"{case.data.get('appeal_subject', '')}{case.data.get('appeal_text', '')}"


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """How enterprises rated what one agency ended: number, mean, and those rated 5, 4 or 3."""

    agency: Organisation
    accepted: int
    rated: int
    mean: float | None
    satisfied: int

    @property
    def share(self) -> str:
        """Return the share of satisfied ratings in percent, or a dash where nobody rated."""
        return f"{100 * self.satisfied / self.rated:.1f}%" if self.rated else "—"


def satisfaction(account: Account) -> list[Satisfaction]:
    """Return ratings by accountable agency from the ledgers, as far as a manager reaches, the least satisfied first; three queries."""
    reach = management(account)
    standing_appeals = in_force(Appeal.objects.all()).order_by()
    if not reach.everywhere:
        reached = Q(agency_id__in=reach.agencies) | Q(division_id__in=reach.divisions)
        standing_appeals = standing_appeals.filter(reached)
    accepted = dict(standing_appeals.values_list("agency_id").annotate(n=Count("pk")))
    ratings = in_force(Rating.objects.all()).order_by().values_list("number", "rating")
    agency_of = dict(
        standing_appeals.filter(number__in=in_force(Rating.objects.all()).order_by().values("number")).values_list(
            "number", "agency_id"
        )
    )
    given: dict[str, list[int]] = {}
    for number, rating in ratings:
        if number in agency_of:
            given.setdefault(agency_of[number], []).append(rating)
    agencies = Organisation.objects.in_bulk(list(accepted))
    rows = [_row(agencies[code], count, given.get(code, [])) for code, count in accepted.items()]
    return sorted(rows, key=lambda row: (row.mean if row.mean is not None else 9, row.agency.name))


def _row(agency: Organisation, accepted: int, ratings: list[int]) -> Satisfaction:
    mean = round(sum(ratings) / len(ratings), 2) if ratings else None
    return Satisfaction(agency, accepted, len(ratings), mean, sum(1 for rating in ratings if rating >= 3))


def counts(account: Account) -> dict[str, Any]:
    """Return the numbers of the overview, each capped as lists are."""
    appeals = visible_appeals(account)
    return {
        "open": cases.count(appeals.filter(state__in=OPEN)),
        "late": cases.count(appeals.filter(state__in=OPEN, due_at__lt=clock.now())),
        "waiting": cases.count(appeals.filter(endings__state=Ending.State.WAITING, state=Case.State.CLOSED)),
        "escalations": cases.count(open_escalations(account)),
    }
