"""Judging: the asker rates once (国办发〔2019〕51号); what is rated badly is called back, mended, rated again, never erased."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from yizhantong.kernel.access import policy
from yizhantong.kernel.cases import people, rating_links, rules, settings, store, telling
from yizhantong.kernel.cases.engine import Change, change, text_of
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.figures import RATINGS
from yizhantong.kernel.cases.models import Case, CaseRating, Rectification
from yizhantong.kernel.divisions import calendar
from yizhantong.kernel.ledger import actions as ledger_actions

_S = Rectification.State


def rate(case: Case, rating: int, *, comment: str = "", aspects: Iterable[str] = (), account: policy.Account | None,
         channel: str = CaseRating.Channel.WEB, source: str = "") -> Case:  # fmt: skip
    """Rate the handling, once: 5 very satisfied to 1 very dissatisfied. 2 and 1 begin a rectification with its own limit."""
    with change(case, "rate", account, source) as work:
        _refuse_rating(work, rating, channel)
        held = work.case
        values = {
            "division_id": held.division_id, "occurred_on": work.today, "number": held.number, "zone": held.zone,
            "item_code": held.item_id, "office_id": held.office_id, "rating": rating, "channel": str(channel),
            "comment": comment.strip()[:300], "aspects": ",".join(aspects)[:120],
        }  # fmt: skip
        ledger_actions.append(RATINGS, [values], recorded_by=work.by, source=work.source)
        work.set(rated=rating)
        rule = settings.of("rating")
        if rating <= int(rule["bad"]):
            due_on = calendar.working_calendar().working_day_after(work.today, int(rule["mend_days"]))
            store.insert(
                Rectification(
                    case=held, office_id=held.office_id or "", rating=rating, opened_at=work.now, due_on=due_on
                )
            )
            heads = people.officials(held.office_id or "", (rules.DECIDE, rules.ASSIGN))
            told = f"办件 {case.number} 收到差评({rating} 分),请于 {due_on:%Y年%m月%d日} 前回访、核实并整改。"
            work.then(lambda: telling.staff(held, heads, f"差评整改:{case.title}", told))
        work.hooked("on_rated", held, rating)
    return case


def rate_by_link(token: str, rating: int, *, comment: str = "", aspects: Iterable[str] = ()) -> Case:
    """Rate by a link, without an account: the signed word itself is the right to, once; it names the channel.

    Raises ``cases.rating_link`` for a word that is forged, expired or used, and what :func:`rate` raises.
    """
    case, channel = rating_links.opened(token)
    return rate(case, rating, comment=comment, aspects=aspects, account=None, channel=channel, source="link")


def _refuse_rating(work: Change, rating: int, channel: str) -> None:
    case, rule = work.case, settings.of("rating")
    if isinstance(rating, bool) or rating not in range(1, 6):
        raise CaseError("cases.rating", "评价应为 5(非常满意)至 1(非常不满意)", field="rating")
    if channel not in CaseRating.Channel.values:
        raise CaseError("cases.rating_channel", f"“{channel}”不是评价渠道", field="channel")
    if case.rated is not None:
        raise CaseError("cases.rated", f"办件 {case.number} 已经评价过;一事一评,不能更改")
    if not work.version.options.rating or case.outcome not in rating_links.RATED:
        raise CaseError("cases.not_rateable", f"办件 {case.number} 不作评价")
    if case.closed_at is not None and work.now > case.closed_at + dt.timedelta(days=int(rule["days"])):
        raise CaseError("cases.rating_late", f"办结已超过 {rule['days']} 天,不能再评价")


def call_back(case: Case, *, findings: str, account: policy.Account | None, source: str = "") -> Rectification:
    """Record that the asker was called back, and what was found."""
    values = {"state": _S.CHECKED, "findings": text_of(findings, "findings", "核实情况")}
    return _go_on(case, "call_back", (_S.OPEN,), values, "called_back_at", account, source)


def mend(case: Case, *, measures: str, account: policy.Account | None, source: str = "") -> Rectification:
    """Record what was mended; the asker is told and may rate again."""
    values = {"state": _S.MENDED, "measures": text_of(measures, "measures", "整改措施")}
    return _go_on(case, "mend", (_S.CHECKED,), values, "mended_at", account, source)


def exclude_rating(case: Case, *, reason: str, account: policy.Account | None, source: str = "") -> Rectification:
    """Leave a bad rating out of the share of what must be mended (误评、恶意), after review; the rating itself stays a fact."""
    values = {"state": _S.EXCLUDED, "findings": text_of(reason, "reason", "剔除的理由")}
    return _go_on(case, "exclude_rating", (_S.OPEN, _S.CHECKED), values, "", account, source)


def rate_again(case: Case, rating: int, *, account: policy.Account | None, source: str = "") -> Rectification:
    """Rate what was mended, once; the first rating stays as it was given."""
    if isinstance(rating, bool) or rating not in range(1, 6):
        raise CaseError("cases.rating", "评价应为 5(非常满意)至 1(非常不满意)", field="rating")
    with change(case, "rate_again", account, source) as work:
        held = _rectification(work)
        if held.state != _S.MENDED or held.second_rating is not None:
            raise CaseError("cases.rated", f"办件 {case.number} 还不能再次评价,或已再次评价过")
        store.update(held, {"second_rating": rating})
    return held


def _go_on(case: Case, operation: str, states: tuple[str, ...], values: dict[str, str], stamp: str,
           account: policy.Account | None, source: str) -> Rectification:  # fmt: skip
    with change(case, operation, account, source) as work:
        held = _rectification(work)
        if held.state not in states:
            text = f"差评整改现为“{_S(held.state).label}”,不能{rules.OPERATIONS[operation].label};请刷新后查看"
            raise CaseError("cases.rectification_state", text)
        store.update(held, {**values, "settled_by_id": work.by, **({stamp: work.now} if stamp else {})})
        if operation == "mend":
            text = f"您对办件 {case.number} 的评价已整改:{values['measures']}。您可以再次评价。"
            work.tell(f"差评已整改:{case.title}", text)
    return held


def _rectification(work: Change) -> Rectification:
    found = Rectification.objects.filter(case_id=work.case.pk).first()
    if found is None:
        raise CaseError("cases.no_rectification", f"办件 {work.case.number} 没有差评整改")
    return found
