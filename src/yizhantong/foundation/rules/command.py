"""``yzt rules``: run case files and evaluate expressions on the command line.

Exit codes: 0 success, 1 findings (a case failed, a rule had errors), 2 misuse (a file or a text that cannot be read).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from decimal import Decimal

import click
from tqdm import tqdm

from .cases import Case, CaseFileError, run_files
from .limits import FeelError
from .rule import compile_expression
from .values import literal, text_of

SHOWN_FAILURES = 50


@click.group(help="规则语言 FEEL：检验案例，试算表达式。")
def rules() -> None:
    """The group of commands."""


def _with_progress(cases: list[Case]) -> Iterable[Case]:
    return tqdm(cases, desc="案例", unit="个", leave=False) if sys.stderr.isatty() else cases


@rules.command("test", help="运行案例文件，核对每个表达式和决策表的结果。")
@click.argument("files", nargs=-1, required=True, type=click.Path())
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出计数和不合的案例。")
def test_command(files: tuple[str, ...], as_json: bool) -> None:
    """Run case files and print the score."""
    try:
        report = run_files(files, _with_progress)
    except CaseFileError as error:
        raise click.UsageError(error.message) from error
    if as_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=2))
    else:
        for failure in report.failures[:SHOWN_FAILURES]:
            click.echo(f"不合 {failure.id}：{failure.reason}")
        click.echo(f"通过 {report.passed}/{report.total}，其中有值的案例 {report.value_passed}/{report.value_total}。")
    sys.exit(0 if report.passed == report.total else 1)


@rules.command("eval", help="计算一个表达式。")
@click.argument("expression")
@click.option("--context", default="{}", help='数据，JSON 对象，例如 {"年营业收入": 5000000}。')
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出值和错误。")
def eval_command(expression: str, context: str, as_json: bool) -> None:
    """Evaluate an expression over a JSON object."""
    inputs = _read_context(context)
    try:
        found = compile_expression(expression, inputs).evaluate(inputs)
    except FeelError as error:
        raise click.UsageError(error.message) from error
    try:
        shown = literal(found.value)
    except FeelError as error:
        click.echo(f"注意：{error.message}", err=True)
        sys.exit(1)
    if as_json:
        errors = [{"code": error.code, "message": error.message} for error in found.errors]
        click.echo(json.dumps({"value": found.value, "errors": errors}, ensure_ascii=False, default=text_of))
    else:
        click.echo(shown)
        for problem in found.errors:
            click.echo(f"注意：{problem.message}", err=True)
    sys.exit(1 if found.errors else 0)


def _read_context(text: str) -> dict[str, object]:
    try:
        inputs = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise click.UsageError(f"--context 不是 JSON：{error}") from error
    if not isinstance(inputs, dict):
        raise click.UsageError('--context 应是 JSON 对象，例如 {"a": 1}。')
    return inputs
