"""Ledgers: which there are, and what their columns mean."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from yizhantong.kernel import ledger as kernel_ledger
from yizhantong.kernel.access import policy
from yizhantong.kernel.ledger import Ledger, queries
from yizhantong.kernel.ledger.showing import Column
from yizhantong.web.api import lookups
from yizhantong.web.api.auth import account_of
from yizhantong.web.api.schemas import Code
from yizhantong.web.api.showing import is_hidden

router = Router(tags=["ledgers"])


class LedgerOut(Schema):
    """A ledger. ``key`` are the columns that make a record the same record; ``is_register``: entries stand until withdrawn."""

    code: str
    zone: str
    label: str
    description: str
    public: bool
    is_register: bool
    key: list[str]
    earliest: str
    may: list[str]


class LedgerList(Schema):
    """The ledgers that the account may look at."""

    items: list[LedgerOut]


class ChoiceOut(Schema):
    """An allowed value: the code counts, the label is only shown."""

    code: str
    label: str


class FieldOut(Schema):
    """A column: ``type`` as stored; ``unit`` is what people write, one of which is ``factor`` stored units."""

    column: str
    name: str
    type: str
    unit: str | None
    factor: str
    help: str
    masked: bool
    choices: list[ChoiceOut]


class LedgerDetail(LedgerOut):
    """A ledger with the columns that the account sees."""

    fields: list[FieldOut]


@router.get("/ledgers", response=LedgerList, summary="全部台账")
def list_ledgers(request: HttpRequest) -> dict[str, Any]:
    """Return the ledgers that the account may look at, in the order of their codes."""
    account = account_of(request)
    seen = [item for item in kernel_ledger.ledgers() if item.public or policy.may(account, item.view, zone=item.zone)]
    return {"items": [_ledger(account, item) for item in seen]}


@router.get("/ledgers/{code}", response=LedgerDetail, summary="一本台账及其字段")
def get_ledger(request: HttpRequest, code: Code) -> dict[str, Any]:
    """Return a ledger with its columns: types, units, choices, key."""
    account = account_of(request)
    declared = lookups.seen_ledger(account, code)
    columns = queries.columns_for(account, declared)
    return _ledger(account, declared) | {"fields": [_field(declared, column) for column in columns]}


def _ledger(account: policy.Account, item: Ledger) -> dict[str, Any]:
    asked = (item.view, "ledger.record", "ledger.reverse", "ledger.import", "ledger.export")
    return {
        "code": item.code, "zone": item.zone, "label": str(item.label), "description": str(item.description),
        "public": item.public, "is_register": item.register, "key": list(item.key), "earliest": item.earliest,
        "may": [permission for permission in asked if policy.may(account, permission, zone=item.zone)],
    }  # fmt: skip


def _field(declared: Ledger, column: Column) -> dict[str, Any]:
    field = column.field
    choices = [{"code": str(code), "label": str(label)} for code, label in declared.choices_of(field.column).items()]
    return {
        "column": field.column, "name": field.name, "type": declared.type_of(field.column), "unit": field.unit,
        "factor": str(field.factor), "help": str(field.help), "masked": is_hidden(column), "choices": choices,
    }  # fmt: skip
