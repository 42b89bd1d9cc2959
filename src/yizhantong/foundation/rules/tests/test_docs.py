"""The examples in the docstrings are true."""

import doctest
import importlib

import pytest


@pytest.mark.parametrize("module", ["", ".parser", ".rule", ".tables"])
def test_examples(module: str) -> None:
    found = doctest.testmod(importlib.import_module(f"yizhantong.foundation.rules{module}"))
    assert found.attempted > 0
    assert found.failed == 0
