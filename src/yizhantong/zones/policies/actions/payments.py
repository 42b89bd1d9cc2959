"""Money leaves in batches: made by one, approved by another, sent to the bank as a file, settled by its return file.

    make_batch → approve_batch (the file's digest is kept) → mark_sent → take_return (success: paid, case ends; failure: again)

Locks are taken in one order everywhere: batch, then cases by id, then budgets by id.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.cases.actions import complete_step
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.ledger.audit import audit
from yizhantong.kernel.ledger.models import AuditEvent
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.policies import bankfiles
from yizhantong.zones.policies.actions import budgets
from yizhantong.zones.policies.actions.recording import user
from yizhantong.zones.policies.actions.register import pay
from yizhantong.zones.policies.errors import PolicyError
from yizhantong.zones.policies.matters import PAYMENT
from yizhantong.zones.policies.models import Application, BankReturn, Budget, PaymentBatch, PaymentLine

State = PaymentBatch.State
Line = PaymentLine.State
PERMISSION = "policies.pay"
TWO_PERSONS = "《行政事业单位内部控制规范(试行)》(财会〔2012〕21号)第十五条:不相容岗位相互分离"


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a return file did: how many payments succeeded, failed, or had been told before."""

    paid: int
    failed: int
    unchanged: int
    repeated: bool = False


@transaction.atomic
def make_batch(applications: Iterable[Application], *, office: Organisation, account: Account | None) -> PaymentBatch:
    """Put committed applications that wait for payment into one batch.

    Raises ``policies.nothing_to_pay``, ``policies.on_its_way``, ``policies.no_account``; ``Refused``.
    """
    _allowed(account, office)
    chosen = _payable([one.pk for one in applications])
    batch = PaymentBatch.objects.create(
        number=_number(clock.today()), office=office, count=len(chosen), made_at=clock.now(), made_by=user(account),
        total_fen=sum(one.approved_fen or 0 for one in chosen),
    )  # fmt: skip
    PaymentLine.objects.bulk_create(_line(batch, place, one) for place, one in enumerate(chosen, 1))
    return batch


@transaction.atomic
def approve_batch(batch: PaymentBatch, *, account: Account) -> PaymentBatch:
    """Approve what another has made; the digest of the bank's file is fixed with it."""
    locked = _locked(batch)
    _allowed(account, locked.office)
    _expect(locked, State.MADE)
    if locked.made_by_id == account.pk:
        raise PolicyError("policies.own_batch", "制单人不能复核自己的批次,请由另一位资金管理员复核", TWO_PERSONS)
    locked.sha256 = bankfiles.digest(bank_file(locked))
    locked.state, locked.approved_at, locked.approved_by = State.APPROVED, clock.now(), user(account)
    locked.save(update_fields=["sha256", "state", "approved_at", "approved_by"])
    return locked


@transaction.atomic
def drop_batch(batch: PaymentBatch, *, account: Account) -> PaymentBatch:
    """Give up a batch that has not gone to the bank; its applications may be paid by another."""
    locked = _locked(batch)
    _allowed(account, locked.office)
    if locked.state not in (State.MADE, State.APPROVED):
        raise PolicyError("policies.batch_state", "批次已送银行,不能作废;请等待回单")
    locked.lines.update(state=Line.DROPPED)
    locked.state = State.DROPPED
    locked.save(update_fields=["state"])
    return locked


@transaction.atomic
def send_batch(batch: PaymentBatch, form: str, *, account: Account) -> bytes:
    """Return the file for the bank (``csv`` or ``xlsx``) and mark the batch as sent; every time is an audit fact."""
    locked = _locked(batch)
    _allowed(account, locked.office)
    if locked.state not in (State.APPROVED, State.SENT):
        raise PolicyError("policies.batch_state", "批次尚未复核,不能送银行")
    content = bank_file(locked)
    if bankfiles.digest(content) != locked.sha256:
        raise PolicyError("policies.digest", "批次内容与复核时不一致,已停止送出;请联系系统管理员核查")
    if locked.state == State.APPROVED:
        locked.state, locked.sent_at = State.SENT, clock.now()
        locked.save(update_fields=["state", "sent_at"])
    audit(account, AuditEvent.Event.EXPORT, f"policies.batch/{locked.number}", form=form, digest=locked.sha256)
    return content if form == "csv" else bankfiles.write_xlsx(locked.number, _out(locked))


def bank_file(batch: PaymentBatch) -> bytes:
    """Return the file of a batch whose digest counts (CSV)."""
    return bankfiles.write_csv(batch.number, _out(batch))


@transaction.atomic
def take_return(batch: PaymentBatch, content: bytes, name: str, *, account: Account, source: str = "") -> Settlement:
    """Settle what the bank says, all or nothing: success is paid and ends the case, failure waits for another batch.

    The same file again changes nothing, and neither does a line that says again what is settled. A line that contradicts what is
    settled (``policies.return_contradicts``) or the batch (``policies.return_differs``) refuses the whole file.
    """
    locked = _locked(batch)
    _allowed(account, locked.office)
    digest = bankfiles.digest(content)
    known = BankReturn.objects.filter(sha256=digest).first()
    if known is not None:
        return Settlement(0, 0, known.paid + known.failed + known.unchanged, repeated=True)
    if locked.state not in (State.SENT, State.DONE):
        raise PolicyError("policies.batch_state", "批次尚未送银行,不能导入回单")
    told = bankfiles.read_return(content, name, locked.number)
    lines = {line.ordinal: line for line in locked.lines.all()}
    fresh = [(_matching(lines, one), one) for one in told]
    waiting = [(line, one) for line, one in fresh if line.state == Line.WAITING]
    _lock_all([line for line, _one in waiting])
    for line, one in waiting:
        _settle(line, one, account, source or f"batch:{locked.number}")
    paid = sum(one.result == "paid" for _line, one in waiting)
    result = Settlement(paid, len(waiting) - paid, len(told) - len(waiting))
    BankReturn.objects.create(
        batch=locked, name=name[:160], sha256=digest, paid=result.paid, failed=result.failed, unchanged=result.unchanged,
        imported_at=clock.now(), imported_by=user(account),
    )  # fmt: skip
    if not locked.lines.filter(state=Line.WAITING).exists():
        locked.state = State.DONE
        locked.save(update_fields=["state"])
    return result


