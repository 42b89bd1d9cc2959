"""Syntax tree to Python closures, one for each node (DMN 1.5, clause 10.3.2): the meaning of FEEL in this house.

:mod:`.fast` makes faster code for the relational part; wherever the two could differ, this one is right.
"""

from __future__ import annotations

from collections.abc import Callable

from . import ast
from .arithmetic import Undefined, arithmetic, negate
from .ast import Node
from .calls import call_named, call_positional
from .loops import compile_for, compile_quantified
from .moments import NotAMoment, parse_moment
from .properties import member
from .runtime import Code, Env, OwnFunction
from .selection import compile_filter
from .trees import uses_input
from .types import conforms
from .values import Range, compare, equal, includes, label

ORDER: dict[str, Callable[[int], bool]] = {
    "<": lambda order: order < 0,
    "<=": lambda order: order <= 0,
    ">": lambda order: order > 0,
    ">=": lambda order: order >= 0,
}


def relate(op: str, left: object, right: object) -> bool | None:
    """``left op right`` for the six comparisons; None when it cannot be said."""
    if op == "=":
        return equal(left, right)
    if op == "!=":
        same = equal(left, right)
        return None if same is None else not same
    order = compare(left, right)
    return None if order is None else ORDER[op](order)


def compile_node(node: Node) -> Code:
    """The closure of a node."""
    return _COMPILERS[type(node)](node)


def _constant(value: object) -> Code:
    return lambda env: value


def _literal(node: ast.Number | ast.String | ast.Boolean) -> Code:
    return _constant(node.value)


def _at(node: ast.At) -> Code:
    try:
        return _constant(parse_moment(node.text))
    except NotAMoment as error:
        message = str(error)
        return lambda env: env.run.fail("rules.bad_moment", message)


def _name(node: ast.Name) -> Code:
    name = node.name
    return lambda env: env.lookup(name)


def _input(node: ast.InputValue) -> Code:
    return lambda env: env.input


def _path(node: ast.Path) -> Code:
    target, name = compile_node(node.target), node.name
    return lambda env: member(env.run, target(env), name)


def _negate(node: ast.Negate) -> Code:
    operand = compile_node(node.operand)

    def code(env: Env) -> object:
        try:
            return negate(operand(env))
        except Undefined as error:
            return env.run.fail(error.code, error.message)

    return code


def _arithmetic(node: ast.Arithmetic) -> Code:
    op, left, right = node.op, compile_node(node.left), compile_node(node.right)

    def code(env: Env) -> object:
        try:
            return arithmetic(op, left(env), right(env))
        except Undefined as error:
            return env.run.fail(error.code, error.message)

    return code


def _note_mismatch(env: Env, op: str, left: object, right: object) -> None:
    if left is not None and right is not None:
        env.run.fail("rules.bad_operands", f"{label(left)}与{label(right)}之间不能用 {op} 比较")


def _compare(node: ast.Compare) -> Code:
    op, left, right = node.op, compile_node(node.left), compile_node(node.right)

    def code(env: Env) -> object:
        a, b = left(env), right(env)
        result = relate(op, a, b)
        if result is None:
            _note_mismatch(env, op, a, b)
        return result

    return code


def _between(node: ast.Between) -> Code:
    operand, low, high = compile_node(node.operand), compile_node(node.low), compile_node(node.high)

    def code(env: Env) -> object:
        value, bottom, top = operand(env), low(env), high(env)
        above, below = relate(">=", value, bottom), relate("<=", value, top)
        for result, end in ((above, bottom), (below, top)):
            if result is None:
                _note_mismatch(env, "between", value, end)
        if above is False or below is False:
            return False
        return None if above is None or below is None else True

    return code


def _logic(node: ast.Logic) -> Code:
    left, right = compile_node(node.left), compile_node(node.right)
    decides = node.op == "or"

    def code(env: Env) -> object:
        a = left(env)
        if a is decides:
            return decides
        b = right(env)
        if b is decides:
            return decides
        return (not decides) if a is (not decides) and b is (not decides) else None

    return code


# tests


def meets(value: object, wanted: object) -> bool | None:
    """Whether a value meets the value of a test: is in the range or list, or equals it."""
    if isinstance(wanted, Range):
        return equal(value, wanted) if isinstance(value, Range) else includes(wanted, value)
    if isinstance(wanted, list):
        return _meets_list(value, wanted)
    return equal(value, wanted)


def _meets_list(value: object, wanted: list[object]) -> bool | None:
    if isinstance(value, list) and equal(value, wanted):
        return True
    results = [
        includes(item, value) if isinstance(item, Range) and not isinstance(value, Range) else equal(value, item)
        for item in wanted
    ]
    return True if True in results else False if None not in results or value is not None else None


