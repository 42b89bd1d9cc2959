"""How a crossing ends by a person here: the result is handed out, a request that is not ours goes back, one that came back is answered."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from yizhantong.kernel.access import policy
from yizhantong.kernel.cases import actions as cases
from yizhantong.kernel.cases.models import Case
from yizhantong.zones.crossregion.access import check, source_of
from yizhantong.zones.crossregion.actions import facts, following
from yizhantong.zones.crossregion.actions.sending import GOES_ON
from yizhantong.zones.crossregion.actions.talking import locked, say, station
from yizhantong.zones.crossregion.config import LAW
from yizhantong.zones.crossregion.errors import CrossingError
from yizhantong.zones.crossregion.models import Crossing, Direction
from yizhantong.zones.crossregion.protocol import messages
from yizhantong.zones.crossregion.protocol.machine import Stage


@transaction.atomic
def deliver(crossing: Crossing, how: str, *, account: policy.Account | None) -> Crossing:
    """Hand the result out at this city's counter (异地代收代办); our case ends with it, as the other city decided."""
    check(account)
    held = locked(crossing.pk)
    if held.stage != Stage.DECIDED or held.direction != Direction.SENT:
        raise CrossingError("nothing_to_deliver", f"通办业务 {held.number} 没有待送达的结果;请刷新后查看")
    following.delivered(held, how.strip()[:120] or "窗口送达")
    return held


@transaction.atomic
def give_back(crossing: Crossing, reason: str, *, account: policy.Account | None) -> Crossing:
    """Give a request back that is not ours to decide: the sender answers for it again from this moment on."""
    check(account)
    reason = reason.strip()
    if not reason or len(reason) > 500:
        raise CrossingError("reason", "请写明退回的理由(500 字以内),对方据此继续办理", field="reason")
    held = locked(crossing.pk)
    if held.direction != Direction.RECEIVED or held.stage not in (Stage.HELD, Stage.SUPPLEMENT) or held.case is None:
        raise CrossingError("not_to_give_back", f"通办业务 {held.number} 不在本市办理中,不能退回;请刷新后查看")
    held.outcome = Case.Outcome.TERMINATED
    held.reason = reason
    Crossing.objects.filter(pk=held.pk).update(stage=str(Stage.RETURNED))  # our case's hook then tells no decision
    cases.terminate(held.case, reason, LAW, None, source_of(account))
    moment = held.case.closed_at or timezone.now()
    held.ended_at = moment
    station(held, f"已退回:{reason}"[:300], moment)
    say(held, "return", messages.Reasoned(reason=reason, at=moment), moment=moment)
    day = timezone.localtime(moment).date()
    facts.close(held.number, "returned", on=day, account=None, source=f"case:{held.case.number}")
    return held


@transaction.atomic
def answer_here(crossing: Crossing, reason: str, law: str, *, account: policy.Account | None) -> Case:
    """Answer the asker here, with reason and law, where no other city took the request over."""
    check(account)
    held = locked(crossing.pk)
    if held.stage not in GOES_ON or held.case is None or held.direction != Direction.SENT:
        raise CrossingError("not_here", f"通办业务 {held.number} 正在其他城市办理或已办结,不能在本市答复")
    if not reason.strip() or not law.strip():
        raise CrossingError("reason", "不予办理须写明理由和依据", field="reason")
    from yizhantong.zones.crossregion.actions.casework import conclude

    conclude(held.case, "refused", f"{reason.strip()}(依据:{law.strip()})")
    station(held, "本市已答复申请人", timezone.now())
    held.save()
    return held.case
