"""The kinds of messages about cases."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.notices.kinds import declare_kind

PROGRESS = declare_kind("cases.progress", _("办件进度"))
ACTION = declare_kind("cases.action", _("办件需要您办理"), mandatory=True)
WORK = declare_kind("cases.work", _("办件工作待办"))
WATCH = declare_kind("cases.watch", _("督办监察"), mandatory=True)
