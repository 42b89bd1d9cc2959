"""A change sent twice is made once (draft-ietf-httpapi-idempotency-key-header): the same key and body give the same fact."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from yizhantong.kernel.access.models import User
from yizhantong.kernel.ledger.models import Fact
from yizhantong.web.api.problems import Problem
from yizhantong.web.models import IdempotencyKey


def once(account: User, key: str, what: str, body: Any, make: Callable[[], Fact]) -> int:
    """Make a fact, or find the one that was made of the same key; return its id.

    ``what`` is the address, ``body`` plain data. A key that was used for something else is a :class:`Problem` 409. What
    ``make`` refuses leaves no trace of the key, so that it can be sent again, mended.
    """
    said = json.dumps([what, body], sort_keys=True, ensure_ascii=True, default=str)
    request = hashlib.sha256(said.encode()).hexdigest()
    held = IdempotencyKey(account=account, key=hashlib.sha256(key.encode()).hexdigest(), request=request)
    with transaction.atomic():
        if _taken(held):
            return _found(held)
        held.fact = make().pk
        held.save(update_fields=["fact"])
    return held.fact


def _taken(held: IdempotencyKey) -> bool:
    """Write the key; on PostgreSQL this waits for whoever is writing the same one, on SQLite all writers queue up."""
    try:
        with transaction.atomic():
            held.save(force_insert=True)
    except IntegrityError:
        return True
    return False


def _found(held: IdempotencyKey) -> int:
    earlier = IdempotencyKey.objects.get(account=held.account, key=held.key)
    if earlier.request != held.request or earlier.fact is None:
        detail = _("这个 Idempotency-Key 已用于另一个请求;内容不同的请求请用新的键")
        raise Problem(409, "api.idempotency_key_reused", detail)
    return earlier.fact
