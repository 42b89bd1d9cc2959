"""A document is written by one, approved by another, and ended with a reason; with it go its cards.

draft_document → save_document … → submit_document → approve_document (or send_back) → end_document
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.ledger.audit import audit
from yizhantong.kernel.ledger.models import AuditEvent
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.policies.actions import cards
from yizhantong.zones.policies.actions.recording import user
from yizhantong.zones.policies.errors import PolicyError
from yizhantong.zones.policies.models import DOCUMENT_NUMBER, PolicyCard, PolicyDocument
from yizhantong.zones.policies.queries import visible

State = PolicyDocument.State
LAW = "《国务院办公厅关于加强行政规范性文件制定和监督管理工作的通知》(国办发〔2018〕37号)"
FIELDS = (
    "title", "level", "area", "signed_on", "published_on", "effective_on", "valid_until", "original", "interpretation", "guide",
    "supersedes",
)  # fmt: skip


@transaction.atomic
def draft_document(
    number: str, *, issuer: Organisation, issuers: Iterable[Organisation] = (), account: Account | None, **values: Any
) -> PolicyDocument:
    """Enter a document that is being written. ``values`` are those of :data:`FIELDS`.

    Raises :class:`PolicyError` ``policies.document_number``, ``policies.document_taken``, ``policies.dates``; ``Refused``.
    """
    made = PolicyDocument(
        document=number.strip(), issuer=issuer, division_id=issuer.division_id, written_by=user(account)
    )
    if account is not None and not visible.may_edit(account, made):
        raise policy.Refused(visible.EDIT, issuer.division_id)
    _number(made.document)
    if PolicyDocument.objects.filter(document=made.document).exists():
        raise PolicyError("policies.document_taken", f"发文字号“{made.document}”已登记,请核对", field="document")
    _fill(made, values)
    made.save()
    made.issuers.set({issuer, *issuers})
    return made


@transaction.atomic
def save_document(document: PolicyDocument, values: Mapping[str, Any], *, account: Account) -> PolicyDocument:
    """Change a document that is being written; of one in force only interpretation and guide (解读、申兑指南) may change."""
    locked = _locked(document)
    _may_edit(account, locked)
    if locked.state != State.DRAFT and set(values) - {"interpretation", "guide"}:
        text = f"文件现为“{State(locked.state).label}”,只能修改解读和申兑指南;内容变化请另发修订文件"
        raise PolicyError("policies.document_fixed", text)
    _fill(locked, values)
    if locked.state == State.DRAFT:
        locked.written_by = user(account)
    locked.save()
    return locked


@transaction.atomic
def submit_document(document: PolicyDocument, *, account: Account) -> PolicyDocument:
    """Hand a document over for approval: it must say something and have at least one card."""
    locked = _locked(document)
    _may_edit(account, locked)
    _expect(locked, State.DRAFT)
    if not locked.original.strip():
        raise PolicyError("policies.no_original", "请录入政策原文后再提交", field="original")
    if not locked.cards.exists():
        raise PolicyError("policies.no_cards", "请至少建立一张政策卡(兑现事项)后再提交")
    locked.state, locked.submitted_at, locked.remark = State.SUBMITTED, clock.now(), ""
    locked.save(update_fields=["state", "submitted_at", "remark"])
    return locked


@transaction.atomic
def approve_document(document: PolicyDocument, *, account: Account, source: str = "") -> PolicyDocument:
    """Approve what another has written: the document is in force, and its notices (普惠告知) are online at once.

    Cards that are applied for go online when their item is published. Raises ``policies.own_work``; ``Refused``.
    """
    locked = _locked(document)
    if not visible.may_publish(account, locked):
        raise policy.Refused(visible.PUBLISH, locked.division_id)
    _expect(locked, State.SUBMITTED)
    if locked.written_by_id == account.pk:
        raise PolicyError("policies.own_work", "编写的人不能审定自己写的文件,请由另一位有审定权限的人审定")
    locked.state, locked.approved_by, locked.approved_at = State.EFFECTIVE, user(account), clock.now()
    locked.save(update_fields=["state", "approved_by", "approved_at"])
    if locked.supersedes is not None:
        end_document(
            locked.supersedes, State.AMENDED, reason=f"由{locked.document}替代", account=None, on=clock.today()
        )
    for card in locked.cards.filter(policy_class="notice"):
        cards.put_online(card, account=account, source=source)
    audit(account, AuditEvent.Event.PUBLISH, locked.document, how="approved")
    return locked


@transaction.atomic
def send_back(document: PolicyDocument, remark: str, *, account: Account) -> PolicyDocument:
    """Give a document back to be mended, saying why."""
    locked = _locked(document)
    if not (visible.may_publish(account, locked) or visible.may_edit(account, locked)):
        raise policy.Refused(visible.PUBLISH, locked.division_id)
    _expect(locked, State.SUBMITTED)
    if not remark.strip():
        raise PolicyError("policies.reason", "请写明退回意见", field="remark")
    locked.state, locked.submitted_at, locked.remark = State.DRAFT, None, remark.strip()[:200]
    locked.save(update_fields=["state", "submitted_at", "remark"])
    return locked


@transaction.atomic
def end_document(
    document: PolicyDocument, state: str, *, reason: str, on: dt.date, account: Account | None, source: str = ""
) -> PolicyDocument:
    """End a document (``amended``, ``repealed``, ``expired``) and take its cards offline; running cases go on as they began."""
    locked = _locked(document)
    if account is not None and not visible.may_publish(account, locked):
        raise policy.Refused(visible.PUBLISH, locked.division_id)
    _expect(locked, State.EFFECTIVE)
    if state not in (State.AMENDED, State.REPEALED, State.EXPIRED):
        raise PolicyError("policies.ending", "结束状态应为修订、废止或失效", field="state")
    if not reason.strip():
        raise PolicyError("policies.reason", "请写明修订、废止或失效的依据", law=LAW, field="reason")
    for card in locked.cards.filter(state=PolicyCard.State.PUBLISHED):
        cards.take_offline(card, on=on, reason=reason, account=account, source=source)
    locked.state, locked.remark = state, reason.strip()[:200]
    locked.save(update_fields=["state", "remark"])
    if account is not None:
        audit(account, AuditEvent.Event.PUBLISH, locked.document, how=state, reason=locked.remark)
    return locked


def expire_documents() -> int:
    """End what has run out; return how many. A daily job calls it."""
    gone = PolicyDocument.objects.filter(state=State.EFFECTIVE, valid_until__lt=clock.today())
    for document in gone:
        assert document.valid_until is not None
        end_document(
            document, State.EXPIRED, reason="有效期届满", on=document.valid_until, account=None, source="job:expire"
        )
    return len(gone)


def _fill(document: PolicyDocument, values: Mapping[str, Any]) -> None:
    for name in set(values) & set(FIELDS):
        setattr(document, name, values[name])
    document.signed_on = document.signed_on or document.published_on
    document.effective_on = document.effective_on or document.published_on
    dates = (document.signed_on, document.published_on, document.effective_on)
    if not all(dates):
        raise PolicyError("policies.dates", "请填写成文、发布和施行日期", field="published_on")
    if document.published_on < document.signed_on or document.effective_on < document.signed_on:
        raise PolicyError("policies.dates", "发布日期、施行日期不能早于成文日期", field="signed_on")
    if document.valid_until is not None and document.valid_until < document.effective_on:
        raise PolicyError("policies.dates", "有效期早于施行日期,请核对", field="valid_until")


def _number(text: str) -> None:
    try:
        DOCUMENT_NUMBER(text)
    except ValidationError:
        said = "发文字号应如“某政发〔2021〕5号”,年份用六角括号〔〕,不用方括号或圆括号"
        raise PolicyError(
            "policies.document_number", said, "《党政机关公文格式》(GB/T 9704-2012)", "document"
        ) from None


def _locked(document: PolicyDocument) -> PolicyDocument:
    return PolicyDocument.objects.select_for_update().get(pk=document.pk)


def _may_edit(account: Account, document: PolicyDocument) -> None:
    if not visible.may_edit(account, document):
        raise policy.Refused(visible.EDIT, document.division_id)


def _expect(document: PolicyDocument, state: str) -> None:
    if document.state != state:
        now, wanted = State(document.state).label, State(state).label
        text = f"文件“{document.document}”现为“{now}”,这一步要求“{wanted}”;请刷新后查看"
        raise PolicyError("policies.document_state", text, state=document.state)
