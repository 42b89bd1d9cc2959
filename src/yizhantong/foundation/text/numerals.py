"""Chinese and Arabic numerals, and their mixtures: what is printed, what it is worth, and how exactly.

    1.3万    number 1.3, scale 10000, value 13000, step 1000 (the worth of the last printed digit)
    三千二百  number 3200, scale 1, value 3200, step 100
    十几      value 10, bounds 11 to 19
    百分之六十二, 三分之一   ratios: unit "%" and "" with the fraction kept exactly as far as decimals go

`scan(text)` finds them in canonical text (see `canonical`), left to right, not overlapping, in linear time.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Context, Decimal

EXACT = Context(prec=1200, Emax=999999, Emin=-999999)
"""Products of printed numbers are exact in this context; quotients are taken in the default one."""
MAX_DIGITS = 1000
"""A longer run of digits is a string, not a number."""

SCALES = {
    "百": Decimal(100),
    "千": Decimal(1000),
    "万": Decimal(10_000),
    "十万": Decimal(100_000),
    "百万": Decimal(1_000_000),
    "千万": Decimal(10_000_000),
    "亿": Decimal(10**8),
    "十亿": Decimal(10**9),
    "百亿": Decimal(10**10),
    "千亿": Decimal(10**11),
    "万亿": Decimal(10**12),
}
_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_PLACES = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10**4, "亿": 10**8}


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number in a text. `[start, end)` are string offsets; `value = number * scale`.

    `step` is the worth of one unit of the last printed digit that is not a trailing zero of an integer; `decimals` the printed decimals;
    `form` is "arabic", "chinese", "ratio" (百分之, 分之, 一半) or "vague" (十几, 数百), the latter with `low` and `high`.
    """

    start: int
    end: int
    text: str
    number: Decimal
    scale: Decimal
    form: str
    decimals: int = 0
    unit: str = ""
    low: Decimal | None = None
    high: Decimal | None = None

    @property
    def value(self) -> Decimal:
        """The number with its scale applied."""
        return EXACT.multiply(self.number, self.scale)

    @property
    def precision(self) -> Decimal:
        """The worth of one unit of the last printed digit: 13.35万 gives 100, 183亿 gives 10^8, 3200 gives 1."""
        return EXACT.multiply(self.scale, Decimal(1).scaleb(-self.decimals))

    @property
    def step(self) -> Decimal:
        """Like `precision`, but trailing zeros of an integer do not count as printed digits: 8300 gives 100, 1000 gives 1000."""
        value = self.value
        if self.decimals or value == 0:
            return self.precision
        exponent = value.normalize(EXACT).as_tuple().exponent
        return max(self.precision, Decimal(1).scaleb(exponent)) if isinstance(exponent, int) else self.precision


def parse_chinese(text: str) -> Decimal | None:
    """The worth of a Chinese numeral (一千二百三十四, 二〇二一, 三点五, 半, 两), or None when it is none."""
    if text == "半":
        return Decimal("0.5")
    whole, point, rest = text.partition("点")
    if point:
        if not rest or any(c not in _DIGITS for c in rest):
            return None
        head = parse_chinese(whole) if whole else Decimal(0)
        return None if head is None else head + Decimal("0." + "".join(str(_DIGITS[c]) for c in rest))
    if not text:
        return None
    if all(c in _DIGITS for c in text):
        return Decimal("".join(str(_DIGITS[c]) for c in text))
    return _parse_places(text)


