"""The words this room knows, from `vocabulary.toml`: data that an editor can extend without touching code."""

import re
import tomllib
from functools import cache
from importlib import resources


@cache
def _table() -> dict[str, list[str]]:
    text = resources.files(__package__).joinpath("vocabulary.toml").read_text("utf-8")
    return {name: value.split() if isinstance(value, str) else value for name, value in tomllib.loads(text).items()}


@cache
def words(name: str) -> frozenset[str]:
    """The words of one list."""
    return frozenset(_table()[name])


@cache
def any_of(name: str) -> str:
    """A regular expression (without groups) that matches any word of the list, the longest first."""
    return "(?:" + "|".join(re.escape(w) for w in sorted(_table()[name], key=len, reverse=True)) + ")"


@cache
def families(name: str) -> tuple[frozenset[str], ...]:
    """A list whose every entry is itself a list of words parted by "/": families of values that exclude each other."""
    return tuple(frozenset(entry.split("/")) for entry in _table()[name])
