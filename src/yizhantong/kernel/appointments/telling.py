"""What people are told about their appointments; written inside the transaction of the action."""

from __future__ import annotations

from django.utils import timezone

from yizhantong.kernel.access.models import User
from yizhantong.kernel.appointments.models import Appointment
from yizhantong.kernel.appointments.notices import BOOKED, CALLED_OFF, REMINDER
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.notices.actions import send
from yizhantong.kernel.parties.models import Mandate


def booked(made: Appointment) -> None:
    """Tell that it was booked."""
    _tell(
        made,
        BOOKED.code,
        f"预约成功:{made.service.name}",
        f"{_when(made)}请到{_where(made)}。预约号 {made.number},到厅后凭它取号。",
    )


def moved(made: Appointment, reason: str = "") -> None:
    """Tell that it was changed; where a clerk did, why."""
    because = f"因“{reason}”,大厅把预约" if reason else ""
    _tell(
        made,
        BOOKED.code,
        f"预约已改期:{made.service.name}",
        f"{because}改到 {_when(made)}地点:{_where(made)}。预约号仍是 {made.number}。",
    )


def remind(made: Appointment) -> None:
    """Remind of it."""
    _tell(
        made,
        REMINDER.code,
        f"预约提醒:{made.service.name}",
        f"{_when(made)}请到{_where(made)}。来不了请提前取消,把时间让给别人。",
    )


def called_off(made: Appointment) -> None:
    """Tell that the hall called it off, and why."""
    text = f"{_when(made)}的预约因“{made.reason}”取消,请重新预约;给您带来不便,抱歉。"
    _tell(made, CALLED_OFF.code, f"预约被取消:{made.service.name}", text)


def _tell(made: Appointment, kind: str, title: str, body: str) -> None:
    accounts = _accounts(made)
    if accounts:
        send(kind, accounts, title=title, body=body, link=f"/my/appointments/{made.number}/", subject=made.number)


def _accounts(made: Appointment) -> list[int]:
    """Return the accounts of who comes: the person's own; of an organisation, of who booked, or of those who act for it."""
    active = User.objects.filter(is_active=True)
    if made.person_id is not None:
        return list(active.filter(person_id=made.person_id).values_list("pk", flat=True))
    today = clock.today()
    held = Mandate.objects.filter(organisation_id=made.organisation_id, valid_from__lte=today).exclude(
        valid_to__lt=today
    )
    return list(active.filter(person__in=held.values("person_id")).values_list("pk", flat=True))


def _when(made: Appointment) -> str:
    local = timezone.localtime(made.start)
    return f"{local:%Y-%m-%d %H:%M},"


def _where(made: Appointment) -> str:
    return f"{made.hall.name}({made.hall.address})"
