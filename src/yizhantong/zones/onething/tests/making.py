"""Small parts and packages for tests: elements that are made up, forms and conditions over them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from yizhantong.kernel.items import content as contents
from yizhantong.kernel.items import elements
from yizhantong.kernel.items.catalogue import make_ready
from yizhantong.kernel.items.models import DataElement, Item
from yizhantong.zones.onething.merging import PartOf
from yizhantong.zones.onething.spec import PartSpec

QUESTIONS = ("q0", "q1", "q2")
ELEMENTS = ("e0", "e1", "e2", "e3", "e4", "e5")


def name_of(code: str) -> str:
    """Return the Chinese name of a test's element."""
    return ("情形" if code[0] == "q" else "要素") + "甲乙丙丁戊己"[int(code[1])]


def make_elements() -> None:
    """Enter the test's elements into the dictionary."""
    rows = [DataElement(code=code, name=name_of(code), kind="boolean") for code in (*QUESTIONS, *ELEMENTS)]
    DataElement.objects.bulk_create(rows, ignore_conflicts=True)
    elements.forget()


def field(
    code: str, *, required: bool = False, visible_if: str = "", required_if: str = "", help: str = ""
) -> dict[str, Any]:
    """Return one field of a form."""
    return {"element": code, "required": required, "visible_if": visible_if, "required_if": required_if, "help": help}


def material(code: str, name: str = "", **more: Any) -> dict[str, Any]:
    """Return one material."""
    return {"code": code, "name": name or f"{code}材料", **more}


def part(
    code: str, fields: Iterable[Mapping[str, Any]] = (), *, days: int = 1, when: str = "", after: Iterable[str] = (),
    mode: str = "parallel", materials: Iterable[Mapping[str, Any]] = (), agency: str = "甲局", **more: Any,
) -> PartOf:  # fmt: skip
    """Return a part with a form of one section."""
    listed = list(fields)
    content = contents.read({
        "form": [{"code": "main", "title": "基本信息", "fields": listed}] if listed else [],
        "materials": list(materials),
        "flow": {"kind": "step", "code": "decide", "name": "决定", "attributes": {"kind": "decision"}},
        "limits": {"promised": {"amount": days, "unit": "workday", "source": "待核"}},
        **more,
    })  # fmt: skip
    ready = make_ready(content, Item(code=f"t.{code}", name=f"{code}事项", zone="onething", kind="application"))
    spec = PartSpec.model_validate(
        {"code": code, "item": f"t.{code}", "when": when, "after": list(after), "mode": mode}
    )
    return PartOf(spec, ready, "A", agency)
