"""Facts: pages of a ledger, one fact, recording and taking back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Header, Query, Router, Schema, Status
from pydantic import Field, StringConstraints

from yizhantong.kernel.access.models import User
from yizhantong.kernel.ledger import Ledger, actions, queries
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.models import Fact
from yizhantong.web.api import lookups
from yizhantong.web.api.auth import SIGNED_IN, account_of, signed_in, source_of
from yizhantong.web.api.idempotency import once
from yizhantong.web.api.schemas import MOST_ID, Code, Day, Division, Flag, Id, Place, Size, Strict, Text, Words
from yizhantong.web.api.showing import FactOut, fact_out, is_hidden

router = Router(tags=["facts"])
Key = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Filter = Annotated[str, StringConstraints(max_length=300)]
FILTERS: Any = Query([], alias="filter", max_length=20)  # type: ignore[type-arg]
KEY: Any = Header(None, alias="Idempotency-Key")  # type: ignore[type-arg]


class FactPage(Schema):
    """A page of facts, newest day first. ``count`` is exact up to 10,000, ``capped`` tells that there are more."""

    items: list[FactOut]
    after: str
    count: int
    capped: bool


class NewFact(Strict):
    """A fact to record: ``values`` by column in stored units, decimals as text or number, moments with their time zone."""

    division_id: Division
    occurred_on: Day
    note: Annotated[Text, Field(max_length=200)] = ""
    values: Annotated[dict[str, Any], Field(max_length=100)] = {}


class Reversal(Strict):
    """Why a fact is taken back; ``occurred_on`` is the day on which a register's entry ended (a mistake: leave it out)."""

    reason: Annotated[Text, Field(min_length=1, max_length=200)]
    occurred_on: Day | None = None


@router.get("/ledgers/{code}/facts", response=FactPage, summary="台账的记录")
def list_facts(
    request: HttpRequest,
    code: Code,
    since: Day | None = None,
    until: Day | None = None,
    division: Division | None = None,
    q: Words = "",
    in_force: Flag = False,
    filters: list[Filter] = FILTERS,
    after: Place = "",
    size: Size = 50,
) -> dict[str, Any]:
    """Return facts by days (both included), division with all it manages, words, and ``filter=column:value`` (repeated)."""
    account = account_of(request)
    declared = lookups.seen_ledger(account, code)
    asked = queries.Filters(
        since=since, until=until, division=division or "", text=q, in_force=in_force,
        values=filters_of(account, declared, filters),
    )  # fmt: skip
    page = queries.page(account, declared, asked, after=after, size=size)
    items = [fact_out(page.columns, fact) for fact in page.facts]
    return {"items": items, "after": page.after, "count": page.count, "capped": page.capped}


@router.get("/ledgers/{code}/facts/{fact_id}", response=FactOut, summary="一条记录")
def get_fact(request: HttpRequest, code: Code, fact_id: Id) -> dict[str, Any]:
    """Return one fact, as far as the account may see it."""
    account = account_of(request)
    declared = lookups.seen_ledger(account, code)
    fact = lookups.seen_fact(account, declared, fact_id)
    return fact_out(queries.columns_for(account, declared), fact)


@router.post(
    "/ledgers/{code}/facts",
    response={201: FactOut},
    auth=signed_in,
    openapi_extra={"security": SIGNED_IN},
    summary="登记一条记录",
)
def record_fact(
    request: HttpRequest,
    response: HttpResponse,
    code: Code,
    body: NewFact,
    idempotency_key: Key | None = KEY,
) -> Status[dict[str, Any]]:
    """Record one fact (permission ``ledger.record``). With an ``Idempotency-Key``, sending it again gives the same fact."""
    declared = lookups.declared_ledger(code)
    given = body.dict()

    def make() -> Fact:
        values = _typed(declared, given["values"])
        base = {name: given[name] for name in ("division_id", "occurred_on", "note")}
        return actions.record(declared, values | base, account=account_of(request), source=source_of(request))

    return _made(request, response, declared, given, idempotency_key, make)


