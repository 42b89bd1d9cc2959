"""What came of the money 绩效: asked for after payment, reported by the enterprise, checked by the office, reminded of in time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.cases.people import acts_for, askers
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.notices.actions import send
from yizhantong.zones.policies import settings
from yizhantong.zones.policies.actions.reminding import reached
from yizhantong.zones.policies.errors import PolicyError
from yizhantong.zones.policies.models import Application, FollowUp
from yizhantong.zones.policies.queries.eligibility import benefit_of

State = FollowUp.State


def ask(application: Application) -> list[FollowUp]:
    """Open the reports that the pinned version asks for; nothing where it asks for none."""
    results = benefit_of(application.case.version_id).results
    if results is None:
        return []
    paid_on = application.paid_on or clock.today()
    metrics = [metric.model_dump(mode="json", exclude_none=True) for metric in results.metrics]
    made = []
    for round_ in range(results.reports):
        due_on = _months_after(paid_on, results.after_months + 12 * round_)
        made.append(
            FollowUp.objects.get_or_create(
                application=application,
                period=f"第{round_ + 1}期({due_on:%Y-%m})",
                defaults={"metrics": metrics, "due_on": due_on},
            )[0]
        )
    return made


@transaction.atomic
def report(follow_up: FollowUp, values: Mapping[str, Any], explanation: str, *, account: User) -> FollowUp:
    """Report results; each metric needs a number, whatever the target is."""
    locked = _locked(follow_up)
    if not acts_for(account, locked.application.organisation_id, None, "policies"):
        raise PolicyError("policies.not_the_enterprise", "当前账号不能代表该企业填报绩效")
    if locked.state == State.CHECKED:
        raise PolicyError("policies.results_checked", "该期绩效已核实,不能再改")
    locked.values = {metric["code"]: _number(metric, values.get(metric["code"])) for metric in locked.metrics}
    locked.explanation = explanation.strip()[:1000]
    locked.state, locked.reported_at, locked.reported_by = State.REPORTED, clock.now(), account
    locked.save()
    return locked


@transaction.atomic
def check(follow_up: FollowUp, *, met: bool, account: Account) -> FollowUp:
    """Enter whether the results were confirmed to reach their targets."""
    locked = _locked(follow_up)
    case = locked.application.case
    if not policy.reach(account, "cases.handle", "policies").includes(case.office_id, case.division_id):
        raise policy.Refused("cases.handle", case.division_id)
    if locked.state != State.REPORTED:
        raise PolicyError("policies.results_state", "企业尚未填报或已核实,请刷新后查看")
    locked.state, locked.met = State.CHECKED, met
    locked.checked_at, locked.checked_by = clock.now(), account if isinstance(account, User) else None
    locked.save(update_fields=["state", "met", "checked_at", "checked_by"])
    return locked


def reaches(follow_up: FollowUp) -> bool:
    """Tell whether every reported value reaches its target; metrics without one always do."""
    return all(
        Decimal(str(follow_up.values.get(metric["code"], 0))) >= Decimal(str(metric["target"]))
        for metric in follow_up.metrics if metric.get("target") is not None
    )  # fmt: skip


def remind() -> int:
    """Remind of reports that are due soon or overdue, once at each of the days of the settings; return how many were sent."""
    days = sorted(settings.of("reminders").get("follow_up_days", [30, 7, 1]), reverse=True)
    today, sent = clock.today(), 0
    soon = today + dt.timedelta(days=max(days))
    for one in FollowUp.objects.filter(state=State.OPEN, due_on__lte=soon).select_related(
        "application__case", "application__card"
    ):
        times = reached(one.due_on, today, days)
        if one.reminded >= times:
            continue
        text = f"“{one.application.card.title}”{one.period}绩效请于 {one.due_on} 前填报。"
        with transaction.atomic():
            FollowUp.objects.filter(pk=one.pk).update(reminded=times)
            send(
                "policies.results",
                askers(one.application.case),
                title="请填报政策资金绩效",
                body=text,
                link="/policies/results/",
            )
        sent += 1
    return sent


def _locked(follow_up: FollowUp) -> FollowUp:
    rows = FollowUp.objects.select_for_update(of=("self",)).select_related("application__case")
    return rows.get(pk=follow_up.pk)


def _number(metric: Mapping[str, Any], given: Any) -> str:
    try:
        value = Decimal(str(given).strip())
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or value < 0:
        raise PolicyError("policies.result", f"“{metric['name']}”请填不小于 0 的数字", field=metric["code"])
    return format(value, "f")


def _months_after(day: dt.date, months: int) -> dt.date:
    year, month = divmod(day.month - 1 + months, 12)
    return dt.date(day.year + year, month + 1, min(day.day, 28))
