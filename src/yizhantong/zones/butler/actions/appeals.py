"""Appeals from the first word to the ending: what the service adds to the changes of cases.

First-asked responsibility (首问负责): the office that is asked first answers for the appeal until another consents to take it or a
superior rules so, once; that, supplements, joint handling and extensions are the kernel's own actions and are used as they are.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from yizhantong.kernel.access.models import User
from yizhantong.kernel.access.policy import Account, Refused
from yizhantong.kernel.cases import actions as cases
from yizhantong.kernel.cases import rules
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.items.queries import item
from yizhantong.kernel.ledger.audit import audit
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.models import AuditEvent
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.butler import notices as tell
from yizhantong.zones.butler.access import MANAGE, check_manages, holders, management, source_of, the_butler
from yizhantong.zones.butler.config import settings
from yizhantong.zones.butler.models import Appeal, Duplicate, UnableReview, VisitProblem
from yizhantong.zones.butler.queries.butlers import serves

Channel = Appeal.Channel
CHANNELS = {
    Channel.PLATFORM: Case.Channel.ONLINE,
    Channel.BUTLER: Case.Channel.BEHALF,
    Channel.HOTLINE: Case.Channel.BEHALF,
    Channel.WINDOW: Case.Channel.COUNTER,
}
"""The way of filing, as the kernel knows it, of each channel."""


def file_appeal(
    enterprise: Organisation, *, kind: str, subject: str, text: str, account: Account, channel: str = Channel.PLATFORM,
    is_secret: bool = False, key: str | None = None, details: dict[str, Any] | None = None,
) -> Case:  # fmt: skip
    """File an appeal for an enterprise through one channel; ``key`` makes a repeated submission the same appeal.

    platform: who acts for the enterprise; butler: its butler; hotline and window: who may take in cases (``cases.intake``).
    Raises :class:`CaseError`, :class:`LedgerError` ``butler.unknown_kind``, ``butler.not_yours`` … or ``Refused``.
    """
    known = settings().kinds.get(kind)
    if known is None:
        raise LedgerError("butler.unknown_kind", "请选择诉求种类", "诉求种类")
    if channel not in CHANNELS:
        raise LedgerError("butler.channel", "请选择受理渠道", "受理渠道")
    by: Account | None = account
    if channel == Channel.BUTLER:
        if not serves(the_butler(account), enterprise.pk):
            raise LedgerError("butler.not_yours", "这户企业目前不由您服务,不能代提诉求", "企业")
        by = None  # a butler files by his office, not by the right to take in cases of every kind
    data = {"appeal_subject": subject.strip(), "appeal_text": text.strip(), "appeal_secret": is_secret}
    own = {"channel": str(channel), "raised_by": account.pk} | (details or {})
    return cases.file(
        item(known.item), applicant=enterprise, data=data, account=by,
        channel=CHANNELS[Channel(channel)], idempotency_key=key, details=own, source=source_of(account),
    )  # fmt: skip


def raise_problem(problem: VisitProblem, *, account: Account) -> Case:
    """Make a problem of a visit an appeal of the enterprise; inside a transaction, once (``butler.raised_already``)."""
    if problem.case_id is not None:
        raise LedgerError("butler.raised_already", "这个问题已经转为诉求,请刷新后查看")
    visit = problem.visit
    first = problem.text.splitlines()[0]
    case = file_appeal(
        visit.enterprise, kind=problem.kind, subject=first[:40] if len(first) > 3 else f"走访反映:{first}",
        text=problem.text, account=account, channel=Channel.BUTLER, details={"visit": str(visit.pk)},
        key=f"visit-{visit.pk.hex}-{problem.ordinal}",
    )  # fmt: skip
    problem.case = case
    problem.save(update_fields=["case"])
    return case


def refuse_appeal(case: Case, reason_code: str, *, remark: str = "", account: Account) -> Case:
    """Refuse to accept, for one of the reasons of the city's list; the list gives the law."""
    reason = settings().not_accepted.get(reason_code)
    if reason is None:
        raise LedgerError("butler.unknown_reason", "请从清单中选择不予受理的情形", "不予受理情形")
    words = f"{reason.text}。{remark.strip()}" if remark.strip() else reason.text
    return cases.refuse_acceptance(case, reason=words, law=reason.law, account=account)


def answer_appeal(case: Case, *, result: str, reason: str, law: str = "", account: Account) -> Case:
    """End an appeal as solved or explained; "no help is possible" is proposed and waits for a manager's review instead."""
    if result == Case.Result.UNABLE:
        propose_unable(case, reason=reason, law=law, account=account)
        case.refresh_from_db()
        return case
    with transaction.atomic():
        _lock(case)
        _refuse_while_reviewed(case)
        _refuse_while_joint(case)
        return cases.close_answered(case, result=result, reason=reason, account=account)


