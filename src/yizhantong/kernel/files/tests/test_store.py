"""Storing, opening and sweeping files; disks that are full or altered."""

from __future__ import annotations

import datetime as dt
import errno
import io
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from yizhantong.kernel.access.models import User
from yizhantong.kernel.files import actions, queries, vault
from yizhantong.kernel.files.actions import store, sweep_orphans
from yizhantong.kernel.files.errors import FileError
from yizhantong.kernel.files.models import Stored
from yizhantong.kernel.files.tests import making

pytestmark = pytest.mark.django_db


def contents(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file() and path.name != ".lock")


def test_a_file_is_kept_once_under_its_digest_and_recorded_for_each_who_gives_it(
    asker: User, vault_folder: Path
) -> None:
    content = making.pdf()
    first = store(content, account=asker, name="执照.pdf", purpose="营业执照")
    again = store(io.BytesIO(content), account=None, name="复印件.pdf", purpose="营业执照", trust="A")
    assert (first.media_type, first.size, first.trust, first.uploaded_by) == (
        "application/pdf",
        len(content),
        "C",
        asker,
    )
    assert first.pk != again.pk
    assert contents(vault_folder) == [first.sha256]
    assert queries.open_for(asker, again, may=True).content == content


def test_images_are_stripped_before_they_are_kept(asker: User) -> None:
    stored = store(making.picture(), account=asker, name="现场.jpg")
    assert b"SecretCamera" not in vault.read(stored.sha256)
    assert stored.size == len(vault.read(stored.sha256))


def test_only_those_who_may_open_a_file_and_who_gave_it(asker: User) -> None:
    other = User.objects.create_user("other")
    stored = store(making.pdf(), account=asker, name="a.pdf")
    assert queries.open_for(asker, stored, may=False).name == "a.pdf"
    for account in (other, AnonymousUser()):
        with pytest.raises(FileError) as refused:
            queries.open_for(account, stored, may=False)
        assert refused.value.code == "files.refused"
    by_platform = store(making.pdf(), account=None, name="a.pdf")
    with pytest.raises(FileError):
        queries.open_for(AnonymousUser(), by_platform, may=False)


def test_too_large_a_file_is_refused_without_reading_it_all(asker: User, settings: Any) -> None:
    settings.YZT_FILE_MAX_BYTES = 1024 * 1024
    endless = io.BytesIO(b"%PDF-" + b"0" * (3 * 1024 * 1024))
    with pytest.raises(FileError, match="1 MB"):
        store(endless, account=asker, name="大.pdf")
    assert endless.tell() == 1024 * 1024 + 1


def test_people_cannot_say_that_their_own_file_is_checked(asker: User) -> None:
    for trust in ("A", "B", "X"):
        with pytest.raises(FileError) as refused:
            store(making.pdf(), account=asker, name="a.pdf", trust=trust)
        assert refused.value.code == "files.trust"
    clerk = User.objects.create_user("clerk", is_staff=True)
    assert store(making.pdf(), account=clerk, name="a.pdf", trust="B").trust == "B"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("..\\..\\windows\\执照.pdf", "执照.pdf"),
        ("../../etc/执照.pdf", "执照.pdf"),
        ("执照\u202efdp.pdf", "执照fdp.pdf"),
        ("执\x00照\r\n.pdf", "执照.pdf"),
        ("长" * 300 + ".pdf", "长" * 156 + ".pdf"),
    ],
)
def test_names_are_tidied(asker: User, given: str, kept: str) -> None:
    assert store(making.pdf(), account=asker, name=given).name == kept


@pytest.mark.parametrize(
    ("number", "code"), [(errno.ENOSPC, "disk_full"), (errno.EDQUOT, "disk_full"), (errno.EIO, "storage")]
)
@pytest.mark.parametrize("where", ["fsync", "replace"])
def test_a_disk_that_fails_leaves_nothing(
    asker: User, vault_folder: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str, where: str
) -> None:
    def fail(*_given: Any) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(vault.os, where, fail)
    with pytest.raises(FileError) as refused:
        store(making.pdf(), account=asker, name="a.pdf")
    assert refused.value.code == f"files.{code}"
    assert contents(vault_folder) == []
    assert not Stored.objects.exists()


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A real disk of 64 kB."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    if os.geteuid() != 0 or shutil.which("mount") is None or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("a disk of its own cannot be mounted here (needs root)")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_told_and_smaller_files_still_fit(asker: User, settings: Any, tiny_disk: Path) -> None:
    settings.MEDIA_ROOT = tiny_disk
    photo = making.package("word/document.xml", **{"word/noise.bin": os.urandom(100_000)})
    with pytest.raises(FileError, match="已满") as refused:
        store(photo, account=asker, name="大.docx")
    assert refused.value.code == "files.disk_full"
    assert contents(tiny_disk) == []
    assert store(making.pdf(), account=asker, name="小.pdf").pk