# --- inside -----------------------------------------------------------------------------------------------------------


def _payable(keys: list[int]) -> list[Application]:
    rows = list(
        Application.objects.select_for_update(of=("self",))
        .filter(pk__in=keys).select_related("case", "card", "organisation", "account").order_by("pk")
    )  # fmt: skip
    if not rows:
        raise PolicyError("policies.nothing_to_pay", "请至少选择一笔待拨付的申报", field="applications")
    open_ones = set(
        Case.objects.filter(application__in=keys, steps__code=PAYMENT, steps__done_at__isnull=True).values_list(
            "pk", flat=True
        )
    )
    taken = set(
        PaymentLine.objects.filter(application__in=keys, state__in=[Line.WAITING, Line.PAID]).values_list(
            "application", flat=True
        )
    )
    for one in rows:
        if one.money != Application.Money.COMMITTED or one.case_id not in open_ones:
            raise PolicyError("policies.nothing_to_pay", f"办件 {one.case.number} 不在待拨付环节,请刷新后重选")
        if one.pk in taken:
            raise PolicyError("policies.on_its_way", f"办件 {one.case.number} 已在其他批次中")
        if one.account is None:
            raise PolicyError("policies.no_account", f"办件 {one.case.number} 没有收款账户,请企业补充")
    return rows


def _line(batch: PaymentBatch, place: int, one: Application) -> PaymentLine:
    assert one.account is not None
    return PaymentLine(
        batch=batch, ordinal=place, application=one, amount_fen=one.approved_fen or 0, holder=one.account.holder,
        bank=one.account.bank, number=one.account.number, tail=one.account.tail,
    )  # fmt: skip


def _out(batch: PaymentBatch) -> list[bankfiles.Out]:
    lines = batch.lines.select_related("application__card").order_by("ordinal")
    return [
        bankfiles.Out(line.ordinal, line.holder, line.number, line.bank, line.amount_fen, line.application.card.title)
        for line in lines
    ]


def _matching(lines: dict[int, PaymentLine], one: bankfiles.Back) -> PaymentLine:
    line = lines.get(one.ordinal)
    if line is None:
        raise PolicyError(
            "policies.return_differs", f"回单第 {one.line} 行:批次中没有序号 {one.ordinal}", line=one.line
        )
    if line.amount_fen != one.amount_fen or line.tail != one.tail:
        text = f"回单第 {one.line} 行:金额或账号与批次不一致,请与银行核对"
        raise PolicyError("policies.return_differs", text, line=one.line)
    if line.state in (Line.PAID, Line.FAILED) and line.state != one.result:
        text = f"回单第 {one.line} 行:该笔已登记为“{Line(line.state).label}”,回单却为相反结果,请与银行核对"
        raise PolicyError("policies.return_contradicts", text, line=one.line)
    if line.state == Line.DROPPED:
        raise PolicyError("policies.return_differs", f"回单第 {one.line} 行:该笔已撤回", line=one.line)
    return line


def _lock_all(lines: list[PaymentLine]) -> None:
    """Lock every case, then every budget that will be touched, each in the order of ids."""
    keys = [line.application_id for line in lines]
    list(Case.objects.select_for_update().filter(application__in=keys).order_by("pk").values_list("pk"))
    funds = Application.objects.filter(pk__in=keys).values("budget_id")
    list(Budget.objects.select_for_update().filter(pk__in=funds).order_by("pk").values_list("pk"))


def _settle(line: PaymentLine, one: bankfiles.Back, account: Account, source: str) -> None:
    line.state, line.settled_on = one.result, one.day
    line.reference, line.reason = one.reference, one.reason if one.result == "failed" else ""
    if one.result == "paid":
        rows = Application.objects.select_for_update(of=("self",)).select_related(
            "card", "case", "organisation", "budget"
        )
        application = rows.get(pk=line.application_id)
        budgets.settle_paid(application, on=one.day, account=account, source=source)
        line.fact = pay(
            application.card.number, application.organisation, line.amount_fen, year=application.year, on=one.day,
            account=None, source=source,
        ).pk  # fmt: skip
    line.save(update_fields=["state", "settled_on", "reference", "reason", "fact"])
    if one.result == "paid":
        complete_step(
            application.case,
            PAYMENT,
            outcome="pass",
            opinion=f"银行流水号 {one.reference}",
            account=account,
            source=source,
        )


def _number(day: dt.date) -> str:
    prefix = f"P{day:%Y%m%d}"
    count = PaymentBatch.objects.filter(number__startswith=prefix).count()
    return f"{prefix}-{count + 1:03d}"


def _locked(batch: PaymentBatch) -> PaymentBatch:
    return PaymentBatch.objects.select_for_update(of=("self",)).select_related("office").get(pk=batch.pk)


def _allowed(account: Account | None, office: Organisation) -> None:
    if account is not None and not policy.reach(account, PERMISSION, "policies").includes(
        office.pk, office.division_id
    ):
        raise policy.Refused(PERMISSION, office.division_id)


def _expect(batch: PaymentBatch, state: str) -> None:
    if batch.state != state:
        raise PolicyError(
            "policies.batch_state", f"批次现为“{State(batch.state).label}”,请刷新后查看", state=batch.state
        )
