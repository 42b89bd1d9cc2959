"""Instalments are paid in batches: made by one, approved by another, sent to the bank as a file, settled by its return file.

    make_batch → approve_batch (the file's digest is kept) → send_batch → take_return (success: paid and recorded; failure: again)

Locks are taken in one order everywhere: batch, then instalments by id, then the fund.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.files import bankfiles
from yizhantong.kernel.files.bankfiles import Back, BankFileError
from yizhantong.kernel.ledger.audit import audit
from yizhantong.kernel.ledger.models import AuditEvent
from yizhantong.zones.talent.actions import facts
from yizhantong.zones.talent.actions.common import check_manages, needs, user
from yizhantong.zones.talent.config import settings
from yizhantong.zones.talent.errors import TalentError
from yizhantong.zones.talent.models import Award, Fund, Instalment, PayBatch, PayLine, PayReturn, Reclaim

State, Line, Due = PayBatch.State, PayLine.State, Instalment.State
TWO_PERSONS = "《行政事业单位内部控制规范(试行)》(财会〔2012〕21号)第十五条:不相容岗位相互分离"


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a return file did: how many payments succeeded, failed, or had been told before."""

    paid: int
    failed: int
    unchanged: int
    repeated: bool = False


@transaction.atomic
def make_batch(chosen: Iterable[Instalment], *, account: Account | None) -> PayBatch:
    """Put held instalments of one fund that are due into one batch; ``talent.nothing_to_pay``, ``talent.on_its_way``."""
    check_manages(account)
    rows = _payable([one.pk for one in chosen])
    fund = rows[0].fund
    assert fund is not None
    batch = PayBatch.objects.create(
        number=_number(clock.today()), fund=fund, count=len(rows), total_fen=sum(one.amount_fen for one in rows),
        made_at=clock.now(), made_by=user(account),
    )  # fmt: skip
    PayLine.objects.bulk_create(
        PayLine(
            batch=batch, ordinal=place, instalment=one, amount_fen=one.amount_fen, holder=one.award.holder, bank=one.award.bank,
            account_number=one.award.account_number, tail=one.award.tail,
        )
        for place, one in enumerate(rows, 1)
    )  # fmt: skip
    return batch


@transaction.atomic
def approve_batch(batch: PayBatch, *, account: Account) -> PayBatch:
    """Approve what another has made; the digest of the bank's file is fixed with it."""
    locked = _locked(batch, account, State.MADE)
    if locked.made_by_id == account.pk:
        raise TalentError("talent.own_batch", "制单人不能复核自己的批次,请由另一位人员复核", TWO_PERSONS)
    locked.sha256 = bankfiles.digest(bank_file(locked))
    locked.state, locked.approved_at, locked.approved_by = State.APPROVED, clock.now(), user(account)
    locked.save(update_fields=["sha256", "state", "approved_at", "approved_by"])
    return locked


@transaction.atomic
def drop_batch(batch: PayBatch, *, account: Account | None) -> PayBatch:
    """Give up a batch that has not gone to the bank; its instalments may go by another."""
    locked = _locked(batch, account, State.MADE, State.APPROVED)
    locked.lines.update(state=Line.DROPPED)
    locked.state = State.DROPPED
    locked.save(update_fields=["state"])
    return locked


@transaction.atomic
def send_batch(batch: PayBatch, form: str, *, account: Account) -> bytes:
    """Return the file for the bank (``csv`` or ``xlsx``) and mark the batch as sent; every time is an audit fact."""
    locked = _locked(batch, account, State.APPROVED, State.SENT)
    content = bank_file(locked)
    if bankfiles.digest(content) != locked.sha256:
        raise TalentError("talent.digest", "批次内容与复核时不一致,已停止送出;请联系系统管理员核查")
    if locked.state == State.APPROVED:
        locked.state, locked.sent_at = State.SENT, clock.now()
        locked.save(update_fields=["state", "sent_at"])
    audit(account, AuditEvent.Event.EXPORT, f"talent.batch/{locked.number}", form=form, digest=locked.sha256)
    return content if form == "csv" else bankfiles.write_xlsx(locked.number, _out(locked))


def bank_file(batch: PayBatch) -> bytes:
    """Return the file of a batch whose digest counts (CSV)."""
    try:
        return bankfiles.write_csv(batch.number, _out(batch))
    except BankFileError as error:
        raise TalentError("talent.bank_file", error.sentence) from error


