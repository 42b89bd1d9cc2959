"""What is said beside a case: messages between asker and offices, and additions to the papers of a closed one."""

from __future__ import annotations

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import people, rules, store, telling
from yizhantong.kernel.cases.engine import change, text_of
from yizhantong.kernel.cases.models import Addition, Case, Message
from yizhantong.kernel.files.models import Stored


def write(
    case: Case, text: str, *, account: policy.Account | None, internal: bool = False, source: str = ""
) -> Message:
    """Write a message; ``internal`` ones are for the offices only."""
    with change(case, "write_internal" if internal else "write", account, source) as work:
        asking = not internal and bool(rules.relations(account, work.case) & {"applicant", "agent"})
        made = Message(
            case=work.case, text=text_of(text, "text", "留言", most=1000), internal=internal, from_applicant=asking,
            written_at=work.now, written_by_id=work.by,
        )  # fmt: skip
        store.insert(made)
        if asking:
            told = list(User.objects.filter(pk=work.case.handler_id)) if work.case.handler_id else []
            told = told or people.officials(work.case.office_id or "", (rules.ASSIGN,))
            work.then(lambda: telling.staff(work.case, told, f"申请人留言:{case.title}", made.text))
        elif not internal:
            work.tell(f"办理单位留言:{case.title}", made.text)
    return made


def add(
    case: Case, text: str, file: Stored | None = None, *, account: policy.Account | None, source: str = ""
) -> Addition:
    """Add to a closed case; nothing that was there is changed."""
    with change(case, "add", account, source) as work:
        made = Addition(
            case=work.case,
            text=text_of(text, "text", "补充内容", most=1000),
            file=file,
            added_at=work.now,
            added_by_id=work.by,
        )
        store.insert(made)
    return made
