"""Fixtures that every room's tests share."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

os.environ.setdefault("YZT_HOME", tempfile.mkdtemp(prefix="yzt-test-"))
os.environ.setdefault("YZT_SECRET_KEY", "test-only-secret-key-of-the-suite")
os.environ.setdefault("YZT_SEALING_KEY", "test-only-sealing-key-of-the-suite")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
os.environ.setdefault("DATABASE_URL", f"sqlite:///{os.environ['YZT_HOME']}/test.sqlite3")


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of page, data and rule cases; tests that need it are skipped where it is not at hand."""
    folder = Path(os.environ.get("YZT_SHARED", Path(__file__).parent.parent / "shared"))
    if not folder.is_dir():
        pytest.skip("YZT_SHARED does not lead to the folder of page, data and rule cases")
    return folder
