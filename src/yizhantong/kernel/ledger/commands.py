"""The ledgers' part of the command line ``yzt``: plain click commands, mounted by ``project/cli.py``.

Answers go to standard output, errors as one Chinese line to standard error. Exit codes: 0 done, 1 the answer is no (a
verification that fails, a file with errors), 2 it could not be tried (unknown ledger, missing file, no permission).
Progress bars show on a terminal only; ``--json`` is for programs.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click

P = ParamSpec("P")
R = TypeVar("R")

NO = 1
FAILED = 2


def said_plainly(command: Callable[P, R]) -> Callable[P, R]:
    """Turn what the platform refuses into one line and exit code 2."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        from yizhantong.kernel.access.policy import Refused
        from yizhantong.kernel.ledger.errors import LedgerError

        try:
            return command(*args, **kwargs)
        except (LedgerError, Refused, OSError) as error:
            click.echo(f"错误:{error}", err=True)
            sys.exit(FAILED)

    return run


def _ledger(code: str) -> Any:
    from yizhantong.kernel.ledger.declare import ledger, ledgers
    from yizhantong.kernel.ledger.errors import LedgerError

    try:
        return ledger(code)
    except KeyError as error:
        known = "、".join(item.code for item in ledgers())
        raise LedgerError("ledger.unknown", f"没有代码为“{code}”的台账,可用:{known}") from error


@contextmanager
def progress(title: str) -> Iterator[Callable[..., None]]:
    """Yield a function that advances a bar by its last argument; the bar shows on a terminal only."""
    from tqdm import tqdm

    with tqdm(desc=title, unit=" 条", disable=not sys.stderr.isatty(), file=sys.stderr) as bar:

        def advance(*given: Any) -> None:
            if len(given) > 1:
                bar.set_postfix_str(str(given[0]))
            bar.update(given[-1])

        yield advance


def _print(plain: Any) -> None:
    click.echo(json.dumps(plain, ensure_ascii=False, indent=1))


@click.command("seal", help="封存所有已登记的事实")
@click.option("--ledger", "code", help="只封存这个台账")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@said_plainly
def seal(code: str | None, as_json: bool) -> None:
    """Seal what is settled."""
    from yizhantong.kernel.ledger import segments
    from yizhantong.kernel.ledger.audit import AUDIT, Event, audit

    with progress("封存") as advance:
        made = segments.seal(_ledger(code) if code else None, progress=advance)
    if any(segment.ledger != AUDIT.code for segment in made):
        audit(None, Event.SEAL, code or "*", segments=len(made), facts=sum(segment.count for segment in made))
    rows: list[dict[str, Any]] = [
        {"ledger": s.ledger, "number": s.number, "count": s.count, "root": s.root, "head": s.head} for s in made
    ]
    if as_json:
        _print({"segments": rows})
        return
    for row in rows:
        click.echo(f"{row['ledger']} 第{row['number']}段:{row['count']} 条,根 {row['root'][:16]}")
    click.echo(f"共封存 {len(rows)} 段 {sum(s.count for s in made)} 条" if rows else "没有新的事实需要封存")


@click.command("verify", help="重新计算所有封印,核对数据库与封存文件")
@click.option("--ledger", "code", help="只核对这个台账")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@said_plainly
def verify(code: str | None, as_json: bool) -> None:
    """Verify everything; exit code 1 when something fails."""
    from yizhantong.kernel.ledger.verify import verify as run

    with progress("核对") as advance:
        report = run(_ledger(code) if code else None, progress=advance)
    if as_json:
        _print(report.as_json())
    else:
        for found in report.ledgers:
            state = "不符" if found.failures else "相符"
            click.echo(
                f"{found.ledger} {found.label}:{state},{found.segments} 段 {found.sealed} 条,未封存 {found.open} 条"
            )
            for failure in found.failures:
                click.echo(f"  {failure.sentence}")
        total = sum(found.sealed + found.open for found in report.ledgers)
        click.echo(f"核对 {total} 条,全部相符" if report.ok else f"核对 {total} 条,发现不符")
    if not report.ok:
        sys.exit(NO)


@click.command("import", help="把 XLSX 或 CSV 文件导入台账:全部导入,或一条也不导入")
@click.argument("code", metavar="台账")
@click.argument("file", metavar="文件", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="只预览,不写入")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@said_plainly
def import_(code: str, file: Path, dry_run: bool, as_json: bool) -> None:
    """Import a file as the platform's operator; exit code 1 when it has errors."""
    from yizhantong.kernel.ledger.imports import commit, preview

    ledger = _ledger(code)
    with progress("读取") as advance:
        found = preview(ledger, file.read_bytes(), file.name, None, progress=advance)
    done = None
    if found.ok and not dry_run:
        with progress("写入") as advance:
            done = commit(found, None, progress=advance)
    if as_json:
        _print(found.as_json() | {"recorded": done.recorded if done else 0})
    elif not found.ok:
        for error in found.errors:
            click.echo(str(error), err=True)
        more = f"(另有 {found.more_errors} 处)" if found.more_errors else ""
        click.echo(f"错误:文件有 {len(found.errors)} 处错误{more},一条也没有导入", err=True)
    elif done is None:
        click.echo(f"可以导入:新增 {len(found.new)} 条,未变 {found.unchanged} 条")
    elif done.already:
        click.echo("这个文件早已导入,这次没有改动")
    else:
        click.echo(f"已导入 {done.recorded} 条,未变 {done.unchanged} 条")
    if not found.ok:
        sys.exit(NO)


@click.command("export", help="导出台账(公众可见的列)")
@click.argument("code", metavar="台账")
@click.option("--format", "format_", type=click.Choice(["csv", "xlsx"]), default="csv", show_default=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="文件;不给则写到标准输出")
@said_plainly
def export(code: str, format_: str, out: Path | None) -> None:
    """Export the public view of a ledger."""
    from django.contrib.auth.models import AnonymousUser

    from yizhantong.kernel.ledger.exports import export as run

    content = run(_ledger(code), AnonymousUser(), "xlsx" if format_ == "xlsx" else "csv")
    if out is None:
        sys.stdout.buffer.write(content)
    else:
        out.write_bytes(content)


@click.command("template", help="写出台账的导入模板")
@click.argument("code", metavar="台账")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="XLSX 文件")
@said_plainly
def template(code: str, out: Path) -> None:
    """Write the template of a ledger."""
    from yizhantong.kernel.ledger.template import template as make

    out.write_bytes(make(_ledger(code)))


COMMANDS = (seal, verify, import_, export, template)
"""All of them, for ``project/cli.py``: ``for command in COMMANDS: main.add_command(command)``."""
