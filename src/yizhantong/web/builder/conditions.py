"""Conditions built as rows, written and read as FEEL; what rows cannot show is edited as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.items import elements
from yizhantong.kernel.items.condition_rows import (
    BARE,
    LISTS,
    Group,
    Row,
    Rows,
    Value,
    as_feel,
    as_rows,
    text_of,
    value_of,
)
from yizhantong.kernel.items.models import Item
from yizhantong.kernel.parties import vocabulary
from yizhantong.web.builder.errors import Finding, TabError

OPERATOR_LABELS = (
    (">=", _("不低于 ≥")), (">", _("高于 >")), ("<=", _("不超过 ≤")), ("<", _("低于 <")), ("=", _("等于")), ("!=", _("不等于")),
    ("in", _("是其中之一")), ("not in", _("不是其中任何一个")), ("known", _("已知")), ("missing", _("未知")),
)  # fmt: skip
JOINERS = (("and", _("全部满足")), ("or", _("满足任意一条")))
_KINDS = {"integer": "number", "decimal": "number", "money": "number", "boolean": "boolean", "date": "date"}


@dataclass(frozen=True, slots=True)
class Offered:
    """A name that a condition can ask for: kind, unit, the values it can have, and where it comes from."""

    name: str
    kind: str
    unit: str = ""
    choices: tuple[str, ...] = ()
    of_form: bool = False


def offered(document: Mapping[str, Any]) -> dict[str, Offered]:
    """Return the names by name: what is known of enterprises, and the elements of the form."""
    found = {
        term.name: Offered(term.name, term.kind, term.unit, tuple(term.words.values())) for term in vocabulary.TERMS
    }
    for section in document.get("form", []):
        for field in section.get("fields", []):
            element = elements.find(str(field.get("element", "")))
            if element is not None and element.name not in found:
                unit = "元" if element.kind == "money" else element.unit
                codes = tuple(code for code, _name in element.choices)
                kind = _KINDS.get(element.kind, "string")
                found[element.name] = Offered(element.name, kind, unit, codes, of_form=True)
    return found


# --- in -------------------------------------------------------------------------------------------------------------


def apply(document: dict[str, Any], posted: Mapping[str, Any]) -> dict[str, Any]:
    """Take the conditions; raise :class:`TabError` for rows without a fitting value."""
    names = offered(document)
    made, problems = [], []
    for place, given in enumerate(posted.get("conditions") or []):
        condition = {key: given[key] for key in ("code", "text", "law", "kind") if key in given}
        if condition.get("kind") == "person":
            rule = ""
        elif given.get("mode") == "text":
            rule = str(given.get("rule", "")).strip()
        else:
            rows, wrong = _rows(given, names, f"conditions[{place}].rule")
            problems += wrong
            rule = as_feel(rows)
        made.append(condition | {"rule": rule})
    if problems:
        raise TabError(problems)
    return document | {"conditions": made}


def _rows(given: Mapping[str, Any], names: Mapping[str, Offered], place: str) -> tuple[Rows, list[Finding]]:
    problems: list[Finding] = []
    groups = []
    for group in given.get("groups") or []:
        rows = []
        for typed in group.get("rows") or []:
            if typed.get("name") in names:
                row = _row(typed, names[typed["name"]])
                if row is None:
                    said = (
                        f"“{typed['name']}”的值“{typed.get('value', '')}”不合要求:{_WANTED[names[typed['name']].kind]}"
                    )
                    problems.append(Finding("items.bad_value", said, place))
                else:
                    rows.append(row)
        groups.append(Group("or" if group.get("joiner") == "or" else "and", tuple(rows)))
    return Rows("or" if given.get("joiner") == "or" else "and", tuple(groups)), problems


_WANTED = {"number": "请填数字", "date": "请填日期,如 2021-08-16", "boolean": "请填“是”或“否”", "string": "请填文字"}


def _row(typed: Mapping[str, str], term: Offered) -> Row | None:
    operator = typed.get("operator", "=")
    if operator in BARE:
        return Row(term.name, operator)
    text = str(typed.get("value", ""))
    parts = text.replace(",", "、").split("、") if operator in LISTS else [text]
    values = [value_of(term.kind, part) for part in parts if part.strip()]
    if not values or any(value is None for value in values):
        return None
    return Row(term.name, operator, tuple(value for value in values if value is not None))


# --- out ------------------------------------------------------------------------------------------------------------


def context(document: dict[str, Any], item: Item, posted: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the conditions with their rows (as posted, when something of it could not be taken)."""
    names = offered(document)
    given = (posted or {}).get("conditions")
    listed: Sequence[Mapping[str, Any]] = given if isinstance(given, list) else document.get("conditions", [])
    return {
        "shown": [_shown(condition, names) for condition in listed],
        "operators": OPERATOR_LABELS,
        "joiners": JOINERS,
        "of_form": [term for term in names.values() if term.of_form],
        "of_profile": [term for term in names.values() if not term.of_form],
        "with_choices": [term for term in names.values() if term.choices],
    }


def _shown(condition: Mapping[str, Any], names: Mapping[str, Offered]) -> dict[str, Any]:
    made = dict(condition)
    if "groups" in condition and condition.get("mode") != "text":
        groups = [dict(group) for group in condition["groups"]]
        joiner = condition.get("joiner", "and")
    else:
        rows = as_rows(str(condition.get("rule", "")), names)
        if rows is None or any(row.name not in names for group in rows.groups for row in group.rows):
            return made | {"mode": "text", "only_text": True, "groups": []}
        groups = [{"joiner": group.joiner, "rows": [_typed(row) for row in group.rows]} for group in rows.groups]
        joiner = rows.joiner
    for group in groups:
        group["rows"] = [{**row, "term": names.get(row.get("name", ""))} for row in group.get("rows") or []] + [{}]
    groups.append({"joiner": "and", "rows": [{}], "blank": True})
    return made | {"mode": condition.get("mode", "rows"), "joiner": joiner, "groups": groups}


def _typed(row: Row) -> dict[str, str]:
    return {"name": row.name, "operator": row.operator, "value": "、".join(map(_text, row.values))}


def _text(value: Value) -> str:
    return {True: "是", False: "否"}[value] if isinstance(value, bool) else text_of(value)
