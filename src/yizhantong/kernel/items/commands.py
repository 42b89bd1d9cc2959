"""``yzt items``: list, show, export, check and import items from the command line.

Exit codes: 0 success, 1 the file has findings, 2 misuse.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, NoReturn

import click

from yizhantong.kernel.access.models import User
from yizhantong.kernel.access.policy import Refused
from yizhantong.kernel.items import exchange, queries
from yizhantong.kernel.items.errors import ContentError, Finding, ItemError
from yizhantong.kernel.items.models import Item, ItemVersion

IN = click.Path(exists=True, dir_okay=False, path_type=Path)
OUT = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.group()
def items() -> None:
    """政务服务事项:列出、查看、导出、检查、导入。"""


@items.command("list")
@click.option("--zone", default="", help="只列一个专区")
@click.option("--all", "everything", is_flag=True, help="包括没有现行版本的")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def list_(zone: str, everything: bool, as_json: bool) -> None:
    """列出事项。"""
    found = Item.objects.select_related("current", "agency")
    found = found if everything else found.filter(current__isnull=False)
    rows = [_row(item) for item in (found.filter(zone=zone) if zone else found)]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        click.echo(f"{row['code']:<28} v{row['version'] or '-'} {row['state']} {row['name']}({row['agency']})")
    click.echo(f"共 {len(rows)} 项")


def _row(item: Item) -> dict[str, Any]:
    version = item.current
    state = "未发布" if version is None else "暂停" if item.suspended else "在用"
    return {
        "code": item.code, "name": item.name, "zone": item.zone, "kind": item.kind, "agency": item.agency.name,
        "version": version.number if version else None, "state": state,
    }  # fmt: skip


@items.command()
@click.argument("code")
@click.option("--version", "number", type=int, help="版本号,缺省为现行版本")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def show(code: str, number: int | None, as_json: bool) -> None:
    """查看一个事项的内容。"""
    try:
        version = _version(code, number)
    except ItemError as error:
        _misuse(error, as_json)
    document = exchange.as_document(version)
    if as_json:
        click.echo(json.dumps(document, ensure_ascii=False, indent=1))
        return
    content = document["content"]
    click.echo(
        f"{document['code']} {document['name']} 第 {version.number} 版({ItemVersion.State(version.state).label})"
    )
    click.echo(f"设定依据:{content['guide']['by_law']}")
    for section in content["form"]:
        click.echo(f"表单“{section['title']}”:{len(section['fields'])} 项")
    click.echo("材料:" + ("、".join(material["name"] for material in content["materials"]) or "无"))
    for condition in content["conditions"]:
        click.echo(f"条件:{condition['text']}  {condition['rule'] or '(人工判断)'}")


@items.command()
@click.argument("codes", nargs=-1)
@click.option("--out", required=True, type=OUT, help="写到哪个文件,.json 或 .xlsx")
def export(codes: tuple[str, ...], out: Path) -> None:
    """导出事项(缺省为全部在用的)。"""
    try:
        found = [_version(code, None) for code in codes or [item.code for item in queries.published()]]
    except ItemError as error:
        _misuse(error, as_json=False)
    write = exchange.export_xlsx if out.suffix.lower() == ".xlsx" else exchange.export_json
    out.write_bytes(write(found))
    click.echo(f"已导出 {len(found)} 项到 {out}")


@items.command()
@click.argument("file", type=IN)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def check(file: Path, as_json: bool) -> None:
    """检查一个文件,不写入。"""
    try:
        checked = exchange.check(exchange.read_file(file.read_bytes()))
    except ItemError as error:
        _misuse(error, as_json)
    findings = [(entry.code, finding) for entry in checked for finding in entry.findings]
    _tell(len(checked), findings, as_json)
    sys.exit(1 if findings else 0)


@items.command("import")
@click.argument("file", type=IN)
@click.option("--account", required=True, help="以哪个账号导入(须有编辑事项的权限)")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def import_(file: Path, account: str, as_json: bool) -> None:
    """把文件里的事项导入为草稿;有一处不合要求就一项也不写。"""
    user = User.objects.filter(username=account).first()
    try:
        if user is None:
            raise ItemError("items.unknown_account", f"没有账号“{account}”")
        made = exchange.import_items(file.read_bytes(), user)
    except ContentError as error:
        _tell(0, [(finding.place.partition(":")[0], finding) for finding in error.findings], as_json)
        sys.exit(1)
    except Refused as error:
        _misuse(ItemError(error.code, str(error)), as_json)
    except ItemError as error:
        _misuse(error, as_json)
    _tell(len(made), [], as_json)


def _version(code: str, number: int | None) -> ItemVersion:
    item = queries.item(code)
    if number is None and item.current is not None:
        return item.current
    found = queries.versions(code).filter(number=number).first() if number else queries.versions(code).first()
    if found is None:
        raise ItemError("items.unknown_version", f"事项“{code}”没有这一版")
    return found


def _tell(count: int, findings: list[tuple[str, Finding]], as_json: bool) -> None:
    if as_json:
        rows = [{"item": c, "code": f.code, "place": f.place, "message": f.sentence} for c, f in findings]
        click.echo(json.dumps({"items": count, "findings": rows}, ensure_ascii=False, indent=1))
        return
    for code, finding in findings:
        click.echo(f"[{code}] {finding.place}:{finding.sentence}")
    click.echo(f"{count} 项,{len(findings)} 处要改")


def _misuse(error: ItemError, as_json: bool) -> NoReturn:
    if as_json:
        click.echo(json.dumps({"error": {"code": error.code, "message": error.sentence}}, ensure_ascii=False))
    click.echo(error.sentence, err=True)
    sys.exit(2)