def _test(node: Node) -> Callable[[Env, object], bool | None]:
    """One test as a function of the layer and the value tested."""
    if isinstance(node, ast.Test):
        op, operand = node.op, compile_node(node.operand)
        return lambda env, value: relate(op, value, operand(env))
    code = compile_node(node)
    if uses_input(node):

        def condition(env: Env, value: object) -> bool | None:
            result = code(Env({}, env, env.run, value))
            return result if isinstance(result, bool) else None

        return condition

    def comparison(env: Env, value: object) -> bool | None:
        wanted = code(env)
        if isinstance(wanted, bool) and value is not None and not isinstance(value, bool | list):
            return wanted
        return meets(value, wanted)

    return comparison


def compile_tests(tests: ast.UnaryTests) -> Callable[[Env, object], bool | None]:
    """Unary tests as a function of the layer and the value tested: true, false or None (not known)."""
    checks = [_test(test) for test in tests.tests]
    negated = tests.negated
    if not checks:
        return lambda env, value: True

    def code(env: Env, value: object) -> bool | None:
        known = True
        for check in checks:
            result = check(env, value)
            if result:
                return not negated
            known = known and result is not None
        return negated if known else None

    return code


def _in(node: ast.In) -> Code:
    operand, tests = compile_node(node.operand), compile_tests(node.tests)
    return lambda env: tests(env, operand(env))


def _unary(node: ast.UnaryTests) -> Code:
    tests = compile_tests(node)
    return lambda env: tests(env, env.input)


def _test_value(node: ast.Test) -> Code:
    op, operand = node.op, compile_node(node.operand)
    return lambda env: Range.of_test(op, operand(env))


def _range(node: ast.Range) -> Code:
    if node.low is None or node.high is None:
        end = node.low if node.low is not None else node.high
        assert end is not None
        sign = (">" if node.low is not None else "<") + ("=" if node.low_closed or node.high_closed else "")
        return _test_value(ast.Test(sign, end))
    low, high, low_closed, high_closed = (
        compile_node(node.low),
        compile_node(node.high),
        node.low_closed,
        node.high_closed,
    )
    return lambda env: Range(low(env), high(env), low_closed, high_closed)


# larger forms


def _if(node: ast.If) -> Code:
    condition, yes, no = compile_node(node.condition), compile_node(node.yes), compile_node(node.no)
    return lambda env: yes(env) if condition(env) is True else no(env)


def _instance_of(node: ast.InstanceOf) -> Code:
    operand, wanted = compile_node(node.operand), node.type

    def code(env: Env) -> object:
        value = operand(env)
        return False if value is None else conforms(env.run, value, wanted)

    return code


def _list(node: ast.ListLiteral) -> Code:
    items = [compile_node(item) for item in node.items]
    return lambda env: [item(env) for item in items]


def _context(node: ast.ContextLiteral) -> Code:
    entries = [(key, compile_node(value)) for key, value in node.entries]
    repeated = len({key for key, _ in entries}) < len(entries)

    def code(env: Env) -> object:
        if repeated:
            return env.run.fail("rules.repeated_key", "上下文里有重复的键。")
        made: dict[str, object] = {}
        layer = env.inner(made)
        for key, value in entries:
            result = value(layer)
            made[key] = result
            if isinstance(result, OwnFunction):
                result.name = key
        return made

    return code


def _function(node: ast.FunctionDefinition) -> Code:
    if node.external:
        return lambda env: env.run.fail("rules.external", "不支持外部函数，按未知处理。")
    body = compile_node(node.body)
    return lambda env: OwnFunction(node, body, env)


def _call(node: ast.Call) -> Code:
    function = compile_node(node.function)
    positional = [compile_node(argument) for argument in node.positional]
    named = [(name, compile_node(argument)) for name, argument in node.named]

    def code(env: Env) -> object:
        called = function(env)
        if named:
            return call_named(env.run, called, {name: argument(env) for name, argument in named}, len(named))
        return call_positional(env.run, called, [argument(env) for argument in positional])

    return code


_COMPILERS: dict[type[Node], Callable[..., Code]] = {
    ast.Number: _literal,
    ast.String: _literal,
    ast.Boolean: _literal,
    ast.Null: lambda node: _constant(None),
    ast.At: _at,
    ast.Name: _name,
    ast.InputValue: _input,
    ast.Path: _path,
    ast.Negate: _negate,
    ast.Arithmetic: _arithmetic,
    ast.Compare: _compare,
    ast.Between: _between,
    ast.Logic: _logic,
    ast.In: _in,
    ast.UnaryTests: _unary,
    ast.Test: _test_value,
    ast.Range: _range,
    ast.If: _if,
    ast.For: lambda node: compile_for(node, compile_node),
    ast.Quantified: lambda node: compile_quantified(node, compile_node),
    ast.InstanceOf: _instance_of,
    ast.ListLiteral: _list,
    ast.ContextLiteral: _context,
    ast.FunctionDefinition: _function,
    ast.Call: _call,
    ast.Filter: lambda node: compile_filter(node, compile_node),
}
