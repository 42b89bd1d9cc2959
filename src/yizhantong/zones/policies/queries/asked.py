"""What an enterprise is asked for after a decision: money to pay back, to confirm the arrival of money, to report results."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _

from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions import clock
from yizhantong.zones.policies.models import Application, FollowUp, Recovery

SOON = dt.timedelta(days=30)


def of_asker(case: Case) -> tuple[str, str, str] | None:
    """Return the next thing asked of the enterprise of a granted case: a sentence, the button's words, the address; or None."""
    if case.outcome != Case.Outcome.GRANTED:
        return None
    application = Application.objects.filter(case=case).first()
    if application is None:
        return None
    page = reverse("policies:payment", args=[case.number])
    recovery = application.recoveries.filter(state=Recovery.State.DECIDED).first()
    if recovery is not None:
        return _("有一笔资金要在 %(day)s 前缴回。") % {"day": recovery.due_on.isoformat()}, _("看追回通知"), page
    if application.money == Application.Money.PAID and application.arrived_on is None:
        return _("资金已拨付,请确认是否到账。"), _("确认到账"), page
    due = application.follow_ups.filter(state=FollowUp.State.OPEN, due_on__lte=clock.today() + SOON)
    result = due.order_by("due_on").first()
    if result is not None:
        text = _("资金使用绩效请在 %(day)s 前填报。") % {"day": result.due_on.isoformat()}
        return text, _("填报绩效"), reverse("policies:result", args=[result.pk])
    return None
