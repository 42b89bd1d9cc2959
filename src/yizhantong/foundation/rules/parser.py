"""Text to syntax tree: ``parse`` for expressions, ``parse_unary`` for the cells of decision tables (DMN 1.5, clause 10.3.1).

    >>> parse("年营业收入 >= 4000000 and 行业 in (\\"C26\\", \\"C38\\")")          # doctest: +ELLIPSIS
    Logic(op='and', left=Compare(op='>=', left=Name(name='年营业收入'), ...

Parses are cached; trees are immutable, so they may be shared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path as FilePath
from typing import Any, cast

from lark import Lark, Token, UnexpectedToken
from lark.lexer import Lexer

from .ast import Node, UnaryTests
from .builder import TreeBuilder
from .lexicon import KEYWORDS
from .limits import DEFAULT_LIMITS, FeelSyntaxError, RuleLimitError
from .tokens import position, tokenize
from .trees import check_depth

READABLE = {
    "$END": "规则的结尾",
    "NAME": "名称",
    "STRING": "字符串",
    "NUMBER": "数",
    "COMPARE": "比较符号",
    "RPAR": ")",
    "RSQ": "]",
    "_RBRACE": "}",
    "_THEN": "then",
    "_ELSE": "else",
    "_RETURN": "return",
    "_SATISFIES": "satisfies",
    "_IN": "in",
    "_COLON": ":",
    "_AND": "and",
    "KEY": "键名",
    "TYPE_NAME": "类型名",
}


class _Ready(Lexer):
    """Hands ready tokens to Lark."""

    def __init__(self, lexer_conf: object) -> None:
        """Nothing to configure."""

    def lex(self, data: Any) -> Iterator[Token]:  # type: ignore[override]
        """The tokens as they are."""
        return iter(data)


@lru_cache(maxsize=1)
def _lark() -> Lark:
    grammar = (FilePath(__file__).parent / "feel.lark").read_text(encoding="utf-8")
    return Lark(
        grammar,
        parser="lalr",
        lexer=_Ready,
        start=["expression", "unary_tests"],
        transformer=TreeBuilder(),
        maybe_placeholders=True,
    )


def _check_length(text: str) -> None:
    if len(text) > DEFAULT_LIMITS.text:
        raise RuleLimitError(
            "rules.too_long", f"规则有 {len(text)} 字，超过上限 {DEFAULT_LIMITS.text} 字，请拆成几条规则。"
        )


def _run(text: str, tokens: list[Token], start: str) -> Node:
    try:
        tree = _lark().parse(cast(str, tokens), start=start)
    except UnexpectedToken as error:
        raise _explain(text, error) from None
    node = cast(Node, tree)
    check_depth(node)
    return node


def _explain(text: str, error: UnexpectedToken) -> FeelSyntaxError:
    token = error.token
    at_end = token.type == "$END"
    place = len(text) if at_end or token.start_pos is None else token.start_pos
    line, column = position(text, place)
    expected = sorted({READABLE[kind] for kind in error.accepts or error.expected if kind in READABLE})
    hint = f"，这里可以是：{'、'.join(expected[:6])}" if expected else ""
    if at_end:
        return FeelSyntaxError("rules.unfinished", f"规则没有写完{hint}。", line, column)
    word = str(token)
    if word in KEYWORDS:
        hint += f"（{word} 是关键字，不能当名称用）"
    return FeelSyntaxError("rules.unexpected", f"读不懂“{word[:40]}”{hint}。", line, column)


@lru_cache(maxsize=4096)
def _parse(text: str, names: frozenset[str]) -> Node:
    return _run(text, tokenize(text, names), "expression")


@lru_cache(maxsize=4096)
def _parse_unary(text: str, names: frozenset[str]) -> UnaryTests:
    if text.strip() == "-":
        return UnaryTests(())
    tokens = tokenize(text, names)
    _mark_negation(tokens)
    return cast(UnaryTests, _run(text, tokens, "unary_tests"))


def _mark_negation(tokens: list[Token]) -> None:
    """Tell ``not (tests)`` around the whole cell from a call of the function ``not``."""
    if len(tokens) < 3 or tokens[0].value != "not" or tokens[0].type != "NAME" or tokens[1].type != "LPAR":
        return
    depth = 0
    for index, token in enumerate(tokens[1:], 1):
        if token.type in ("LPAR", "LSQ", "_LBRACE", "REV_OPEN"):
            depth += 1
        elif token.type in ("RPAR", "RSQ", "_RBRACE", "REV_CLOSE"):
            depth -= 1
            if depth == 0:
                if index == len(tokens) - 1:
                    tokens[0] = Token("_NOT", "not", start_pos=tokens[0].start_pos, end_pos=tokens[0].end_pos)
                return


def parse(text: str, names: Iterable[str] = ()) -> Node:
    """The syntax tree of an expression; ``names`` are the names in scope (needed for names with operators or keywords).

    Raises FeelSyntaxError (with line and column) or RuleLimitError.
    """
    _check_length(text)
    return _parse(text, frozenset(names))


def parse_unary(text: str, names: Iterable[str] = ()) -> UnaryTests:
    """The unary tests of a cell, such as ``< 18, [30..40]``, ``not("A")`` or ``-``. Errors as in :func:`parse`."""
    _check_length(text)
    return _parse_unary(text, frozenset(names))
