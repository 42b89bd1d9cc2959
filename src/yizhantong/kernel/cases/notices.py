"""The kinds of messages about cases."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as said
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.notices.kinds import declare_kind


def invitation(subject: str, channel: str) -> str:
    """Return what a mail or a text message about a case says beyond the notice: where to rate it, once it may be rated.

    For a case that is a part of another, nothing: one request is rated once, as a whole (its page lets parts be rated, too).
    """
    from yizhantong.kernel.cases import rating_links
    from yizhantong.kernel.cases.models import Case, CaseRating

    case = Case.objects.filter(number=subject).first() if subject else None
    if case is None or case.parent_id is not None or not rating_links.may_be_rated(case):
        return ""
    way = CaseRating.Channel.SMS if channel == "sms" else CaseRating.Channel.WEB
    address = str(settings.YZT_ADDRESS).rstrip("/") + rating_links.path_of(case, way)
    return said("办得怎么样?不用登录就能评价: %(address)s") % {"address": address}


PROGRESS = declare_kind("cases.progress", _("办件进度"), postscript=invitation)
ACTION = declare_kind("cases.action", _("办件需要您办理"), mandatory=True)
WORK = declare_kind("cases.work", _("办件工作待办"))
MANDATE = declare_kind("cases.mandate", _("委托办理"), mandatory=True)
WATCH = declare_kind("cases.watch", _("督办监察"), mandatory=True)
