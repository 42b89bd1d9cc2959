"""``yzt cases``: look at cases, compute their clocks anew, light lamps. Exit codes: 0 well, 1 findings, 2 misuse."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

FINDINGS = 1


@click.group("cases")
def cases() -> None:
    """办件:查看、重算时限、亮灯。"""


@cases.command("show")
@click.argument("number")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def show(number: str, as_json: bool) -> None:
    """查看一个办件:责任单位、时限、环节。"""
    from yizhantong.kernel.cases import queries
    from yizhantong.kernel.cases.errors import CaseError

    try:
        page = queries.case_page(None, number)
    except CaseError as error:
        click.echo(error.sentence, err=True)
        sys.exit(FINDINGS)
    told = _told(page)
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=1, default=str))
        return
    click.echo(f"{told['number']} {told['title']}  {told['state']}  责任单位:{told['office']}  灯:{told['light']}")
    for step in told["steps"]:
        click.echo(
            f"  {step['opened_at']:%Y-%m-%d %H:%M}  {step['name']:<12} {step['office']:<12} {step['outcome'] or '待办'}"
        )


def _told(page: Any) -> dict[str, Any]:
    from yizhantong.kernel.cases import queries

    case = page.case
    return {
        "number": case.number, "title": case.title, "item": case.item_id, "state": case.state, "outcome": case.outcome,
        "result": case.result, "office": case.office.name if case.office else "", "light": page.light,
        "submitted_at": case.submitted_at, "accepted_at": case.accepted_at, "due_at": case.due_at, "closed_at": case.closed_at,
        "tenures": [{"office": row.office.name, "since": row.since, "until": row.until} for row in queries.tenures(case)],
        "clock": [{"kind": row.kind, "start": row.start, "end": row.end, "reason": row.reason} for row in page.segments],
        "steps": [
            {"code": step.code, "name": step.name, "office": step.office.name, "opened_at": step.opened_at, "due_at": step.due_at,
             "done_at": step.done_at, "done_by": str(step.done_by or ""), "outcome": step.outcome}
            for step in page.steps
        ],
    }  # fmt: skip


@cases.command("list")
@click.option("--state", help="状态:draft, submitted, supplement, accepted, closed")
@click.option("--office", help="责任单位的统一社会信用代码")
@click.option("--zone", help="专区")
@click.option("--after", help="从这一页之后继续")
@click.option("--size", default=25, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def list_(state: str | None, office: str | None, zone: str | None, after: str | None, size: int, as_json: bool) -> None:
    """列出办件,新的在前。"""
    from yizhantong.kernel.cases import clockwork, queries
    from yizhantong.kernel.divisions import clock

    filters = {"state": state, "office_id": office, "zone": zone}
    page = queries.cases(None, after=after, size=size, **{name: value for name, value in filters.items() if value})
    rows = [
        {"number": case.number, "title": case.title, "state": case.state, "outcome": case.outcome,
         "office": case.office.name if case.office else "", "light": clockwork.light_of(case, clock.now()), "due_at": case.due_at}
        for case in page.rows
    ]  # fmt: skip
    if as_json:
        click.echo(json.dumps({"rows": rows, "next": page.next}, ensure_ascii=False, indent=1, default=str))
        return
    for row in rows:
        click.echo(f"{row['number']}  {row['state']:<10} {row['light']:<7} {row['office']:<12} {row['title']}")
    if page.next:
        click.echo(f"下一页:--after {page.next}")


@cases.command("recompute")
@click.option("--number", help="只算这一件")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def recompute(number: str | None, as_json: bool) -> None:
    """由时限分段重算未办结办件的时限,与所存的比较;有不同时退出码为 1(不改动)。"""
    from yizhantong.kernel.cases import clockwork
    from yizhantong.kernel.cases.models import Case
    from yizhantong.kernel.cases.pinned import pinned

    wanted = Case.objects.filter(accepted_at__isnull=False).exclude(state=Case.State.CLOSED)
    differing = []
    for case in (wanted.filter(number=number) if number else wanted).order_by("id").iterator():
        reading = clockwork.recompute(case, pinned(case.version_id))
        if (reading.due_at, reading.yellow_at) != (case.due_at, case.yellow_at):
            differing.append({"number": case.number, "stored": case.due_at, "computed": reading.due_at})
    if as_json:
        click.echo(json.dumps(differing, ensure_ascii=False, indent=1, default=str))
    else:
        for each in differing:
            click.echo(f"{each['number']}  所存 {each['stored']}  重算 {each['computed']}")
        click.echo(f"{len(differing)} 件不同")
    if differing:
        sys.exit(FINDINGS)


@cases.command("lamps")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def lamps(as_json: bool) -> None:
    """亮该亮的灯,受理逾期未告知的,使逾期未确认的结果生效。"""
    from yizhantong.kernel.cases import watch

    done = {
        "deemed_accepted": watch.deem_accepted(),
        "lamps": watch.light_lamps(),
        "deemed_confirmed": watch.deem_confirmed(),
    }
    if as_json:
        click.echo(json.dumps(done))
    else:
        click.echo(
            f"视为受理 {done['deemed_accepted']} 件,亮灯 {done['lamps']} 盏,视为确认 {done['deemed_confirmed']} 件"
        )
