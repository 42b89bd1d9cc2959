"""Images without what they tell of place, device and person: metadata is cut out, the picture itself is not touched.

JPEG: application segments other than JFIF, ICC and Adobe, and comments, go; the orientation is kept, alone, because the
picture would stand on its side without it. PNG: chunks of text, time and EXIF go. What follows the end of the image (motion
photos, appended archives) goes too.
"""

from __future__ import annotations

import io
import struct

from yizhantong.kernel.files import kinds

ORIENTATION = 0x0112
KEPT_APP = (0xE0, 0xE2, 0xEE)
_CHUNKS_CUT = (b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME")
_STANDALONE = (0x01, *range(0xD0, 0xD8))


def stripped(content: bytes, media_type: str) -> bytes:
    """Return the image without metadata; anything but a JPEG or PNG is returned as it is."""
    if media_type == kinds.JPEG.media_type:
        return _jpeg(content)
    if media_type == kinds.PNG.media_type:
        return _png(content)
    return content


def _jpeg(content: bytes) -> bytes:
    kept = [content[:2]]
    if (turned := _orientation(content)) > 1:
        kept.append(_only_orientation(turned))
    place = 2
    while place + 4 <= len(content):
        if content[place] != 0xFF:
            raise kinds.broken("图片")
        marker = content[place + 1]
        if marker == 0xFF:
            place += 1
            continue
        if marker == 0xD9:
            return b"".join([*kept, b"\xff\xd9"])
        end = place + 2 if marker in _STANDALONE else place + 2 + int.from_bytes(content[place + 2 : place + 4])
        if marker == 0xDA:
            end = _end_of_scan(content, end)
        if not (0xE0 <= marker <= 0xEF or marker == 0xFE) or _harmless(marker, content[place + 4 : place + 16]):
            kept.append(content[place:end])
        place = end
    return b"".join([*kept, b"\xff\xd9"])


def _harmless(marker: int, start: bytes) -> bool:
    """Tell whether an application segment only says how to read the colours; APP2 also carries other things (MPF)."""
    names = {0xE0: (b"JFIF\x00",), 0xE2: (b"ICC_PROFILE\x00",), 0xEE: (b"Adobe",)}
    return marker in KEPT_APP and start.startswith(names[marker])


def _end_of_scan(content: bytes, place: int) -> int:
    """Return where the entropy-coded data ends: at the next marker that is neither stuffing nor a restart."""
    while (place := content.find(b"\xff", place)) >= 0 and place + 1 < len(content):
        following = content[place + 1]
        if following and following != 0xFF and following not in _STANDALONE:
            return place
        place += 1 if following == 0xFF else 2
    return len(content)


def _orientation(content: bytes) -> int:
    from PIL import Image

    with Image.open(io.BytesIO(content)) as image:
        try:
            found = image.getexif().get(ORIENTATION, 1)
        except (ValueError, SyntaxError, struct.error, OSError):
            return 1
    return found if isinstance(found, int) and 1 <= found <= 8 else 1


def _only_orientation(value: int) -> bytes:
    tiff = b"MM\x00*" + struct.pack(">IHHHIHHI", 8, 1, ORIENTATION, 3, 1, value, 0, 0)
    body = b"Exif\x00\x00" + tiff
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _png(content: bytes) -> bytes:
    kept, place = [content[:8]], 8
    while place + 12 <= len(content):
        length = int.from_bytes(content[place : place + 4])
        name, end = content[place + 4 : place + 8], place + 12 + length
        if name not in _CHUNKS_CUT:
            kept.append(content[place:end])
        place = end
        if name == b"IEND":
            break
    return b"".join(kept)