@transaction.atomic
def take_return(batch: PayBatch, content: bytes, name: str, *, account: Account | None) -> Settlement:
    """Settle what the bank says, all or nothing; the same file again changes nothing, a contradiction refuses the whole file."""
    locked = _locked(batch, account, State.SENT, State.DONE)
    digest = bankfiles.digest(content)
    known = PayReturn.objects.filter(sha256=digest).first()
    if known is not None:
        return Settlement(0, 0, known.paid + known.failed + known.unchanged, repeated=True)
    try:
        told = bankfiles.read_return(content, name, locked.number)
    except BankFileError as error:
        raise TalentError("talent.return_file", error.sentence, line=error.line) from error
    lines = {line.ordinal: line for line in locked.lines.select_related("instalment__award__talent")}
    waiting = [
        (line, one) for line, one in ((_matching(lines, one), one) for one in told) if line.state == Line.WAITING
    ]
    list(
        Instalment.objects.select_for_update()
        .filter(pk__in=[line.instalment_id for line, _one in waiting])
        .order_by("pk")
    )
    fund = Fund.objects.select_for_update().get(pk=locked.fund_id)
    for line, one in waiting:
        _settle(line, one, fund, f"batch:{locked.number}")
    fund.save(update_fields=["held_fen", "paid_fen"])
    paid = sum(one.result == "paid" for _line, one in waiting)
    result = Settlement(paid, len(waiting) - paid, len(told) - len(waiting))
    PayReturn.objects.create(
        batch=locked, name=name[:160], sha256=digest, paid=result.paid, failed=result.failed, unchanged=result.unchanged,
        imported_at=clock.now(), imported_by=user(account),
    )  # fmt: skip
    if not locked.lines.filter(state=Line.WAITING).exists():
        locked.state = State.DONE
        locked.save(update_fields=["state"])
    return result


# --- money that comes back --------------------------------------------------------------------------------------------


@transaction.atomic
def reclaim(instalment: Instalment, *, reason: str, law: str, account: Account | None) -> Reclaim:
    """Ask a paid instalment back, with reason and law; once."""
    check_manages(account)
    reason = needs(reason, "reason", "请写明追回理由")
    law = needs(law, "law", "请写明追回依据")
    locked = Instalment.objects.select_for_update().get(pk=instalment.pk)
    if locked.state != Due.PAID:
        raise TalentError("talent.not_paid", "该期补贴尚未发放,不能追回")
    if locked.reclaims.exclude(state=Reclaim.State.LIFTED).exists():
        raise TalentError("talent.reclaimed_already", "该期补贴已在追回或已缴回")
    due = clock.today() + dt.timedelta(days=settings().return_days)
    return Reclaim.objects.create(
        instalment=locked,
        reason=reason[:300],
        law=law[:200],
        due_on=due,
        decided_at=clock.now(),
        decided_by=user(account),
    )


@transaction.atomic
def receive(back: Reclaim, *, reference: str, account: Account | None) -> Reclaim:
    """Enter that the money came back: the ledger takes the instalment back in red letters."""
    locked = _reclaim(back, account)
    locked.reference = needs(reference, "reference", "请填写缴款凭证号")[:64]
    locked.state, locked.received_on = Reclaim.State.RECEIVED, clock.today()
    locked.save(update_fields=["reference", "state", "received_on"])
    one = locked.instalment
    if one.fund_id is not None:
        fund = Fund.objects.select_for_update().get(pk=one.fund_id)
        fund.returned_fen += one.amount_fen
        fund.save(update_fields=["returned_fen"])
    if one.fact is not None:
        facts.take_back_subsidy(one.fact, reason=f"追回:{locked.reason}"[:200], source=f"reclaim:{locked.pk}")
    return locked


@transaction.atomic
def lift(back: Reclaim, *, reason: str, account: Account | None) -> Reclaim:
    """Give up asking money back."""
    locked = _reclaim(back, account)
    locked.reason = f"{locked.reason};撤销:{needs(reason, 'reason', '请写明撤销理由')}"[:300]
    locked.state = Reclaim.State.LIFTED
    locked.save(update_fields=["reason", "state"])
    return locked


# --- inside -----------------------------------------------------------------------------------------------------------


def _reclaim(back: Reclaim, account: Account | None) -> Reclaim:
    check_manages(account)
    locked = Reclaim.objects.select_for_update(of=("self",)).select_related("instalment").get(pk=back.pk)
    if locked.state != Reclaim.State.DECIDED:
        raise TalentError("talent.reclaim_state", f"该笔追回现为“{locked.get_state_display()}”,请刷新后查看")
    return locked


