"""Pages of long lists by keyset: as quick on the thousandth page as on the first; the mark stands in the address (``?after=``)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _

PER_PAGE = 30
MARK = "~"
"""Between the columns of a mark; none of them holds it."""


@dataclass(frozen=True, slots=True)
class KeysetPage:
    """One page of a list: its rows, where the next one goes on ("" at the end), and whether it is the first."""

    object_list: list[Any]
    after: str
    first: bool

    def __iter__(self) -> Iterator[Any]:
        return iter(self.object_list)

    def __bool__(self) -> bool:
        return bool(self.object_list)


def page_of(
    request: HttpRequest, rows: QuerySet[Any], order: tuple[str, ...] = ("-pk",), per_page: int = PER_PAGE
) -> KeysetPage:
    """Return the rows that follow the one named by ``?after=``, in the order of columns that are never empty, the last unique.

    A page costs the same however far down the list it is. A mark that cannot be read is 404.
    """
    mark = request.GET.get("after", "").replace("\x00", "")
    rows = rows.order_by(*order)
    try:
        found = list((rows.filter(_behind(order, mark.split(MARK))) if mark else rows)[: per_page + 1])
    except (ValueError, ValidationError, OverflowError) as error:
        raise Http404(_("翻页标记无法识别,请从第一页看起")) from error
    last = found[per_page - 1] if len(found) > per_page else None
    after = MARK.join(str(getattr(last, name.lstrip("-"))) for name in order) if last is not None else ""
    return KeysetPage(found[:per_page], after, not mark)


def _behind(order: tuple[str, ...], values: list[str]) -> Q:
    """Return the condition of standing behind a row in that order."""
    if len(values) != len(order):
        raise ValueError("mark")
    behind, same = Q(pk__in=[]), Q()
    for name, value in zip(order, values, strict=True):
        column = name.lstrip("-")
        behind |= same & Q(**{f"{column}__{'lt' if name.startswith('-') else 'gt'}": value})
        same &= Q(**{column: value})
    return behind
