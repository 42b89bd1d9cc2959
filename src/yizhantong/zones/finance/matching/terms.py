"""What the conditions of a product may name: the names of the enterprise's profile, and those of the need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

import pyarrow as pa

from yizhantong.foundation.rules import compile_expression
from yizhantong.foundation.rules.sql import Column
from yizhantong.kernel.items.checking import PERSON
from yizhantong.kernel.items.content import Condition
from yizhantong.kernel.items.errors import ItemError
from yizhantong.kernel.items.matching import RuleSet, rule_set
from yizhantong.kernel.parties import vocabulary
from yizhantong.kernel.parties.vocabulary import Term
from yizhantong.zones.finance.models import Listing, Need, Product

PURPOSES = {code: str(label) for code, label in Need.Purpose.choices}
GUARANTEES = {code: str(label) for code, label in Need.Guarantee.choices}
TERMS = vocabulary.declare(
    Term("需求金额", "number", unit="元", divide=100),
    Term("期限月数", "number", unit="月"),
    Term("资金用途", "string", words=PURPOSES),
    Term("担保方式", "string", words=GUARANTEES),
    Term("首贷", "boolean"),
)
NAMES = frozenset(term.name for term in TERMS)
_KINDS = {"number": pa.int64(), "string": pa.string(), "boolean": pa.bool_()}


def rules_of(key: str, conditions: Iterable[Condition]) -> RuleSet:
    """Return the conditions of a product ready to be matched; ItemError ``items.bad_rule`` for one that cannot be read."""
    return rule_set(key, conditions, asked=NAMES)


def check(conditions: Sequence[Condition]) -> None:
    """Refuse conditions that cannot be read or name what nobody knows; FeelError or ItemError with the sentence."""
    rules_of("check", conditions)
    known = vocabulary.NAMES | NAMES | {PERSON}
    for condition in conditions:
        unknown = sorted(compile_expression(condition.rule, known).names - known) if condition.rule else []
        if unknown:
            names = "、".join(f"“{name}”" for name in unknown)
            text = f"条件“{condition.text}”里的{names}不是企业画像的名称,也不是需求的名称"
            raise ItemError("items.unknown_name", text, "conditions")
        if condition.kind == "rule" and not condition.rule:
            raise ItemError("items.no_rule", f"请写出条件“{condition.text}”的规则,或选“人工判断”", "conditions")


def rules(product: Product) -> RuleSet:
    """Return the rule set of a product; read once for each of its conditions."""
    return rules_of(product.code, _conditions(repr(product.conditions), tuple(map(_frozen, product.conditions))))


@lru_cache(maxsize=4096)
def _conditions(_key: str, rows: tuple[tuple[tuple[str, str], ...], ...]) -> tuple[Condition, ...]:
    return tuple(Condition.model_validate(dict(row)) for row in rows)


def _frozen(row: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(row.items()))


def record_of(listing: Listing) -> dict[str, Any]:
    """Return what is asked for, by the names of rules; money in 元."""
    return {
        "需求金额": Decimal(listing.wanted_fen) / 100,
        "期限月数": listing.term_months,
        "资金用途": PURPOSES[listing.purpose],
        "担保方式": GUARANTEES[listing.guarantee],
        "首贷": listing.first_loan,
    }


def columns_of(listings: Sequence[Listing]) -> dict[str, tuple[Column, pa.Array]]:
    """Return the same of many needs as columns of a table; money is DECIMAL with two places."""
    values: dict[str, list[Any]] = {term.name: [] for term in TERMS}
    for listing in listings:
        for name, value in record_of(listing).items():
            values[name].append(value)
    found = {}
    for place, term in enumerate(TERMS):
        money = term.divide != 1
        kind = pa.decimal128(18, 2) if money else _KINDS[term.kind]
        scale = (2 if money else 0) if term.kind == "number" else None
        column = Column(f"asked{place}", term.kind, scale=scale, digits=18 if money else 10)
        found[term.name] = (column, pa.array(values[term.name], kind))
    return found
