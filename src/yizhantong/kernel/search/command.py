"""``yzt search``: ask the index, or bring it into line with its sources. Exit codes: 0 found, 1 nothing found, 2 misuse."""

from __future__ import annotations

import json
import sys

import click

NOTHING = 1


@click.group("search")
def search() -> None:
    """检索:查找,或重建索引。"""


@search.command("find")
@click.argument("text")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def find(text: str, as_json: bool) -> None:
    """查找公开的事项、政策、指南和帮助。"""
    from yizhantong.kernel.search import queries

    found = queries.look(text)
    if as_json:
        rows = [
            {"kind": hit.entry.kind, "key": hit.entry.key, "title": hit.entry.title, "url": hit.entry.url,
             "score": hit.score, "why": hit.why.value, "said": hit.said}
            for hit in found.hits
        ]  # fmt: skip
        click.echo(json.dumps({"meant": found.meant, "hits": rows}, ensure_ascii=False, indent=1))
    else:
        if found.meant:
            click.echo(f"您要找的是不是:{found.meant}")
        for hit in found.hits:
            click.echo(f"{hit.score:.2f}  {hit.entry.kind:<8} {hit.entry.title}  {hit.entry.url}")
    if not found.hits:
        sys.exit(NOTHING)


@search.command("rebuild")
@click.option("--kind", default="", help="只重建这一类")
def rebuild(kind: str) -> None:
    """使索引与各来源一致(没有变化的不动)。"""
    from yizhantong.kernel.search import sources

    try:
        done = sources.rebuild(kind)
    except KeyError:
        known = "、".join(source.kind for source in sources.sources())
        raise click.UsageError(f"没有“{kind}”这一类,可用:{known}") from None
    for name, (changed, gone) in done.items():
        click.echo(f"{name}: 更新 {changed},删除 {gone}")
