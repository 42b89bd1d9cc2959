"""Saving a draft from a page: with undo, and never over what somebody else saved meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from yizhantong.kernel.access.models import User
from yizhantong.kernel.items import actions
from yizhantong.kernel.items import content as contents
from yizhantong.kernel.items.errors import Finding, ItemError
from yizhantong.kernel.items.models import ItemVersion

DEPTH = 20
"""How many changes can be undone."""


class ChangedMeanwhile(ItemError):
    """Somebody else, or another window, saved this draft since the page was made."""

    def __init__(self) -> None:
        super().__init__("items.changed_meanwhile", "这份草稿刚在别处被修改过;请重新打开本页,再做这次修改")


def seen_of(document: Mapping[str, Any]) -> str:
    """Return by what a page knows the draft it was made of."""
    return actions.digest_of(document)[:16]


def save(request: HttpRequest, version: ItemVersion, document: Mapping[str, Any], seen: str) -> list[Finding]:
    """Keep a document and remember the one before; raise :class:`ChangedMeanwhile`, and what ``actions.save`` raises."""
    before = version.content
    if seen and seen != seen_of(before):
        raise ChangedMeanwhile
    findings = actions.save(version, contents.write(contents.read(document)), _account(request))
    if version.content != before:
        _remember(request, version, [*remembered(request, version), before][-DEPTH:])
    return findings


def remembered(request: HttpRequest, version: ItemVersion) -> list[dict[str, Any]]:
    """Return the documents to which one can go back, the last one last."""
    found: list[dict[str, Any]] = request.session.get(_key(version), [])
    return found


def undo(request: HttpRequest, version: ItemVersion) -> bool:
    """Bring the document before the last change back; tell whether there was one."""
    documents = remembered(request, version)
    if not documents:
        return False
    actions.save(version, documents[-1], _account(request))
    _remember(request, version, documents[:-1])
    return True


def forget(request: HttpRequest, version: ItemVersion) -> None:
    """Drop what could be undone, when the version is handed over."""
    request.session.pop(_key(version), None)


def _remember(request: HttpRequest, version: ItemVersion, documents: list[dict[str, Any]]) -> None:
    request.session[_key(version)] = documents


def _key(version: ItemVersion) -> str:
    return f"items.undo.{version.pk}"


def _account(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
