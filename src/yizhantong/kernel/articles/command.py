"""``yzt check``: a draft checked from the command line."""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
from pathlib import Path
from typing import Any, NoReturn

import click

from yizhantong.foundation.text import TextTooLong
from yizhantong.kernel.articles.check import Checked, check_text
from yizhantong.kernel.articles.documents import MAX_BYTES, DocumentError, read_document
from yizhantong.kernel.articles.report_html import as_html
from yizhantong.kernel.articles.reports import as_json as plain
from yizhantong.kernel.articles.reports import as_workbook

OUT = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="数据截至哪一天,缺省为今天")
@click.option("--no-ledger", is_flag=True, help="不对照台账,只核对稿件自身的数字")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@click.option("--html", type=OUT, help="写出带批注的 HTML")
@click.option("--xlsx", type=OUT, help="写出 XLSX")
def check(
    file: Path, as_of: dt.datetime | None, no_ledger: bool, as_json: bool, html: Path | None, xlsx: Path | None
) -> None:
    """核对稿件 FILE(TXT、DOCX 或带文字的 PDF;- 为标准输入)。

    退出码:0 没有发现问题,1 有数字不符、算式不成立或互相矛盾,2 用法或文件有误。
    """
    try:
        document = read_document(_bytes(file))
        checked = _checked(document.text, as_of.date() if as_of else None, no_ledger=no_ledger)
        data = plain(checked)
        _write(checked.text, data, file, html, xlsx)
    except (DocumentError, TextTooLong) as error:
        _misuse(str(error), error.code, as_json)
    if as_json:
        click.echo(json.dumps(data, ensure_ascii=False, indent=1))
    else:
        _tell(checked)
    sys.exit(1 if checked.has_faults else 0)


def _bytes(file: Path) -> bytes:
    """Return the content, never much more than the limit, so that huge input is refused at once."""
    try:
        if str(file) == "-":
            return sys.stdin.buffer.read(MAX_BYTES + 1)
        with file.open("rb") as source:
            return source.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise DocumentError("not_found", f"找不到文件 {file},请检查路径") from error
    except OSError as error:
        raise DocumentError("unreadable", f"文件 {file} 无法读取:{error.strerror},请检查权限或是否为目录") from error


def _checked(text: str, day: dt.date | None, *, no_ledger: bool) -> Checked:
    """Check against the ledgers as of ``day`` (default today); whatever the database lacks is a :class:`DocumentError`."""
    if no_ledger:
        return check_text(text, day)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yizhantong.project.settings")
    import django
    from django.apps import apps
    from django.db.utils import DatabaseError

    if not apps.ready:
        django.setup()
    from yizhantong.kernel.articles.ledger_view import view
    from yizhantong.kernel.divisions import clock, tree
    from yizhantong.kernel.figures.errors import FigureError

    hint = "请先运行 yzt prepare,或加 --no-ledger 只核对稿件自身"
    try:
        if not tree.branches():
            raise DocumentError("no_city", f"数据库里还没有城市数据,{hint}")
        asked = day or clock.today()
        return check_text(text, asked, view(asked))
    except FigureError as error:
        raise DocumentError("figures", str(error)) from error
    except DatabaseError as error:
        raise DocumentError("no_city", f"数据库还没有建立或不是当前版本,{hint}") from error


def _write(text: str, data: dict[str, Any], file: Path, html: Path | None, xlsx: Path | None) -> None:
    try:
        if html:
            html.write_text(as_html(text, data, f"稿件核对:{file.name}"), encoding="utf-8")
        if xlsx:
            xlsx.write_bytes(as_workbook(data))
    except OSError as error:
        raise DocumentError("unwritable", f"结果无法写入 {error.filename}:{error.strerror},请换一个位置") from error


def _tell(checked: Checked) -> None:
    counts = checked.counts
    basis = f"对照台账(截至 {checked.day})" if checked.with_ledger else "未对照台账"
    click.echo(
        f"{basis}:{counts['claims']} 个数字,相符 {counts['agrees']},不符 {counts['differs']},"
        f"无法断定 {counts['cannot be decided']},没有对应数据 {counts['no figure']}"
    )
    for conflict in checked.conflicts:
        click.echo(f"[矛盾] {conflict.sentence}")
    for relation in checked.article.relations:
        if relation.holds is False:
            click.echo(f"[不成立] {relation.sentence}")
    for claim, finding in zip(checked.article.claims, checked.findings, strict=True):
        if finding.verdict.value == "differs":
            click.echo(f"[不符] 第{claim.start + 1}字“{claim.phrase}”:{finding.reason}")
    places = [(item.start, item.sentence) for item in checked.article.repeats]
    places += [(item.start, item.sentence) for item in checked.article.breaks]
    for start, sentence in sorted(places):
        click.echo(f"[排印] 第{start + 1}字:{sentence}")


def _misuse(sentence: str, code: str, as_json: bool) -> NoReturn:
    if as_json:
        click.echo(json.dumps({"error": {"code": code, "message": sentence}}, ensure_ascii=False))
    click.echo(sentence, err=True)
    sys.exit(2)
