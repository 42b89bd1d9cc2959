"""``yzt calendar``: show a year of the working calendar, import the years that the State Council's office announced.

Exit codes: 0 done, 2 it could not be done (a year without a table, a wrong file), told in one line.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import NoReturn

import click

from yizhantong.foundation.calendar import CalendarError, YearTable
from yizhantong.kernel.divisions import calendar as city_calendar

FAILED = 2


@click.group()
def calendar() -> None:
    """工作日历:查看、导入放假安排。"""


@calendar.command()
@click.argument("year", type=int)
@click.option("--json", "as_json", is_flag=True, help="供程序读取")
def show(year: int, as_json: bool) -> None:
    """显示 YEAR 年的放假与调休上班日。"""
    try:
        table = city_calendar.working_calendar().table(year)
    except CalendarError as error:
        _fail(str(error))
    click.echo(json.dumps(_as_json(table), ensure_ascii=False, indent=1) if as_json else _as_text(table))


@calendar.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_(file: Path) -> None:
    """导入 FILE(CSV:year,day,kind,source),整年替换;有一行不对就全部不导入。"""
    content = file.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", errors="replace")
    try:
        years = city_calendar.import_calendar(text)
    except CalendarError as error:
        _fail(str(error))
    click.echo(f"已导入:{'、'.join(map(str, years))} 年")


def _as_json(table: YearTable) -> dict[str, object]:
    days = {"holidays": table.holidays, "workdays": table.workdays}
    return {
        "year": table.year,
        "source": table.source,
        **{name: sorted(day.isoformat() for day in found) for name, found in days.items()},
    }


def _as_text(table: YearTable) -> str:
    week = "一二三四五六日"
    lines = [f"{table.year} 年(来源:{table.source})"]
    for label, days in (("放假", table.holidays), ("调休上班", table.workdays)):
        lines += [f"  {day} 周{week[day.weekday()]}  {label}" for day in sorted(days)]
    return "\n".join(lines)


def _fail(sentence: str) -> NoReturn:
    click.echo(f"错误:{sentence}", err=True)
    sys.exit(FAILED)
