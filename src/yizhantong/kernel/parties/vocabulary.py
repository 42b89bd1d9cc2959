"""What rules call the things that registers know of an enterprise: one table, read by evaluator, SQL and pages alike.

Money is in 元 (the profile keeps 分), days are dates, codes of the profile are told in the Chinese words of the norms: 规模划型
is 大型, 中型, 小型 or 微型 (工信部联企业〔2011〕300号). Industries are letter and digits of GB/T 4754-2017 (``C3985``); 行业大类 is their
first three characters (``C39``), 行业门类 the letter. Derived names are computed, and null where a part of them is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["number", "string", "boolean", "date"]


@dataclass(frozen=True, slots=True)
class Term:
    """One name: its column of the profile (empty when derived), kind, unit for people, and words by the column's codes.

    ``divide`` turns the column's unit into the term's (100: 分 to 元).
    """

    name: str
    kind: Kind
    column: str = ""
    unit: str = ""
    divide: int = 1
    words: Mapping[str, str] = field(default_factory=dict)
    derived: str = ""
    """How a derived term is computed, for people."""


def _money(name: str, column: str) -> Term:
    return Term(name, "number", column, "元", 100)


SIZES = {"large": "大型", "medium": "中型", "small": "小型", "micro": "微型"}
STATUSES = {"active": "存续", "revoked": "吊销", "cancelled": "注销", "moved": "迁出"}
SPECIALISED = {"none": "未认定", "province": "省级", "nation": "国家级"}
CREDITS = {"normal": "正常", "dishonest": "失信被执行人", "serious": "严重违法失信"}

TERMS: tuple[Term, ...] = (
    Term("企业类型", "string", "legal_form"),
    Term("登记状态", "string", "status", words=STATUSES),
    Term("成立日期", "date", "established_on"),
    Term("成立年限", "number", unit="年", derived="成立日期到今天的满年数"),
    Term("行业", "string", "industry"),
    Term("行业大类", "string", derived="行业的前三位,如 C39"),
    Term("行业门类", "string", derived="行业的字母,如 C"),
    Term("管理单位", "string", "unit_id"),
    Term("所在区划", "string", derived="登记的区划代码"),
    _money("注册资本", "registered_capital_fen"),
    Term("从业人员", "number", "employees", "人"),
    Term("参保人数", "number", "insured_employees", "人"),
    _money("年营业收入", "revenue_fen"),
    _money("上年营业收入", "revenue_before_fen"),
    Term("营业收入增长率", "number", unit="%", derived="(年营业收入-上年营业收入)/上年营业收入×100"),
    _money("资产总额", "assets_fen"),
    _money("研发费用", "rd_fen"),
    Term("研发占比", "number", unit="%", derived="研发费用/年营业收入×100"),
    _money("设备投资额", "equipment_fen"),
    _money("出口额", "export_fen"),
    _money("纳税额", "tax_paid_fen"),
    _money("贷款余额", "loans_fen"),
    Term("发明专利数", "number", "invention_patents", "件"),
    Term("规模划型", "string", "size", words=SIZES),
    Term("规模以上", "boolean", "above_scale"),
    Term("高新技术企业有效期至", "date", "high_tech_until"),
    Term("高新技术企业", "boolean", derived="有效期至今天或以后"),
    Term("科技型中小企业有效期至", "date", "technology_sme_until"),
    Term("科技型中小企业", "boolean", derived="有效期至今天或以后"),
    Term("专精特新级别", "string", "specialised", words=SPECIALISED),
    Term("纳税信用等级", "string", "tax_credit", words={letter: letter for letter in "ABMCD"}),
    Term("信用状态", "string", "credit", words=CREDITS),
    Term("上云星级", "number", "cloud_stars", "星"),
    Term("近三年生产安全事故", "boolean", "safety_accident"),
    Term("近三年环保处罚", "boolean", "environmental_penalty"),
)
"""Every name, in the order in which the builder offers them."""

BY_NAME: Mapping[str, Term] = {term.name: term for term in TERMS}
NAMES = frozenset(BY_NAME)
BY_COLUMN: Mapping[str, Term] = {term.column: term for term in TERMS if term.column}

_ASKED: dict[str, Term] = {}


def declare(*terms: Term) -> tuple[Term, ...]:
    """Add names that rules of one room may use beside the profile's: what is asked for (an amount, a term), not what is known.

    They have no column and are no part of :data:`TERMS`; ValueError for a name that the profile or another room has already.
    """
    for term in terms:
        if term.name in BY_NAME or _ASKED.get(term.name, term) != term:
            raise ValueError(f"the name {term.name} is taken")
        _ASKED[term.name] = term
    return terms


def unit_of(name: str) -> str:
    """Return the unit of a name of the vocabulary or of a declared one; empty where it has none."""
    found = BY_NAME.get(name) or _ASKED.get(name)
    return found.unit if found is not None else ""
