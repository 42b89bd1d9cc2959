"""Cutting FEEL into tokens with the names in scope (DMN 1.5, clause 10.3.1.2, rules 27 to 36, and 10.3.1.4).

A FEEL name may hold spaces, keywords and operators (``date and time``, ``a-b``), so only the scope says where it ends. The rule
followed here, in this order: the longest name in scope that stands at the place; else the words up to the next keyword. Names
in scope are those given, those of the built-in functions, and those that the text itself introduces (iterators, parameters, keys).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from lark import Token

from .lexicon import (
    AT,
    COMPARE,
    DECLARED,
    FULL_WIDTH,
    INSTANCE_OF,
    KEY,
    KEYWORDS,
    NAMED_TYPES,
    NEXT_WORD,
    NUMBER,
    OPERAND_ENDS,
    OPERAND_START,
    PARAMETRIC,
    SPACE,
    STRING,
    SYMBOL,
    SYMBOLS,
    WORD,
    is_plain,
    normalise,
    pattern_of,
    special_names,
    unescape,
)
from .limits import DEFAULT_LIMITS, FeelSyntaxError, RuleLimitError
from .names import BUILTIN_NAMES
from .values import NUMBERS


class Tokenizer:
    """Cuts one text. Holds the place, the tokens so far and the scopes opened by brackets."""

    def __init__(self, text: str, names: Iterable[str] = ()) -> None:
        self.text = text
        self.place = 0
        self.tokens: list[Token] = []
        self.brackets: list[str] = []
        self.scopes: list[list[str]] = [list(special_names(BUILTIN_NAMES)), list(special_names(frozenset(names)))]
        self.type_depth = -1  # below 0: not inside a type
        self.parameters_at = -1  # depth of brackets inside which formal parameters are listed
        self.ranges: list[bool] = []  # whether ".." was read, for each bracket
        self.heads: list[int] = [
            0
        ]  # for, some, every whose iterators are being read, for each bracket and outside of all

    def run(self) -> list[Token]:
        """All tokens. Raises FeelSyntaxError or RuleLimitError."""
        while self._skip_space():
            if self.type_depth >= 0:
                self._type_token()
            else:
                self._token()
        return self.tokens

    def fail(self, code: str, message: str) -> FeelSyntaxError:
        """An error at the present place."""
        line, column = position(self.text, self.place)
        return FeelSyntaxError(code, message, line, column)

    def _skip_space(self) -> bool:
        match = SPACE.match(self.text, self.place)
        assert match is not None
        self.place = match.end()
        if self.text.startswith("/*", self.place):
            raise self.fail("rules.open_comment", "注释没有结束，请补上 */。")
        return self.place < len(self.text)

    def _add(self, kind: str, value: str, end: int) -> None:
        self.tokens.append(Token(kind, value, start_pos=self.place, end_pos=end))
        self.place = end

    @property
    def _last(self) -> str:
        return self.tokens[-1].type if self.tokens else ""

    def _expects_operand(self) -> bool:
        return self._last not in OPERAND_ENDS

    def _token(self) -> None:
        character = self.text[self.place]
        if character == '"':
            self._string()
        elif character == "@":
            self._at()
        elif (
            (character.isdigit() or character == ".")
            and (number := NUMBER.match(self.text, self.place))
            and character.isascii()
            and self._expects_operand()
        ):
            self._number(number)
        elif not self._name():
            self._symbol(character)

    def _number(self, match: re.Match[str]) -> None:
        try:
            NUMBERS.create_decimal(match[0])
        except ArithmeticError:
            raise self.fail("rules.bad_number", "数太大，超出范围。") from None
        self._add("NUMBER", match[0], match.end())

    def _string(self) -> None:
        match = STRING.match(self.text, self.place)
        if match is None:
            raise self.fail("rules.open_string", "字符串没有结束，请补上英文双引号。")
        self._add("STRING", unescape(match[1]), match.end())

    def _at(self) -> None:
        match = AT.match(self.text, self.place)
        if match is None:
            raise self.fail("rules.bad_at_literal", '@ 后面应是双引号内的日期、时间或时长，例如 @"2021-08-16"。')
        self._add("AT", match[1], match.end())

    # names

    def _name(self) -> bool:
        """Take a key, a name in scope, a keyword or a word; False when none stands here."""
        if self._declared() or self._key():
            return True
        known = self._known_at(self.place)
        word = WORD.match(self.text, self.place)
        if known is None and word is None:
            return False
        if known is not None and (word is None or known[1] >= word.end()):
            self._take_name(known[0], known[1])
            return True
        assert word is not None
        if self._last != "_DOT" and self._keyword(word[0]):
            return True
        self._take_name(word[0], word.end())
        return True

    def _take_name(self, name: str, end: int) -> None:
        """Take a name together with the words that follow it up to a keyword."""
        while (following := NEXT_WORD.match(self.text, end)) is not None:
            if (
                following[1] in KEYWORDS
                or INSTANCE_OF.match(self.text, following.start(1))
                or (following[1] == "external" and self._last == "RPAR")
            ):
                break
            name, end = f"{name} {following[1]}", following.end()
        self._add("NAME", normalise(name), end)

    def _known_at(self, place: int) -> tuple[str, int] | None:
        best: tuple[str, int] | None = None
        for scope in self.scopes[1:] if self._last == "_DOT" else self.scopes:  # no built-in function is a member
            for name in scope:
                if (best is None or len(name) > len(best[0])) and self.text.startswith(name[0], place):
                    match = pattern_of(name).match(self.text, place)
                    if match is not None:
                        best = name, match.end()
        return best

    def _declared(self) -> bool:
        """Take the name of an iterator or of a parameter where one is declared, and bring it into scope."""
        head = self._last in ("_FOR", "SOME", "EVERY") or (self._last == "_COMMA" and self.heads[-1] > 0)
        if not head and not (self.parameters_at == len(self.brackets) and self._last in ("LPAR", "_COMMA")):
            return False
        match = DECLARED.match(self.text, self.place)
        if match is None:
            return False
        self._add("NAME", normalise(match[0]), match.end())
        self._introduce(str(self.tokens[-1]))
        return True

    def _introduce(self, name: str) -> None:
        if not is_plain(name):
            self.scopes[-1].append(name)

    def _key(self) -> bool:
        """Take a key of a context or of a named argument: a name before a colon."""
        if self._last not in ("_LBRACE", "_COMMA", "LPAR") or self.parameters_at == len(self.brackets):
            return False
        match = KEY.match(self.text, self.place)
        if match is None:
            return False
        name = normalise(match[0])
        self._add("KEY", name, match.end())
        if self.brackets and self.brackets[-1] == "{":
            self._introduce(name)
        return True

    def _keyword(self, word: str) -> bool:
        instance = INSTANCE_OF.match(self.text, self.place)
        if instance is not None and not self._expects_operand():
            self._add("_INSTANCE_OF", "instance of", instance.end())
            self.type_depth = 0
            return True
        if word == "external" and self._last == "RPAR":
            self._add("_EXTERNAL", word, self.place + len(word))
            return True
        kind = KEYWORDS.get(word)
        if kind is None:
            return False
        if kind in ("_FOR", "SOME", "EVERY"):
            self.heads[-1] += 1
        elif kind in ("_RETURN", "_SATISFIES"):
            self.heads[-1] -= 1
        self._add(kind, word, self.place + len(word))
        return True

    # symbols

    def _symbol(self, character: str) -> None:
        compare = COMPARE.match(self.text, self.place)
        if compare is not None:
            self._add("COMPARE", compare[0], compare.end())
            return
        match = SYMBOL.match(self.text, self.place)
        if match is None:
            raise self._unknown(character)
        symbol = match[0]
        kind = SYMBOLS[symbol]
        if symbol in "([{":
            kind = self._open(symbol, kind)
        elif symbol in ")]}":
            kind = self._close(symbol, kind)
        elif symbol == ".." and self.brackets:
            self.ranges[-1] = True
        elif symbol == ":" and self.parameters_at == len(self.brackets):
            self.type_depth = 0
        self._add(kind, symbol, match.end())

    def _unknown(self, character: str) -> FeelSyntaxError:
        if character in FULL_WIDTH:
            return self.fail("rules.full_width", f"这里是全角符号“{character}”，请改为半角 {FULL_WIDTH[character]}。")
        return self.fail("rules.bad_character", f"规则里不能有字符“{character}”。")

    def _open(self, symbol: str, kind: str) -> str:
        if symbol == "[" and self.brackets and self.ranges[-1] and not self._expects_operand() and self._closes_range():
            self._leave()
            return "REV_CLOSE"
        self._enter(symbol)
        if symbol == "(" and self._last == "_FUNCTION":
            self.parameters_at = len(self.brackets)
        return kind

    def _closes_range(self) -> bool:
        """Whether the ``[`` here ends a range such as ``[1..5[``: nothing that could be a filter follows it."""
        following = SPACE.match(self.text, self.place + 1)
        assert following is not None
        rest = following.end()
        if OPERAND_START.match(self.text, rest) is None or self.text.startswith("]", rest):
            return True
        word = WORD.match(self.text, rest)
        return (
            word is not None
            and (word[0] in KEYWORDS or word[0] == "instance")
            and word[0] not in ("if", "for", "some", "every", "true", "false", "null", "function")
        )

    def _close(self, symbol: str, kind: str) -> str:
        if symbol == "]" and self._expects_operand() and not self._ends_empty_list():
            self._enter("[")
            return "REV_OPEN"
        if self.parameters_at == len(self.brackets):
            self.parameters_at = -1
            introduced = self.scopes[-1]
            self._leave()
            self.scopes[-1].extend(introduced)
        else:
            self._leave()
        return kind

    def _ends_empty_list(self) -> bool:
        if self._last != "LSQ":
            return False
        following = SPACE.match(self.text, self.place + 1)
        assert following is not None
        return re.compile(r'[0-9"@]').match(self.text, following.end()) is None

    def _enter(self, symbol: str) -> None:
        if len(self.brackets) >= DEFAULT_LIMITS.depth:
            raise RuleLimitError("rules.too_deep", f"规则的括号超过 {DEFAULT_LIMITS.depth} 层，请拆成几条规则。")
        self.brackets.append(symbol)
        self.scopes.append([])
        self.ranges.append(False)
        self.heads.append(0)

    def _leave(self) -> None:
        if not self.brackets:
            raise self.fail("rules.bad_bracket", "多了一个右括号。")
        self.brackets.pop()
        self.scopes.pop()
        self.ranges.pop()
        self.heads.pop()

    # types

    def _type_token(self) -> None:
        """One token of a type, after ``instance of`` or after the colon of a parameter."""
        if self.text.startswith("->", self.place):
            self._add("_ARROW", "->", self.place + 2)
            return
        character = self.text[self.place]
        if character in "<>,:":
            self.type_depth += {"<": 1, ">": -1}.get(character, 0)
            if self.type_depth > DEFAULT_LIMITS.depth:
                raise RuleLimitError("rules.too_deep", f"类型超过 {DEFAULT_LIMITS.depth} 层，请先给它起名字。")
            self._add({"<": "_LT", ">": "_GT", ",": "_COMMA", ":": "_COLON"}[character], character, self.place + 1)
        else:
            self._type_name()
        if self.type_depth <= 0 and self._last in ("TYPE_NAME", "_GT") and not self._arrow_follows():
            self.type_depth = -1

    def _arrow_follows(self) -> bool:
        following = SPACE.match(self.text, self.place)
        assert following is not None
        return self._last == "_GT" and self.text.startswith("->", following.end())

    def _type_name(self) -> None:
        key = KEY.match(self.text, self.place) if self.type_depth > 0 else None
        if key is not None and self._last in ("_LT", "_COMMA"):
            self._add("KEY", normalise(key[0]), key.end())
            return
        for name in NAMED_TYPES:
            match = pattern_of(name).match(self.text, self.place)
            if match is not None:
                self._add("TYPE_NAME", name, match.end())
                return
        word = WORD.match(self.text, self.place)
        if word is None:
            raise self.fail("rules.bad_type", "这里应是类型名，例如 number、string、list<string>。")
        following = SPACE.match(self.text, word.end())
        assert following is not None
        if word[0] in PARAMETRIC and self.text.startswith("<", following.end()):
            self._add(PARAMETRIC[word[0]], word[0], word.end())
            return
        name, end = word[0], word.end()
        while (
            (after := NEXT_WORD.match(self.text, end)) is not None
            and after[1] not in KEYWORDS
            and after[1] != "external"
        ):
            name, end = f"{name} {after[1]}", after.end()
        self._add("TYPE_NAME", name, end)


def position(text: str, place: int) -> tuple[int, int]:
    """Line and column, from 1, of an offset."""
    line = text.count("\n", 0, place) + 1
    return line, place - (text.rfind("\n", 0, place) + 1) + 1


def tokenize(text: str, names: Iterable[str] = ()) -> list[Token]:
    """Cut ``text`` with ``names`` in scope. Raises FeelSyntaxError or RuleLimitError."""
    return Tokenizer(text, names).run()