@router.post(
    "/ledgers/{code}/facts/{fact_id}/reversal",
    response={201: FactOut},
    auth=signed_in,
    openapi_extra={"security": SIGNED_IN},
    summary="红字冲销一条记录",
)
def reverse_fact(
    request: HttpRequest,
    response: HttpResponse,
    code: Code,
    fact_id: Id,
    body: Reversal,
    idempotency_key: Key | None = KEY,
) -> Status[dict[str, Any]]:
    """Take a fact back in red letters (permission ``ledger.reverse``); the answer is the reversal."""
    account = account_of(request)
    declared = lookups.seen_ledger(account, code)
    fact = lookups.seen_fact(account, declared, fact_id)

    def make() -> Fact:
        return actions.reverse(
            fact, account=account, reason=body.reason, occurred_on=body.occurred_on, source=source_of(request)
        )

    return _made(request, response, declared, body.dict(), idempotency_key, make)


def _made(
    request: HttpRequest,
    response: HttpResponse,
    declared: Ledger,
    given: Any,
    key: str | None,
    make: Callable[[], Fact],
) -> Status[dict[str, Any]]:
    """Make the fact, once for its key, and answer 201 with its address; what the maker may not see is left out."""
    account = account_of(request)
    if key is None:
        number = make().pk
    else:
        assert isinstance(account, User)
        number = once(account, key, request.path, given, make)
    response["Location"] = reverse("api:get_fact", kwargs={"code": declared.code, "fact_id": number})
    fact, seen = lookups.recorded_fact(account, declared, number)
    return Status(201, fact_out(queries.columns_for(account, declared) if seen else [], fact))


def filters_of(account: Any, declared: Ledger, given: list[str]) -> dict[str, Any]:
    shown = {column.field.column for column in queries.columns_for(account, declared) if not is_hidden(column)}
    found = {}
    for item in given:
        column, colon, text = item.partition(":")
        if not colon or column not in shown:
            said = _("应写成 列:值,列为这本台账可见的列;给的是“%(item)s”") % {"item": item[:60]}
            raise LedgerError("ledger.filter", said, column[:60])
        found[column] = _value(declared, column, text, written=True)
    return found


def _typed(declared: Ledger, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return values in the types that facts hold; what is no such type is a :class:`LedgerError` at its column."""
    strange = sorted(set(given) - {item.column for item in declared.fields})
    if strange:
        said = _("台账没有这一列,或它不由登记人填写;全部列见 /api/v1/ledgers/%(code)s") % {"code": declared.code}
        raise LedgerError("ledger.unknown_column", said, strange[0][:60])
    return {column: _value(declared, column, value) for column, value in given.items()}


def _value(declared: Ledger, column: str, value: Any, *, written: bool = False) -> Any:
    """Return one value by its column's type; ``written``: as text of an address, where numbers are texts too."""
    kind = declared.type_of(column)
    readers: dict[str, Callable[[Any], Any]] = {"date": dt.date.fromisoformat, "datetime": _moment, "decimal": _decimal}
    if written:
        readers |= {"integer": _integer, "boolean": _boolean}
    if value is None or kind not in readers:
        return value
    try:
        return readers[kind](value)
    except (ValueError, TypeError, InvalidOperation) as error:
        said = _("“%(value)s”不是%(kind)s") % {"value": str(value)[:60], "kind": _KINDS[kind]}
        raise LedgerError("ledger.type", said, column) from error


_KINDS = {
    "date": "日期,应如 2021-08-16", "datetime": "时刻,应如 2021-08-16T09:30:00+08:00", "decimal": "小数", "integer": "整数",
    "boolean": "true 或 false",
}  # fmt: skip


def _moment(value: str) -> dt.datetime:
    moment = dt.datetime.fromisoformat(value)
    if moment.utcoffset() is None:
        raise ValueError
    return moment.astimezone(dt.UTC)


def _decimal(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)) or len(str(value)) > 60:
        raise ValueError
    found = Decimal(value)
    if not found.is_finite() or abs(found.adjusted()) > 40:
        raise ValueError
    return found


def _integer(value: str) -> int:
    found = int(value) if len(value) <= 20 else MOST_ID + 1
    if abs(found) > MOST_ID:
        raise ValueError
    return found


def _boolean(value: str) -> bool:
    if value not in ("true", "false"):
        raise ValueError
    return value == "true"
