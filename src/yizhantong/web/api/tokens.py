"""Who a token belongs to, asked at every call of the API: by one statement that is made once, and never from memory."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models

from yizhantong.kernel.access.models import Token, User
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.ledger.statements import Statement

Convert = Callable[[Any, Any, Any], Any]
Column = tuple[str, tuple[Convert, ...], Any]


def bearer(key: str) -> Token | None:
    """Return the token of a key with its user, or None: there is none, it has expired, or the account is not active.

    A token that was withdrawn, and an account that was closed, are refused from the next call on.
    """
    vendor, today = connections[DEFAULT_DB_ALIAS].vendor, clock.today()
    statement, of_token, of_user = _prepared(vendor)
    found = statement.rows([Token.digest_of(key), True, today.isoformat() if vendor == "sqlite" else today])
    if not found:
        return None
    token: Token = _made(Token, of_token, found[0][: len(of_token)])
    token.user = _made(User, of_user, found[0][len(of_token) :])
    return token


@lru_cache(maxsize=2)
def _prepared(_vendor: str) -> tuple[Statement, list[Column], list[Column]]:
    of_token, of_user = _columns(Token), _columns(User)
    listed = [f'"{_table(model)}"."{field.column}"' for model in (Token, User) for field in model._meta.concrete_fields]
    token, user = (f'"{_table(model)}"' for model in (Token, User))
    sql = (
        f'SELECT {", ".join(listed)} FROM {token} JOIN {user} ON {token}."user_id" = {user}."id" WHERE {token}."digest" = %s '
        f'AND {user}."is_active" = %s AND ({token}."expires_on" IS NULL OR {token}."expires_on" >= %s)'
    )
    return Statement(sql), of_token, of_user


def _table(model: type[models.Model]) -> str:
    return model._meta.db_table


def _columns(model: type[models.Model]) -> list[Column]:
    database = connections[DEFAULT_DB_ALIAS]
    found = []
    for field in model._meta.concrete_fields:
        expression = field.get_col(model._meta.db_table)
        converters = (*database.ops.get_db_converters(expression), *field.get_db_converters(database))
        found.append((field.attname, converters, expression))
    return found


def _made(model: Any, columns: list[Column], row: tuple[Any, ...]) -> Any:
    database, values = connections[DEFAULT_DB_ALIAS], list(row)
    for place, (_name, converters, expression) in enumerate(columns):
        for convert in converters:
            values[place] = convert(values[place], expression, database)
    return model.from_db(DEFAULT_DB_ALIAS, [name for name, _converters, _expression in columns], values)
