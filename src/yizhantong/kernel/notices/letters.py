"""Notices put into a mail or a text message, in the language of the account."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yizhantong.kernel.access.models import User
from yizhantong.kernel.divisions.models import City
from yizhantong.kernel.notices.actions import unsubscribe_token
from yizhantong.kernel.notices.errors import NoticeError
from yizhantong.kernel.notices.kinds import kind, postscript
from yizhantong.kernel.notices.models import Delivery, Mode, Notice

MOST_IN_ONE = 50
MOST_SMS = 200
"""Characters of a text message, the address of its postscript not counted: half of an address leads nowhere."""


def letter_of(address: str, account: User, notices: list[Notice], first: Delivery) -> EmailMultiAlternatives:
    """Return a mail with text and HTML, and a ``Message-ID`` that is the same each time it is sent."""
    base = str(settings.YZT_ADDRESS).rstrip("/")
    with translation.override(account.language):
        one = notices[0]
        digest = first.mode != Mode.AT_ONCE
        context = {
            "city": _city_name(), "account": account, "digest": digest,
            "notices": [(each, postscript(each.kind, each.subject, "mail")) for each in notices[:MOST_IN_ONE]],
            "more": max(len(notices) - MOST_IN_ONE, 0), "base": base, "preferences": f"{base}/notices/preferences/",
            "leave": _way_out(base, account, one) if not digest else "",
        }  # fmt: skip
        count = len(notices)
        title = ngettext("%(count)d 条新消息", "%(count)d 条新消息", count) % {"count": count} if digest else one.title
        headers = {
            "Message-ID": f"<notice-{first.pk}@{urlsplit(base).hostname or 'localhost'}>",
            "Auto-Submitted": "auto-generated",
        }
        if context["leave"]:
            headers |= {
                "List-Unsubscribe": f"<{context['leave']}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            }
        mail = EmailMultiAlternatives(
            subject=" ".join(f"【{context['city']}】{title}".split()),
            body=render_to_string("notices/mail.txt", context),
            from_email=settings.YZT_MAIL_FROM,
            to=[address],
            headers=headers,
        )
        mail.attach_alternative(render_to_string("notices/mail.html", context), "text/html")
    return mail


def text_of(account: User, notices: list[Notice]) -> str:
    """Return a text message: the title (and the kind's postscript), because whoever finds a phone reads what it shows."""
    with translation.override(account.language):
        city, more = _city_name(), ""
        if len(notices) == 1:
            said = _("%(title)s。详情请登录一站通查看。") % {"title": notices[0].title}
            more = postscript(notices[0].kind, notices[0].subject, "sms")
        else:
            said = _("您有 %(count)d 条新消息,请登录一站通查看。") % {"count": len(notices)}
    return f"【{city}】{said}"[:MOST_SMS] + more


def _city_name() -> str:
    city = City.objects.first()
    english = (translation.get_language() or "").startswith("en")
    name = "" if city is None else city.name_en if english else city.name
    return f"{name} {_('一站通')}" if english else f"{name}{_('一站通')}"


def _way_out(base: str, account: User, notice: Notice) -> str:
    try:
        locked = kind(notice.kind).locked("mail")
    except NoticeError:
        locked = True
    return "" if locked else f"{base}/notices/unsubscribe/{unsubscribe_token(account.pk, notice.kind, 'mail')}/"
