"""The sample city as a whole, from one function for ``yzt sample`` and ``yzt serve --sample``: records, accounts, cases."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass

import click
from django.utils import timezone

from yizhantong.kernel.ledger.commands import progress, said_plainly


@dataclass(frozen=True, slots=True)
class Filled:
    """What was made: facts (0: they were there already), accounts, cases by zone; ``day`` is where the city stands."""

    day: dt.date
    facts: int
    accounts: int
    cases: dict[str, int]

    @property
    def changed(self) -> bool:
        """Tell whether anything was made."""
        return bool(self.facts or self.accounts or sum(self.cases.values()))


def fill(day: dt.date | None = None, scale: int = 1, advance: Callable[..., object] | None = None) -> Filled:
    """Make what the sample city lacks: its records, its accounts, the cases that its zones play. Can be repeated.

    Raises :class:`~yizhantong.kernel.ledger.errors.LedgerError` ``sample.city_in_use`` when the city has facts of its own;
    then nothing was made. A city that stands on a day already keeps it.
    """
    from yizhantong.kernel.access.models import User
    from yizhantong.kernel.appointments import sample as halls
    from yizhantong.kernel.divisions.models import City
    from yizhantong.kernel.ledger import segments
    from yizhantong.kernel.ledger.sample_load import load_sample, sample_day
    from yizhantong.kernel.search import sources
    from yizhantong.project.accounts import sample_accounts
    from yizhantong.project.zones import play_cases

    facts = 0
    stands_on = City.objects.values_list("demonstration_day", flat=True).first()
    if stands_on is None:
        stands_on = day or sample_day()
        facts = load_sample(stands_on, scale, progress=advance).total
    before = User.objects.count()
    sample_accounts()
    accounts = User.objects.count() - before
    played = play_cases(stands_on)
    visits = halls.play(stands_on)
    if sum(played.values()) or visits:
        _read_what_is_old(stands_on)
        _let_papers_wait()
        segments.seal()
    sources.rebuild()
    return Filled(stands_on, facts, accounts, played)


def _read_what_is_old(day: dt.date) -> None:
    """Mark as read what the people of the sample were told before the last two days, as people do who come every day."""
    from yizhantong.kernel.access.models import User
    from yizhantong.kernel.divisions import clock
    from yizhantong.kernel.notices.actions import mark_all_read

    for account in User.objects.filter(demonstration=True):
        mark_all_read(account, before=clock.end_of(day - dt.timedelta(days=2)))


def _let_papers_wait() -> None:
    """Put off the papers of the sample's cases, more than a thousand, behind what people do in the city's first hour.

    Those of cases between two cities are issued at once: somebody waits for them there.
    """
    from yizhantong.kernel.cases.tasks import issue
    from yizhantong.kernel.jobs.models import Job

    waiting = Job.objects.filter(task=issue.module_path, state=Job.State.WAITING)
    between = between_cities()
    later = [pk for pk, given in waiting.values_list("pk", "given") if given["kwargs"]["case"] not in between]
    waiting.filter(pk__in=later).update(priority=-10, run_after=timezone.now() + dt.timedelta(hours=1))


def between_cities() -> set[int]:
    """Return the cases that another city has sent or was sent."""
    from yizhantong.zones.crossregion.models import Crossing

    return set(Crossing.objects.values_list("case_id", flat=True))


@click.command("sample", help="装入示例城市:台账、账号、办件(演示数据,只能装入空库;可重复运行)")
@click.option("--scale", type=click.IntRange(1, 1000), default=1, show_default=True, help="记录数的倍数")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="演示日,默认见城市数据")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@said_plainly
def sample(scale: int, day: dt.datetime | None, as_json: bool) -> None:
    """Load the sample city."""
    with progress("演示数据") as advance:
        made = fill(day.date() if day else None, scale, advance)
    if as_json:
        plain = {"day": made.day.isoformat(), "facts": made.facts, "accounts": made.accounts, "cases": made.cases}
        click.echo(json.dumps(plain, ensure_ascii=False, indent=1))
    elif made.changed:
        cases = sum(made.cases.values())
        click.echo(f"已装入演示数据 {made.facts} 条、账号 {made.accounts} 个、办件 {cases} 件,城市停在 {made.day}")
    else:
        click.echo("演示数据早已装入,这次没有改动")
