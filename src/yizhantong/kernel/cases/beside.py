"""Everything that stands beside one case, read by one statement; whom and what its rows name, by one for each kind.

A page that shows a case needs rows of a dozen tables, most of them empty. Asked one by one they are a dozen round trips; here each
row comes as a JSON array of its columns, with the number of its table.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from django.db import connection, models

from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import store
from yizhantong.kernel.cases.models import (
    Addition,
    Case,
    CaseEvent,
    CaseMaterial,
    CaseStep,
    ClockSegment,
    Message,
    Objection,
    PublicNotice,
    SpecialProcedure,
    SupervisionOrder,
    Supplement,
    Transfer,
)  # fmt: skip
from yizhantong.kernel.files.models import Issued, Stored
from yizhantong.kernel.ledger.statements import Statement
from yizhantong.kernel.parties.models import Organisation

M = TypeVar("M", bound=models.Model)
EVENTS = 200
"""Most events of a case that are read, the newest."""
_OF_CASE: tuple[type[models.Model], ...] = (
    CaseStep, CaseMaterial, ClockSegment, Supplement, SpecialProcedure, PublicNotice, Transfer, SupervisionOrder, Message, Addition,
)  # fmt: skip
_MODELS: tuple[type[models.Model], ...] = (*_OF_CASE, Objection, CaseEvent, Issued)
_NAMED: tuple[type[models.Model], ...] = (User, Organisation, Stored)


@dataclass(frozen=True, slots=True)
class Asked:
    """Rows of one model: SQL over its columns, named ``t``, with parameters; ``only`` names attributes that are read (all if empty)."""

    model: type[models.Model]
    where: str
    params: Sequence[Any]
    only: tuple[str, ...] = ()


def gather(*asked: Asked) -> list[list[Any]]:
    """Return rows of several models, read by one statement, each in the order of ids."""
    statement, readers = _gathering(connection.vendor, tuple((each.model, each.where, each.only) for each in asked))
    found: list[list[Any]] = [[] for _ in asked]
    for number, values in statement.rows([value for each in asked for value in each.params]):
        found[number].append(readers[number](values))
    for rows in found:
        rows.sort(key=lambda row: row.pk)
    return found


@lru_cache(maxsize=64)
def _gathering(
    vendor: str, asked: tuple[tuple[type[models.Model], str, tuple[str, ...]], ...]
) -> tuple[Statement, list[Callable[[Any], Any]]]:
    parts = [_part(vendor, number, model, where, only=only) for number, (model, where, only) in enumerate(asked)]
    return Statement(" UNION ALL ".join(parts)), [_reader(vendor, model, only) for model, _where, only in asked]


class Beside:
    """The rows beside a case, by model in order of ids; users, organisations and files that they name are fetched with them."""

    def __init__(self, case: Case) -> None:
        statement, readers = _statement(connection.vendor)
        self._rows: dict[type[models.Model], list[Any]] = {model: [] for model in _MODELS}
        params = [*[case.pk] * (len(_OF_CASE) + 1), case.number, "case", case.number]
        for number, values in statement.rows(params):
            model = _MODELS[number]
            self._rows[model].append(readers[number](values))
        for rows in self._rows.values():
            rows.sort(key=lambda row: row.pk)
        self._link(case)

    def of(self, model: type[M]) -> list[M]:
        """Return the rows of that model."""
        return self._rows[model]

    def _link(self, case: Case) -> None:
        for rows in (self._rows[model] for model in _OF_CASE):
            for row in rows:
                row._state.fields_cache["case"] = case
        for target in _NAMED:
            wanted = [
                (row, field) for model in _MODELS for field in _fields_to(model, target) for row in self._rows[model]
            ]
            keys = {getattr(row, field.attname) for row, field in wanted} - {None}
            found = target._default_manager.in_bulk(keys) if keys else {}
            for row, field in wanted:
                row._state.fields_cache[field.name] = found.get(getattr(row, field.attname))
        for notice in self.of(PublicNotice):
            _prefetched(notice, "objections", [one for one in self.of(Objection) if one.notice_id == notice.pk])


def _prefetched(row: models.Model, name: str, rows: Iterable[models.Model]) -> None:
    """Let a reverse relation answer from rows that were read."""
    kept = getattr(row, name).all()
    kept._result_cache, kept._prefetch_done = list(rows), True
    row.__dict__.setdefault("_prefetched_objects_cache", {})[name] = kept


@lru_cache(maxsize=64)
def _fields_to(model: type[models.Model], target: type[models.Model]) -> tuple[Any, ...]:
    fields = (field for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey))
    return tuple(field for field in fields if field.related_model is target)


@lru_cache(maxsize=2)
def _statement(vendor: str) -> tuple[Statement, list[Callable[[Any], Any]]]:
    """Return the statement and, by number, what makes an instance of a row."""
    parts = [_part(vendor, number, model, f"t.case_id = {_id(vendor)}") for number, model in enumerate(_OF_CASE)]
    place = len(parts)
    notices = f'SELECT id FROM "{PublicNotice._meta.db_table}" WHERE case_id = {_id(vendor)}'
    parts.append(_part(vendor, place, Objection, f"t.notice_id IN ({notices})"))
    newest = f'(SELECT * FROM "{CaseEvent._meta.db_table}" WHERE number = %s ORDER BY id DESC LIMIT {EVENTS})'
    parts.append(_part(vendor, place + 1, CaseEvent, "1 = 1", newest))
    parts.append(_part(vendor, place + 2, Issued, "t.subject_kind = %s AND t.subject_number = %s"))
    return Statement(" UNION ALL ".join(parts)), [_reader(vendor, model) for model in _MODELS]


def _id(vendor: str) -> str:
    return "CAST(%s AS bigint)" if vendor == "postgresql" else "%s"


def _part(
    vendor: str, number: int, model: type[models.Model], where: str, source: str = "", only: tuple[str, ...] = ()
) -> str:
    array = "json_array" if vendor == "sqlite" else "json_build_array"
    listed = ", ".join(f't."{field.column}"' for field in _read(model, only))
    return f"SELECT {number}, {array}({listed}) FROM {source or _quoted(model)} AS t WHERE {where}"


def _read(model: type[models.Model], only: tuple[str, ...]) -> list[models.Field[Any, Any]]:
    return [field for field in model._meta.concrete_fields if not only or field.attname in only]


def _quoted(model: type[models.Model]) -> str:
    return f'"{model._meta.db_table}"'


def _reader(vendor: str, model: type[models.Model], only: tuple[str, ...] = ()) -> Callable[[Any], Any]:
    """Return what makes an instance of a row's JSON array."""
    if vendor == "sqlite":
        return lambda text: store.instance(model, json.loads(text), only)
    fields = _read(model, only)
    turned = [(place, turn) for place, field in enumerate(fields) if (turn := _turn(field)) is not None]
    names = [field.attname for field in fields]

    def read(text: Any) -> Any:
        values = json.loads(text) if isinstance(text, str) else list(text)
        for place, turn in turned:
            if values[place] is not None:
                values[place] = turn(values[place])
        return store.bare(model, dict(zip(names, values, strict=True)), adding=False)

    return read


def _turn(field: models.Field[Any, Any]) -> Callable[[Any], Any] | None:
    """Return what makes a value of a field of what PostgreSQL writes in JSON."""
    kind = field.get_internal_type()
    if kind == "DateTimeField":
        return lambda text: dt.datetime.fromisoformat(text).astimezone(dt.UTC)
    if kind == "DateField":
        return dt.date.fromisoformat
    if kind == "JSONField":
        return None
    converters = field.get_db_converters(connection)
    if not converters:
        return None
    column = field.get_col(field.model._meta.db_table)

    def turn(value: Any) -> Any:
        for convert in converters:
            value = convert(value, column, connection)
        return value

    return turn
