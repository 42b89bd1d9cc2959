"""Context functions (clause 10.3.4.10)."""

from __future__ import annotations

from ..arithmetic import Undefined
from ..calls import Implementation
from ..runtime import Run

Items = list[object]
Context = dict[str, object]


def _get_value(run: Run, context: Context, key: str) -> object:
    return context.get(key)


def _get_deep(run: Run, context: Context, keys: Items) -> object:
    found: object = context
    for key in _keys(keys):
        if not isinstance(found, dict):
            raise Undefined("rules.bad_argument", f"“{key}”之前的内容不是上下文")
        found = found.get(key)
    return found


def _keys(keys: Items) -> list[str]:
    texts = [key for key in keys if isinstance(key, str)]
    if not texts or len(texts) < len(keys):
        raise Undefined("rules.bad_argument", "键应是文本，至少一个")
    return texts


def _get_entries(run: Run, context: Context) -> object:
    run.budget.spend(len(context))
    return [{"key": key, "value": value} for key, value in context.items()]


def _context(run: Run, entries: Items) -> object:
    made: Context = {}
    for entry in entries:
        run.budget.spend()
        if not isinstance(entry, dict) or "value" not in entry or not isinstance(entry.get("key"), str):
            raise Undefined("rules.bad_argument", "每一项应有文本的 key 和 value")
        if entry["key"] in made:
            raise Undefined("rules.repeated_key", "键重复")
        made[entry["key"]] = entry["value"]
    return made


def _put(run: Run, context: Context, key: str, value: object) -> object:
    run.budget.spend(len(context))
    return {**context, key: value}


def _put_deep(run: Run, context: Context, keys: Items, value: object) -> object:
    path = _keys(keys)
    made: Context = dict(context)
    inner = made
    for key in path[:-1]:
        run.budget.spend(len(inner))
        below = inner.get(key)
        if not isinstance(below, dict):
            raise Undefined("rules.bad_argument", f"“{key}”的内容不是上下文")
        inner[key] = inner = dict(below)
    inner[path[-1]] = value
    return made


def _merge(run: Run, contexts: Items) -> object:
    made: Context = {}
    for context in contexts:
        if not isinstance(context, dict):
            raise Undefined("rules.bad_argument", "列表里应都是上下文")
        run.budget.spend(len(context))
        made.update(context)
    return made


SIGNATURES: list[tuple[str, str, Implementation]] = [
    ("get value", "m: context, key: string", _get_value),
    ("get value", "context: context, keys: list", _get_deep),
    ("get entries", "m: context", _get_entries),
    ("context", "entries: list", _context),
    ("context put", "context: context, key: string, value: any", _put),
    ("context put", "context: context, keys: list, value: any", _put_deep),
    ("context merge", "contexts: list", _merge),
]
