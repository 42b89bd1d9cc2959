"""Fast code for the relational part of FEEL: Python source made for one rule, with the same meaning as the closures.

Comparisons of a variable with a literal or another variable, ``between``, ``in`` with literals, and their ``and``, ``or`` and ``not``
become statements over the plain classes that records hold (``int``, ``Decimal``, ``str``, ``bool``, ``date``). Where a value is of
another class (float, datetime, list …) the whole rule is handed to the closures, so the meaning cannot differ; a part of
another form is evaluated by its own closure, in its place.

The answer of a condition lives in a variable that is True, False or None (not known). ``and`` goes on while it is not False and keeps the
later answer unless that is True; ``or`` mirrors it. A chain of ``and`` at the top leaves the function at the first False.
"""

from __future__ import annotations

import datetime as py
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import cast

from . import ast
from .ast import Node
from .limits import RuleLimitError
from .moments import NotAMoment, parse_moment
from .names import BUILTIN_NAMES
from .trees import uses_input

Record = Mapping[str, object]
Slow = Callable[[Record], object]
MAX_DEPTH = 40
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
_INVERSE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "!=", "!=": "=="}
_GROUPS: dict[type, str] = {int: "number", Decimal: "number", str: "string", bool: "boolean", py.date: "date"}
_CHECKS = {
    "number": "{0}.__class__ is int or {0}.__class__ is Decimal and {0}.is_finite()",
    "string": "{0}.__class__ is str",
    "boolean": "{0}.__class__ is bool",
    "date": "{0}.__class__ is date",
}
_PLAIN = "({0} is None or {0}.__class__ in PLAIN or {0}.__class__ is Decimal and {0}.is_finite())"
_ODD = (RuleLimitError, RecursionError, OverflowError, MemoryError, ArithmeticError, TypeError, ValueError)


class NotFast(Exception):
    """The node has no fast form."""


def literal_of(node: Node) -> object:
    """The Python value of a literal of a plain class; whole numbers as ``int``, which compares faster and alike. Raises NotFast."""
    if isinstance(node, ast.Negate) and isinstance(node.operand, ast.Number):
        return _shortened(node.operand.value.copy_negate())
    if isinstance(node, ast.Number):
        return _shortened(node.value)
    if isinstance(node, ast.String | ast.Boolean):
        return node.value
    if isinstance(node, ast.At):
        try:
            value = parse_moment(node.text)
        except NotAMoment:
            raise NotFast from None
        if type(value) is py.date:
            return value
    raise NotFast


def _shortened(value: Decimal) -> int | Decimal:
    return int(value) if abs(value) < 10**18 and value == value.to_integral_value() else value


def group_of(values: list[object]) -> str:
    """The one group that all the literals belong to. Raises NotFast."""
    groups = {_GROUPS[type(value)] for value in values}
    if len(groups) != 1:
        raise NotFast
    return groups.pop()


@dataclass(slots=True)
class _Writer:
    """The source under way. ``look`` is how a variable is read: ``c[{}]`` or ``g({})``."""

    look: str
    leaf: Callable[[Node], Slow]
    lines: list[str] = field(default_factory=list)
    constants: dict[str, object] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    shadowed: set[str] = field(default_factory=set)
    count: int = 0

    def add(self, depth: int, *lines: str) -> None:
        if depth > MAX_DEPTH:
            raise NotFast
        self.lines.extend("    " * depth + line for line in lines)

    def constant(self, value: object) -> str:
        name = f"K{len(self.constants)}"
        self.constants[name] = value
        return name

    def fresh(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}{self.count}"

    def load(self, depth: int, node: Node) -> str:
        """Read a variable into a Python one. Raises NotFast for what is no variable of the record."""
        if not isinstance(node, ast.Name) or node.name in BUILTIN_NAMES:
            raise NotFast
        variable = self.fresh("v")
        self.add(depth, f"{variable} = {self.look.format(repr(node.name))}")
        return variable


# conditions: each writes statements that leave True, False or None in ``target``


def _condition(writer: _Writer, depth: int, node: Node, target: str) -> None:
    simple = _simple(writer, depth, node)
    if simple is not None:
        check, positive, unknown, _ = simple
        writer.add(depth, f"if {check}:", f"    {target} = {positive}", *_otherwise(unknown, f"{target} = {{}}"))
    elif isinstance(node, ast.Logic):
        _logic(writer, depth, node, target)
    elif _is_not(node):
        writer.shadowed.add("not")
        _condition(writer, depth, cast(ast.Call, node).positional[0], target)
        writer.add(depth, f"if {target} is not None: {target} = not {target}")
    elif isinstance(node, ast.Name):
        variable = writer.load(depth, node)
        writer.add(depth, f"{target} = {variable} if {variable} is True or {variable} is False else None")
    else:
        leaf = writer.constant(writer.leaf(node))
        writer.add(
            depth, f"{target} = {leaf}(c)", f"if {target} is not True and {target} is not False: {target} = None"
        )


