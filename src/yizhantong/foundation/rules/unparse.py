"""From the syntax tree back to FEEL text: ``parse(to_text(node)) == node``.

Used wherever a part of a rule is shown to a person: in explanations, in refusals of the SQL compiler, in saved tables.
Only the parentheses that precedence asks for are written (OMG DMN 1.5, clause 10.3.1.2, rules 1 to 65); where dialects of
FEEL disagree about precedence (``**``, unary minus, ``instance of``) parentheses are written anyway.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from . import ast

_LOOSE, _OR, _AND, _COMPARE, _ADD, _MULTIPLY, _POWER, _NEGATE, _INSTANCE, _PRIMARY = range(10)
_PLAIN_KEY = re.compile(r"[^\W\d]\w*(?: \w+)*")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_ARITHMETIC = {"+": _ADD, "-": _ADD, "*": _MULTIPLY, "/": _MULTIPLY, "**": _POWER}
_LONGEST_PLAIN_EXPONENT = 40


def to_text(node: ast.Node) -> str:
    """FEEL text of ``node`` on one line; raises ``TypeError`` for what is not a node of :mod:`.ast`."""
    return _write(node)[0]


def quote(text: str) -> str:
    """``text`` as a FEEL string literal, with quotes, backslashes and control characters escaped."""
    return '"' + "".join(_escape(char) for char in text) + '"'


def _escape(char: str) -> str:
    plain = _ESCAPES.get(char)
    if plain is not None:
        return plain
    return f"\\u{ord(char):04x}" if ord(char) < 0x20 or ord(char) == 0x7F else char


def _write(node: ast.Node) -> tuple[str, int]:
    writer = _WRITERS.get(type(node))
    if writer is None:
        raise TypeError(f"not a FEEL node: {node!r}")
    return writer(node)


def _at(node: ast.Node, level: int) -> str:
    """Text of ``node`` as an operand that must bind at least as tightly as ``level``."""
    text, own = _write(node)
    return text if own >= level else f"({text})"


def _number(node: ast.Number) -> tuple[str, int]:
    value = node.value
    _, digits, exponent = value.as_tuple()
    small = isinstance(exponent, int) and abs(exponent) + len(digits) <= _LONGEST_PLAIN_EXPONENT
    return (format(value, "f") if small else str(value)), (_PRIMARY if value >= Decimal(0) else _NEGATE)


def _arithmetic(node: ast.Arithmetic) -> tuple[str, int]:
    level = _ARITHMETIC[node.op]
    left = _PRIMARY if level == _POWER else level
    right = _PRIMARY if level == _POWER else level + 1
    return f"{_at(node.left, left)} {node.op} {_at(node.right, right)}", level


def _compare(node: ast.Compare) -> tuple[str, int]:
    return f"{_at(node.left, _ADD)} {node.op} {_at(node.right, _ADD)}", _COMPARE


def _logic(node: ast.Logic) -> tuple[str, int]:
    level = _AND if node.op == "and" else _OR
    return f"{_at(node.left, level)} {node.op} {_at(node.right, level + 1)}", level


def _between(node: ast.Between) -> tuple[str, int]:
    return f"{_at(node.operand, _ADD)} between {_at(node.low, _ADD)} and {_at(node.high, _ADD)}", _COMPARE


def _test(node: ast.Test) -> tuple[str, int]:
    return f"{node.op} {_at(node.operand, _ADD)}", _COMPARE


def _tests(node: ast.UnaryTests) -> tuple[str, int]:
    inner = _comma(node.tests) if node.tests else "-"
    return (f"not({inner})" if node.negated else inner), _LOOSE


def _in(node: ast.In) -> tuple[str, int]:
    tests = node.tests
    bare = len(tests.tests) == 1 and isinstance(tests.tests[0], ast.ListLiteral | ast.Range) and not tests.negated
    right = _write(tests)[0] if bare or tests.negated else f"({_write(tests)[0]})"
    return f"{_at(node.operand, _ADD)} in {right}", _COMPARE


def _range(node: ast.Range) -> tuple[str, int]:
    if node.low is None and node.high is not None:
        return f"({'<=' if node.high_closed else '<'} {_at(node.high, _ADD)})", _PRIMARY
    if node.high is None and node.low is not None:
        return f"({'>=' if node.low_closed else '>'} {_at(node.low, _ADD)})", _PRIMARY
    if node.low is None or node.high is None:
        raise TypeError("a range has at least one end")
    opening, closing = ("[" if node.low_closed else "("), ("]" if node.high_closed else ")")
    return f"{opening}{_at(node.low, _ADD)}..{_at(node.high, _ADD)}{closing}", _PRIMARY


def _call(node: ast.Call) -> tuple[str, int]:
    arguments = _comma(node.positional) or ", ".join(f"{name}: {_write(value)[0]}" for name, value in node.named)
    return f"{_at(node.function, _PRIMARY)}({arguments})", _PRIMARY


def _if(node: ast.If) -> tuple[str, int]:
    return f"if {_write(node.condition)[0]} then {_write(node.yes)[0]} else {_write(node.no)[0]}", _LOOSE


def _iterators(iterators: tuple[ast.Iterator, ...]) -> str:
    parts = []
    for item in iterators:
        end = f"..{_at(item.end, _ADD)}" if item.end is not None else ""
        parts.append(f"{item.name} in {_at(item.domain, _ADD)}{end}")
    return ", ".join(parts)


def _for(node: ast.For) -> tuple[str, int]:
    return f"for {_iterators(node.iterators)} return {_write(node.body)[0]}", _LOOSE


def _quantified(node: ast.Quantified) -> tuple[str, int]:
    return f"{node.kind} {_iterators(node.iterators)} satisfies {_write(node.body)[0]}", _LOOSE


def _function(node: ast.FunctionDefinition) -> tuple[str, int]:
    parameters = ", ".join(
        f"{item.name}: {_write(item.type)[0]}" if item.type is not None else item.name for item in node.parameters
    )
    external = "external " if node.external else ""
    return f"function({parameters}) {external}{_write(node.body)[0]}", _LOOSE


def _key(name: str) -> str:
    return name if _PLAIN_KEY.fullmatch(name) else quote(name)


def _context(node: ast.ContextLiteral) -> tuple[str, int]:
    return "{" + ", ".join(f"{_key(name)}: {_write(value)[0]}" for name, value in node.entries) + "}", _PRIMARY


def _context_type(node: ast.ContextType) -> tuple[str, int]:
    return "context<" + ", ".join(f"{name}: {_write(item)[0]}" for name, item in node.entries) + ">", _PRIMARY


def _function_type(node: ast.FunctionType) -> tuple[str, int]:
    return f"function<{_comma(node.parameters)}> -> {_write(node.result)[0]}", _PRIMARY


def _comma(nodes: tuple[ast.Node, ...]) -> str:
    return ", ".join(_write(node)[0] for node in nodes)


_WRITERS: dict[type[ast.Node], Callable[[Any], tuple[str, int]]] = {
    ast.Number: _number,
    ast.String: lambda node: (quote(node.value), _PRIMARY),
    ast.Boolean: lambda node: ("true" if node.value else "false", _PRIMARY),
    ast.Null: lambda node: ("null", _PRIMARY),
    ast.At: lambda node: ("@" + quote(node.text), _PRIMARY),
    ast.Name: lambda node: (node.name, _PRIMARY),
    ast.InputValue: lambda node: ("?", _PRIMARY),
    ast.Path: lambda node: (f"{_at(node.target, _PRIMARY)}.{node.name}", _PRIMARY),
    ast.Negate: lambda node: ("-" + _at(node.operand, _PRIMARY), _NEGATE),
    ast.Arithmetic: _arithmetic,
    ast.Compare: _compare,
    ast.Between: _between,
    ast.Test: _test,
    ast.UnaryTests: _tests,
    ast.In: _in,
    ast.Logic: _logic,
    ast.TypeName: lambda node: (node.name, _PRIMARY),
    ast.ListType: lambda node: (f"list<{_write(node.item)[0]}>", _PRIMARY),
    ast.RangeType: lambda node: (f"range<{_write(node.item)[0]}>", _PRIMARY),
    ast.ContextType: _context_type,
    ast.FunctionType: _function_type,
    ast.InstanceOf: lambda node: (f"{_at(node.operand, _PRIMARY)} instance of {_write(node.type)[0]}", _INSTANCE),
    ast.If: _if,
    ast.For: _for,
    ast.Quantified: _quantified,
    ast.FunctionDefinition: _function,
    ast.Call: _call,
    ast.Filter: lambda node: (f"{_at(node.target, _PRIMARY)}[{_write(node.predicate)[0]}]", _PRIMARY),
    ast.ListLiteral: lambda node: (f"[{_comma(node.items)}]", _PRIMARY),
    ast.ContextLiteral: _context,
    ast.Range: _range,
}
