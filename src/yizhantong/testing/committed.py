"""A city that is committed for the length of a module, so that several connections see it; what memory keeps of it is forgotten with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection

from yizhantong.kernel.cases import triggers
from yizhantong.kernel.divisions import clock, tree
from yizhantong.kernel.items import catalogue, elements
from yizhantong.testing.databases import reachable


def forget() -> None:
    """Forget what is kept in memory of a city: its tree, its items, its day."""
    for each in (tree.forget, catalogue.forget, elements.forget, clock._demonstration_day.cache_clear):
        each()


@contextmanager
def committed(blocker: Any, folder: Path) -> Iterator[None]:
    """Let what the block makes be committed, so that other connections see it: once for a module, gone with its end.

    ``blocker`` is pytest-django's ``django_db_blocker``. Such a module overrides ``_django_db_helper`` by a fixture that does nothing,
    so that its tests are neither wrapped in a transaction nor emptied one by one.
    """
    forget()
    with blocker.unblock():
        with reachable(folder):
            triggers.install()
            yield
        if connection.vendor == "postgresql":
            call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)
    forget()
