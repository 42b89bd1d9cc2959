"""``yzt crossregion``: keys, partners, outbox, and a twin city to try it with. Exit codes: 0 well, 1 something is wrong, 2 misuse."""

from __future__ import annotations

import datetime as dt
import json
import sys
from typing import Any

import click

FINDING = 1


@click.group("crossregion")
def crossregion() -> None:
    """跨区通办:本市密钥、通办城市、发件箱、演示邻市。"""


@crossregion.command("keys")
@click.option("--rotate", is_flag=True, help="生成下一把密钥;旧密钥在重叠期末失效")
@click.option("--overlap-days", type=click.IntRange(1, 90), default=7, show_default=True, help="新旧密钥重叠的天数")
@click.option("--json", "as_json", is_flag=True, help="输出本市的介绍信(交给对方登记)")
def keys_(rotate: bool, overlap_days: int, as_json: bool) -> None:
    """查看或轮换本市的签名密钥(只输出公钥)。"""
    from yizhantong.zones.crossregion import keys
    from yizhantong.zones.crossregion.errors import CrossingError
    from yizhantong.zones.crossregion.queries.hello import introduction

    try:
        if rotate:
            made = keys.rotate(dt.timedelta(days=overlap_days))
            click.echo(
                f"已生成 {made.keyid},{made.valid_from:%Y-%m-%d %H:%M} UTC 起用于签名;对方测试连接或每日更新后即知",
                err=True,
            )
        if as_json:
            _json(introduction())
            return
        signing = keys.signing().keyid
        for key in keys.own():
            until = f"{key.valid_to:%Y-%m-%d %H:%M}" if key.valid_to else "…"
            mark = (
                "签名中" if key.keyid == signing else "备用" if key.valid_from > dt.datetime.now(dt.UTC) else "仅验签"
            )
            click.echo(f"{key.keyid}  {key.public}  {key.valid_from:%Y-%m-%d %H:%M} – {until}  {mark}")
    except CrossingError as error:
        click.echo(str(error), err=True)
        sys.exit(FINDING)


@crossregion.command("partners")
@click.option(
    "--introduce", type=click.File(encoding="utf-8"), help="登记或更新一个城市:介绍信的 JSON 文件(- 为标准输入)"
)
@click.option("--activate", metavar="CODE", help="启用一个城市")
@click.option("--suspend", metavar="CODE", help="停用一个城市")
@click.option("--test", "tested", metavar="CODE", help="测试连接,更新版本、公钥和通办清单")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def partners(introduce: Any, activate: str | None, suspend: str | None, tested: str | None, as_json: bool) -> None:
    """查看、登记、启用、停用、测试通办城市;有城市联不通时退出码为 1。"""
    from yizhantong.zones.crossregion.actions import partners as actions
    from yizhantong.zones.crossregion.errors import CrossingError
    from yizhantong.zones.crossregion.models import Partner

    try:
        if introduce is not None:
            actions.introduce(_document(introduce.read()), account=None)
        for code, state in ((activate, "active"), (suspend, "suspended")):
            if code:
                actions.set_state(_partner(code), state, account=None)
        if tested:
            actions.test_connection(_partner(tested), account=None)
    except CrossingError as error:
        click.echo(str(error), err=True)
        sys.exit(FINDING)
    rows = [
        {
            "code": row.code, "name": row.name, "state": row.state, "base_url": row.base_url, "versions": row.versions,
            "items": row.items.filter(open=True).count(), "seen_at": row.seen_at.isoformat() if row.seen_at else None, "failure": row.failure,
        }
        for row in Partner.objects.order_by("code")
    ]  # fmt: skip
    if as_json:
        _json(rows)
    else:
        for each in rows:
            click.echo(
                f"{each['code']} {each['name']}  {each['state']}  {each['items']} 项  {each['base_url']}  {each['failure']}"
            )
    if any(each["failure"] and each["state"] == "active" for each in rows):
        sys.exit(FINDING)


@crossregion.command("outbox")
@click.option("--retry", is_flag=True, help="立即重发全部待发消息")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def outbox(retry: bool, as_json: bool) -> None:
    """查看待发和被拒收的消息;有的话退出码为 1。"""
    from yizhantong.zones.crossregion.models import Outgoing
    from yizhantong.zones.crossregion.tasks import deliver

    found = Outgoing.objects.exclude(state="taken").select_related("crossing__partner").order_by("queued_at")
    if retry:
        for row in found.filter(state="waiting"):
            deliver.enqueue(message=str(row.pk))
    rows = [
        {
            "id": str(row.pk), "number": row.crossing.number, "partner": row.crossing.partner.code, "kind": row.kind, "state": row.state,
            "attempts": row.attempts, "queued_at": row.queued_at.isoformat(), "failure": row.failure,
        }
        for row in found
    ]  # fmt: skip
    if as_json:
        _json(rows)
    else:
        for each in rows:
            click.echo(
                f"{each['number']} → {each['partner']}  {each['kind']}  {each['state']}  试 {each['attempts']} 次  {each['failure']}"
            )
    if rows:
        sys.exit(FINDING)


@crossregion.command("twin")
@click.option("--port", type=click.IntRange(1, 65535), default=8010, show_default=True, help="邻市的端口")
@click.option("--name", default="演示邻市", show_default=True)
@click.option("--code", default="990100", show_default=True, help="邻市的区划代码(6 位)")
@click.option("--once", is_flag=True, help="只建立并互相登记,不启动邻市的网站")
def twin(port: int, name: str, code: str, once: bool) -> None:
    """建立第二个小城市(自己的数据库、密钥和网站),与本市互相登记,然后启动它;按 Ctrl+C 停止。"""
    from yizhantong.zones.crossregion import twin as twins
    from yizhantong.zones.crossregion.errors import CrossingError

    if not (code.isdigit() and len(code) == 6):
        raise click.UsageError("区划代码应为 6 位数字")
    try:
        twins.raise_twin(port, name, code, serve=not once, tell=click.echo)
    except CrossingError as error:
        click.echo(str(error), err=True)
        sys.exit(FINDING)


def _partner(code: str) -> Any:
    from yizhantong.zones.crossregion.models import Partner

    found = Partner.objects.filter(code=code).first()
    if found is None:
        raise click.UsageError(f"没有登记代码为“{code}”的城市")
    return found


def _document(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise click.UsageError("介绍信不是合法的 JSON") from error
    if not isinstance(found, dict):
        raise click.UsageError("介绍信应是一个 JSON 对象")
    return found


def _json(document: Any) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, indent=1))
