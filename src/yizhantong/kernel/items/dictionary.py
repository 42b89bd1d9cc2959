"""Load the data dictionary ``elements.toml`` into the database: what it holds is written, what a city added stays."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any

from django.db import transaction

from yizhantong.kernel.items import elements
from yizhantong.kernel.items.models import DataElement

FIELDS = (
    "name", "name_en", "kind", "unit", "choices", "max_length", "minimum", "maximum", "register", "personal", "source",
)  # fmt: skip


def declared() -> dict[str, dict[str, Any]]:
    """Return the elements of the file by code."""
    path = resources.files("yizhantong.kernel.items").joinpath("elements.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


@transaction.atomic
def load_elements() -> int:
    """Write the elements of the file; return how many it has."""
    rows = [DataElement(code=code, **said) for code, said in declared().items()]
    DataElement.objects.bulk_create(rows, update_conflicts=True, update_fields=FIELDS, unique_fields=["code"])
    elements.forget()
    return len(rows)
