"""What changes of files: storing one, and sweeping those that nothing refers to.

``store`` checks and keeps an upload and records it; whoever refers to the record decides who may open it::

    stored = store(request.FILES["file"], account=request.user, name="", purpose="营业执照")
    opened = queries.open_for(request.user, stored, may=rules.may(...).ok)

A room that keeps ids of files elsewhere than in a foreign key (in JSON, say) tells so, or they would be swept::

    @refers("drafts")
    def files_of_drafts(ids: frozenset[int]) -> Iterable[int]: ...
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePosixPath
from typing import Protocol

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from yizhantong.kernel.access.models import User
from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.files import images, kinds, vault
from yizhantong.kernel.files.errors import FileError
from yizhantong.kernel.files.models import Stored

MAX_NAME = 160
AT_ONCE = 500
Referring = Callable[[frozenset[int]], Iterable[int]]
_referring: dict[str, Referring] = {}


class Upload(Protocol):
    """What can be read: an uploaded file of Django, or any open file."""

    def read(self, size: int = -1, /) -> bytes:
        """Return at most ``size`` bytes."""
        ...


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep removed: records of files, and bytes on the disk."""

    records: int
    contents: int


def store(
    upload: Upload | bytes, *, account: Account | None, name: str = "", purpose: str = "", trust: str = Stored.Trust.C
) -> Stored:
    """Check an upload, keep its bytes and record it; ``account`` None is the platform itself.

    The kind is told by content (see ``kinds``); images lose their metadata. Bytes that are there already are kept once.
    Trust by 国办函〔2016〕108号: what people upload themselves is C or D, and only the platform or staff record A or B. Raises
    :class:`FileError`; then nothing is recorded and nothing half-written is left.
    """
    name = _tidy_name(name or getattr(upload, "name", "") or "")
    content = _read(upload)
    if trust not in Stored.Trust.values:
        raise FileError("trust", f"可信等级“{trust}”不认识,应为 A、B、C 或 D")
    if trust in (Stored.Trust.A, Stored.Trust.B) and account is not None and not getattr(account, "is_staff", False):
        raise FileError("trust", "只有工作人员核验后才能登记 A 级或 B 级材料")
    kind = kinds.recognise(content, name)
    content = images.stripped(content, kind.media_type)
    return record(content, kind.media_type, account=account, name=name, purpose=purpose, trust=trust)


def record(content: bytes, media_type: str, *, account: Account | None, name: str, purpose: str, trust: str) -> Stored:
    """Keep and record bytes that the platform made or has checked; see :func:`store` for what people give."""
    return Stored.objects.create(
        sha256=vault.put(content),
        media_type=media_type,
        size=len(content),
        name=name,
        purpose=purpose[:120],
        trust=trust,
        uploaded_by=account if isinstance(account, User) else None,
        uploaded_at=clock.now(),
    )


def refers(name: str) -> Callable[[Referring], Referring]:
    """Register a function that returns which of some ids of files are referred to, under a name of its own."""

    def register(function: Referring) -> Referring:
        if name in _referring and _referring[name] is not function:
            raise ValueError(f"{name} is registered already")
        _referring[name] = function
        return function

    return register


def sweep_orphans(older_than: dt.timedelta) -> Swept:
    """Remove records of files that nothing has referred to for ``older_than`` and bytes without a record; to be run as a job.

    Everyone who refers to files is asked: foreign keys to :class:`Stored` by themselves, others by :func:`refers`.
    """
    old = Stored.objects.filter(uploaded_at__lt=clock.now() - older_than).order_by("pk")
    records, last = 0, 0
    while ids := frozenset(old.filter(pk__gt=last).values_list("pk", flat=True)[:AT_ONCE]):
        last = max(ids)
        with transaction.atomic():
            used = {pk for function in _referring.values() for pk in function(ids)}
            records += Stored.objects.filter(pk__in=ids - used).delete()[0]
    return Swept(records, _sweep_contents((timezone.now() - older_than).timestamp()))


def _sweep_contents(before: float) -> int:
    removed, candidates = 0, vault.stale(before)
    while batch := list(islice(candidates, AT_ONCE)):
        names = [path.name for path in batch]
        known = set(Stored.objects.filter(sha256__in=names).values_list("sha256", flat=True))
        removed += vault.remove([path for path in batch if path.name not in known], before)
    return removed


@refers("foreign keys")
def _by_foreign_keys(ids: frozenset[int]) -> Iterable[int]:
    for field in Stored._meta.get_fields(include_hidden=True):
        if isinstance(field, models.ManyToOneRel):
            column = field.field.attname
            rows = field.related_model._default_manager.filter(**{f"{column}__in": ids})
            yield from rows.values_list(column, flat=True)


def _read(upload: Upload | bytes) -> bytes:
    most = settings.YZT_FILE_MAX_BYTES
    content = upload if isinstance(upload, bytes) else upload.read(most + 1)
    if len(content) > most:
        raise FileError("too_large", f"文件超过 {most // 1024 // 1024} MB 上限,请压缩图片或拆分后再传")
    return content


def _tidy_name(name: str) -> str:
    """Return the last part of a path, without control and direction characters, at most 160 long, extension kept."""
    last = PurePosixPath(unicodedata.normalize("NFC", name).replace("\\", "/")).name
    plain = "".join(c for c in last if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp")).strip()
    suffix = PurePosixPath(plain).suffix[:12]
    return plain if len(plain) <= MAX_NAME else plain[: MAX_NAME - len(suffix)] + suffix
