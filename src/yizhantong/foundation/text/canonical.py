"""One spelling for one sign, without moving any character.

Everything in this room reads `canonical(text)`, which has exactly the length of `text`: full-width digits, letters and signs become
half-width, Western punctuation becomes Chinese, traditional forms of the numeral words become simplified. So an offset into the
canonical text is an offset into the original one.
"""

import re

MAX_CHARACTERS = 2_000_000
"""An article longer than this is refused (`text.too_long`): reading is linear, but a page of a newspaper has 20,000."""


class TextTooLong(ValueError):
    """The text is longer than the limit. `code` is stable, the message is for a person."""

    code = "text.too_long"

    def __init__(self, length: int, limit: int) -> None:
        super().__init__(f"文稿共{length}字,超过一次可核对的上限{limit}字;请分成几份再核对。")
        self.length = length
        self.limit = limit


_WIDE = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF1A)}
_WIDE |= {code: code - 0xFEE0 for code in (*range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_SIGNS = str.maketrans(
    "％．／＋＆＃＊＝～〜∼﹪„‟‘’「」『』﹁﹂億萬個戶項點兩餘幾佔達○\u3000\t\u200b\ufeff\xa0",
    "%./+&#*=~~~%“”“”“”“”“”亿万个户项点两余几占达〇     ",
)
_TABLE = {**_SIGNS, **_WIDE}

_COMMA = re.compile(r"(?<!\d),|,(?!\d{3}(?!\d))")
_STOP = re.compile(r"(?<=[\u4e00-\u9fff%)）”])\.(?!\d)|(?<=\d)\.(?=\s|$|[\u4e00-\u9fff])")
_COLON = re.compile(r"(?<!\d):|:(?!\d)")
_OTHERS = str.maketrans(";()?!", ";()?!".translate({59: 0xFF1B, 40: 0xFF08, 41: 0xFF09, 63: 0xFF1F, 33: 0xFF01}))
_LIST_MARK = re.compile(r"(?m)^(\s*\d{1,2})。(?=\S)")


def canonical(text: str) -> str:
    """The same text in one spelling; `len(canonical(t)) == len(t)`. Raises `TextTooLong` beyond `MAX_CHARACTERS`."""
    if len(text) > MAX_CHARACTERS:
        raise TextTooLong(len(text), MAX_CHARACTERS)
    out = text.translate(_TABLE).translate(_OTHERS)
    out = _STOP.sub("。", out)
    out = _LIST_MARK.sub(r"\1.", out)
    out = _COMMA.sub("，", out)
    return _COLON.sub("：", out)
