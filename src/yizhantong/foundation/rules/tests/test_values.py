"""What values are equal, ordered, of a type, and how they come into a declared type."""

import pytest

from yizhantong.foundation.rules import compile_expression, compile_unary, evaluate
from yizhantong.foundation.rules.moments import NotAMoment, parse_moment
from yizhantong.foundation.rules.values import literal


@pytest.mark.parametrize(
    "text",
    [
        "-999999999-12-31",
        "12345-01-01",
        "0001-01-01",
        "23:59:59.123456789@Asia/Shanghai",
        "10:00:00+02:45:55",
        "2021-08-16T00:00:00Z",
        "P8Y4M",
        "-P1DT2H3.5S",
        "PT0S",
    ],
)
def test_moments_are_written_as_they_are_read(text: str) -> None:
    value = parse_moment(text)
    assert parse_moment(literal(value)) == value


@pytest.mark.parametrize(
    "text",
    [
        "2021-02-29",
        "998-01-01",
        "01211-01-01",
        "+2012-01-01",
        "24:00:01",
        "10:00",
        "1:00:00",
        "10:00:00+19:00",
        "10:00:00@No/Where",
        "10:00:00@../etc",
        "P",
        "PT",
        "P1H",
        "P1Y2D",
        "2021-08-16T",
        "",
        "２０２１-08-16",
    ],
)
def test_texts_that_are_no_moments(text: str) -> None:
    with pytest.raises(NotAMoment):
        parse_moment(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 = 1.00", True),
        ("1 = true", None),
        ("null = null", True),
        ("null < 1", None),
        ('"10" < "9"', True),
        ('@"2021-08-16T08:00:00+08:00" = @"2021-08-16T00:00:00Z"', True),
        ('@"2021-08-16T00:00:00.9Z" = @"2021-08-16T00:00:00Z"', True),
        ('@"P1Y" = @"P12M"', True),
        ('@"P1Y" < @"P366D"', None),
        ("[1, null] = [1, null]", True),
        ('[1, "a"] = [1, 2]', None),
        ("{a: 1} = {a: 1, b: 2}", False),
        ("5 in (< 3, > 4)", True),
        ("null in (1, null)", True),
        ("true and null", None),
        ("false and 1", False),
        ("1 or true", True),
    ],
)
def test_comparison_and_logic(text: str, expected: object) -> None:
    assert evaluate(text).value is expected


@pytest.mark.parametrize(
    ("text", "definition", "expected"),
    [
        ("[1]", "number", "1"),
        ("1", {"list": "number"}, "[1]"),
        ("[1, 2]", "number", "null"),
        ('@"2021-08-16"', "date and time", '@"2021-08-16T00:00:00Z"'),
        ('"B"', {"allowed": '"A", "B"', "of": "string"}, '"B"'),
        ('"C"', {"allowed": '"A", "B"', "of": "string"}, "null"),
        ('["A", "C"]', {"list": {"allowed": '"A", "B"', "of": "string"}}, "null"),
        ("{a: 1}", {"context": {"a": "number", "b": "string"}}, "null"),
        ("{a: 1, b: null}", {"context": {"a": "number", "b": "string"}}, "{a: 1, b: null}"),
        ("[1..2]", {"range": "number"}, "[1..2]"),
        ("sum([1])", {"function": {"parameters": [], "result": "Any"}}, "null"),
        ("1", "no type", "null"),
        ("1", {"nonsense": 1}, "null"),
    ],
)
def test_coercion_to_declared_types(text: str, definition: object, expected: str) -> None:
    found = compile_expression(text).evaluate({}, result_type=definition).value
    assert literal(found) == literal(evaluate(expected).value)


def test_a_type_that_means_itself_is_an_error_not_a_hang() -> None:
    found = compile_expression("1 instance of t", types={"t": {"list": "t"}, "u": "u"}).evaluate({})
    assert found.value is False
    assert compile_expression("1 instance of u", types={"u": "u"}).evaluate({}).errors[0].code == "rules.bad_type"


def test_free_names_are_those_a_rule_must_be_told() -> None:
    rule = compile_expression("a + sum(for i in b return i * c) + {d: 1, e: d}.e + (function(x) x + f)(1)")
    assert rule.names == {"a", "b", "c", "f"}


def test_unary_tests_over_values() -> None:
    check = compile_unary("> 限额, null", ["限额"])
    assert [check(value, {"限额": 5}) for value in (6, 5, None)] == [True, False, True]
    assert compile_unary("not(null)")(None, {}) is False
    assert compile_unary("> 3")(None, {}) is None
    assert compile_unary("string length(?) = 2")("锦州", {}) is True
