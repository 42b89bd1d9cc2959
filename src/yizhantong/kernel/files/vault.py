"""The vault: bytes under their SHA-256 below ``MEDIA_ROOT``, written whole or not at all, and read only if unaltered.

A write goes to a temporary file on the same disk, is flushed to it, and is then renamed. Bytes that are there already are
compared, so that giving a file again mends one that was damaged. Writers take the vault's lock
shared, the sweep takes it alone, so that nothing is swept while it is being given again.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import math
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

from yizhantong.kernel.files.errors import FileError

FULL = (errno.ENOSPC, errno.EDQUOT)


def path_of(sha256: str) -> Path:
    """Return where the bytes of that digest lie."""
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256[2:4] / sha256


def put(content: bytes) -> str:
    """Keep the bytes; return their digest. ``files.disk_full`` or ``files.storage`` if they cannot be kept."""
    digest = hashlib.sha256(content).hexdigest()
    path = path_of(digest)
    try:
        with _lock(fcntl.LOCK_SH):
            if path.is_file() and path.read_bytes() == content:
                os.utime(path)
            else:
                _write(path, content)
    except OSError as error:
        raise _refusal(error) from error
    return digest


def read(sha256: str) -> bytes:
    """Return the bytes of that digest; ``files.missing`` or ``files.damaged`` if they are not there or not the same."""
    try:
        content = path_of(sha256).read_bytes()
    except OSError as error:
        raise FileError("missing", "文件在存储中找不到,请联系系统管理员从备份恢复") from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise FileError("damaged", "文件与登记的摘要不符,可能已损坏或被改动,已停止使用;请联系系统管理员从备份恢复")
    return content


def stale(before: float) -> Iterator[Path]:
    """Yield what was last given before the moment ``before`` (seconds since 1970): contents, named by their digest, and
    temporary files that a killed process left."""
    for path in Path(settings.MEDIA_ROOT).glob("??/??/*"):
        if _given_at(path) < before:
            yield path


def remove(paths: Iterable[Path], before: float) -> int:
    """Remove those of ``paths`` that were not given again since ``before``; return how many were removed."""
    removed = 0
    with _lock(fcntl.LOCK_EX):
        for path in paths:
            if _given_at(path) < before:
                path.unlink()
                removed += 1
    return removed


def _given_at(path: Path) -> float:
    """Return when the bytes were last given, in seconds since 1970; never, if another sweep took them away."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return math.inf


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    try:
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
    _flush_folder(path.parent)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _lock(how: int) -> Iterator[None]:
    root = Path(settings.MEDIA_ROOT)
    root.mkdir(parents=True, exist_ok=True, mode=0o750)
    descriptor = os.open(root / ".lock", os.O_CREAT | os.O_RDWR, 0o640)
    try:
        fcntl.flock(descriptor, how)
        yield
    finally:
        os.close(descriptor)


def _refusal(error: OSError) -> FileError:
    if error.errno in FULL:
        return FileError("disk_full", "服务器存储空间已满,文件没有保存;请稍后再试,并请系统管理员清理或扩容")
    return FileError("storage", f"文件没有保存:存储出错({error.strerror or error});请稍后再试,并联系系统管理员")
