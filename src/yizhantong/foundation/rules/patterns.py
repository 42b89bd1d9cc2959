"""Regular expressions of XPath 3.1 (fn:matches, fn:replace, fn:tokenize), as FEEL uses them, by the library ``regex``.

What differs from Python: class subtraction ``[a-z-[aeiou]]``, blocks ``\\p{IsBasicLatin}``, ``\\i`` and ``\\c``, the meaning of ``.``, ``^``
and ``$``, white space taken out by the flag ``x`` everywhere but in classes, and what may not be written at all.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import regex

from .arithmetic import Undefined

_NAME_START = r":A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
_NAME_PART = _NAME_START + r"\-.0-9\u00B7\u0300-\u036F\u203F-\u2040"
_ESCAPES = {
    "d": r"\p{Nd}",
    "D": r"\P{Nd}",
    "s": r"[ \t\n\r]",
    "S": r"[^ \t\n\r]",
    "w": r"[^\p{P}\p{Z}\p{C}]",
    "W": r"[\p{P}\p{Z}\p{C}]",
    "i": f"[{_NAME_START}]",
    "I": f"[^{_NAME_START}]",
    "c": f"[{_NAME_PART}]",
    "C": f"[^{_NAME_PART}]",
}
_PLAIN = "nrt\\|.?*+(){}-[]^$"
_PROPERTY = regex.compile(r"\{((?:Is[A-Za-z0-9-]+)|(?:[LMNPZSC][A-Za-z]?))\}")
_QUANTIFIER = regex.compile(r"\{([0-9]+)(?:,([0-9]*))?\}")
MAX_SIZE = 10_000
_SPACE = " \t\n\r"


def _bad(what: str) -> Undefined:
    return Undefined("rules.bad_pattern", f"正则表达式不对：{what}")


class _Translator:
    """From the XPath dialect to that of ``regex`` (V1). Holds the pattern and the place in it."""

    def __init__(self, pattern: str, flags: str) -> None:
        self.pattern = pattern
        self.flags = flags
        self.place = 0
        self.groups = 0
        self.closed: set[int] = set()
        self.opened: list[int] = []
        self.sizes = [0]  # how large each group under way becomes when its counted repetitions are written out
        self.last = 0  # the same of the piece just read

    def _count(self, size: int) -> None:
        """A piece was read. Raises Undefined when the pattern would become too large to compile."""
        self.last = size
        self.sizes[-1] += size
        if self.sizes[-1] > MAX_SIZE:
            raise _bad("重复的次数太多")

    def run(self) -> str:
        parts = []
        if "x" in self.flags:
            self.pattern = _without_space(self.pattern)
        while self.place < len(self.pattern):
            parts.append(self._next())
        return "".join(parts)

    def _next(self) -> str:
        character = self.pattern[self.place]
        if character == "[":
            self._count(1)
            return self._class(0)
        self.place += 1
        if character == "(":
            self.sizes.append(0)
            return self._group()
        if character == ")" and self.opened:
            self.closed.add(self.opened.pop())
            self._count(self.sizes.pop())
        elif character not in "{*+?":
            self._count(1)
        if character == "\\":
            return self._escape()
        if character == "{":
            return self._quantifier()
        if character in "]}":
            raise _bad(f"多了 {character}")
        return self._other(character)

    def _other(self, character: str) -> str:
        multiline = "m" in self.flags
        if character == ".":
            return r"(?s:.)" if "s" in self.flags else r"[^\n\r]"
        if character == "^":
            return r"(?:\A|(?<=\n))" if multiline else r"\A"
        if character == "$":
            return r"(?=\n|\Z)" if multiline else r"\Z"
        if character in "*+?" and self.pattern[self.place : self.place + 1] == "+":
            raise _bad("量词后不能再有 +")
        return character

    def _group(self) -> str:
        if self.pattern.startswith("?:", self.place):
            self.place += 2
            self.opened.append(0)
            return "(?:"
        if self.pattern.startswith("?", self.place):
            raise _bad("不支持 (?")
        self.groups += 1
        self.opened.append(self.groups)
        return "("

    def _quantifier(self) -> str:
        match = _QUANTIFIER.match(self.pattern, self.place - 1)
        if match is None:
            raise _bad("花括号里应是次数")
        self.place = match.end()
        self._count(self.last * max(int(match[1][:9]), int((match[2] or "0")[:9])))
        if self.pattern[self.place : self.place + 1] == "+":
            raise _bad("量词后不能再有 +")
        return str(match[0])

    def _escape(self, inside: bool = False) -> str:
        letter = self.pattern[self.place : self.place + 1]
        self.place += 1
        if letter in ("p", "P"):
            return self._property(letter)
        if letter in _ESCAPES and letter:
            return _ESCAPES[letter]
        if letter and letter in _PLAIN:
            return {"n": "\\n", "r": "\\r", "t": "\\t"}.get(letter, "\\" + letter)
        if letter.isdigit() and letter != "0" and not inside:
            return self._reference(letter)
        raise _bad(f"不认识 \\{letter}")

    def _reference(self, digits: str) -> str:
        while (
            self.pattern[self.place : self.place + 1].isdigit()
            and int(digits + self.pattern[self.place]) <= self.groups
        ):
            digits += self.pattern[self.place]
            self.place += 1
        if int(digits) not in self.closed:
            raise _bad(f"没有第 {digits} 组")
        return f"(?:\\{digits})"

    def _property(self, letter: str) -> str:
        match = _PROPERTY.match(self.pattern, self.place)
        if match is None:
            raise _bad(f"\\{letter} 后应是字符类别")
        self.place = match.end()
        name = str(match[1])
        return f"\\{letter}{{{'In' + name[2:] if name.startswith('Is') else name}}}"

    def _class(self, depth: int) -> str:
        """A class with its ranges, escapes and subtraction."""
        if depth > 50:
            raise _bad("字符类嵌套过深")
        self.place += 1
        parts = ["["]
        if self.pattern.startswith("^", self.place):
            parts.append("^")
            self.place += 1
        start = self.place
        while not self.pattern.startswith("]", self.place):
            if self.place >= len(self.pattern):
                raise _bad("少了 ]")
            if self.pattern.startswith("-[", self.place) and self.place > start:
                self.place += 1
                parts.append("--" + self._class(depth + 1))
                if not self.pattern.startswith("]", self.place):
                    raise _bad("字符类的减法只能在最后")
                break
            parts.append(self._member())
        if self.place == start:
            raise _bad("字符类是空的")
        self.place += 1
        return "".join(parts) + "]"

    def _member(self) -> str:
        character = self.pattern[self.place]
        self.place += 1
        if character == "\\":
            return self._escape(inside=True)
        if character == "[":
            raise _bad("字符类里的 [ 要写成 \\[")
        return "\\" + character if character in "&|~^" or (character == "-" and not self._between()) else character

    def _between(self) -> bool:
        """Whether the hyphen just taken makes a range of its neighbours."""
        before, after = self.pattern[self.place - 2], self.pattern[self.place : self.place + 1]
        return before not in "[^" and after not in ("]", "-", "")


def _without_space(pattern: str) -> str:
    """The pattern of flag ``x``: white space is taken out except inside classes."""
    kept, depth, escaped = [], 0, False
    for character in pattern:
        if character in _SPACE and depth == 0:
            continue
        kept.append(character)
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif character == "[":
            depth += 1
        elif character == "]":
            depth = max(0, depth - 1)
    return "".join(kept)


@lru_cache(maxsize=512)
def compile_pattern(pattern: str, flags: str = "") -> Any:
    """The compiled pattern. Raises Undefined for what XPath does not allow."""
    if set(flags) - set("smixq"):
        raise _bad(f"标志只能是 s m i x q，而这里是 {flags[:20]}")
    if len(pattern) > 2_000:
        raise _bad("超过 2000 字")
    text = regex.escape(pattern) if "q" in flags else _Translator(pattern, flags).run()
    try:
        return regex.compile(text, regex.V1 | regex.UNICODE | (regex.IGNORECASE if "i" in flags else 0))
    except (regex.error, RecursionError, OverflowError, MemoryError):
        raise _bad(pattern[:60]) from None


def replacement_template(text: str, groups: int, literal: bool) -> list[str | int]:
    """The parts of a replacement: texts and numbers of groups. Raises Undefined for a lone ``$`` or ``\\``."""
    if literal:
        return [text]
    parts: list[str | int] = []
    place = 0
    while place < len(text):
        character = text[place]
        following = text[place + 1 : place + 2]
        if character == "\\" and following in ("\\", "$") and following:
            parts.append(following)
            place += 2
        elif character == "$" and following.isdigit():
            end = place + 2
            while text[end : end + 1].isdigit() and int(text[place + 1 : end + 1]) <= groups:
                end += 1
            parts.append(int(text[place + 1 : end]))
            place = end
        elif character in "\\$":
            raise Undefined("rules.bad_replacement", "替换文本里的 $ 后应是组号，\\ 后应是 $ 或 \\")
        else:
            parts.append(character)
            place += 1
    return parts
