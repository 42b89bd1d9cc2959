"""The environment of a test run; a pytest plugin that is loaded (``-p``) before Django reads its settings.

Every run has a home of its own. ``YZT_TEST_DATABASE=postgres`` starts a private PostgreSQL cluster for its length; workers of
a parallel run use the cluster of the process that started them.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack
from typing import TYPE_CHECKING

from yizhantong.testing.postgres import cluster

if TYPE_CHECKING:
    import pytest

_held = ExitStack()

os.environ.setdefault("YZT_HOME", tempfile.mkdtemp(prefix="yzt-test-"))
os.environ.setdefault("YZT_SECRET_KEY", "test-only-secret-key-of-the-suite")
os.environ.setdefault("YZT_SEALING_KEY", "test-only-sealing-key-of-the-suite")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
if os.environ.get("YZT_TEST_DATABASE") == "postgres" and "PYTEST_XDIST_WORKER" not in os.environ:
    _running = _held.enter_context(cluster())
    os.environ["DATABASE_URL"] = f"postgresql://postgres@/yzt?host={_running.socket}&port={_running.port}"
os.environ.setdefault("DATABASE_URL", f"sqlite:///{os.environ['YZT_HOME']}/test.sqlite3")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the cluster."""
    _held.close()
