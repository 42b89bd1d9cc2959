"""Who is told what of a matching event."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.access.models import User
from yizhantong.kernel.notices.actions import send
from yizhantong.kernel.notices.kinds import declare_kind
from yizhantong.zones.finance import access
from yizhantong.zones.finance.models import Invitation, MatchEvent, Talk

INVITED = declare_kind("finance.event_invited", _("对接会邀请"))
TIMETABLE = declare_kind("finance.event_timetable", _("对接会日程与变动"), mandatory=True)
CALLED_OFF = declare_kind("finance.event_called_off", _("对接会取消"), mandatory=True)


def accounts_of(invitation: Invitation) -> list[User]:
    """Return the accounts that act for a participant today."""
    if invitation.side == Invitation.Side.BANK:
        return access.accounts_of_bank(invitation.organisation_id)
    return access.accounts_of_enterprise(invitation.organisation_id)


def link_of(event: MatchEvent) -> str:
    """Return the address of the event's page."""
    return f"/finance/events/{event.pk}/"


def invited(invitation: Invitation) -> None:
    """Invite a participant."""
    event = invitation.event
    send(
        INVITED.code, accounts_of(invitation), title=f"邀请参加{event.title}",
        body=f"{event.day} {event.begins:%H:%M},{event.place}。请于 {event.answer_until} 前回复是否参加,并选择希望洽谈的对象。",
        link=link_of(event), subject=invitation.organisation_id,
    )  # fmt: skip


def timetable(invitation: Invitation, talks: Iterable[Talk], *, changed: bool = False) -> None:
    """Tell a participant its own meetings; ``changed``: they are not what was told before."""
    event = invitation.event
    lines = [f"{event.times(t.slot)[0]:%H:%M} {event.table_name(t.table)} {partner(t, invitation)}" for t in talks]
    body = ";".join(lines) if lines else "本次没有为贵单位排上洽谈,欢迎到现场咨询。"
    head = "日程有变动" if changed else "日程已发布"
    send(
        TIMETABLE.code, accounts_of(invitation), title=f"{event.title}:{head}", body=f"{event.day},{event.place}。{body}",
        link=link_of(event), subject=invitation.organisation_id,
    )  # fmt: skip


def called_off(invitation: Invitation) -> None:
    """Tell a participant that the event does not take place."""
    event = invitation.event
    send(
        CALLED_OFF.code, accounts_of(invitation), title=f"{event.title}取消", body=f"原定 {event.day} 的对接会取消:{event.reason}",
        link=link_of(event), subject=invitation.organisation_id,
    )  # fmt: skip


def partner(talk: Talk, invitation: Invitation) -> str:
    """Return the name of whom a participant meets."""
    other = talk.bank if talk.enterprise_id == invitation.pk else talk.enterprise
    return other.organisation.name
