"""What the parser reads, and how it refuses."""

from decimal import Decimal

import pytest

from yizhantong.foundation.rules import ast
from yizhantong.foundation.rules.limits import DEFAULT_LIMITS, FeelSyntaxError, RuleLimitError
from yizhantong.foundation.rules.parser import parse, parse_unary

ONE, TWO, THREE = (ast.Number(Decimal(n)) for n in (1, 2, 3))


def test_chinese_names_and_relations() -> None:
    assert parse('年营业收入 >= 1 and 行业 in ("C26", "C38")') == ast.Logic(
        "and",
        ast.Compare(">=", ast.Name("年营业收入"), ONE),
        ast.In(ast.Name("行业"), ast.UnaryTests((ast.String("C26"), ast.String("C38")))),
    )


def test_name_with_operator_is_found_only_in_scope() -> None:
    assert parse("a-b", ["a-b"]) == ast.Name("a-b")
    assert parse("a-b") == ast.Arithmetic("-", ast.Name("a"), ast.Name("b"))
    assert parse("a-b-c", ["a-b", "a-b-c"]) == ast.Name("a-b-c")
    assert parse("注册资本（万元） > 1", ["注册资本（万元）"]) == ast.Compare(">", ast.Name("注册资本（万元）"), ONE)


def test_names_with_spaces_are_normalised() -> None:
    assert parse("a   b \n c") == ast.Name("a b c")
    assert parse("date  and\n time", []) == ast.Name("date and time")
    assert parse("x.date and time") == ast.Logic("and", ast.Path(ast.Name("x"), "date"), ast.Name("time"))
    assert parse("profit and loss", ["profit and loss"]) == ast.Name("profit and loss")


@pytest.mark.parametrize(
    "text",
    ["for x-y in [1] return x-y", "some x-y in [1] satisfies x-y", "{x-y: 1, z: x-y}.z", "function(x-y) x-y"],
)
def test_names_that_the_text_introduces(text: str) -> None:
    assert "Name(name='x-y')" in repr(parse(text))
    assert "Arithmetic" not in repr(parse(text))


def test_names_introduced_inside_brackets_end_with_them() -> None:
    tree = parse("(for x-y in [1] return x-y)[1] + x-y")
    assert tree == ast.Arithmetic(
        "-", ast.Arithmetic("+", parse("(for x-y in [1] return x-y)[1]"), ast.Name("x")), ast.Name("y")
    )


def test_precedence_of_the_norm() -> None:
    assert parse("1 + 2 * 3") == ast.Arithmetic("+", ONE, ast.Arithmetic("*", TWO, THREE))
    assert parse("1 ** 2 ** 3") == ast.Arithmetic("**", ast.Arithmetic("**", ONE, TWO), THREE)
    assert parse("-1 ** 2") == ast.Arithmetic("**", ast.Negate(ONE), TWO)
    assert parse("x between 1 and 2 and y") == ast.Logic("and", ast.Between(ast.Name("x"), ONE, TWO), ast.Name("y"))
    assert parse("-1 instance of number") == ast.InstanceOf(ast.Negate(ONE), ast.TypeName("number"))


def test_ranges_with_every_kind_of_end() -> None:
    assert parse("]1..2[") == parse("(1..2)") == ast.Range(ONE, TWO, False, False)
    assert parse("x in [1..2[ and y") == ast.Logic(
        "and", ast.In(ast.Name("x"), ast.UnaryTests((ast.Range(ONE, TWO, True, False),))), ast.Name("y")
    )
    assert parse("[[1..2[, 3]") == ast.ListLiteral((ast.Range(ONE, TWO, True, False), THREE))
    assert parse("[[1..2], 3][1]") == ast.Filter(ast.ListLiteral((ast.Range(ONE, TWO, True, True), THREE)), ONE)
    assert parse("(< 1)") == ast.Range(None, ONE, False, False)
    assert parse("x in (<= 1)") == ast.In(ast.Name("x"), ast.UnaryTests((ast.Test("<=", ONE),)))


def test_unary_tests() -> None:
    assert parse_unary(" - ") == ast.UnaryTests(())
    assert parse_unary("not(1, < 2)") == ast.UnaryTests((ONE, ast.Test("<", TWO)), negated=True)
    assert parse_unary("not(a) and b").negated is False
    assert parse_unary("? > 1") == ast.UnaryTests((ast.Compare(">", ast.InputValue(), ONE),))


def test_types() -> None:
    tree = parse("function(f: function<number, list<string>> -> context<a b: date and time>, y) f")
    assert isinstance(tree, ast.FunctionDefinition)
    assert tree.parameters[0].type == ast.FunctionType(
        (ast.TypeName("number"), ast.ListType(ast.TypeName("string"))),
        ast.ContextType((("a b", ast.TypeName("date and time")),)),
    )


def test_string_escapes() -> None:
    assert parse(r'"\u4e00\n\"\\ \s \ud83d\udc0e \U01F40E"') == ast.String('一\n"\\ \\s 🐎 🐎')


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("1 +", "rules.unfinished", 1, 4),
        ("a =\n  = b", "rules.unexpected", 2, 3),
        ("a， b", "rules.full_width", 1, 2),
        ('"abc', "rules.open_string", 1, 1),
        ("1 /* x", "rules.open_comment", 1, 3),
        ("(1))", "rules.bad_bracket", 1, 4),
        ("a # b", "rules.bad_character", 1, 3),
        ("@1", "rules.bad_at_literal", 1, 1),
        ("x instance of <", "rules.unexpected", 1, 15),
        ("", "rules.unfinished", 1, 1),
    ],
)
def test_errors_say_where(text: str, code: str, line: int, column: int) -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        parse(text)
    assert (caught.value.code, caught.value.line, caught.value.column) == (code, line, column)
    assert f"第 {line} 行第 {column} 列" in str(caught.value)


@pytest.mark.parametrize(
    "text", ["(" * 5000, "-" * 5000 + "1", "1" + "+1" * 5000, "[" * 150 + "]" * 150, "x instance of " + "list<" * 3000]
)
def test_texts_too_deep_are_refused(text: str) -> None:
    with pytest.raises(RuleLimitError) as caught:
        parse(text)
    assert caught.value.code == "rules.too_deep"


def test_texts_too_long_are_refused() -> None:
    with pytest.raises(RuleLimitError, match="超过上限"):
        parse('"' + "x" * DEFAULT_LIMITS.text + '"')
