"""The kinds of messages about appointments."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.notices.kinds import declare_kind

BOOKED = declare_kind("appointments.booked", _("预约成功与变更"))
REMINDER = declare_kind("appointments.reminder", _("预约提醒"))
CALLED_OFF = declare_kind("appointments.called_off", _("预约被取消"), mandatory=True)
