"""Files that go with a document 附件: its original as issued, what explains it in pictures, forms to fill in.

Everybody who sees the document may open them. What belongs to the original is fixed once the document is in force; what
explains it (:data:`EXPLAINING`) may be added and taken away later, as its text may be changed.
"""

from __future__ import annotations

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.files.actions import Upload, store
from yizhantong.kernel.files.errors import FileError
from yizhantong.kernel.files.models import Stored
from yizhantong.kernel.ledger.audit import audit
from yizhantong.kernel.ledger.models import AuditEvent
from yizhantong.zones.policies.errors import PolicyError
from yizhantong.zones.policies.models import PolicyDocument
from yizhantong.zones.policies.queries import visible

MOST = 20
State = PolicyDocument.State


class Purpose(models.TextChoices):
    """What a file is for; the code is kept as the purpose of the stored file."""

    ORIGINAL = "original", _("政策原文")
    ANNEX = "annex", _("文件附件")
    INTERPRETATION = "interpretation", _("政策解读")
    GUIDE = "guide", _("申兑指南与表格")


EXPLAINING = (Purpose.INTERPRETATION, Purpose.GUIDE)


@transaction.atomic
def attach(document: PolicyDocument, upload: Upload | None, *, purpose: str, account: Account) -> Stored:
    """Keep a file with a document; its kind is told by its content and its size is bounded (:mod:`kernel.files`).

    Raises :class:`PolicyError` ``policies.attachment`` (none or unfit), ``policies.attachments_full``,
    ``policies.document_fixed``; ``Refused``.
    """
    locked = _locked(document, account)
    _changeable(locked, purpose)
    if upload is None:
        raise PolicyError("policies.attachment", "请选择要上传的文件", field="file")
    if locked.attachments.count() >= MOST:
        raise PolicyError("policies.attachments_full", f"一份文件最多 {MOST} 个附件,请先删除不用的", field="file")
    try:
        stored = store(upload, account=account, purpose=purpose, trust=Stored.Trust.A)
    except FileError as error:
        raise PolicyError("policies.attachment", error.sentence, field="file", file_code=error.code) from error
    if locked.attachments.filter(sha256=stored.sha256).exists():
        raise PolicyError("policies.attachment", "这个文件已经在附件中", field="file")
    locked.attachments.add(stored)
    audit(account, AuditEvent.Event.PUBLISH, locked.document, how="attached", file=stored.name, sha256=stored.sha256)
    return stored


@transaction.atomic
def detach(document: PolicyDocument, file: int, *, account: Account) -> None:
    """Take a file from a document; its record is swept later if nothing else refers to it."""
    locked = _locked(document, account)
    stored = locked.attachments.filter(pk=file).first()
    if stored is None:
        raise PolicyError("policies.attachment", "附件已不在这份文件中,请刷新后查看")
    _changeable(locked, stored.purpose)
    locked.attachments.remove(stored)
    audit(account, AuditEvent.Event.PUBLISH, locked.document, how="detached", file=stored.name, sha256=stored.sha256)


def _locked(document: PolicyDocument, account: Account) -> PolicyDocument:
    locked = PolicyDocument.objects.select_for_update().get(pk=document.pk)
    if not visible.may_edit(account, locked):
        raise policy.Refused(visible.EDIT, locked.division_id)
    return locked


def _changeable(document: PolicyDocument, purpose: str) -> None:
    if purpose not in Purpose.values:
        raise PolicyError("policies.attachment", "请选择附件的用途", field="purpose")
    if document.state != State.DRAFT and purpose not in EXPLAINING:
        text = f"文件现为“{State(document.state).label}”,只能增删解读和申兑指南类附件;原文变化请另发修订文件"
        raise PolicyError("policies.document_fixed", text, field="purpose")
