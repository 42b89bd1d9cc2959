"""A checked article as one HTML file that needs nothing else: the annotated text, and the evidence of every mark."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from yizhantong.kernel.articles.marks import Mark, paragraphs
from yizhantong.kernel.articles.reports import HOLDS, VERDICTS

STYLE = """
body{font:16px/1.8 "Noto Serif CJK SC","Songti SC",serif;color:#1c1a17;background:#fbf9f4;max-width:60rem;margin:2rem auto;padding:0 1rem}
h1,h2{line-height:1.3}table{border-collapse:collapse;width:100%;font:14px/1.6 "Noto Sans CJK SC","Microsoft YaHei",sans-serif}
th,td{border-bottom:1px solid #d9d3c7;padding:.4rem .6rem;text-align:left;vertical-align:top}td.n{text-align:right;white-space:nowrap}
mark{color:inherit;background:#eee9df;padding:0 .1em}mark.good{background:#dcefe2}mark.bad{background:#f6d5cf;border-bottom:2px solid #a8201a}
mark.warn{background:#fbe9c6}a{color:inherit}.bad td:first-child{border-left:4px solid #a8201a}.sum{color:#4c4842}
@media print{body{background:#fff;margin:0}}
""".strip()


def as_html(text: str, data: Mapping[str, Any], title: str = "稿件核对") -> str:
    """Return the file's text; ``data`` is what :func:`~yizhantong.kernel.articles.reports.as_json` gave for ``text``."""
    return "\n".join(_parts(text, data, title))


def _parts(text: str, data: Mapping[str, Any], title: str) -> Iterator[str]:
    counts = data["counts"]
    yield "<!doctype html>"
    yield f'<html lang="zh-hans"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>{escape(title)}</title><style>{STYLE}</style></head><body>'
    yield f"<h1>{escape(title)}</h1>"
    basis = f"对照台账,数据截至 {data['as_of']}" if data["ledger"] else "未对照台账,只核对稿件自身"
    yield (
        f'<p class="sum">{basis}。共 {counts["claims"]} 个数字:相符 {counts["agrees"]},不符 {counts["differs"]},'
        f"无法断定 {counts['cannot be decided']},没有对应数据 {counts['no figure']};"
        f"关系 {counts['relations']} 条,其中不成立 {counts['failed_relations']} 条;矛盾 {counts['conflicts']} 组。</p>"
    )
    yield from _faults(data)
    yield "<h2>稿件</h2>"
    for line in paragraphs(text, data):
        yield "<p>" + "".join(_piece(mark) for mark in line) + "</p>"
    yield from _claims(data)
    yield from _list("relations", "稿件对自身数字的说法", data["relations"])
    yield from _list("repeats", "重复", data["repeats"])
    yield from _list("breaks", "断行", data["breaks"])
    yield "</body></html>"


def _faults(data: Mapping[str, Any]) -> Iterator[str]:
    sentences = [str(conflict["sentence"]) for conflict in data["conflicts"]]
    sentences += [str(relation["sentence"]) for relation in data["relations"] if relation["holds"] is False]
    sentences += [str(claim["reason"]) for claim in data["claims"] if claim["verdict"] == "differs"]
    if sentences:
        yield "<h2>需要处理</h2><ul>" + "".join(f"<li>{escape(text)}</li>" for text in sentences) + "</ul>"


def _piece(mark: Mark) -> str:
    if not mark.tone:
        return escape(mark.text)
    inside = escape(mark.text)
    if mark.claims:
        inside = f'<a href="#c{mark.claims[0]}">{inside}</a>'
    return f'<mark class="{mark.tone}">{inside}</mark>'


def _claims(data: Mapping[str, Any]) -> Iterator[str]:
    yield "<h2>数字</h2><table><thead><tr><th>原文</th><th>统计对象</th><th>数据</th><th>台账数值</th><th>结论</th><th>说明</th></tr></thead><tbody>"
    for claim in data["claims"]:
        bad = ' class="bad"' if claim["verdict"] == "differs" else ""
        value = "" if claim["ledger_value"] is None else f"{claim['ledger_value']}{claim['unit']}"
        cells = [claim["phrase"], claim["what"], claim["figure"] or ""]
        texts = "".join(f"<td>{escape(str(cell))}</td>" for cell in cells)
        verdict = VERDICTS[str(claim["verdict"])]
        yield (
            f'<tr id="c{claim["index"]}"{bad}>{texts}<td class="n">{escape(value)}</td>'
            f"<td>{verdict}</td><td>{escape(str(claim['reason']))}</td></tr>"
        )
    yield "</tbody></table>"


def _list(name: str, title: str, rows: list[dict[str, Any]]) -> Iterator[str]:
    if not rows:
        return
    yield f"<h2>{title}</h2><ul>"
    for row in rows:
        holds = HOLDS[row["holds"]] + ":" if name == "relations" else ""
        yield f"<li>{holds}{escape(str(row['sentence']))}</li>"
    yield "</ul>"