def _otherwise(unknown: _Unknown, assign: str) -> list[str]:
    return [f"elif {unknown.test}: {assign.format(unknown.value)}", "else: return slow(c)"]


def _is_not(node: Node) -> bool:
    return isinstance(node, ast.Call) and node.function == ast.Name("not") and len(node.positional) == 1


def _logic(writer: _Writer, depth: int, node: ast.Logic, target: str) -> None:
    stops = "False" if node.op == "and" else "True"
    goes_on = "True" if node.op == "and" else "False"
    _condition(writer, depth, node.left, target)
    writer.add(depth, f"if {target} is not {stops}:")
    second = writer.fresh("t")
    _condition(writer, depth + 1, node.right, second)
    writer.add(depth + 1, f"if {second} is not {goes_on}: {target} = {second}")


# simple conditions: a check of classes, the answer where it holds, and the answer for null


@dataclass(frozen=True, slots=True)
class _Unknown:
    """When a value is null: the test that says so, and the answer."""

    test: str
    value: str


_Simple = tuple[str, str, _Unknown, str]
"""Check, answer, unknown, and the opposite of the answer."""


def _simple(writer: _Writer, depth: int, node: Node) -> _Simple | None:
    mark = len(writer.lines)
    for kind, write in _SIMPLE.items():
        if isinstance(node, kind):
            try:
                return write(writer, depth, node)
            except NotFast:
                del writer.lines[mark:]
    return None


def _compare(writer: _Writer, depth: int, node: ast.Compare) -> _Simple:
    op, left, right = node.op, node.left, node.right
    if not isinstance(left, ast.Name):
        op, left, right = _FLIPPED[op], right, left
    if isinstance(right, ast.Name):
        return _compare_variables(writer, depth, op, left, right)
    if isinstance(right, ast.Null):
        return _compare_null(writer, depth, op, left)
    value = literal_of(right)
    group = group_of([value])
    if group == "boolean" and op not in ("=", "!="):
        raise NotFast
    variable, constant = writer.load(depth, left), writer.constant(value)
    return _answer(
        group, variable, f"{variable} {_python(op)} {constant}", f"{variable} {_INVERSE[op]} {constant}", _of_null(op)
    )


def _python(op: str) -> str:
    return "==" if op == "=" else op


def _of_null(op: str) -> bool | None:
    """What null compared with a value gives."""
    return {"=": False, "!=": True}.get(op)


def _answer(group: str, variable: str, positive: str, negative: str, of_null: bool | None) -> _Simple:
    return _CHECKS[group].format(variable), positive, _Unknown(f"{variable} is None", str(of_null)), negative


def _compare_null(writer: _Writer, depth: int, op: str, left: Node) -> _Simple:
    if op not in ("=", "!="):
        raise NotFast
    variable = writer.load(depth, left)
    sign, opposite = ("is", "is not") if op == "=" else ("is not", "is")
    return _PLAIN.format(variable), f"{variable} {sign} None", _Unknown("False", "None"), f"{variable} {opposite} None"


def _compare_variables(writer: _Writer, depth: int, op: str, left: Node, right: Node) -> _Simple:
    a, b = writer.load(depth, left), writer.load(depth, right)
    same = "EQUAL" if op in ("=", "!=") else "ORDERED"
    check = f"{a}.__class__ is {b}.__class__ and {a}.__class__ in {same} or numbers({a}, {b})"
    answers = {"=": f"{a} is {b}", "!=": f"{a} is not {b}"}
    unknown = _Unknown(
        f"({a} is None or {b} is None) and {_PLAIN.format(a)} and {_PLAIN.format(b)}", answers.get(op, "None")
    )
    return check, f"{a} {_python(op)} {b}", unknown, f"{a} {_INVERSE[op]} {b}"


def _between(writer: _Writer, depth: int, node: ast.Between) -> _Simple:
    low, high = literal_of(node.low), literal_of(node.high)
    group = group_of([low, high])
    if group == "boolean":
        raise NotFast
    variable, bottom, top = writer.load(depth, node.operand), writer.constant(low), writer.constant(high)
    inside = f"{bottom} <= {variable} <= {top}"
    return _answer(group, variable, inside, f"not {inside}", None)


