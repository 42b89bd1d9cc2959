"""Finding by tokens in SQL: how rare each one is, and the entries for which the sum over all of them is highest."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection

from yizhantong.kernel.access import policy
from yizhantong.kernel.search.models import Entry, Token

LIFE = 300.0
"""Seconds for which this process remembers how common a token is; the index of another process may have grown meanwhile."""
COMMON = 0.15
FEW = 200
CANDIDATES = 80

_common: dict[str, tuple[float, int]] = {}
_entries: list[tuple[float, int]] = []


def forget() -> None:
    """Forget how common tokens are."""
    _common.clear()
    _entries.clear()


def rarity(tokens: Iterable[str]) -> dict[str, float]:
    """Return the idf of those tokens that stand in the index at all: ln(1 + N/df)."""
    counts, total = frequencies(tokens), size()
    return {token: math.log(1 + total / count) for token, count in counts.items() if count}


def frequencies(tokens: Iterable[str]) -> dict[str, int]:
    """Return in how many entries each token stands."""
    now = time.monotonic()
    wanted = list(dict.fromkeys(tokens))
    missing = [token for token in wanted if token not in _common or _common[token][0] < now]
    if len(_common) > 200_000:
        _common.clear()
        missing = wanted
    for start in range(0, len(missing), 500):
        part = missing[start : start + 500]
        with connection.cursor() as cursor:
            marks = ",".join(["%s"] * len(part))
            cursor.execute(f"SELECT token, COUNT(*) FROM {_table()} WHERE token IN ({marks}) GROUP BY token", part)
            counted = dict(cursor.fetchall())
        _common.update({token: (now + LIFE, counted.get(token, 0)) for token in part})
    return {token: _common[token][1] for token in wanted}


def size() -> int:
    """Return the number of entries."""
    now = time.monotonic()
    if not _entries or _entries[0][0] < now:
        _entries[:] = [(now + LIFE, Entry.objects.count())]
    return _entries[0][1]


def beginning_with(prefix: str, most: int = 12) -> list[str]:
    """Return tokens that begin with a prefix, in order."""
    after = prefix[:-1] + chr(ord(prefix[-1]) + 1)
    found = Token.objects.filter(token__gte=prefix, token__lt=after).order_by("token").values_list("token", flat=True)
    return list(found.distinct()[:most])


def candidates(
    boosts: Mapping[str, float], account: policy.Account | None, kinds: Iterable[str] | None
) -> dict[int, float]:
    """Return the entries that the account may see with the highest sums of boost × idf × weight, at most eighty.

    Tokens that stand in more than 15 % of a large index are left out as long as rarer ones were asked for too: they cost
    much and tell little; the order among the candidates takes them into account anyway.
    """
    counts, idf = frequencies(boosts), rarity(boosts)
    rare = [token for token in idf if size() < FEW or counts[token] <= COMMON * size()]
    asked = rare or list(idf)
    if not asked:
        return {}
    rows = ",".join(["(CAST(%s AS text), CAST(%s AS double precision))"] * len(asked))
    given: list[Any] = [value for token in asked for value in (token, boosts[token] * idf[token])]
    seen, more = _seen(account)
    narrowed, kind_values = _of_kinds(kinds)
    statement = (
        f"WITH asked(token, boost) AS (VALUES {rows}) "
        f"SELECT t.entry_id, SUM(t.weight * asked.boost) AS score FROM asked JOIN {_table()} t ON t.token = asked.token "
        f"WHERE {seen}{narrowed} GROUP BY t.entry_id ORDER BY score DESC, t.entry_id LIMIT {CANDIDATES}"
    )
    if connection.vendor == "postgresql":
        statement = statement.replace("t.token = asked.token", 't.token = asked.token COLLATE "C"')
    with connection.cursor() as cursor:
        cursor.execute(statement, [*given, *more, *kind_values])
        return dict(cursor.fetchall())


def _seen(account: policy.Account | None) -> tuple[str, list[Any]]:
    """Return the condition on postings that an account may see: public ones, and those of its permissions' reach."""
    public = "t.public" if connection.vendor == "postgresql" else "t.public = 1"
    if account is None or not account.is_authenticated:
        return public, []
    allowed: list[str] = []
    values: list[Any] = []
    hidden = Entry.objects.filter(public=False).order_by().values_list("permission", flat=True).distinct()
    for permission in hidden:
        reach = policy.reach(account, permission)
        if reach.everywhere:
            allowed.append("permission = %s")
            values.append(permission)
        elif reach.divisions:
            marks = ",".join(["%s"] * len(reach.divisions))
            allowed.append(f"(permission = %s AND division_id IN ({marks}))")
            values += [permission, *sorted(reach.divisions)]
    if not allowed:
        return public, []
    of_entry = f"SELECT id FROM {Entry._meta.db_table} WHERE NOT public AND ({' OR '.join(allowed)})"
    return f"({public} OR t.entry_id IN ({of_entry}))", values


def _of_kinds(kinds: Iterable[str] | None) -> tuple[str, list[Any]]:
    wanted = list(kinds or ())
    if not wanted:
        return "", []
    marks = ",".join(["%s"] * len(wanted))
    return f" AND t.entry_id IN (SELECT id FROM {Entry._meta.db_table} WHERE kind IN ({marks}))", list(wanted)


def _table() -> str:
    return connection.ops.quote_name(Token._meta.db_table)
