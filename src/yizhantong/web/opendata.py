"""Open data: what the city publishes for anybody to use, as tables with a licence, a schema and a day.

A room or zone registers its datasets in its ``opendata.py``, found when the catalogue is first asked for::

    register(Dataset(
        code="policies", title=_("惠企政策"), description=_("…"), zone="policies",
        columns=(Column("number", _("政策编号")), Column("window_end", _("申报截止"), "date")),
        rows=rows, updated=updated,
    ))

``rows`` yields tuples in the order of the columns, from few queries, of what is public anyway: never a person, never a case. The
same table goes out as CSV (RFC 4180, UTF-8 with BOM), JSON, and JSON Schema (2020-12); the catalogue is DCAT 3 as JSON-LD.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from importlib import import_module
from typing import Any, Literal

from django.utils.module_loading import autodiscover_modules

from yizhantong.kernel.divisions import city
from yizhantong.kernel.divisions.models import City
from yizhantong.kernel.ledger.exports import safe

Kind = Literal["text", "integer", "decimal", "date", "moment", "boolean"]
Value = str | int | Decimal | dt.date | dt.datetime | bool | None
CODE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
SCHEMAS: Mapping[str, Mapping[str, str]] = {
    "text": {"type": "string"}, "integer": {"type": "integer"}, "decimal": {"type": "string", "format": "decimal"},
    "date": {"type": "string", "format": "date"}, "moment": {"type": "string", "format": "date-time"}, "boolean": {"type": "boolean"},
}  # fmt: skip
XSD = "http://www.w3.org/2001/XMLSchema#"
FREQUENCY = "http://publications.europa.eu/resource/authority/frequency/CONT"
"""Updated continuously: every download is made of the records as they are."""


@dataclass(frozen=True, slots=True)
class Licence:
    """Under what the data may be used: its SPDX code, name, address."""

    code: str
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``name`` for programs (``window_end``), ``label`` for people; kinds as of :data:`SCHEMAS`."""

    name: str
    label: Any
    kind: Kind = "text"
    description: Any = ""


@dataclass(frozen=True, slots=True)
class Dataset:
    """One published table. ``licence`` None is the city's (``[open_data]`` of ``city.toml``); ``updated`` tells when it last changed, if that is known."""

    code: str
    title: Any
    description: Any
    columns: tuple[Column, ...]
    rows: Callable[[], Iterable[Sequence[Value]]]
    licence: Licence | None = None
    updated: Callable[[], dt.datetime | None] = lambda: None
    zone: str = ""
    keywords: tuple[str, ...] = ()

    @property
    def terms(self) -> Licence:
        """Return the licence that holds."""
        return self.licence or city_licence()


@dataclass(frozen=True, slots=True)
class Table:
    """A dataset as it is now: rows as plain values, a tag of its content, and when it changed."""

    dataset: Dataset
    rows: list[tuple[Any, ...]]
    tag: str
    updated: dt.datetime | None


_DATASETS: dict[str, Dataset] = {}


def register(dataset: Dataset) -> Dataset:
    """Register a dataset; ``ValueError`` for a code that is taken or malformed, or columns that are not told apart."""
    names = [column.name for column in dataset.columns]
    if not CODE.fullmatch(dataset.code) or len(set(names)) != len(names) or not names:
        raise ValueError(f"open data {dataset.code}: code or columns are malformed")
    if _DATASETS.setdefault(dataset.code, dataset) is not dataset:
        raise ValueError(f"open data {dataset.code} is registered already")
    return dataset


@lru_cache(maxsize=1)
def _discover() -> None:
    import_module("yizhantong.web.casework.opendata")
    autodiscover_modules("opendata")


def datasets() -> list[Dataset]:
    """Return all datasets by code."""
    _discover()
    return [_DATASETS[code] for code in sorted(_DATASETS)]


def dataset(code: str) -> Dataset | None:
    """Return a dataset, None where there is none of that code."""
    _discover()
    return _DATASETS.get(code)


def city_licence() -> Licence:
    """Return the licence of the city's data: what ``city.toml`` says, else CC BY 4.0."""
    given = city.settings_of().get("open_data", {})
    return Licence(
        given.get("licence", "CC-BY-4.0"),
        given.get("licence_name", "知识共享 署名 4.0 国际"),
        given.get("licence_url", "https://creativecommons.org/licenses/by/4.0/"),
    )