def test_altered_and_lost_bytes_are_noticed(asker: User) -> None:
    stored = store(making.pdf(), account=asker, name="a.pdf")
    path = vault.path_of(stored.sha256)
    path.write_bytes(path.read_bytes().replace(b"PDF", b"PDX"))
    with pytest.raises(FileError) as refused:
        queries.open_for(asker, stored, may=True)
    assert refused.value.code == "files.damaged"
    path.unlink()
    with pytest.raises(FileError) as refused:
        queries.open_for(asker, stored, may=True)
    assert refused.value.code == "files.missing"


def test_giving_a_file_again_mends_one_that_was_damaged(asker: User) -> None:
    content = making.pdf()
    stored = store(content, account=asker, name="a.pdf")
    vault.path_of(stored.sha256).write_bytes(b"x" * len(content))
    store(content, account=asker, name="b.pdf")
    assert queries.open_for(asker, stored, may=True).content == content


def test_what_is_given_again_while_the_sweep_runs_is_kept(asker: User, monkeypatch: pytest.MonkeyPatch) -> None:
    content = making.pdf()
    age(store(content, account=asker, name="a.pdf"), 40)
    remove = vault.remove

    def given_again_just_before(paths: Any, before: float) -> int:
        store(content, account=asker, name="b.pdf")
        return remove(paths, before)

    monkeypatch.setattr(vault, "remove", given_again_just_before)
    assert sweep_orphans(dt.timedelta(days=30)) == actions.Swept(1, 0)
    assert queries.open_for(asker, Stored.objects.get(), may=True).content == content


def test_many_who_give_the_same_at_once_keep_it_once(vault_folder: Path) -> None:
    content = os.urandom(300_000)
    workers = [threading.Thread(target=vault.put, args=(content,)) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(contents(vault_folder)) == 1


def age(stored: Stored, days: int) -> None:
    Stored.objects.filter(pk=stored.pk).update(uploaded_at=stored.uploaded_at - dt.timedelta(days=days))
    past = time.time() - days * 86400
    os.utime(vault.path_of(stored.sha256), (past, past))


def test_what_nobody_refers_to_is_swept_after_a_while(
    asker: User, vault_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, kept, young = (store(making.pdf(n), account=asker, name="a.pdf") for n in (1, 2, 3))
    age(old, 40)
    age(kept, 40)
    monkeypatch.setitem(actions._referring, "test", lambda ids: {kept.pk} & ids)
    assert sweep_orphans(dt.timedelta(days=30)) == actions.Swept(1, 1)
    assert set(Stored.objects.values_list("pk", flat=True)) == {kept.pk, young.pk}
    assert contents(vault_folder) == sorted([kept.sha256, young.sha256])
    assert sweep_orphans(dt.timedelta(days=30)) == actions.Swept(0, 0)


def test_bytes_given_again_are_not_swept_with_the_old_record(asker: User) -> None:
    content = making.pdf()
    old = store(content, account=asker, name="a.pdf")
    age(old, 40)
    again = store(content, account=asker, name="b.pdf")
    assert sweep_orphans(dt.timedelta(days=30)) == actions.Swept(1, 0)
    assert queries.open_for(asker, again, may=True).content


def test_what_a_killed_process_left_is_swept(vault_folder: Path) -> None:
    vault.put(b"x" * 10)
    left = next(vault_folder.glob("??/??/*")).with_name(".part-left")
    left.write_bytes(b"half")
    os.utime(left, (0, 0))
    assert sweep_orphans(dt.timedelta(days=1)) == actions.Swept(0, 1)
    assert not left.exists()


def test_every_foreign_key_to_a_file_is_asked() -> None:
    from django.apps import apps
    from django.db import models

    keys = {
        (model._meta.label, field.name)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey) and field.related_model is Stored
    }
    assert ("files.Issued", "stored") in keys
    asked = {
        (relation.related_model._meta.label, relation.field.name)
        for relation in Stored._meta.get_fields(include_hidden=True)
        if isinstance(relation, models.ManyToOneRel)
    }
    assert asked == keys


def test_a_name_of_the_registry_is_taken_once() -> None:
    with pytest.raises(ValueError, match="foreign keys"):
        actions.refers("foreign keys")(lambda ids: ids)


def test_the_sweep_is_a_job_of_every_night(asker: User, vault_folder: Path) -> None:
    from yizhantong.kernel.files import tasks
    from yizhantong.kernel.jobs.periodic import declared

    assert "yizhantong.kernel.files.tasks.sweep" in {item.work.module_path for item in declared()}
    age(store(making.pdf(), account=asker, name="a.pdf"), 31)
    tasks.sweep.func()
    assert contents(vault_folder) == []
