"""Items as a workbook in the fields of the national exchange tables (事项、材料、收费、常见问题), and back.

Coded values are those of the tables: ``handle_type`` 1 窗口, 2 网上, 3 快递; ``is_need`` 1 必要, 2 非必要, 3 容缺后补; ``source_type`` 10
申请人自备, 20 政府核发, 99 其他; ``project_type`` 1 即办件, 2 承诺件. Limits are in days: ``*_type`` 1 工作日, 2 自然日, 3 小时; an empty
``anticipate_day`` is 无法定时限.
"""

from __future__ import annotations

import io
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font
from python_calamine import CalamineError, CalamineWorkbook

from yizhantong.kernel.items.errors import ItemError

GENERAL, MATERIAL, FEE, QUESTION, REST = (
    "up_task_general",
    "up_task_material",
    "up_task_fee_project",
    "up_task_questions",
    "yzt_content",
)
SHEETS = {GENERAL: "事项", MATERIAL: "材料", FEE: "收费项目", QUESTION: "常见问题", REST: "其他内容"}
CELL = 30_000
"""Most characters put into one cell (a sheet takes 32,767)."""

_HEAD = {
    "yzt_code": ("code", "事项代码"), "task_name": ("name", "事项名称"), "catalog_code": ("catalogue", "基本编码"),
    "task_code": ("task_code", "实施编码"), "task_handle_item": ("handling_code", "业务办理项编码"), "dept_code": ("agency", "实施主体代码"),
    "area_code": ("division", "区划"), "yzt_zone": ("zone", "专区"), "yzt_kind": ("kind", "种类"),
}  # fmt: skip
_TEXTS = {
    "by_law": "by_law", "accept_condition": "acceptance", "handle_flow": "handling", "entrust_name": "entrusted_by",
    "fee_basis": "charges_by_law", "limit_explain": "visits_explained", "special_procedure": "special_procedures",
    "result_name": "result_name", "transact_addr": "address", "transact_time": "hours", "link_way": "consult",
    "supervise_way": "complain", "mobile_terminal_url": "mobile_url", "task_summary": "summary", "task_type": "task_type",
    "use_level": "use_level",
}  # fmt: skip
_FLAGS = {
    "is_fee": "charges", "is_online": "online", "is_schedule": "appointment", "is_express": "express",
    "is_pay_online": "pay_online", "is_entry_center": "service_centre", "is_service_terminals": "terminals",
}  # fmt: skip
_NUMBERS = {"limit_scene_num": "visits", "online_handle_depth": "online_depth"}
_LISTS = {"other_dept": "joint_agencies", "search_words": "words", "task_themes": "themes"}
_CODED: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "dept_type": ("department_kind", {"legal": "1", "authorised": "2", "entrusted": "3"}),
    "handle_area": ("area", {"": "", "nation": "1", "provinces": "2", "province": "3", "city": "4", "counties": "5"}),
    "result_type": ("result_kind", {"certificate": "10", "approval": "20", "other": "99"}),
}
_CHANNELS = {"window": "1", "online": "2", "express": "3"}
_AUDIENCE = {"person": "1", "organisation": "2"}
_UNITS = {"workday": "1", "day": "2", "hour": "3"}
_MATERIAL_TEXTS = {
    "material_code": "code", "material_name": "name", "format": "format", "source_explain": "source_explained", "by_law": "by_law",
    "accept_stand": "standard", "fill_explain": "filling", "form_guid": "form_file", "example_guid": "sample_file",
}  # fmt: skip
_MATERIAL_CODED: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "material_type": ("original", {"original": "1", "copy": "2", "electronic": "3"}),
    "is_need": ("need", {"required": "1", "optional": "2", "deferrable": "3"}),
    "source_type": ("source", {"applicant": "10", "government": "20", "other": "99"}),
}
_MATERIAL_NUMBERS = {"page_num": "pages", "order_num": "order"}


# --- out ------------------------------------------------------------------------------------------------------------


