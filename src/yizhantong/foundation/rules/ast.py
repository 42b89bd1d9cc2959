"""The syntax tree of FEEL (OMG DMN 1.5, clause 10.3.1.2).

Every node is immutable and hashable, so that a parsed expression may be shared between threads and used as a cache key.
The parser builds these nodes, and the evaluator, the explanation and the SQL compiler read them; nobody else makes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Node:
    """Base of all nodes."""


@dataclass(frozen=True, slots=True)
class Number(Node):
    """A numeric literal, exact."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class String(Node):
    """A string literal, escapes already resolved."""

    value: str


@dataclass(frozen=True, slots=True)
class Boolean(Node):
    """``true`` or ``false``."""

    value: bool


@dataclass(frozen=True, slots=True)
class Null(Node):
    """``null``."""


@dataclass(frozen=True, slots=True)
class At(Node):
    """An at-literal such as ``@"2021-08-16"``: date, time, date and time, or duration."""

    text: str


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable; ``name`` is normalised (single spaces), also for names such as ``年营业收入``."""

    name: str


@dataclass(frozen=True, slots=True)
class InputValue(Node):
    """``?``: the value under test inside unary tests."""


@dataclass(frozen=True, slots=True)
class Path(Node):
    """``target.name``."""

    target: Node
    name: str


@dataclass(frozen=True, slots=True)
class Negate(Node):
    """Unary minus."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """``left op right`` with op one of ``+ - * / **``."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """``left op right`` with op one of ``= != < <= > >=``."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    """``operand between low and high``, both ends included."""

    operand: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class Test(Node):
    """One positive unary test with an operator, such as ``< 18``: op one of ``= != < <= > >=``."""

    __test__ = False

    op: str
    operand: Node


@dataclass(frozen=True, slots=True)
class UnaryTests(Node):
    """Unary tests of a table cell or of ``in (…)``: any of ``tests`` (expressions, ranges or :class:`Test`); ``-`` has no tests."""

    tests: tuple[Node, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class In(Node):
    """``operand in tests``."""

    operand: Node
    tests: UnaryTests


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """``left and right`` or ``left or right`` (three-valued, clause 10.3.2.7): op ``and`` or ``or``."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class TypeName(Node):
    """A named type: ``number``, ``date and time``, a declared name."""

    name: str


@dataclass(frozen=True, slots=True)
class ListType(Node):
    """``list<item>``."""

    item: Node


@dataclass(frozen=True, slots=True)
class RangeType(Node):
    """``range<item>``."""

    item: Node


@dataclass(frozen=True, slots=True)
class ContextType(Node):
    """``context<name: type, …>``."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class FunctionType(Node):
    """``function<type, …> -> type``."""

    parameters: tuple[Node, ...]
    result: Node


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    """``operand instance of type``."""

    operand: Node
    type: Node


@dataclass(frozen=True, slots=True)
class If(Node):
    """``if condition then yes else no``."""

    condition: Node
    yes: Node
    no: Node


@dataclass(frozen=True, slots=True)
class Iterator(Node):
    """``name in domain`` or ``name in domain..end`` of for, some and every."""

    name: str
    domain: Node
    end: Node | None = None


@dataclass(frozen=True, slots=True)
class For(Node):
    """``for iterators return body``; ``partial`` is in scope of the body."""

    iterators: tuple[Iterator, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """``some``/``every`` iterators ``satisfies`` body."""

    kind: str
    iterators: tuple[Iterator, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Parameter(Node):
    """A formal parameter of a function definition."""

    name: str
    type: Node | None = None


@dataclass(frozen=True, slots=True)
class FunctionDefinition(Node):
    """``function(parameters) body``; ``external`` definitions evaluate to null."""

    parameters: tuple[Parameter, ...]
    body: Node
    external: bool = False


@dataclass(frozen=True, slots=True)
class Call(Node):
    """``function(positional)`` or ``function(name: value)``; never both."""

    function: Node
    positional: tuple[Node, ...] = ()
    named: tuple[tuple[str, Node], ...] = ()


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """``target[predicate]``: selection by condition or by 1-based index."""

    target: Node
    predicate: Node


@dataclass(frozen=True, slots=True)
class ListLiteral(Node):
    """``[a, b, …]``."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextLiteral(Node):
    """``{key: value, …}``, in order; later entries see earlier ones."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Range(Node):
    """``[low..high]``, ``(low..high]`` …; an open end is ``None`` (from tests such as ``(< 5)``)."""

    low: Node | None
    high: Node | None
    low_closed: bool
    high_closed: bool
