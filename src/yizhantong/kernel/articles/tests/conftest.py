"""Fixtures of the articles' tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from yizhantong.kernel.articles.catalogue import Catalogue
from yizhantong.kernel.articles.ledger_view import view
from yizhantong.kernel.articles.tests.reading import DAY
from yizhantong.kernel.divisions import tree
from yizhantong.kernel.divisions.load import load_city


@pytest.fixture(scope="module")
def known(django_db_setup: None, django_db_blocker: Any) -> Iterator[Catalogue]:
    """Return the sample city's figures and places as articles may call them; its ledgers are empty."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_city()
        tree.forget()
        yield view(DAY).known
        transaction.set_rollback(True)
    tree.forget()
