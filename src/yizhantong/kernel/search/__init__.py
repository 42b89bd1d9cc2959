"""Search 检索: one index over items, policies, guides, help and figures, that understands how people ask.

买房 finds 不动产过户 (spoken words, ``spoken.toml``), ``budongchanguohu`` and ``bdcgh`` find it (pinyin, initials), and so does
不动产果户 (a wrong character that sounds the same). Words of one and two characters are found too. The index is
two tables of our own, alike on SQLite and PostgreSQL, because no full-text engine of either does this for Chinese::

    from yizhantong.kernel.search import declare_source, index, remove, search

    index("item", "210700-01-001", title="不动产过户", body=…, url="/services/…/", words=("二手房",))
    search("买房")[0].entry.url

What is indexed once and for all by a room is a *source* (``declare_source`` in the room's ``search.py``): ``yzt search
rebuild`` and ``yzt prepare`` bring the index into line with it. Entries that are not public name the permission by which
they are seen, and the division in which.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from yizhantong.kernel.search.queries import Hit

__all__ = ["declare_source", "index", "remove", "search"]


def index(kind: str, key: str, **said: Any) -> None:
    """Put one thing into the index, or anew: see :func:`yizhantong.kernel.search.actions.index`."""
    from yizhantong.kernel.search import actions

    actions.index(kind, key, **said)


def remove(kind: str, key: str) -> None:
    """Take one thing out of the index."""
    from yizhantong.kernel.search import actions

    actions.remove(kind, key)


def search(text: str, **said: Any) -> list[Hit]:
    """Return what was asked for, best first: see :func:`yizhantong.kernel.search.queries.search`."""
    from yizhantong.kernel.search import queries

    return queries.search(text, **said)


def declare_source(kind: str, label: Any, iterate: Any) -> None:
    """Declare where a kind's things come from: see :func:`yizhantong.kernel.search.sources.declare_source`."""
    from yizhantong.kernel.search import sources

    sources.declare_source(kind, label, iterate)