def table(of: Dataset) -> Table:
    """Read a dataset as it is now; ``ValueError`` when a row does not fit its columns."""
    rows = [tuple(_plain(value) for value in row) for row in of.rows()]
    if any(len(row) != len(of.columns) for row in rows):
        raise ValueError(f"open data {of.code}: a row does not fit the columns")
    digest = hashlib.sha256(repr([of.code, rows]).encode()).hexdigest()[:32]
    return Table(of, rows, f'"{digest}"', of.updated())


def as_csv(found: Table) -> bytes:
    """Return the table as CSV with the columns' labels, safe from formulas of spreadsheets."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([str(column.label) for column in found.dataset.columns])
    for row in found.rows:
        writer.writerow([_text(column, value) for column, value in zip(found.dataset.columns, row, strict=True)])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def as_json(found: Table) -> bytes:
    """Return the table as a JSON array of objects by the columns' names."""
    return json.dumps(objects(found), ensure_ascii=False, separators=(",", ":")).encode()


def objects(found: Table, start: int = 0, size: int | None = None) -> list[dict[str, Any]]:
    """Return rows as objects by the columns' names."""
    names = [column.name for column in found.dataset.columns]
    rows = found.rows[start:] if size is None else found.rows[start : start + size]
    return [dict(zip(names, row, strict=True)) for row in rows]


def schema(of: Dataset, address: str = "") -> dict[str, Any]:
    """Return the JSON Schema of :func:`as_json`; every value may be null where nothing is known."""
    properties = {
        column.name: {
            **SCHEMAS[column.kind],
            "type": [SCHEMAS[column.kind]["type"], "null"],
            "title": str(column.label),
        }
        | ({"description": str(column.description)} if column.description else {})
        for column in of.columns
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **({"$id": address} if address else {}),
        "title": str(of.title),
        "description": str(of.description),
        "type": "array",
        "items": {
            "type": "object",
            "properties": properties,
            "required": list(properties),
            "additionalProperties": False,
        },
    }


def catalogue(base: str) -> dict[str, Any]:
    """Return the catalogue as JSON-LD of DCAT 3; ``base`` is the address of the catalogue page, ending in a slash."""
    place = City.objects.first()
    publisher = {"@type": "foaf:Organization", "foaf:name": f"{place.name if place else ''}一站通"}
    return {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/", "foaf": "http://xmlns.com/foaf/0.1/", "xsd": XSD,
        },
        "@id": base, "@type": "dcat:Catalog", "dct:title": f"{place.name if place else ''}开放数据目录", "dct:language": "zh",
        "dct:publisher": publisher, "dcat:dataset": [_described(each, base, publisher) for each in datasets()],
    }  # fmt: skip


def _described(of: Dataset, base: str, publisher: dict[str, str]) -> dict[str, Any]:
    updated = of.updated()
    forms = (("csv", "text/csv"), ("json", "application/json"))
    return {
        "@id": f"{base}{of.code}/", "@type": "dcat:Dataset", "dct:identifier": of.code, "dct:title": str(of.title),
        "dct:description": str(of.description), "dct:publisher": publisher, "dct:license": {"@id": of.terms.url},
        "dct:accrualPeriodicity": {"@id": FREQUENCY}, "dcat:keyword": [str(word) for word in of.keywords],
        **({"dct:modified": {"@type": "xsd:dateTime", "@value": updated.isoformat()}} if updated else {}),
        "dct:conformsTo": {"@id": f"{base}{of.code}.schema.json"},
        "dcat:distribution": [
            {
                "@type": "dcat:Distribution", "dcat:downloadURL": {"@id": f"{base}{of.code}.{form}"}, "dcat:mediaType": kind,
                "dct:license": {"@id": of.terms.url},
            }
            for form, kind in forms
        ],
    }  # fmt: skip


def _plain(value: Value) -> Any:
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value if value is None or isinstance(value, bool | int) else str(value)


def _text(column: Column, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return safe(value) if column.kind == "text" and isinstance(value, str) else str(value)