def _in(writer: _Writer, depth: int, node: ast.In) -> _Simple:
    tests = node.tests.tests
    if node.tests.negated or not tests:
        raise NotFast
    parts = [part for test in tests for part in _parts(test)]
    group = group_of([value for _, values, _ in parts for value in values])
    if group == "boolean" and any(op not in ("=", "!=") for op, _, _ in parts):
        raise NotFast
    variable = writer.load(depth, node.operand)
    members = frozenset(values[0] for op, values, _ in parts if op == "=")
    pieces = [f"{variable} in {writer.constant(members)}"] if members else []
    for op, values, template in parts:
        if op != "=":
            pieces.append(template.format(variable, *[writer.constant(value) for value in values]))
    results = {None if op == ".." else _of_null(op) for op, _, _ in parts}
    of_null = True if True in results else None if None in results else False
    positive = " or ".join(pieces)
    return _answer(group, variable, positive, f"not ({positive})", of_null)


_Part = tuple[str, list[object], str]
"""Operator (``..`` for a range), literals, and the condition with places for the variable and them."""


def _parts(test: Node) -> Iterator[_Part]:
    if isinstance(test, ast.Test):
        yield test.op, [literal_of(test.operand)], f"{{0}} {_python(test.op)} {{1}}"
    elif isinstance(test, ast.Range):
        if test.low is None or test.high is None:
            raise NotFast
        signs = ("<=" if test.low_closed else "<", "<=" if test.high_closed else "<")
        yield "..", [literal_of(test.low), literal_of(test.high)], f"{{1}} {signs[0]} {{0}} {signs[1]} {{2}}"
    elif isinstance(test, ast.ListLiteral) and test.items:
        for item in test.items:
            yield "=", [literal_of(item)], ""
    else:
        yield "=", [literal_of(test)], ""


_SIMPLE: dict[type[Node], Callable[..., _Simple]] = {ast.Compare: _compare, ast.Between: _between, ast.In: _in}


# whole rules


def _conjuncts(node: Node) -> list[Node]:
    found: list[Node] = []
    while isinstance(node, ast.Logic) and node.op == "and":
        found.append(node.right)
        node = node.left
    return [node, *reversed(found)]


def _write_rule(writer: _Writer, root: Node) -> None:
    """A chain of ``and``: leave at the first False; ``u`` becomes None when an answer is not known."""
    writer.add(2, "u = True")
    for node in _conjuncts(root):
        simple = _simple(writer, 2, node)
        if simple is not None:
            check, _, unknown, negative = simple
            leave = "return False" if unknown.value == "False" else "u = None" if unknown.value == "None" else "pass"
            writer.add(2, f"if {check}:", f"    if {negative}: return False")
            if unknown.value in ("True", "False", "None"):
                writer.add(2, f"elif {unknown.test}: {leave}")
            else:
                writer.add(2, f"elif {unknown.test}:", f"    if not ({unknown.value}): return False")
            writer.add(2, "else: return slow(c)")
            continue
        target = writer.fresh("t")
        _condition(writer, 2, node, target)
        writer.add(2, f"if {target} is False: return False", f"if {target} is None: u = None")
    writer.add(2, "return u")


def _numbers(left: object, right: object) -> bool:
    """Whether both are finite numbers."""
    return all(value.__class__ is int or (value.__class__ is Decimal and value.is_finite()) for value in (left, right))


def _build(root: Node, slow: Slow, leaf: Callable[[Node], Slow], look: str, on_missing: Slow) -> Slow:
    writer = _Writer(look, leaf)
    _write_rule(writer, root)
    head = ["def rule(c):"]
    if writer.shadowed:
        head.append(f"    if {' or '.join(f'{name!r} in c' for name in sorted(writer.shadowed))}: return slow(c)")
    head += ["    try:"] + (["        g = c.get"] if look.startswith("g") else [])
    tail = ["    except KeyError: return missing(c)", "    except ODD: return slow(c)"]
    space: dict[str, object] = {
        **writer.constants,
        "slow": slow,
        "missing": on_missing,
        "ODD": _ODD,
        "Decimal": Decimal,
        "date": py.date,
        "PLAIN": frozenset({int, str, bool, py.date}),
        "EQUAL": frozenset({int, str, bool, py.date}),
        "ORDERED": frozenset({int, str, py.date}),
        "numbers": _numbers,
    }
    exec(
        compile("\n".join([*head, *writer.lines, *tail]), "<rule>", "exec"), space
    )  # source made from the tree alone: names only as literals
    return cast(Slow, space["rule"])


def compile_fast(root: Node, slow: Slow, leaf: Callable[[Node], Slow]) -> Slow:
    """Code for a rule over one record. ``slow`` runs the closures of the whole, ``leaf`` makes those of a part.

    Rules whose root is no condition, or that hold ``?``, get ``slow`` itself.
    """
    if not isinstance(root, ast.Logic | ast.Compare | ast.Between | ast.In) or uses_input(root):
        return slow
    try:
        tolerant = _build(root, slow, leaf, "g({})", slow)
        return _build(root, slow, leaf, "c[{}]", tolerant)
    except NotFast:
        return slow