def write(documents: Sequence[Mapping[str, Any]], agencies: Mapping[str, str]) -> bytes:
    """Return the workbook; ``agencies`` are names by code."""
    book = Workbook()
    book.remove(book.active)
    tables: dict[str, list[dict[str, Any]]] = {name: [] for name in SHEETS}
    for document in documents:
        code, content = document["code"], document["content"]
        tables[GENERAL].append(_general(document, agencies))
        tables[MATERIAL] += [{"yzt_code": code} | _material(item) for item in content["materials"]]
        tables[FEE] += [{"yzt_code": code} | _fee(item) for item in content["guide"]["fees"]]
        tables[QUESTION] += [{"yzt_code": code, **item} for item in content["guide"]["questions"]]
        text = json.dumps(_rest(content), ensure_ascii=False)
        parts = [text[start : start + CELL] for start in range(0, len(text), CELL)]
        tables[REST] += [{"yzt_code": code, "part": n, "json": part} for n, part in enumerate(parts)]
    for name, rows in tables.items():
        _sheet(book, name, rows)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet(book: Any, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    sheet = book.create_sheet(name)
    head = list(rows[0]) if rows else ["yzt_code"]
    sheet.append(head)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for row in rows:
        sheet.append([_safe(row.get(column)) for column in head])
    sheet.freeze_panes = "B2"


def _safe(value: Any) -> Any:
    """Keep a text from being taken for a formula; read back without the mark."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "'") else value


def _general(document: Mapping[str, Any], agencies: Mapping[str, str]) -> dict[str, Any]:
    guide, limits = document["content"]["guide"], document["content"]["limits"]
    row = {column: document.get(key, "") for column, (key, _) in _HEAD.items()}
    row["dept_name"] = agencies.get(document["agency"], "")
    row["task_version"] = document.get("version", 1)
    row |= {column: guide[key] for column, key in (_TEXTS | _NUMBERS).items()}
    row |= {column: int(guide[key]) for column, key in _FLAGS.items()}
    row |= {column: "、".join(guide[key]) for column, key in _LISTS.items()}
    row |= {column: codes[guide[key]] for column, (key, codes) in _CODED.items()}
    row["handle_type"] = ",".join(_CHANNELS[item] for item in guide["channels"])
    row["service_object"] = ",".join(_AUDIENCE[item] for item in guide["audience"])
    row["project_type"] = 1 if document["content"]["options"]["immediate"] else 2
    for column, key in (("anticipate", "statutory"), ("promise", "promised")):
        limit = limits[key] or {"amount": "", "unit": "workday", "law": "", "source": ""}
        row |= {f"{column}_day": limit["amount"], f"{column}_type": _UNITS[limit["unit"]]}
        row |= {f"{column}_explain": limit["law"], f"{column}_source": limit["source"]}
    return row


def _material(item: Mapping[str, Any]) -> dict[str, Any]:
    row = {column: item[key] for column, key in (_MATERIAL_TEXTS | _MATERIAL_NUMBERS).items()}
    return row | {column: codes[item[key]] for column, (key, codes) in _MATERIAL_CODED.items()}


def _fee(item: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": item["name"], "standard": item["standard"], "can_reduce": int(item["can_reduce"]), "by_law": item["by_law"],
    }  # fmt: skip


def _rest(content: Mapping[str, Any]) -> dict[str, Any]:
    """What the exchange tables have no field for."""
    kept = {key: content[key] for key in ("form", "conditions", "flow", "options", "benefit")}
    kept["limits"] = {key: value for key, value in content["limits"].items() if key not in ("statutory", "promised")}
    known = {*_MATERIAL_TEXTS.values(), *_MATERIAL_NUMBERS.values(), *(key for key, _ in _MATERIAL_CODED.values())}
    kept["materials"] = {m["code"]: {k: v for k, v in m.items() if k not in known} for m in content["materials"]}
    return kept


# --- in -------------------------------------------------------------------------------------------------------------


def read(data: bytes) -> list[dict[str, Any]]:
    """Return the items of a workbook as documents. Errors: ``items.bad_file``, ``items.no_sheet``."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        tables = {name: _rows(book, name) for name in SHEETS if name in book.sheet_names}
    except (CalamineError, OSError, ValueError) as error:
        raise ItemError("items.bad_file", f"工作簿不能读:{error}") from error
    if GENERAL not in tables:
        raise ItemError("items.no_sheet", f"工作簿缺少工作表“{GENERAL}”,请用本系统导出的格式")
    by_code: dict[str, dict[str, list[dict[str, str]]]] = {name: defaultdict(list) for name in SHEETS}
    for name, rows in tables.items():
        for row in rows:
            by_code[name][row.get("yzt_code", "")].append(row)
    return [
        _document(row, {name: found[row.get("yzt_code", "")] for name, found in by_code.items()})
        for row in tables[GENERAL]
    ]


def _rows(book: Any, name: str) -> list[dict[str, str]]:
    rows = book.get_sheet_by_name(name).to_python(skip_empty_area=True)
    if not rows:
        return []
    head = [str(cell).strip() for cell in rows[0]]
    found = [dict(zip(head, map(_text, row), strict=False)) for row in rows[1:]]
    return [row for row in found if any(row.values())]


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value).strip()
    return text[1:] if text[:1] == "'" else text


