"""Links by which whoever asked rates a closed case without signing in; they die by themselves.

A link is signed over the case's number, the moment at which it closed and the rating that it has: it fits nothing any more as
soon as the case is rated (by this link or otherwise) or reopened, and it expires after some days (``[rating] link_days``).
"""

from __future__ import annotations

import datetime as dt

from django.core import signing

from yizhantong.kernel.cases import settings
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.models import Case, CaseRating
from yizhantong.kernel.cases.pinned import pinned
from yizhantong.kernel.divisions import clock

RATED = frozenset({
    Case.Outcome.GRANTED, Case.Outcome.REFUSED, Case.Outcome.ANSWERED, Case.Outcome.NOT_ACCEPTED, Case.Outcome.PARTIAL,
})  # fmt: skip
"""Endings that are rated; who withdrew, or whose case was terminated, was not served to the end."""
_SALT = "cases.rating"


def may_be_rated(case: Case) -> bool:
    """Tell whether a case awaits its one rating now."""
    if case.state != Case.State.CLOSED or case.closed_at is None or case.rated is not None or case.outcome not in RATED:
        return False
    late = clock.now() > case.closed_at + dt.timedelta(days=int(settings.of("rating")["days"]))
    return not late and bool(pinned(case.version_id).options.rating)


def token_of(case: Case, channel: str = CaseRating.Channel.WEB) -> str:
    """Return the signed word of a closed case; ``channel`` is what a rating by it will be recorded as."""
    return signing.dumps([case.number, _closing(case), case.rated, str(channel)], salt=_SALT)


def path_of(case: Case, channel: str = CaseRating.Channel.WEB) -> str:
    """Return the path of the page where a case is rated without signing in."""
    return f"/rate/{token_of(case, channel)}/"


def opened(token: str) -> tuple[Case, str]:
    """Return the case and the channel of a word; raise ``cases.rating_link`` for one that is forged, expired or used."""
    days = int(settings.of("rating")["link_days"])
    try:
        number, closing, rated, channel = signing.loads(token, salt=_SALT, max_age=dt.timedelta(days=days))
    except (signing.BadSignature, ValueError, TypeError):
        raise _dead() from None
    case = Case.objects.select_related("office").filter(number=number).first()
    if case is None or _closing(case) != closing or case.rated != rated or not may_be_rated(case):
        raise _dead()
    return case, channel


def _closing(case: Case) -> str:
    return case.closed_at.astimezone(dt.UTC).isoformat() if case.closed_at else ""


def _dead() -> CaseError:
    return CaseError(
        "cases.rating_link", "这个评价链接已经用过、已过期或不完整;可以登录后在“我的办件”里评价,或到窗口评价"
    )
