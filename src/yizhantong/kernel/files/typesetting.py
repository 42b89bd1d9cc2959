"""Typesetting: documents as PDF by Typst, from layouts in ``layouts/`` and data that is never read as markup.

The same data gives the same bytes. Chinese fonts must be installed on the server (Debian: fonts-noto-cjk); without one a
document is refused in a clear sentence, because it would come out with empty boxes.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from yizhantong.kernel.files.errors import FileError

LAYOUTS = Path(__file__).parent / "layouts"
SERIF = ("Noto Serif CJK SC", "Source Han Serif SC", "Noto Serif SC", "FandolSong", "Songti SC", "SimSun", "STSong")
SANS = ("Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", "SimHei")
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class ChineseFonts:
    """Families for text and for small print, and a file with its index for drawing on pictures."""

    serif: str
    sans: str
    path: str
    index: int


@lru_cache(maxsize=1)
def _installed() -> Any:
    import typst

    return typst.Fonts(include_embedded_fonts=False)


def fonts() -> ChineseFonts:
    """Return the Chinese fonts of this server; ``files.no_font`` when there is none."""
    found = _chinese()
    if found is None:
        text = "服务器没有安装中文字体,不能生成文书;请系统管理员安装(Debian:apt-get install fonts-noto-cjk)后重启服务"
        raise FileError("no_font", text)
    return found


@lru_cache(maxsize=1)
def _chinese() -> ChineseFonts | None:
    installed = _installed()
    families = set(installed.families())
    serif = next((family for family in SERIF if family in families), None)
    sans = next((family for family in SANS if family in families), None)
    drawn = sans or serif
    if drawn is None:
        return None
    file = next(font for font in installed.fonts() if font.family == drawn and font.path)
    return ChineseFonts(serif or drawn, sans or drawn, str(file.path), file.index)


@lru_cache(maxsize=8)
def _compiler(layout: str) -> Any:
    import typst

    return typst.Compiler(LAYOUTS / f"{layout}.typ", root=LAYOUTS, font_paths=_installed())


def typeset(layout: str, data: Mapping[str, Any], moment: dt.datetime) -> bytes:
    """Return the PDF/A-2b of ``layout`` with ``data`` (JSON); ``moment`` is written into it as the time of its making."""
    return _compiled(layout, data, int(moment.timestamp()), ["a-2b"])


def overlay(text: str, width: int, height: int) -> bytes:
    """Return a PDF of one transparent page of that size (points) with ``text`` in rows across it."""
    return _compiled("overlay", {"text": text, "width": width, "height": height}, 0, [])


def _compiled(layout: str, data: Mapping[str, Any], timestamp: int, standards: list[str]) -> bytes:
    import typst

    chosen = fonts()
    given = json.dumps({**data, "fonts": {"serif": chosen.serif, "sans": chosen.sans}}, ensure_ascii=False)
    try:
        with _one_at_a_time:
            made = _compiler(layout).compile(
                format="pdf", sys_inputs={"data": given}, timestamp=timestamp, pdf_standards=standards
            )
    except typst.TypstError as error:
        raise FileError("typesetting", "文书排版失败,没有生成;请联系系统管理员查看日志") from error
    return bytes(made)


def qr_svg(address: str) -> str:
    """Return a QR code (ISO/IEC 18004, level M) of the address as an SVG text."""
    import segno

    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", xmldecl=False, border=0)
    return drawn.getvalue().decode("ascii")