def _document(row: Mapping[str, str], tables: Mapping[str, Sequence[Mapping[str, str]]]) -> dict[str, Any]:
    made: dict[str, Any] = {key: row[column] for column, (key, _) in _HEAD.items() if row.get(column)}
    rest = _rest_of(tables[REST])
    guide = _guide(row)
    guide["fees"] = [
        {"name": f["name"], "standard": f["standard"], "can_reduce": f.get("can_reduce") == "1", "by_law": f["by_law"]}
        for f in tables[FEE]
    ]
    guide["questions"] = [{"question": q["question"], "answer": q["answer"]} for q in tables[QUESTION]]
    limits = rest.get("limits", {}) | {
        key: _limit(row, column) for column, key in (("anticipate", "statutory"), ("promise", "promised"))
    }
    own = rest.get("materials", {})
    materials = [_material_of(item) | own.get(item.get("material_code", ""), {}) for item in tables[MATERIAL]]
    options = rest.get("options", {})
    if row.get("project_type"):
        options = options | {"immediate": row["project_type"] == "1"}
    made["content"] = {key: rest[key] for key in ("form", "conditions", "flow", "benefit") if key in rest}
    made["content"] |= {"guide": guide, "limits": limits, "materials": materials, "options": options}
    return made


def _rest_of(rows: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    parts = sorted(rows, key=lambda row: int(row.get("part") or 0))
    try:
        found = json.loads("".join(row.get("json", "") for row in parts) or "{}")
    except json.JSONDecodeError as error:
        raise ItemError("items.bad_file", f"工作表“{REST}”里的 JSON 不能读:{error}") from error
    return found if isinstance(found, dict) else {}


def _guide(row: Mapping[str, str]) -> dict[str, Any]:
    guide: dict[str, Any] = {key: row[column] for column, key in _TEXTS.items() if row.get(column)}
    guide |= {key: int(row[column]) for column, key in _NUMBERS.items() if row.get(column, "").isdigit()}
    guide |= {key: row[column] == "1" for column, key in _FLAGS.items() if row.get(column)}
    guide |= {key: row[column].split("、") for column, key in _LISTS.items() if row.get(column)}
    guide |= {key: _uncoded(codes, row[column]) for column, (key, codes) in _CODED.items() if row.get(column)}
    for column, key, codes in (("handle_type", "channels", _CHANNELS), ("service_object", "audience", _AUDIENCE)):
        if row.get(column):
            guide[key] = [_uncoded(codes, part) for part in row[column].split(",")]
    return guide


def _uncoded(codes: Mapping[str, str], text: str) -> str:
    """Return what a code of the tables stands for; an unknown one is left, so that the check names it."""
    return next((key for key, code in codes.items() if code == text), text)


def _limit(row: Mapping[str, str], column: str) -> dict[str, Any] | None:
    amount = row.get(f"{column}_day", "")
    if not amount:
        return None
    unit = _uncoded(_UNITS, row.get(f"{column}_type") or "1")
    said = {"law": row.get(f"{column}_explain", ""), "source": row.get(f"{column}_source", "")}
    return {"amount": int(amount) if amount.isdigit() else amount, "unit": unit, **said}


def _material_of(row: Mapping[str, str]) -> dict[str, Any]:
    made: dict[str, Any] = {key: row[column] for column, key in _MATERIAL_TEXTS.items() if row.get(column)}
    made |= {key: int(row[column]) for column, key in _MATERIAL_NUMBERS.items() if row.get(column, "").isdigit()}
    return made | {
        key: _uncoded(codes, row[column]) for column, (key, codes) in _MATERIAL_CODED.items() if row.get(column)
    }