@transaction.atomic
def propose_unable(case: Case, *, reason: str, law: str, account: Account) -> UnableReview:
    """Propose to end an appeal as "no help is possible", with reason and law; managers are asked to review it."""
    locked = _lock(case)
    rules.check(account, "close_answered", locked)
    if not reason.strip() or len(reason) > 280:
        raise LedgerError("butler.unable_reason", "请写明无法解决的理由,最多 280 字", "理由")
    if not law.strip() or len(law) > 200:
        raise LedgerError("butler.unable_law", "请写明所依据的法律或政策,最多 200 字", "依据")
    _refuse_while_reviewed(locked)
    _refuse_while_joint(locked)
    made = UnableReview.objects.create(
        case=locked, reason=reason.strip(), law=law.strip(), proposed_at=clock.now(), proposed_by=_user(account)
    )
    tell.review_asked(made, [person for person in holders(MANAGE) if person.pk != made.proposed_by_id])
    return made


@transaction.atomic
def settle_unable(review: UnableReview, *, approve: bool, remark: str, account: Account) -> UnableReview:
    """Approve or return a "no help is possible", by a manager who is not the proposer; approved it ends the appeal.

    Raises ``butler.own_review``, ``butler.review_settled`` (with who and when), ``butler.no_remark`` or ``Refused``.
    """
    case = _lock(review.case)
    locked = UnableReview.objects.select_for_update(of=("self",)).select_related("settled_by").get(pk=review.pk)
    check_manages(account, case.office_id, case.division_id)
    if locked.state != UnableReview.State.ASKED:
        when = f"{locked.settled_at:%Y-%m-%d %H:%M}" if locked.settled_at else ""
        raise LedgerError("butler.review_settled", f"已由{locked.settled_by}于 {when} 复核,请刷新后查看")
    if locked.proposed_by_id == _user(account).pk:
        raise LedgerError("butler.own_review", "提出的人不能复核自己的意见,请由另一名管家主管复核")
    if not approve and not remark.strip():
        raise LedgerError("butler.no_remark", "请写明退回意见", "复核意见")
    locked.state = UnableReview.State.APPROVED if approve else UnableReview.State.RETURNED
    locked.settled_at, locked.settled_by, locked.remark = clock.now(), _user(account), remark.strip()[:500]
    locked.save()
    if approve:
        words = f"{locked.reason}(依据:{locked.law})"[:500]
        cases.close_answered(case, result=Case.Result.UNABLE, reason=words, account=None, source=source_of(account))
    tell.review_settled(locked, approve)
    return locked


@transaction.atomic
def link_duplicate(case: Case, original: Case, *, reason: str, account: Account) -> Duplicate:
    """Link an appeal to an earlier one about the same matter; both go on, each asker gets an answer.

    Links lead to the first of all; linking in a circle or twice is refused (``butler.duplicate``).
    """
    first, second = sorted((case, original), key=lambda item: item.pk)
    _lock(first)
    _lock(second)
    _check_office_or_manager(case, account)
    link = Duplicate.objects.filter(case=original).first()
    root = link.original if link else original
    if root.pk == case.pk or root.created_at > case.created_at:
        raise LedgerError("butler.duplicate", "只能关联到较早的另一件诉求", "原诉求")
    if Duplicate.objects.filter(case=case).exists() or Duplicate.objects.filter(original=case).exists():
        raise LedgerError("butler.duplicate", "这件诉求已经有关联,请刷新后查看", "原诉求")
    if not reason.strip():
        raise LedgerError("butler.no_remark", "请写明关联的理由", "理由")
    return Duplicate.objects.create(
        case=case, original=root, reason=reason.strip()[:200], linked_at=clock.now(), linked_by=_user(account)
    )


def reveal_asker(case: Case, reason: str, *, account: Account) -> str:
    """Return the name of an enterprise that asked to be withheld, for who needs to know it; reason and account are audited.

    For officials who supervise or manage, beside the accountable office, which sees it anyway. Raises ``butler.no_reason`` or ``Refused``.
    """
    if not reason.strip():
        raise LedgerError("butler.no_reason", "请写明查看企业名称的理由", "理由")
    allowed = management(account).includes(case.office_id, case.division_id) or rules.may(account, "order", case).ok
    number = f"case:{case.number}"
    if not allowed:
        audit(account, AuditEvent.Event.REVEAL, number, result=AuditEvent.Result.REFUSED, reason=reason[:200])
        raise Refused(MANAGE, case.division_id)
    audit(account, AuditEvent.Event.REVEAL, number, reason=reason.strip()[:200], what="asker")
    return case.organisation.name if case.organisation else ""


def _check_office_or_manager(case: Case, account: Account) -> None:
    official = rules.may(account, "write_internal", case).ok
    if not official and not management(account).includes(case.office_id, case.division_id):
        raise Refused(MANAGE, case.division_id)


def _refuse_while_reviewed(case: Case) -> None:
    if UnableReview.objects.filter(case=case, state=UnableReview.State.ASKED).exists():
        raise LedgerError("butler.in_review", f"诉求 {case.number} 正在复核“无法解决”,请等待复核结果")


def _refuse_while_joint(case: Case) -> None:
    waiting = case.steps.filter(kind="joint", done_at__isnull=True).select_related("office")
    names = [step.office.name for step in waiting]
    if names:
        raise CaseError("butler.joint_open", f"还有 {len(names)} 个协办单位未反馈:{'、'.join(names)};请待其办结后答复")


def _lock(case: Case) -> Case:
    return Case.objects.select_for_update(of=("self",)).get(pk=case.pk)


def _user(account: Account) -> User:
    if not isinstance(account, User):
        raise Refused("cases.handle")
    return account
