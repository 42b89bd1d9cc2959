"""What the editor's form posts, as a package's document, and a document as the form shows it; conditions stand as rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from yizhantong.kernel.items.condition_rows import BARE, LISTS, Group, Row, Rows, as_feel, as_rows, value_of
from yizhantong.kernel.items.elements import Element
from yizhantong.kernel.items.errors import Finding

Tree = Mapping[str, Any]
KINDS = {"integer": "number", "decimal": "number", "money": "number", "boolean": "boolean", "date": "date"}
NUMBERS = ("days", "materials", "steps", "visits", "fields")
PLAIN = ("counts_as", "questions_title", "steps", "acceptance_days", "supplement_days", "commitment_text")
GUIDE = ("summary", "by_law", "visits", "visits_explained", "result_name", "address", "hours", "consult", "complain")
WHOLE = ("steps", "acceptance_days", "supplement_days", "questions_title")
"""What stays as it is by itself when it is left empty."""
_LONGEST = 24


@dataclass
class Taken:
    """What was posted: the document, what of it could not be taken, and conditions as they were typed, by their place."""

    document: dict[str, Any]
    problems: list[Finding] = field(default_factory=list)
    typed: dict[str, Tree] = field(default_factory=dict)


def take(tree: Tree, kept: Tree, names: Mapping[str, Element]) -> Taken:
    """Return the posted tree as a document; what the form does not show stays as ``kept`` has it. Blank rows are none."""
    made = Taken(dict(kept))
    document = made.document
    document |= {name: _text(tree, name) for name in PLAIN if name in tree}
    for name in WHOLE:
        if document.get(name) == "":
            del document[name]
    document["questions"] = [
        {"element": row["element"], "required": _on(row.get("required")), "help": _text(row, "help"),
         "when": _when(row, f"questions[{place}].when", names, made)}
        for place, row in enumerate(_rows(tree, "questions", "element"))
    ]  # fmt: skip
    document["parts"] = _parts(tree, names, made)
    document["cosigners"] = _cosigners(tree, kept, names, made)
    document["materials"] = {
        str(row["source"]): _text(row, "key") for row in _rows(tree, "materials", "source") if _text(row, "key")
    }
    document["before"] = _before(tree, kept)
    guide = tree.get("guide")
    if isinstance(guide, Mapping):
        said = {name: _text(guide, name) for name in GUIDE if name in guide}
        if said.get("visits") == "":
            del said["visits"]
        audience = [code for code in guide.get("audience", ()) if code]
        document["guide"] = dict(kept.get("guide") or {}) | said | ({"audience": audience} if audience else {})
    return made


def _parts(tree: Tree, names: Mapping[str, Element], made: Taken) -> list[dict[str, Any]]:
    rows = _rows(tree, "parts", "item")
    taken = {_text(row, "code") for row in rows if row.get("code")}
    listed = []
    for place, row in enumerate(rows):
        code = _text(row, "code") or free_code(str(row["item"]).rpartition(".")[2], taken)
        taken.add(code)
        listed.append({
            "code": code, "item": row["item"], "mode": row.get("mode") or "parallel", "required": _on(row.get("required")),
            "after": [each for each in row.get("after") or [] if each], "when": _when(row, f"parts[{place}].when", names, made),
        })  # fmt: skip
    return listed


def _cosigners(tree: Tree, kept: Tree, names: Mapping[str, Element], made: Taken) -> list[dict[str, Any]]:
    rows = _rows(tree, "cosigners", "label")
    before = {each["code"]: list(each.get("signs") or ()) for each in kept.get("cosigners") or () if "code" in each}
    taken = {_text(row, "code") for row in rows if row.get("code")}
    listed = []
    for place, row in enumerate(rows):
        code = _text(row, "code") or free_code("signer", taken)
        taken.add(code)
        listed.append({
            "code": code, "label": _text(row, "label"), "name": _text(row, "name"), "contact": _text(row, "contact"),
            "identity": _text(row, "identity") or None, "signs": _as_before(row.get("signs") or [], before.get(code, [])),
            "statement": _text(row, "statement"), "days": _text(row, "days") or 7,
            "when": _when(row, f"cosigners[{place}].when", names, made),
        })  # fmt: skip
    return listed


def _as_before(chosen: Iterable[str], earlier: Sequence[str]) -> list[str]:
    """Return what was ticked, in the order in which it stood before; what is new comes last."""
    ticked = [each for each in chosen if each]
    return [*(each for each in earlier if each in ticked), *(each for each in ticked if each not in earlier)]


def _before(tree: Tree, kept: Tree) -> dict[str, Any]:
    given = tree.get("before")
    made = dict(kept.get("before") or {})
    if not isinstance(given, Mapping):
        return made
    made |= {
        name: _text(given, name)
        for name in ("definition", "situation", "source", "limit_kind")
        if name in given and (name != "definition" or _text(given, name))
    }
    made |= {name: _text(given, name) or None for name in NUMBERS}
    answers = given.get("answers")
    if isinstance(answers, Mapping):
        said = {code: str(value).strip() for code, value in answers.items()}
        made["answers"] = {
            code: {"true": True, "false": False}.get(value, value) for code, value in said.items() if value
        }
    return made


def _when(row: Tree, place: str, names: Mapping[str, Element], made: Taken) -> str:
    typed = row.get("when")
    if not isinstance(typed, Mapping):
        return ""
    made.typed[place] = typed
    if typed.get("mode") == "text":
        return _text(typed, "text")
    rows = []
    for line in typed.get("rows") or []:
        element = names.get(str(line.get("name", "")))
        if element is None:
            continue
        row_made = _row(line, element)
        if row_made is None:
            text = f"“{element.name}”要比较的值“{line.get('value', '')}”不合要求,请从可选的值里填写"
            made.problems.append(Finding("items.bad_value", text, place))
        else:
            rows.append(row_made)
    return as_feel(Rows("and", (Group("or" if typed.get("joiner") == "or" else "and", tuple(rows)),)))


def _row(line: Tree, element: Element) -> Row | None:
    operator, text = str(line.get("operator") or "="), str(line.get("value", ""))
    if operator in BARE:
        return Row(element.name, operator)
    kind = KINDS.get(element.kind, "string")
    parts = text.replace(",", "、").split("、") if operator in LISTS else [text]
    values = [value_of(kind, part) for part in parts if part.strip()]
    known = tuple(value for value in values if value is not None)
    choices = {code for code, _name in element.choices}
    if not known or len(known) != len(values) or (choices and not set(known) <= choices):
        return None
    return Row(element.name, operator, known)


def _rows(tree: Tree, name: str, wanted: str) -> list[Tree]:
    listed = tree.get(name)
    return [row for row in listed if isinstance(row, Mapping) and row.get(wanted)] if isinstance(listed, list) else []


def _text(row: Tree, name: str) -> str:
    return str(row.get(name) or "").strip()


def _on(value: Any) -> bool:
    return value is True or value in ("true", "on", "1")


def free_code(stem: str, taken: Iterable[str]) -> str:
    """Return a code that is not taken: lower case, as short as codes of parts are."""
    plain = re.sub(r"_+", "_", re.sub(r"[^a-z0-9]", "_", stem.lower())).strip("_")
    plain = plain if plain[:1].isalpha() else f"part_{plain}".rstrip("_")
    held, code, number = set(taken), plain[:_LONGEST].rstrip("_"), 2
    while code in held:
        code, number = f"{plain[: _LONGEST - 3].rstrip('_')}_{number}", number + 1
    return code


# --- out ------------------------------------------------------------------------------------------------------------


def rows_of(
    document: Tree, name: str, names: Mapping[str, Element], findings: Sequence[Finding], typed: Mapping[str, Tree]
) -> list[dict[str, Any]]:
    """Return the rows of a list of the document with their conditions and what is wrong with each; a blank one stands last."""
    made = []
    for place, given in enumerate([*document.get(name, ()), {}]):
        where = f"{name}[{place}]"
        told = [one.sentence for one in findings if one.place == where or one.place.startswith(f"{where}.")]
        made.append(dict(given) | {
            "p": f"{name}.{place}", "id": f"f-{name}-{place}", "blank": not given, "findings": told,
            "condition": condition(f"{name}.{place}.when", str(given.get("when") or ""), names, typed.get(f"{where}.when")),
        })  # fmt: skip
    return made


def condition(prefix: str, rule: str, names: Mapping[str, Element], typed: Tree | None = None) -> dict[str, Any]:
    """Return a condition for the form: as rows, or as text where rows cannot show it."""
    base = {"p": prefix, "id": f"f-{prefix.replace('.', '-')}", "text": rule, "mode": "rows", "joiner": "and"}
    if typed is not None and typed.get("mode") != "text" and typed.get("rows"):
        lines = [dict(line) for line in typed["rows"] if line.get("name")]
        return base | {"joiner": typed.get("joiner", "and"), "rows": [*lines, {}]}
    read = as_rows(rule, names)
    if (
        read is None
        or len(read.groups) > 1
        or any(row.name not in names for group in read.groups for row in group.rows)
    ):
        return base | {"mode": "text", "rows": []}
    group = read.groups[0] if read.groups else Group("and", ())
    lines = [
        {"name": row.name, "operator": row.operator, "value": "、".join(map(_typed, row.values))} for row in group.rows
    ]
    return base | {"joiner": group.joiner, "rows": [*lines, {}]}


def _typed(value: Any) -> str:
    return ("是" if value else "否") if isinstance(value, bool) else str(value)
