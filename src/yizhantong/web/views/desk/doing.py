"""What an official may do with a case, as data: which operation of the rules, which form, which action; one door for page and batch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import actions
from yizhantong.kernel.cases.models import Case, Objection, Transfer
from yizhantong.kernel.files.actions import store
from yizhantong.web.views.desk import forms

Data = dict[str, Any]
Run = Callable[[Case, Data, User], object]


@dataclass(frozen=True, slots=True)
class Doing:
    """One thing to do: ``operation`` is asked of the rules, ``form`` of the official; ``confirm`` before it is sent."""

    code: str
    label: Any
    form: type[forms.Doing]
    run: Run
    operation: str = ""
    confirm: Any = ""
    danger: bool = False
    note: Any = ""

    @property
    def asked(self) -> str:
        """Return the operation of the rules that this needs."""
        return self.operation or self.code


def _accept(case: Case, data: Data, account: User) -> object:
    return actions.accept(case, account=account, deferred=data.get("deferred", ()), committed=data.get("committed", ()))


def _complete(case: Case, data: Data, account: User) -> object:
    details = {"law": data["law"]} if data.get("law") else None
    return actions.complete_step(
        case, data["step"], outcome=data["outcome"], opinion=data["opinion"], account=account, details=details
    )


def _answer_objection(case: Case, data: Data, account: User) -> object:
    objection = Objection.objects.get(pk=data["objection"], notice__case=case)
    return actions.answer_objection(objection, upheld=data["upheld"] == "yes", answer=data["answer"], account=account)


def _end_notice(case: Case, data: Data, account: User) -> object:
    notice = case.notices.filter(ended_at__isnull=True).order_by("-id").get()
    return actions.end_notice(notice, account=account, opinion=data["opinion"], law=data["law"])


def _ask_transfer(case: Case, data: Data, account: User) -> object:
    return actions.ask_transfer(case, data["receiver"], data["reason"], account)


def _settle(case: Case, data: Data, account: User) -> object:
    return _answer_transfer(case, data, account, by_ruling=False)


def _rule(case: Case, data: Data, account: User) -> object:
    return _answer_transfer(case, data, account, by_ruling=True)


def _answer_transfer(case: Case, data: Data, account: User, *, by_ruling: bool) -> object:
    transfer = case.transfers.filter(state=Transfer.State.ASKED).get()
    consent = data["consent"] == "yes"
    return actions.settle_transfer(transfer, consent, account, by_ruling=by_ruling, reason=data["reason"])


def _write(case: Case, data: Data, account: User) -> object:
    return actions.write(case, data["text"], account=account, internal=data["internal"])


def _add(case: Case, data: Data, account: User) -> object:
    given = data["file"]
    kept = store(given, account=account, name=given.name, purpose=case.title) if given else None
    return actions.add(case, data["text"], kept, account=account)


def _joint(case: Case, data: Data, account: User) -> object:
    return actions.ask_joint(case, list(data["offices"]), account, text=data["text"])


# fmt: off
LISTED: tuple[Doing, ...] = (
    Doing("accept", _("受理"), forms.Accept, _accept, note=_("受理后时限开始计算。")),
    Doing("refuse_acceptance", _("不予受理"), forms.Refuse, lambda case, data, account: actions.refuse_acceptance(case, reason=data["reason"], law=data["law"], account=account), confirm=_("不予受理会结束这个办件并书面告知申请人。确定?"), danger=True),
    Doing("decide", _("作出决定"), forms.Decide, lambda case, data, account: actions.decide(case, outcome=data["outcome"], reason=data["reason"], law=data["law"], account=account), confirm=_("决定作出后不能更改。确定?")),
    Doing("close_answered", _("答复办结"), forms.Answer, lambda case, data, account: actions.close_answered(case, result=data["result"], reason=data["reason"], account=account)),
    Doing("settle_transfer", _("答复移送"), forms.Settle, _settle),
    Doing("rule_transfer", _("裁定移送"), forms.Rule, _rule),
    Doing("open_procedure", _("启动特别程序"), forms.OpenProcedure, lambda case, data, account: actions.open_procedure(case, **data, account=account), note=_("停表,并书面告知申请人(行政许可法第四十五条)。")),
    Doing("end_procedure", _("结束特别程序"), forms.EndProcedure, lambda case, data, account: actions.end_procedure(case, result=data["result"], account=account)),
    Doing("open_notice", _("发布公示"), forms.OpenNotice, lambda case, data, account: actions.open_notice(case, **data, account=account)),
    Doing("end_notice", _("结束公示"), forms.EndNotice, _end_notice),
    Doing("ask_joint", _("发起联办"), forms.Joint, _joint),
    Doing("extend", _("延长办理期限"), forms.Extend, lambda case, data, account: actions.extend(case, **data, account=account), note=_("只能延长一次(行政许可法第四十二条)。")),
    Doing("ask_transfer", _("提出移送"), forms.Office, _ask_transfer, note=_("须接收单位同意或上级裁定,只能移送一次。")),
    Doing("deliver", _("送达"), forms.Remark, lambda case, data, account: actions.deliver(case, account=account, remark=data["remark"])),
    Doing("archive", _("归档"), forms.Nothing, lambda case, data, account: actions.archive(case, account=account)),
    Doing("add", _("补充记录"), forms.Add, _add, note=_("只增不改。")),
    Doing("order", _("督办"), forms.Order, lambda case, data, account: actions.order(case, text=data["text"], light=data["light"], account=account)),
    Doing("terminate", _("终止办理"), forms.Terminate, lambda case, data, account: actions.terminate(case, data["reason"], data["law"], account), confirm=_("终止会结束这个办件。确定?"), danger=True),
)
# fmt: on
WRITE = Doing("write", _("留言"), forms.Message, _write)
COMPLETE = Doing("complete", _("办结环节"), forms.Complete, _complete)
ANSWER_OBJECTION = Doing("answer_objection", _("处理异议"), forms.AnswerObjection, _answer_objection)
ALL = {one.code: one for one in (*LISTED, WRITE, COMPLETE, ANSWER_OBJECTION)}
