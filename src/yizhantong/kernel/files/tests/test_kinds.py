"""Files are known by what they hold: what is taken, and why all else is refused."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from yizhantong.kernel.files import images, kinds
from yizhantong.kernel.files.errors import FileError
from yizhantong.kernel.files.tests import making


@pytest.mark.parametrize(
    ("name", "make", "kind"),
    [
        ("执照.pdf", making.pdf, kinds.PDF),
        ("照片.JPG", making.picture, kinds.JPEG),
        ("照片.jpeg", making.picture, kinds.JPEG),
        ("截图.png", lambda: making.picture("PNG"), kinds.PNG),
        ("申请.docx", making.letter, kinds.DOCX),
        ("清单.xlsx", making.sheet, kinds.XLSX),
        ("发票.ofd", lambda: making.package("OFD.xml", "Doc_0/Document.xml"), kinds.OFD),
    ],
)
def test_what_is_taken(name: str, make: Callable[[], bytes], kind: kinds.Kind) -> None:
    assert kinds.recognise(make(), name) == kind


@pytest.mark.parametrize(
    ("name", "make", "code"),
    [
        ("空.pdf", lambda: b"", "empty"),
        ("程序.pdf", lambda: b"MZ\x90\x00" + b"\0" * 100, "executable"),
        ("程序.png", lambda: b"\x7fELF\x02", "executable"),
        ("脚本.pdf", lambda: b"#!/bin/sh\nrm -rf /", "executable"),
        ("包.zip", lambda: making.package("a.txt"), "archive"),
        ("包.docx", lambda: making.package("a.txt"), "archive"),
        ("包.rar", lambda: b"Rar!\x1a\x07\x00", "archive"),
        ("旧.doc", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "type"),
        ("页.html", lambda: b"<html><script>1</script>", "type"),
        ("图.svg", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", "type"),
        ("宏.docx", lambda: making.package("word/document.xml", "word/vbaProject.bin"), "macro"),
        ("照片.pdf", making.picture, "extension"),
        ("执照", making.pdf, "extension"),
        ("执照.pdf.exe", making.pdf, "extension"),
        ("坏.pdf", lambda: b"%PDF-1.7\ngarbage", "broken"),
        ("脚本.pdf", making.pdf_with_script, "script"),
        ("坏.jpg", lambda: making.picture()[:400], "broken"),
        ("坏.png", lambda: making.picture("PNG")[:200], "broken"),
        ("坏.docx", lambda: making.letter()[:900], "broken"),
    ],
)
def test_what_is_refused(name: str, make: Callable[[], bytes], code: str) -> None:
    with pytest.raises(FileError) as refused:
        kinds.recognise(make(), name)
    assert refused.value.code == f"files.{code}"
    assert not refused.value.sentence.isascii()


def test_a_small_file_that_unpacks_to_much_is_refused() -> None:
    bomb = making.package("word/document.xml", **{"word/big.bin": b"\0" * (kinds.MAX_UNPACKED + 1)})
    assert len(bomb) < 1_000_000
    with pytest.raises(FileError, match="过大") as refused:
        kinds.recognise(bomb, "炸.docx")
    assert refused.value.code == "files.bomb"


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked() -> None:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    huge = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    with pytest.raises(FileError) as refused:
        kinds.recognise(huge, "大.png")
    assert refused.value.code in ("files.pixels", "files.broken")


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("orientation", [0, 1, 3, 6, 8])
def test_images_lose_where_and_by_what_they_were_taken_and_nothing_else(kind: str, orientation: int) -> None:
    given = making.picture(kind, orientation=orientation)
    media_type = kinds.JPEG.media_type if kind == "JPEG" else kinds.PNG.media_type
    kept = images.stripped(given, media_type)
    assert b"SecretCamera" in given
    assert not any(secret in kept for secret in (b"SecretCamera", b"SecretComment", b"GPS"))
    with Image.open(io.BytesIO(kept)) as image:
        assert dict(image.getexif().get_ifd(making.GPS)) == {}
        assert set(image.getexif()) <= {images.ORIENTATION}
    if kind == "JPEG" or orientation < 2:
        assert making.pixels(kept) == making.pixels(given)


def test_what_follows_the_end_of_a_picture_is_cut() -> None:
    for kind, media_type in (("JPEG", kinds.JPEG.media_type), ("PNG", kinds.PNG.media_type)):
        given = making.picture(kind) + b"PK\x03\x04 a hidden archive"
        assert b"hidden" not in images.stripped(given, media_type)


def test_a_progressive_picture_keeps_all_its_scans() -> None:
    made = io.BytesIO()
    Image.effect_noise((200, 150), 80).convert("RGB").save(made, "JPEG", progressive=True, icc_profile=b"\0" * 200)
    kept = images.stripped(made.getvalue(), kinds.JPEG.media_type)
    assert making.pixels(kept) == making.pixels(made.getvalue())
    assert b"ICC_PROFILE" in kept


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"", b"%PDF-", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04"]))
def test_noise_is_refused_with_a_code_and_never_fails_otherwise(noise: bytes, start: bytes) -> None:
    for extension in ("pdf", "jpg", "png", "docx"):
        with pytest.raises(FileError):
            kinds.recognise(start + noise, f"x.{extension}")
