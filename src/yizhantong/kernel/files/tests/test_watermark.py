"""Copies bear the watermark; what is kept does not."""

from __future__ import annotations

import io

import pypdfium2
import pytest
from PIL import Image, ImageChops

from yizhantong.kernel.access.models import User
from yizhantong.kernel.files import vault
from yizhantong.kernel.files.actions import store
from yizhantong.kernel.files.errors import FileError
from yizhantong.kernel.files.tests import making
from yizhantong.kernel.files.watermark import watermarked

pytestmark = pytest.mark.django_db
TEXT = "仅用于办理演示事项"


def darkened(before: Image.Image, after: Image.Image) -> float:
    """Share of pixels that the watermark touched."""
    changed = ImageChops.difference(before.convert("L"), after.convert("L")).point(
        lambda value: 255 if value > 12 else 0
    )
    return changed.histogram()[255] / (before.width * before.height)


@pytest.mark.parametrize(("kind", "name"), [("JPEG", "a.jpg"), ("PNG", "a.png")])
def test_pictures_are_marked_all_over_and_what_is_kept_is_not(asker: User, kind: str, name: str) -> None:
    stored = store(
        making.picture(kind, size=(800, 600), orientation=6 if kind == "JPEG" else 0), account=asker, name=name
    )
    kept = vault.read(stored.sha256)
    with Image.open(io.BytesIO(watermarked(stored, TEXT))) as copy:
        assert copy.format == kind
        size = (600, 800) if kind == "JPEG" else (800, 600)
        assert copy.size == size
        before = Image.frombytes("RGB", size, making.pixels(kept))
        assert 0.01 < darkened(before, copy) < 0.3
        for box in ((0, 0, 300, 300), (size[0] - 300, size[1] - 300, *size)):
            assert darkened(before.crop(box), copy.crop(box)) > 0.005
    assert vault.read(stored.sha256) == kept


def test_every_page_of_a_pdf_is_marked(asker: User) -> None:
    stored = store(making.pdf(3), account=asker, name="a.pdf")
    document = pypdfium2.PdfDocument(watermarked(stored, TEXT))
    assert len(document) == 3
    for page in document:
        assert TEXT in page.get_textpage().get_text_range()
        shown = page.render().to_pil()
        assert darkened(Image.new("L", shown.size, 255), shown) > 0.005
    document.close()


def test_a_text_from_people_is_drawn_and_never_read_as_markup(asker: User) -> None:
    stored = store(making.pdf(), account=asker, name="a.pdf")
    document = pypdfium2.PdfDocument(watermarked(stored, '#panic("x") $ \\ " ' + "长" * 100))
    assert '#panic("x")' in document[0].get_textpage().get_text_range()
    document.close()


def test_what_cannot_bear_a_watermark_is_refused(asker: User) -> None:
    stored = store(making.letter(), account=asker, name="a.docx")
    with pytest.raises(FileError) as refused:
        watermarked(stored, TEXT)
    assert refused.value.code == "files.no_watermark"
