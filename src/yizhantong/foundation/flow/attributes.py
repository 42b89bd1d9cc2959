"""What a step says of its work, as far as cases read it: each known attribute has its shape, so that a flow that was published
cannot fail later for a limit without a unit or an outcome without a name. ``null`` is the same as absent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from .errors import FlowError
from .plain import Json, is_code

KINDS = ("review", "decision", "joint", "public_notice", "delivery", "payment", "expert", "children")
UNITS = {"workday": "个工作日", "day": "日", "hour": "小时"}
OUTCOME_LENGTH = 24
AMOUNT = 3_650

_PERMISSION = re.compile(r"[a-z][a-z_]*(\.[a-z][a-z_]*)+")
_OFFICE = re.compile(r"\S{1,32}")


def check_attributes(attributes: Mapping[str, Json], path: str) -> None:
    """Raise ``flow.bad_attributes`` with the place of the first known attribute that has another shape."""
    for name, check in _CHECKS.items():
        value = attributes.get(name)
        if value is not None and (wrong := check(value)):
            raise FlowError("flow.bad_attributes", wrong, f"{path}.{name}")


def _kind(value: Json) -> str:
    return "" if value in KINDS else f"环节种类应是 {'、'.join(KINDS)} 之一；请改正"


def _office(value: Json) -> str:
    if isinstance(value, str) and _OFFICE.fullmatch(value):
        return ""
    return "办理单位应是 accountable、lead 或单位的统一社会信用代码；请改正"


def _permission(value: Json) -> str:
    if isinstance(value, str) and _PERMISSION.fullmatch(value):
        return ""
    return "办理权限应是 cases.handle 这样的代码；请改正，或留空用默认的"


def _outcomes(value: Json) -> str:
    if not isinstance(value, list) or not value:
        return "可选结果应是列表，至少一项；请补上，或留空用默认的通过、不通过"
    codes = [outcome.get("code") if isinstance(outcome, dict) else None for outcome in value]
    if not all(is_code(code, OUTCOME_LENGTH) for code in codes):
        return f"每个结果要有代码：小写字母开头的小写字母、数字和单个下划线，不超过 {OUTCOME_LENGTH} 个字符"
    if len({str(code) for code in codes}) < len(codes):
        return "同一步骤的结果代码不得重复；请另取"
    names = [outcome.get("name") if isinstance(outcome, dict) else None for outcome in value]
    return "" if all(isinstance(name, str) and name.strip() for name in names) else "每个结果要有名称；请填写"


def _limit(value: Json) -> str:
    if not isinstance(value, dict) or value.get("unit") not in tuple(UNITS):
        return f"时限应写明数量和单位，单位是 {'、'.join(UNITS)} 之一；没有时限请留空"
    amount = value.get("amount")
    if isinstance(amount, bool) or not isinstance(amount, int) or not 1 <= amount <= AMOUNT:
        return f"时限的数量应是 1 至 {AMOUNT} 的整数；没有时限请留空"
    return ""


def _veto(value: Json) -> str:
    return "" if isinstance(value, bool) else "一票否决应是 true 或 false"


def _law(value: Json) -> str:
    return "" if isinstance(value, str) else "依据应是文字"


_CHECKS: Mapping[str, Callable[[Json], str]] = {
    "kind": _kind,
    "office": _office,
    "permission": _permission,
    "outcomes": _outcomes,
    "limit": _limit,
    "veto": _veto,
    "law": _law,
}
