"""Fixtures that every room's tests share."""

from __future__ import annotations

import functools
import os
import sys
from pathlib import Path

import pytest

pytest_plugins = ["yizhantong.testing.django"]


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of page, data and rule cases; tests that need it are skipped where it is not at hand."""
    folder = Path(os.environ.get("YZT_SHARED", Path(__file__).parent.parent / "shared"))
    if not folder.is_dir():
        pytest.skip("YZT_SHARED does not lead to the folder of page, data and rule cases")
    return folder


@pytest.fixture(scope="session", autouse=True)
def _light_settings() -> None:
    """Name static files as they are, for the tests do not collect them, and hash passwords quickly."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.fixture(scope="module", autouse=True)
def _nothing_remembered() -> None:
    """Begin every file without what an earlier one left in memory: the tree of its city, its day, its items."""
    from yizhantong.testing.committed import forget

    forget()
    for name, module in list(sys.modules.items()):
        if name.startswith(("yizhantong.zones.", "yizhantong.web.context")) and ".tests" not in name:
            for kept in list(vars(module).values()):
                if isinstance(
                    kept, functools._lru_cache_wrapper
                ):  # such as rules by the number of a version, which comes again
                    kept.cache_clear()
