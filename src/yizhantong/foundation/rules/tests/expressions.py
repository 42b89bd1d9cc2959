"""Strategies for expressions and records, for property tests of this room."""

import datetime as py
from decimal import Decimal

from hypothesis import strategies as st

NAMES = ("甲", "b", "c d", "e")
LITERALS = ("0", "1", "-2.5", "100", '"x"', '"一"', "true", "false", "null", '@"2021-08-16"', '@"1999-01-01"', "1e3")
OPERATORS = ("=", "!=", "<", "<=", ">", ">=")

COMMON = (0, 1, 100, Decimal("1.0"), True, False, "x", "一", py.date(2021, 8, 16), None)
"""Values near the literals, so that a test at its very bound happens often."""

VALUES = st.one_of(
    st.sampled_from(COMMON),
    st.sampled_from(COMMON),
    st.sampled_from(
        [Decimal("-2.5"), Decimal("100.00"), Decimal("NaN"), Decimal("Infinity"), -5, 0.1, 1.0, float("nan")]
    ),
    st.sampled_from(["y", "", py.date(1999, 1, 1), py.datetime(2021, 8, 16), py.timedelta(1), py.time(1)]),
    st.sampled_from([[1, "x"], [], {"a": 1}, (1,), object()]),
)
RECORDS = st.fixed_dictionaries(
    {"甲": VALUES, "b": VALUES}, optional={"c d": VALUES, "e": VALUES, "not": VALUES, "count": VALUES}
)

_operand = st.sampled_from(["甲", "甲", "b", "b", "c d", "e", *LITERALS, "count"])
_compare = st.builds("{} {} {}".format, _operand, st.sampled_from(OPERATORS), _operand)
_relation = st.builds(
    "{} {} {}".format, st.sampled_from(["甲", "b"]), st.sampled_from(OPERATORS), st.sampled_from(LITERALS)
)
_turned = st.builds(
    "{} {} {}".format, st.sampled_from(LITERALS), st.sampled_from(OPERATORS), st.sampled_from(["甲", "b"])
)
_between = st.builds("{} between {} and {}".format, _operand, _operand, _operand)
_range = st.builds(
    "{}{}..{}{}".format,
    st.sampled_from("[("),
    st.sampled_from(LITERALS),
    st.sampled_from(LITERALS),
    st.sampled_from("])"),
)
_test = st.one_of(
    st.sampled_from(LITERALS), st.builds("{} {}".format, st.sampled_from(OPERATORS), st.sampled_from(LITERALS)), _range
)
_in = st.builds("{} in ({})".format, _operand, st.lists(_test, min_size=1, max_size=4).map(", ".join))
_in_list = st.builds(
    "{} in [{}]".format, _operand, st.lists(st.sampled_from(LITERALS), min_size=1, max_size=3).map(", ".join)
)
_other = st.sampled_from(
    ["b + 1 > 2", "[1, 2][b]", "1 / b = 1", "for i in 1..b return i", "string length(e) = 1", "e", "count(c d) > 1"]
)
SIMPLE = st.one_of(_relation, _relation, _turned, _compare, _between, _in, _in_list, _other)
CONDITIONS = st.one_of(
    SIMPLE,
    st.builds("{} and {}".format, SIMPLE, SIMPLE),
    st.recursive(
        st.one_of(SIMPLE, _operand),
        lambda inner: st.one_of(
            st.builds("({} and {})".format, inner, inner),
            st.builds("({} or {})".format, inner, inner),
            st.builds("not({})".format, inner),
        ),
        max_leaves=6,
    ),
)
PIECES = st.sampled_from(
    [
        *NAMES,
        *LITERALS,
        *OPERATORS,
        "and",
        "or",
        "not",
        "if",
        "then",
        "else",
        "for",
        "in",
        "return",
        "some",
        "every",
        "satisfies",
        "between",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        ".",
        "..",
        "**",
        "*",
        "/",
        "+",
        "-",
        "function",
        "instance of",
        "list<number>",
        "date and time",
        "sum",
        "sort",
        "string",
        "matches",
        "replace",
        "range",
        "?",
        "@",
        '"',
        "\\",
        "//",
        "/*",
        "，",
        "\n",
        "9" * 50,
        "1e6144",
        "-> ",
        "<",
        "external",
        "\u200b",
    ]
)
TEXTS = st.one_of(
    st.lists(PIECES, max_size=14).map(" ".join), st.lists(PIECES, max_size=14).map("".join), st.text(max_size=40)
)
