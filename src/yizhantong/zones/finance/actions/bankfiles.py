"""A bank's file of drawdowns, line by line: what is new is recorded, what stands already changes nothing, the rest is told why not.

Importing the same file again changes nothing, also when it holds a drawdown and its reversal: a line that repeats an entry
which was taken back is not entered anew. The same reference with another amount or credit is an error, never a change.
"""

from __future__ import annotations

import hashlib

from django.db import transaction

from yizhantong.kernel.access.policy import Account, Refused
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.ledger.audit import audit
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.models import AuditEvent
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.finance import access, bankfiles
from yizhantong.zones.finance.actions import lending
from yizhantong.zones.finance.bankfiles import Line
from yizhantong.zones.finance.errors import FinanceError
from yizhantong.zones.finance.models import BankFile, BankFileLine, Drawdown, Engagement

Result = BankFileLine.Result


def import_file(content: bytes, name: str, *, bank: Organisation, account: Account | None) -> BankFile:
    """Import a bank's file, by its officers or the finance office; return the import with its lines.

    A line that is wrong hinders no other. Raises ``finance.bank_file`` when it is no such file, ``Refused``.
    """
    if not access.manages(account):
        access.check_works_for(account, bank.pk)
    lines = bankfiles.read(content, name)
    with transaction.atomic():
        Organisation.objects.select_for_update(no_key=True, of=("self",)).get(
            pk=bank.pk
        )  # one import of a bank at a time
        made = BankFile.objects.create(
            bank=bank, name=name[:160], sha256=hashlib.sha256(content).hexdigest(), imported_at=clock.now(),
            imported_by=access.user_of(account),
        )  # fmt: skip
        rows = [_row(made, line, bank.pk) for line in lines]
        BankFileLine.objects.bulk_create(rows)
        counts = {result: sum(row.result == result for row in rows) for result in Result.values}
        made.recorded, made.unchanged = counts["recorded"], counts["unchanged"]
        made.reversed, made.failed = counts["reversed"], counts["failed"]
        made.save(update_fields=["recorded", "unchanged", "reversed", "failed"])
        audit(account, AuditEvent.Event.IMPORT, f"finance:drawdowns:{made.pk}", digest=made.sha256, lines=counts)
    return made


def _row(made: BankFile, line: Line, bank: str) -> BankFileLine:
    row = BankFileLine(
        file=made, line=line.line, reference=line.reference, credit_number=line.credit_number, amount=line.amount
    )
    try:
        if line.problem:
            raise FinanceError("finance.unreadable", line.problem)
        with transaction.atomic():
            row.result, row.text = _enter(line, bank, f"import:finance/{made.pk}#{line.line}"[:64])
    except (CaseError, LedgerError) as error:
        row.result, row.code, row.text = Result.FAILED, error.code, error.sentence[:300]
    except Refused as error:
        row.result, row.code, row.text = Result.FAILED, error.code, str(error)[:300]
    return row


def _enter(line: Line, bank: str, source: str) -> tuple[str, str]:
    """Do what one line asks; return what became of it."""
    known = list(Drawdown.objects.filter(bank_id=bank, reference=line.reference, sign=1).order_by("id"))
    same = [fact for fact in known if _same(fact, line)]
    standing = [fact for fact in known if not Drawdown.objects.filter(reverses=fact).exists()]
    if line.kind == bankfiles.REVERSE:
        return _reverse(line, bank, same, standing, source)
    if same:
        return Result.UNCHANGED, "已登记过" if standing and standing[0] in same else "已登记过,后来已冲销"
    if standing:
        fact = standing[0]
        text = f"凭证号 {line.reference} 已登记为 {fact.amount_fen / 100:.2f} 元({fact.credit_number},{fact.occurred_on}),与本行不一致"
        raise FinanceError("finance.conflict", text)
    engagement = Engagement.objects.filter(bank_id=bank, credit_number=line.credit_number).first()
    if engagement is None:
        raise FinanceError("finance.no_credit", f"本行没有编号为 {line.credit_number} 的授信")
    lending.draw(engagement, line.reference, line.amount_fen, on=line.day, account=None, source=source)
    return Result.RECORDED, ""


def _reverse(
    line: Line, bank: str, same: list[Drawdown], standing: list[Drawdown], source: str
) -> tuple[str, str]:  # fmt: skip
    if same and not standing:
        return Result.UNCHANGED, "已冲销过"
    if not standing:
        raise FinanceError("finance.no_drawdown", f"没有凭证号为 {line.reference} 的放款")
    if standing[0] not in same:
        if same:
            return Result.UNCHANGED, "已冲销过,其后另有更正登记"
        raise FinanceError("finance.conflict", f"冲正的金额、授信编号或日期与凭证号 {line.reference} 的登记不一致")
    lending.take_back(bank, line.reference, line.remark or "银行冲正", account=None, source=source)
    return Result.REVERSED, ""


def _same(fact: Drawdown, line: Line) -> bool:
    return (fact.amount_fen, fact.credit_number, fact.occurred_on) == (line.amount_fen, line.credit_number, line.day)
