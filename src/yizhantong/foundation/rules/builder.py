"""From grammar to tree: one method for each alternative of ``feel.lark``."""

from __future__ import annotations

from lark import Token, Transformer, v_args

from . import ast
from .ast import Node
from .values import NUMBERS


@v_args(inline=True)
class TreeBuilder(Transformer[Token, Node]):
    """Builds the nodes of :mod:`.ast` while Lark parses, so no second pass and no recursion is needed."""

    def number(self, token: Token) -> Node:
        return ast.Number(NUMBERS.create_decimal(token))

    def string(self, token: Token) -> Node:
        return ast.String(str(token))

    def at(self, token: Token) -> Node:
        return ast.At(str(token))

    def true(self, _: Token) -> Node:
        return ast.Boolean(True)

    def false(self, _: Token) -> Node:
        return ast.Boolean(False)

    def null(self, _: Token) -> Node:
        return ast.Null()

    def name(self, token: Token) -> Node:
        return ast.Name(str(token))

    def input_value(self, _: Token) -> Node:
        return ast.InputValue()

    def parenthesised(self, _open: Token, node: Node, _close: Token) -> Node:
        return node

    # logic and comparison

    def disjoin(self, left: Node, right: Node) -> Node:
        return ast.Logic("or", left, right)

    def conjoin(self, left: Node, right: Node) -> Node:
        return ast.Logic("and", left, right)

    def compare(self, left: Node, op: Token, right: Node) -> Node:
        return ast.Compare(str(op), left, right)

    def between(self, operand: Node, low: Node, high: Node) -> Node:
        return ast.Between(operand, low, high)

    def is_in(self, operand: Node, tests: ast.UnaryTests) -> Node:
        return ast.In(operand, tests)

    def one_test(self, test: Node) -> Node:
        return ast.UnaryTests((as_test(test),))

    def one_operator_test(self, op: Token, operand: Node) -> Node:
        return ast.UnaryTests((ast.Test(str(op), operand),))

    def several_tests(self, _open: Token, tests: tuple[Node, ...], _close: Token) -> Node:
        return ast.UnaryTests(tests)

    def tests(self, *tests: Node) -> tuple[Node, ...]:
        return tuple(as_test(test) for test in tests)

    def operator_test(self, op: Token, operand: Node) -> Node:
        return ast.Test(str(op), operand)

    def positive_tests(self, tests: tuple[Node, ...]) -> Node:
        return ast.UnaryTests(tests)

    def negated_tests(self, _open: Token, tests: tuple[Node, ...], _close: Token) -> Node:
        return ast.UnaryTests(tests, negated=True)

    # arithmetic

    def arithmetic(self, left: Node, op: Token, right: Node) -> Node:
        return ast.Arithmetic(str(op), left, right)

    def negate(self, _: Token, operand: Node) -> Node:
        if isinstance(operand, ast.InstanceOf) and isinstance(operand.operand, ast.Number):
            return ast.InstanceOf(ast.Negate(operand.operand), operand.type)  # "-1" is a literal (rule 37)
        return ast.Negate(operand)

    # larger forms

    def if_then_else(self, condition: Node, yes: Node, no: Node) -> Node:
        return ast.If(condition, yes, no)

    def for_return(self, iterators: tuple[ast.Iterator, ...], body: Node) -> Node:
        return ast.For(iterators, body)

    def quantified(self, kind: Token, iterators: tuple[ast.Iterator, ...], body: Node) -> Node:
        return ast.Quantified(str(kind), iterators, body)

    def iterators(self, *iterators: ast.Iterator) -> tuple[ast.Iterator, ...]:
        return iterators

    def iterator(self, name: Token, domain: Node, end: Node | None = None) -> Node:
        return ast.Iterator(str(name), domain, end)

    def function_definition(
        self, _open: Token, parameters: tuple[ast.Parameter, ...] | None, _close: Token, body: Node
    ) -> Node:
        return ast.FunctionDefinition(parameters or (), body)

    def external_definition(
        self, _open: Token, parameters: tuple[ast.Parameter, ...] | None, _close: Token, body: Node
    ) -> Node:
        return ast.FunctionDefinition(parameters or (), body, external=True)

    def parameters(self, *parameters: ast.Parameter) -> tuple[ast.Parameter, ...]:
        return parameters

    def parameter(self, name: Token, kind: Node | None) -> Node:
        return ast.Parameter(str(name), kind)

    # postfix forms

    def path(self, target: Node, name: Token) -> Node:
        return ast.Path(target, str(name))

    def filter(self, target: Node, _open: Token, predicate: Node, _close: Token) -> Node:
        return ast.Filter(target, predicate)

    def call(
        self, function: Node, _open: Token, arguments: tuple[str, tuple[object, ...]] | None, _close: Token
    ) -> Node:
        kind, values = arguments or ("positional", ())
        return ast.Call(function, **{kind: values})  # type: ignore[arg-type]

    def positional(self, items: tuple[Node, ...]) -> tuple[str, tuple[Node, ...]]:
        return "positional", items

    def named_arguments(self, *named: tuple[str, Node]) -> tuple[str, tuple[tuple[str, Node], ...]]:
        return "named", named

    def named(self, key: Token, value: Node) -> tuple[str, Node]:
        return str(key), value

    def instance_of(self, operand: Node, kind: Node) -> Node:
        return ast.InstanceOf(operand, kind)

    # literals with parts

    def items(self, *items: Node) -> tuple[Node, ...]:
        return items

    def empty_list(self, _open: Token, _close: Token) -> Node:
        return ast.ListLiteral(())

    def list_literal(self, _open: Token, items: tuple[Node, ...], _close: Token) -> Node:
        return ast.ListLiteral(items)

    def context_literal(self, *entries: tuple[str, Node]) -> Node:
        return ast.ContextLiteral(entries)

    def entry(self, key: Token, value: Node) -> tuple[str, Node]:
        return str(key), value

    def close(self, token: Token) -> Token:
        return token

    def range(self, opening: Token, low: Node, high: Node, closing: Token) -> Node:
        return ast.Range(low, high, opening.type == "LSQ", closing.type == "RSQ")

    def open_range(self, _open: Token, op: Token, operand: Node, _close: Token) -> Node:
        if op == "=" or op == "!=":
            return ast.Test(str(op), operand)
        closed = len(op) == 2
        return ast.Range(None, operand, False, closed) if op[0] == "<" else ast.Range(operand, None, closed, False)

    # types

    def type_name(self, token: Token) -> Node:
        return ast.TypeName(str(token))

    def list_type(self, item: Node) -> Node:
        return ast.ListType(item)

    def range_type(self, item: Node) -> Node:
        return ast.RangeType(item)

    def context_type(self, *members: tuple[str, Node] | None) -> Node:
        return ast.ContextType(tuple(member for member in members if member is not None))

    def member(self, key: Token, kind: Node) -> tuple[str, Node]:
        return str(key), kind

    def function_type(self, parameters: tuple[Node, ...] | None, result: Node) -> Node:
        return ast.FunctionType(parameters or (), result)

    def types(self, *types: Node) -> tuple[Node, ...]:
        return types


def as_test(node: Node) -> Node:
    """A range with an open end, written ``(< 5)``, as the test that it is."""
    if isinstance(node, ast.Range) and node.low is None and node.high is not None:
        return ast.Test("<=" if node.high_closed else "<", node.high)
    if isinstance(node, ast.Range) and node.high is None and node.low is not None:
        return ast.Test(">=" if node.low_closed else ">", node.low)
    return node
