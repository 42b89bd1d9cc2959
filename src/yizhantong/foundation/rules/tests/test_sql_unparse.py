"""FEEL written from its tree reads back as the same tree."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from yizhantong.foundation.rules import ast
from yizhantong.foundation.rules.parser import parse, parse_unary
from yizhantong.foundation.rules.unparse import to_text

NAMES = ("a", "年营业收入", "full name", "x")

numbers = st.decimals(0, 10**12, places=3).map(lambda value: ast.Number(Decimal(value)))
texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=8).map(ast.String)
leaves = st.one_of(
    numbers,
    texts,
    st.booleans().map(ast.Boolean),
    st.just(ast.Null()),
    st.sampled_from(("2021-08-16", "P3D", "2021-08-16T10:00:00Z")).map(ast.At),
    st.sampled_from(NAMES).map(ast.Name),
)
comparisons = st.sampled_from(("=", "!=", "<", "<=", ">", ">="))


def _tests(children: st.SearchStrategy[ast.Node]) -> st.SearchStrategy[ast.UnaryTests]:
    one = st.one_of(children, st.builds(ast.Test, comparisons, children), _ranges(children))
    return st.lists(one, min_size=1, max_size=3).map(lambda items: ast.UnaryTests(tuple(items)))


def _ranges(children: st.SearchStrategy[ast.Node]) -> st.SearchStrategy[ast.Node]:
    return st.builds(ast.Range, children, children, st.booleans(), st.booleans())


def _negations(children: st.SearchStrategy[ast.Node]) -> st.SearchStrategy[ast.Node]:
    return children.filter(lambda node: not isinstance(node, ast.InstanceOf)).map(ast.Negate)


def _iterators(children: st.SearchStrategy[ast.Node]) -> st.SearchStrategy[tuple[ast.Iterator, ...]]:
    return st.builds(lambda domain, end: (ast.Iterator("x", domain, end),), children, st.none() | children)


def _larger(children: st.SearchStrategy[ast.Node]) -> st.SearchStrategy[ast.Node]:
    items = st.lists(children, max_size=3).map(tuple)
    return st.one_of(
        st.builds(ast.Arithmetic, st.sampled_from(("+", "-", "*", "/", "**")), children, children),
        st.builds(ast.Compare, comparisons, children, children),
        st.builds(ast.Logic, st.sampled_from(("and", "or")), children, children),
        st.builds(ast.Between, children, children, children),
        st.builds(ast.In, children, _tests(children)),
        st.builds(ast.If, children, children, children),
        st.builds(ast.Filter, children, children),
        st.builds(ast.Path, children, st.sampled_from(("year", "金额"))),
        st.builds(ast.For, _iterators(children), children),
        st.builds(ast.Quantified, st.sampled_from(("some", "every")), _iterators(children), children),
        st.builds(ast.InstanceOf, children, st.sampled_from(("number", "date and time")).map(ast.TypeName)),
        st.builds(lambda values: ast.Call(ast.Name("max"), values), items),
        st.builds(lambda value: ast.Call(ast.Name("abs"), (), (("n", value),)), children),
        st.builds(lambda value: ast.ContextLiteral((("key", value), ("a+b", value))), children),
        items.map(ast.ListLiteral),
        _ranges(children),
        _negations(children),
    )


nodes = st.recursive(leaves, _larger, max_leaves=12)


@settings(max_examples=120, deadline=None)
@example(ast.Compare("<", ast.Compare("<", ast.Number(Decimal(1)), ast.Number(Decimal(2))), ast.Boolean(True)))
@example(ast.Number(Decimal("1E+100")))
@given(nodes)
def test_text_of_a_tree_parses_to_the_same_tree(node: ast.Node) -> None:
    assert parse(to_text(node), NAMES) == node


@settings(max_examples=50, deadline=None)
@given(_tests(nodes), st.booleans())
def test_text_of_unary_tests_parses_to_the_same_tests(tests: ast.UnaryTests, negated: bool) -> None:
    node = ast.UnaryTests(tests.tests, negated)
    assert parse_unary(to_text(node), NAMES) == node


@pytest.mark.parametrize(
    "text",
    [
        "年营业收入 >= 4000000 and (a in [1, 2] or not(x))",
        'if a = null then "无" else full name',
        "a - (x - 1) - 2",
        "a in (< 5)",
        "a in (>= 5, null, [1..3))",
        "function(n: number, m) n + m",
        "a instance of list<context<k: number, n: function<string> -> range<date>>>",
        "-(a + 1)",
        "(a or x) and a",
    ],
)
def test_text_is_written_as_a_person_would(text: str) -> None:
    node = parse(text, NAMES)
    assert to_text(node) == text


def test_what_is_not_a_node_is_refused() -> None:
    with pytest.raises(TypeError, match="not a FEEL node"):
        to_text("a")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="at least one end"):
        to_text(ast.Range(None, None, True, True))
