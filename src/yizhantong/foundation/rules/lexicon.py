"""The lexical rules of FEEL (DMN 1.5, clause 10.3.1.2, rules 27 to 36): words, symbols, literals, and what is a name."""

from __future__ import annotations

import re
from functools import lru_cache

KEYWORDS = {
    "and": "_AND",
    "between": "_BETWEEN",
    "else": "_ELSE",
    "every": "EVERY",
    "false": "FALSE",
    "for": "_FOR",
    "function": "_FUNCTION",
    "if": "_IF",
    "in": "_IN",
    "null": "NULL",
    "or": "_OR",
    "return": "_RETURN",
    "satisfies": "_SATISFIES",
    "some": "SOME",
    "then": "_THEN",
    "true": "TRUE",
}
PARAMETRIC = {"list": "_LIST_TYPE", "range": "_RANGE_TYPE", "context": "_CONTEXT_TYPE", "function": "_FUNCTION_TYPE"}
NAMED_TYPES = ("years and months duration", "days and time duration", "date and time")
SYMBOLS = {
    "**": "POWER",
    "*": "TIMES",
    "/": "TIMES",
    "+": "PLUS",
    "-": "MINUS",
    "(": "LPAR",
    ")": "RPAR",
    "[": "LSQ",
    "]": "RSQ",
    "{": "_LBRACE",
    "}": "_RBRACE",
    ",": "_COMMA",
    ":": "_COLON",
    "..": "_DOTS",
    ".": "_DOT",
    "?": "INPUT",
}
OPERAND_ENDS = frozenset(
    {
        "NAME",
        "STRING",
        "NUMBER",
        "AT",
        "TRUE",
        "FALSE",
        "NULL",
        "INPUT",
        "RPAR",
        "RSQ",
        "_RBRACE",
        "REV_CLOSE",
        "TYPE_NAME",
        "_GT",
    }
)

START = r"A-Za-z_\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C\u200D\u2070-\u218F\u2C00-\u2FEF\u3005-\u3007\u3021-\uD7FF\uF900-\uFDCF\uFDF0-\uFEFF\uFF10-\uFF19\uFF21-\uFF3A\uFF41-\uFF5A\uFF66-\uFFDC\U00010000-\U000EFFFF"
PART = START + r"0-9\u00B7\u0300-\u036F\u203F\u2040"
MAX_NAME = 200
BLANK = r"\s\u180E\u200B\uFEFF"
SPACE = re.compile(rf"(?:[{BLANK}]+|//[^\r\n]*|/\*.*?\*/)*", re.S)
WORD = re.compile(rf"[{START}][{PART}]*")
NEXT_WORD = re.compile(rf"[{BLANK}]+([{PART}]+)")
KEY = re.compile(rf"[{START}](?:[{PART}{BLANK}]|[./+*'’-]){{0,{MAX_NAME}}}?(?=[{BLANK}]*:)")
DECLARED = re.compile(
    rf"[{START}](?:[{PART}{BLANK}]|[./+*'’-]){{0,{MAX_NAME}}}?(?=[{BLANK}]+in(?![{PART}])|[{BLANK}]*[,):])"
)
NUMBER = re.compile(r"(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?(?![A-Za-z_])")
STRING = re.compile(r'"((?:[^"\\]|\\.)*)"', re.S)
AT = re.compile(rf'@[{BLANK}]*"([^"\r\n]*)"')
SYMBOL = re.compile(r"\*\*|\.\.|[-+*/()\[\]{},:.?]")
COMPARE = re.compile(r"<=|>=|!=|[<>=]")
ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{6}|.)", re.S)
PAIR = re.compile(r"[\ud800-\udbff][\udc00-\udfff]")
INSTANCE_OF = re.compile(rf"instance[{BLANK}]+of(?![{PART}])")
OPERAND_START = re.compile(rf'[{START}0-9."@(\[\]{{?-]')
FULL_WIDTH = {"，": ",", "（": "(", "）": ")", "：": ":", "“": '"', "”": '"', "＝": "=", "＞": ">", "＜": "<", "≥": ">=", "≤": "<=", "≠": "!=", "＋": "+", "－": "-", "×": "*", "÷": "/", "；": ",", "【": "[", "】": "]"}  # fmt: skip
ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", '"': '"', "'": "'", "\\": "\\"}


def normalise(name: str) -> str:
    """The name with single spaces and none at its ends."""
    return " ".join(name.split())


def is_plain(name: str) -> bool:
    """Whether words alone, none of them a keyword, make up the name: then it needs no scope to be found."""
    return all(WORD.fullmatch(part) or part.isalnum() for part in name.split()) and not any(
        part in KEYWORDS or part == "instance" for part in name.split()
    )


@lru_cache(maxsize=4096)
def pattern_of(name: str) -> re.Pattern[str]:
    """Matches the name with any white space where it has a space, and not a part of a longer word."""
    body = rf"[{BLANK}]+".join(re.escape(part) for part in name.split())
    return re.compile(body + (rf"(?![{PART}])" if re.match(rf"[{PART}]", name[-1]) else ""))


@lru_cache(maxsize=512)
def special_names(names: frozenset[str]) -> tuple[str, ...]:
    """Those of ``names`` which only the scope can tell, longest first."""
    normal = {normalise(name) for name in names}
    return tuple(sorted((name for name in normal if name and not is_plain(name)), key=lambda name: (-len(name), name)))


def unescape(text: str) -> str:
    """Resolve the escapes of a string literal (rule 35); unknown ones stay, as patterns such as ``\\s`` need them."""

    def resolve(match: re.Match[str]) -> str:
        body = match[1]
        if len(body) > 1:
            code = int(body[1:], 16)
            return chr(code) if code < 0x110000 else match[0]
        return ESCAPES.get(body, match[0])

    resolved = ESCAPE.sub(resolve, text) if "\\" in text else text
    return PAIR.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), resolved)
