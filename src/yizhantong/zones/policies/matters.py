"""From a card to its service item: what a new item begins with, so that an officer only adds what is special.

The flow of an application 申报类::

    formal 形式审查 → joint review of credit, safety and environment, each with a veto → experts (where the card has them)
    → decision (money is reserved) → public notice → money confirmed (committed) → payment (by the bank's return file)

and of an automatic card 免申即享类, whose list was made and checked before and which the enterprise has confirmed::

    decision (the list's, entered by the platform) → money confirmed → payment
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yizhantong.kernel.items.content import Content, write
from yizhantong.kernel.items.content import read as read_content
from yizhantong.zones.policies import settings
from yizhantong.zones.policies.amounts import text_of
from yizhantong.zones.policies.benefit import Benefit
from yizhantong.zones.policies.models import PolicyCard, PolicyClass

FORMAL, CREDIT, SAFETY, ENVIRONMENT = "formal", "credit", "safety", "environment"
EXPERT, DECIDE, NOTICE, FUNDS, PAYMENT = "expert", "decide", "public_notice", "funds", "payment"
JOINT = {CREDIT: "信用核查", SAFETY: "安全生产核查", ENVIRONMENT: "生态环境核查"}
COMMON = (
    ("active", "在业存续", '登记状态 = "存续"'),
    ("credit", "无失信、严重违法记录", '信用状态 = "正常"'),
)
"""What every card that pays asks for; the second is the block of 失信联合惩戒 (国办发〔2020〕49号, 待核)."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a card asks for besides: conditions (text, rule or ``person``), form elements (``!``: required), materials."""

    conditions: Sequence[Sequence[str]] = ()
    elements: Sequence[str] = ()
    materials: Sequence[Sequence[str]] = ()


def content_for(card: PolicyCard, benefit: Benefit, asked: Asked | None = None) -> dict[str, Any]:
    """Return the document of an item's content for the card, of the right shape."""
    asked = asked or Asked()
    automatic = card.policy_class == PolicyClass.AUTOMATIC
    document = {
        "guide": _guide(card, benefit),
        "form": _form(asked.elements, automatic),
        "materials": [] if automatic else [_material(place, row) for place, row in enumerate(asked.materials)],
        "conditions": conditions(asked.conditions),
        "flow": automatic_flow(card.document.document) if automatic else application_flow(benefit, card.document.document),
        "limits": {"promised": {"amount": 60, "unit": "workday", "source": "快申快享不超过 60 个工作日(四川做法,待核)"}},
        "options": {"intake": not automatic, "public_notice_days": None if automatic else benefit.public_days, "disputable": True},
        "benefit": benefit.model_dump(mode="json", exclude_none=True),
    }  # fmt: skip
    return write(read_content(document))


def with_benefit(content: Mapping[str, Any], card: PolicyCard, benefit: Benefit) -> dict[str, Any]:
    """Return the content with another benefit; the flow gains or loses its experts, everything else stays."""
    kept: Content = read_content(content)
    document = write(kept)
    document["benefit"] = benefit.model_dump(mode="json", exclude_none=True)
    if card.policy_class == PolicyClass.APPLY:
        document["options"]["public_notice_days"] = benefit.public_days
        had = any(node.get("code") == EXPERT for node in kept.flow.get("children", []))
        if had != (benefit.experts is not None):
            document["flow"] = application_flow(benefit, card.document.document)
    return document


def conditions(rows: Sequence[Sequence[str]]) -> list[dict[str, Any]]:
    """Return the conditions: those of every card, then the card's own, the rule ``person`` being one for a person."""
    found = [{"code": code, "text": text, "rule": rule} for code, text, rule in COMMON]
    for place, (text, rule) in enumerate(rows, 1):
        by_person = rule == "person"
        found.append(
            {
                "code": f"own_{place}",
                "text": text,
                "rule": "" if by_person else rule,
                "kind": "person" if by_person else "rule",
            }
        )
    return found


def application_flow(benefit: Benefit, law: str) -> dict[str, Any]:
    """Return the flow of an application; ``law`` is the document that a refusal cites."""
    offices = settings.offices()
    limit = {"amount": settings.of("joint")["limit_days"], "unit": "workday"}
    joint = [
        _step(code, name, "joint", office=offices[code], veto=True, limit=limit, law=law)
        for code, name in JOINT.items()
    ]
    children = [
        _step(FORMAL, "形式审查", "review", veto=True, law=law),
        {"kind": "all", "children": joint},
        _step(DECIDE, "审核决定", "decision", permission="cases.decide", law=law),
        _step(NOTICE, "公示", "public_notice", veto=True, law=law),
        *_money(offices["finance"]),
    ]
    if benefit.experts is not None:
        children.insert(2, _step(EXPERT, "专家评审", "expert", veto=True, law=law))
    return {"kind": "seq", "children": children}


def automatic_flow(law: str) -> dict[str, Any]:
    """Return the flow of an automatic card after the enterprise has confirmed."""
    decided = _step(DECIDE, "名单核准", "decision", permission="cases.decide", law=law)
    return {"kind": "seq", "children": [decided, *_money(settings.offices()["finance"])]}


def _money(finance: str) -> list[dict[str, Any]]:
    return [
        _step(
            FUNDS,
            "资金确认",
            "review",
            office=finance,
            permission="policies.budget",
            outcomes=[{"code": "pass", "name": "确认"}],
        ),
        _step(
            PAYMENT,
            "资金拨付",
            "payment",
            office=finance,
            permission="policies.pay",
            outcomes=[{"code": "pass", "name": "已到账"}],
        ),
    ]


def _step(code: str, name: str, kind: str, **attributes: Any) -> dict[str, Any]:
    return {"kind": "step", "code": code, "name": name, "attributes": {"kind": kind, **attributes}}


def _guide(card: PolicyCard, benefit: Benefit) -> dict[str, Any]:
    automatic = card.policy_class == PolicyClass.AUTOMATIC
    return {
        "summary": f"{card.target};{text_of(benefit.standard)}"[:200],
        "by_law": f"{card.document.title}({card.document.document})",
        "task_type": "05",
        "audience": ["organisation"],
        "acceptance": f"惠及对象:{card.target}",
        "handling": "数据比对→名单复核→企业确认→资金拨付"
        if automatic
        else "申报→受理→形式审查→部门会审→审核决定→公示→资金确认→拨付",
        "channels": ["online", "window"],
        "visits": 0,
        "online": True,
        "online_depth": 4,
        "result_name": "资金拨付",
        "consult": card.contact,
        "words": [card.title],
    }


def _form(elements: Sequence[str], automatic: bool) -> list[dict[str, Any]]:
    payee = [_field("account_name!"), _field("bank_name!"), _field("account_number!")]
    if automatic:
        return [{"code": "payee", "title": "收款信息", "fields": payee}]
    basic = [_field(code) for code in ("organisation_name!", "uscc!", "industry", "contact_name!", "contact_phone!")]
    sections = [{"code": "basic", "title": "企业信息", "fields": basic}]
    if elements:
        sections.append({"code": "matter", "title": "申报内容", "fields": [_field(code) for code in elements]})
    return [*sections, {"code": "payee", "title": "收款信息", "fields": payee}]


def _field(code: str) -> dict[str, Any]:
    return {"element": code.rstrip("!"), "required": code.endswith("!")}


def _material(place: int, row: Sequence[str]) -> dict[str, Any]:
    code, name, *how = row
    made: dict[str, Any] = {"code": code, "name": name, "order": place}
    if "register" in how:
        made |= {"source": "government", "register": f"shared:{code}"}
    return made | ({"need": "optional"} if "optional" in how else {})
