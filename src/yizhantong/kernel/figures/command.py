"""``yzt figures``: values on the terminal or as JSON. Exit codes: 0 answered, 1 a figure that was
named has no value, 2 wrong question."""

from __future__ import annotations

import datetime as dt
import json
import unicodedata
from collections.abc import Iterable, Sequence
from typing import IO, Any, get_args

import click
from django.utils import translation

from yizhantong.kernel.divisions.tree import RollupLevel
from yizhantong.kernel.figures import periods, queries, statements
from yizhantong.kernel.figures.declare import figures as declared_figures
from yizhantong.kernel.figures.engine import Engine
from yizhantong.kernel.figures.errors import FigureError
from yizhantong.kernel.figures.values import Value


class WrongQuestion(click.ClickException):
    """A question that cannot be answered; exit code 2."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        """Say what is wrong, in Chinese alone."""
        click.echo(self.format_message(), file=file, err=True)


@click.command(short_help="查询数据")
@click.argument("codes", nargs=-1)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="截至日期,如 2021-08-16;默认今天。")
@click.option("--division", metavar="CODE", help="行政区划或管理单位的代码;默认全市。")
@click.option("--by", metavar="HOW", help="分列:unit、county、township、village、day、week、month,或维度名称。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@click.option("--engine", type=click.Choice(["files", "database"]), default="files", help="计算引擎。")
def figures(
    codes: tuple[str, ...],
    as_of: dt.datetime | None,
    division: str | None,
    by: str | None,
    as_json: bool,
    engine: Engine,
) -> None:
    """查询数据的值:CODE 为数据代码(如 investment.signed_amount)或专区代码(如 investment),省略为全部。"""
    with translation.override("zh-hans"):
        try:
            asked = _codes(codes)
            day = queries.day_of(as_of.date() if as_of else None)
            found = list(queries.values(asked, day, division, engine=engine).values())
            parts = [_parts(item, by, division, engine) for item in found] if by else [[] for _ in found]
        except FigureError as error:
            raise WrongQuestion(error.sentence) from error
        rows = [_json(item, part, by) for item, part in zip(found, parts, strict=True)]
        if as_json:
            click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        else:
            click.echo(_table(rows, by))
    if codes and any(item.raw is None for item in found):
        raise SystemExit(1)


def _codes(codes: Sequence[str]) -> list[str]:
    """Return the figures meant by codes of figures and zones; all without any."""
    every = [item.code for item in declared_figures()]
    if not codes:
        return every
    found: list[str] = []
    for code in codes:
        found += [item for item in every if item.startswith(f"{code}.")] or [queries.find(code).code]
    return found


def _parts(item: Value, by: str | None, division: str | None, engine: Engine) -> list[dict[str, Any]]:
    how: dict[str, Any] = {"as_of": item.as_of, "division": division, "engine": engine}
    if by in statements.BUCKETS:
        points = queries.series(item.code, by, **how)  # type: ignore[arg-type]
        return [
            {"key": point.start.isoformat(), "label": point.start.isoformat(), "value": _number(point.shown),
             "text": point.text, "total": _number(point.total_shown), "total_text": point.total_text}
            for point in points
        ]  # fmt: skip
    if by in get_args(RollupLevel):
        parts = queries.by_division(item.code, by, **how)  # type: ignore[arg-type]
    else:
        parts = queries.by_dimension(item.code, by or "", **how)
    return [{"key": part.key, "label": part.label, "value": _number(part.shown), "text": part.text} for part in parts]


def _number(shown: Any) -> float | int | None:
    """Return a rounded value as a JSON number; the exact digits are in ``text``."""
    if shown is None:
        return None
    return int(shown) if shown == shown.to_integral_value() else float(shown)


def _json(item: Value, parts: list[dict[str, Any]], by: str | None) -> dict[str, Any]:
    figure = queries.find(item.code)
    start = item.period.start
    row: dict[str, Any] = {
        "code": item.code, "label": str(figure.label), "value": _number(item.shown), "unit": item.unit, "text": item.text,
        "as_of": item.as_of.isoformat(),
        "period": {"start": start.isoformat() if start else None, "end": item.period.end.isoformat()},
        "division": item.division, "definition": str(figure.definition), "version": item.definition_version,
        "zone": figure.zone,
    }  # fmt: skip
    return row | ({"by": by, "parts": parts} if by else {})


def _table(rows: Sequence[dict[str, Any]], by: str | None) -> str:
    lines = []
    for row in rows:
        start = dt.date.fromisoformat(row["period"]["start"]) if row["period"]["start"] else None
        said = periods.text(periods.Span(start, dt.date.fromisoformat(row["period"]["end"])), "zh-hans")
        lines.append((row["code"], row["label"], row["text"], row["unit"], said))
        lines += [("", "  " + part["label"], part["text"], row["unit"], "") for part in row.get("parts", ())]
    heading = ("代码", "名称", "值", "单位", "时间范围")
    return "\n".join(_aligned([heading, *lines], right={2}))


def width(text: str) -> int:
    """Return how many columns of a terminal a text takes: two for each wide character (Unicode TR 11)."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _aligned(rows: Sequence[tuple[str, ...]], right: Iterable[int]) -> list[str]:
    widths = [max(width(row[i]) for row in rows) for i in range(len(rows[0]))]
    to_right = set(right)
    lines = []
    for row in rows:
        cells = []
        for i, cell in enumerate(row):
            space = " " * (widths[i] - width(cell))
            cells.append(space + cell if i in to_right else cell + space)
        lines.append("  ".join(cells).rstrip())
    return lines