def _payable(keys: list[int]) -> list[Instalment]:
    rows = list(
        Instalment.objects.select_for_update(of=("self",))
        .filter(pk__in=keys)
        .select_related("award", "fund")
        .order_by("pk")
    )
    if not rows:
        raise TalentError("talent.nothing_to_pay", "请至少选择一期待拨付的补贴", field="instalments")
    away = set(
        PayLine.objects.filter(instalment__in=rows, state__in=[Line.WAITING, Line.PAID]).values_list(
            "instalment", flat=True
        )
    )
    for one in rows:
        if one.pk in away:
            raise TalentError("talent.on_its_way", f"第 {one.ordinal} 期(收款尾号 {one.award.tail})已在其他批次中")
        if one.state != Due.READY or one.due_on > clock.today():
            raise TalentError(
                "talent.nothing_to_pay", f"第 {one.ordinal} 期(收款尾号 {one.award.tail})未到期或不在待拨付状态"
            )
        if one.fund_id != rows[0].fund_id:
            raise TalentError("talent.two_funds", "一个批次只能使用同一年度的资金,请分开制单")
        if not one.award.account_number:
            raise TalentError("talent.no_account", f"第 {one.ordinal} 期没有收款账户,请本人补充")
    return rows


def _out(batch: PayBatch) -> list[bankfiles.Out]:
    lines = batch.lines.select_related("instalment__award").order_by("ordinal")
    return [
        bankfiles.Out(
            line.ordinal, line.holder, line.account_number, line.bank, line.amount_fen,
            f"人才{line.instalment.award.get_kind_display()}第{line.instalment.ordinal}期",
        )
        for line in lines
    ]  # fmt: skip


def _matching(lines: dict[int, PayLine], one: Back) -> PayLine:
    line = lines.get(one.ordinal)
    if line is None or line.state == Line.DROPPED:
        raise TalentError("talent.return_differs", f"回单第 {one.line} 行:批次中没有序号 {one.ordinal}", line=one.line)
    if line.amount_fen != one.amount_fen or line.tail != one.tail:
        text = f"回单第 {one.line} 行:金额或账号与批次不一致,请与银行核对"
        raise TalentError("talent.return_differs", text, line=one.line)
    if line.state != Line.WAITING and line.state != one.result:
        text = f"回单第 {one.line} 行:该笔已登记为“{line.get_state_display()}”,回单却为相反结果,请与银行核对"
        raise TalentError("talent.return_contradicts", text, line=one.line)
    return line


def _settle(line: PayLine, one: Back, fund: Fund, source: str) -> None:
    paid = one.result == "paid"
    line.state, line.settled_on = one.result, one.day
    line.reference, line.reason = one.reference, "" if paid else one.reason
    line.save(update_fields=["state", "settled_on", "reference", "reason"])
    due = line.instalment
    if not paid:
        if due.award.state == Award.State.STOPPED:
            fund.held_fen -= due.amount_fen
            due.state, due.fund = Due.CANCELLED, None
            due.save(update_fields=["state", "fund"])
        return
    fund.held_fen -= due.amount_fen
    fund.paid_fen += due.amount_fen
    award = due.award
    due.fact = facts.record_subsidy(
        award.talent.code, award.kind, award.category, due.ordinal, due.amount_fen, division=award.division_id, on=one.day, source=source
    ).pk  # fmt: skip
    due.state, due.paid_on = Due.PAID, one.day
    due.save(update_fields=["state", "paid_on", "fact"])
    if not award.instalments.filter(state__in=[Due.PLANNED, Due.READY]).exists():
        Award.objects.filter(pk=award.pk, state=Award.State.RUNNING).update(state=Award.State.FINISHED)


def _number(day: dt.date) -> str:
    prefix = f"R{day:%Y%m%d}"
    last = (
        PayBatch.objects.filter(number__startswith=prefix).order_by("-number").values_list("number", flat=True).first()
    )
    return f"{prefix}-{int(last.rpartition('-')[2]) + 1 if last else 1:03d}"


def _locked(batch: PayBatch, account: Account | None, *states: str) -> PayBatch:
    check_manages(account)
    locked = PayBatch.objects.select_for_update().get(pk=batch.pk)
    if locked.state not in states:
        raise TalentError(
            "talent.batch_state", f"批次现为“{locked.get_state_display()}”,请刷新后查看", state=locked.state
        )
    return locked
