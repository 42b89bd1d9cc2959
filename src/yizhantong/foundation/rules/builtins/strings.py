"""String functions (clause 10.3.4.3). Positions count characters (code points) from 1, and from the end when negative."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from ..arithmetic import Undefined
from ..calls import Implementation
from ..patterns import compile_pattern, replacement_template
from ..runtime import Run
from .conversion import whole

Number = int | Decimal


def _substring(run: Run, text: str, start: Number, length: Number | None = None) -> object:
    first = whole(start, "起始位置")
    if first == 0 or abs(first) > len(text):
        raise Undefined("rules.bad_argument", "起始位置不在文本之内")
    begin = first - 1 if first > 0 else len(text) + first
    if length is None:
        return text[begin:]
    if length < 1:
        raise Undefined("rules.bad_argument", "长度应是正数")
    return text[begin : begin + whole(length, "长度")]


def _length(run: Run, text: str) -> object:
    return Decimal(len(text))


def _upper(run: Run, text: str) -> object:
    return text.upper()


def _lower(run: Run, text: str) -> object:
    return text.lower()


def _before(run: Run, text: str, match: str) -> object:
    return text.partition(match)[0] if match and match in text else ""


def _after(run: Run, text: str, match: str) -> object:
    if not match:
        return text
    return text.partition(match)[2]


def _contains(run: Run, text: str, match: str) -> object:
    return match in text


def _starts(run: Run, text: str, match: str) -> object:
    return text.startswith(match)


def _ends(run: Run, text: str, match: str) -> object:
    return text.endswith(match)


@contextmanager
def _timed(run: Run) -> Iterator[float]:
    """The seconds a pattern may take; too slow a pattern is undefined, and the time of the whole evaluation is checked after each."""
    try:
        yield run.limits.pattern_seconds
    except TimeoutError:
        run.budget.check_time()
        raise Undefined("rules.slow_pattern", "正则表达式太慢，已停止；请写得更简单") from None
    run.budget.check_time()


def _search(run: Run, compiled: Any, text: str) -> Any:
    with _timed(run) as seconds:
        return compiled.search(text, timeout=seconds)


def _matches_nothing(run: Run, compiled: Any) -> bool:
    """Whether the pattern matches the empty text, of which there is no end to find."""
    return _search(run, compiled, "") is not None


def _matches(run: Run, text: str, pattern: str, flags: str | None = None) -> object:
    return _search(run, compile_pattern(pattern, flags or ""), text) is not None


def _replace(run: Run, text: str, pattern: str, replacement: str, flags: str | None = None) -> object:
    compiled = compile_pattern(pattern, flags or "")
    if _matches_nothing(run, compiled):
        raise Undefined("rules.bad_pattern", "替换的正则表达式不能匹配空文本")
    parts = replacement_template(replacement, compiled.groups, "q" in (flags or ""))
    made = 0

    def expand(match: Any) -> str:
        nonlocal made
        run.budget.spend()
        piece = "".join(
            part if isinstance(part, str) else (match[part] or "") if part <= compiled.groups else "" for part in parts
        )
        made += len(piece)
        run.budget.check_text(made)
        return piece

    with _timed(run) as seconds:
        return str(compiled.sub(expand, text, timeout=seconds))


def _split(run: Run, text: str, delimiter: str) -> object:
    compiled = compile_pattern(delimiter)
    if _matches_nothing(run, compiled):
        raise Undefined("rules.bad_pattern", "分隔的正则表达式不能匹配空文本")
    pieces: list[object] = []
    end = 0
    with _timed(run) as seconds:
        for match in compiled.finditer(text, timeout=seconds):
            run.budget.spend()
            pieces.append(text[end : match.start()])
            end = match.end()
    return [*pieces, text[end:]]


def _join(run: Run, items: list[object], delimiter: str | None = None) -> object:
    texts = [item for item in items if isinstance(item, str)]
    if len(texts) + items.count(None) < len(items):
        raise Undefined("rules.bad_argument", "列表里应都是文本")
    separator = delimiter or ""
    run.budget.spend(len(items))
    run.budget.check_text(sum(map(len, texts)) + len(separator) * len(texts))
    return separator.join(texts)


SIGNATURES: list[tuple[str, str, Implementation]] = [
    ("substring", "string: string, start position: number, length?: number", _substring),
    ("string length", "string: string", _length),
    ("upper case", "string: string", _upper),
    ("lower case", "string: string", _lower),
    ("substring before", "string: string, match: string", _before),
    ("substring after", "string: string, match: string", _after),
    ("contains", "string: string, match: string", _contains),
    ("starts with", "string: string, match: string", _starts),
    ("ends with", "string: string, match: string", _ends),
    ("matches", "input: string, pattern: string, flags?: string", _matches),
    ("replace", "input: string, pattern: string, replacement: string, flags?: string", _replace),
    ("split", "string: string, delimiter: string", _split),
    ("string join", "list: list, delimiter?: string", _join),
]