def _parse_places(text: str) -> Decimal | None:
    """Numerals with places: each section below 10,000 is summed, then lifted by 万 and 亿. A last digit after a place is its tenth (三万五)."""
    total, section, digit, last, seen_zero = 0, 0, None, 1, False
    for char in text:
        if char in _DIGITS:
            if digit is not None and digit != 0:
                return None
            digit, seen_zero = _DIGITS[char], seen_zero or char in "零〇"
        elif char in _PLACES:
            section += (1 if digit is None else digit) * _PLACES[char]
            digit, last, seen_zero = None, _PLACES[char], False
        elif char in _MYRIADS:
            section += digit or 0
            lift = _MYRIADS[char]
            total, section = ((total + section) * lift, 0) if total < lift else (total + (section or 1) * lift, 0)
            total = total or lift
            digit, last, seen_zero = None, lift, False
        else:
            return None
    if digit is not None:
        section += digit * (last // 10 if last >= 100 and not seen_zero else 1)
    return Decimal(total + section)


def format_chinese(value: int) -> str:
    """Write 0 <= value < 10^16 with Chinese places, the way `parse_chinese` reads it (105 gives 一百零五)."""
    if not 0 <= value < 10**16:
        raise ValueError("text.out_of_range: 只能书写0到一亿亿之间的整数。")
    if value < 10**4:
        return _format_section(value)
    for name, lift in (("亿", 10**8), ("万", 10**4)):
        if value >= lift:
            high, low = divmod(value, lift)
            tail = "" if not low else ("零" if low < lift // 10 else "") + format_chinese(low)
            return format_chinese(high) + name + tail
    raise AssertionError("unreachable")


def _format_section(value: int) -> str:
    digits = "零一二三四五六七八九"
    out = ""
    for place, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // place % 10
        if digit:
            out += digits[digit] + name
        elif out and value % place:
            out += "" if out.endswith("零") else "零"
    return out or "零"


_ARABIC = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_HAN = r"[零〇一二三四五六七八九十百千万亿两]"
_SCALE = r"(?:万亿|千亿|百亿|十亿|亿|千万|百万|十万|万|千(?![米克瓦伏卡帕赫升焦])|百(?![分姓货]))"
_TOKEN = re.compile(
    rf"(?P<han_ratio>(?P<base>百|千|万|{_HAN}+?)分之(?P<part>{_HAN}+(?:点{_HAN}+)?|(?:{_ARABIC})))"
    r"|(?P<half>一半(?!天))"
    rf"|(?P<vague>[数几](?=[十百千万亿])[十百千万亿]+|[二三四五六七八九]?十几(?:万|亿)?|[一二三四五六七八九]?百几十(?:万|亿)?|\d+几(?=[个名家户人]))"
    rf"|(?P<fraction>(?<![\d/.])\d{{1,3}}/\d{{1,3}}(?![\d/.]))"
    rf"|(?P<arabic>(?:{_ARABIC}))(?P<scale>{_SCALE}(?:\d+(?:\.\d+)?{_SCALE})*)?"
    rf"|(?P<han>{_HAN}+(?:点[零〇一二三四五六七八九]+(?:万亿|[万亿千百])?)?|半(?=[年月个天]))"
)
_COMPOUND = re.compile(rf"(\d+(?:\.\d+)?)({_SCALE})")


def scan(text: str) -> Iterator[Numeral]:
    """Every numeral of canonical `text` in order. Runs of more than `MAX_DIGITS` digits are left out."""
    for match in _TOKEN.finditer(text):
        if match.end() - match.start() > MAX_DIGITS:
            continue
        numeral = _read(match)
        if numeral is not None:
            yield numeral


def _read(match: re.Match[str]) -> Numeral | None:
    kind = match.lastgroup if match.lastgroup in ("half", "vague", "fraction", "han") else None
    if match["han_ratio"]:
        return _read_ratio(match)
    if match["arabic"]:
        return _read_arabic(match)
    place = (match.start(), match.end(), match.group())
    if kind == "half":
        return Numeral(*place, Decimal("0.5"), Decimal(1), "ratio")
    if kind == "fraction":
        top, _, bottom = match.group().partition("/")
        return Numeral(*place, Decimal(top) / Decimal(bottom), Decimal(1), "ratio") if int(bottom) > int(top) else None
    if kind == "vague":
        return _read_vague(match)
    return _read_han(match)


def _read_han(match: re.Match[str]) -> Numeral | None:
    text = match.group()
    number, scale, decimals = text, Decimal(1), 0
    if "点" in text:
        while number[-1] in "百千万亿":
            number = number[:-1]
        scale = SCALES.get(text[len(number) :], Decimal(1))
        decimals = len(number) - number.index("点") - 1
    value = parse_chinese(number)
    return None if value is None else Numeral(match.start(), match.end(), text, value, scale, "chinese", decimals)


def _read_ratio(match: re.Match[str]) -> Numeral | None:
    part = match["part"]
    top = Decimal(part.replace(",", "")) if part[0].isdigit() and part[0].isascii() else parse_chinese(part)
    bottom = parse_chinese({"百": "一百", "千": "一千", "万": "一万"}.get(match["base"], match["base"]))
    if top is None or not bottom:
        return None
    point = part.find(".") if "." in part else part.find("点")
    decimals = len(part) - point - 1 if point >= 0 else 0
    place = (match.start(), match.end(), match.group())
    if bottom in (100, 1000, 10000):
        unit = {100: "%", 1000: "‰", 10000: "‱"}[int(bottom)]
        return Numeral(*place, top, Decimal(1), "ratio", decimals, unit)
    return Numeral(*place, top / bottom, Decimal(1), "ratio")


def _read_arabic(match: re.Match[str]) -> Numeral:
    digits = match["arabic"].replace(",", "")
    decimals = len(digits) - digits.index(".") - 1 if "." in digits else 0
    scale_text = match["scale"] or ""
    place = (match.start(), match.end(), match.group())
    if not scale_text or scale_text in SCALES:
        return Numeral(*place, Decimal(digits), SCALES.get(scale_text, Decimal(1)), "arabic", decimals)
    total = Decimal(0)
    for number, scale in _COMPOUND.findall(match.group()):
        total = EXACT.add(total, EXACT.multiply(Decimal(number), SCALES[scale]))
    return Numeral(*place, total, Decimal(1), "arabic")


def _read_vague(match: re.Match[str]) -> Numeral | None:
    """十几 is 11 to 19; 三十几 31 to 39; 几十 and 数十 20 to 99; 数百 200 to 999; and so on."""
    text = match.group()
    place = (match.start(), match.end(), text)
    lift = (
        SCALES.get(text[-1], Decimal(1))
        if "几" in text[:-1] and text[-1] in "万亿" and text[0] not in "数几"
        else Decimal(1)
    )
    if text[0] in "数几":
        base = parse_chinese("一" + text[1:])
        return None if base is None else Numeral(*place, base, Decimal(1), "vague", low=base * 2, high=base * 10 - 1)
    stem = text.rstrip("万亿") if lift > 1 else text
    head = stem.replace("几十", "").replace("几", "")
    base = Decimal(head) * 10 if head.isascii() else parse_chinese(head)
    if base is None:
        return None
    span = Decimal(99) if "几十" in stem else Decimal(9)
    first = Decimal(20) if "几十" in stem else Decimal(1)
    return Numeral(*place, base * lift, Decimal(1), "vague", low=(base + first) * lift, high=(base + span) * lift)


def plain(value: Decimal) -> str:
    """A value for a sentence: no exponent, no trailing zeros, at most four decimals (1.2425, 34.79, 100)."""
    if abs(value) < Decimal(10) ** 20:
        shown = value.quantize(Decimal("0.0001")) if value != value.to_integral_value() else value.quantize(Decimal(1))
        text = format(shown, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    return f"{value:.6E}"


def floor_to(value: Decimal, step: Decimal) -> Decimal:
    """The largest multiple of `step` that is not above `value` (for 余 as statisticians write it)."""
    return EXACT.multiply((value / step).to_integral_value(ROUND_FLOOR), step)
