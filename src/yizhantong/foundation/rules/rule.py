"""Rules ready to run: ``compile_expression``, ``evaluate`` and the tests of cells.

>>> eligible = compile_expression("年营业收入 >= 4000000 and 行业 in (\\"C26\\", \\"C38\\")")
>>> eligible({"年营业收入": 5_000_000, "行业": "C26"}), eligible({"行业": "C26"}), eligible({"行业": "A01"})
(True, None, False)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from .ast import Node
from .builtins import BUILTINS
from .evaluator import compile_node, compile_tests
from .fast import compile_fast
from .limits import DEFAULT_LIMITS, FeelError, Limits, RuleLimitError, spending
from .parser import parse, parse_unary
from .runtime import Code, Engine, Env, EvaluationError, Run, Types
from .scope import free_names
from .types import coerce


@lru_cache(maxsize=1024)
def _tests_of(text: str, names: tuple[str, ...]) -> Callable[[Env, object], bool | None]:
    return compile_tests(parse_unary(text, names))


ENGINE = Engine(BUILTINS, _tests_of)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a rule gave: its value, and why parts of it became null."""

    value: object
    errors: tuple[EvaluationError, ...] = ()


def guarded(run: Run, code: Code, env: Env) -> object:
    """Run the code within its limits: exceeding one is an error of the evaluation and makes its value null."""
    with spending(run.budget):
        try:
            return code(env)
        except RuleLimitError as error:
            return run.fail(error.code, error.message)
        except RecursionError:
            return run.fail("rules.recursion", "规则或数据嵌套过深，已停止。")
        except (ArithmeticError, ValueError, MemoryError):
            return run.fail("rules.out_of_range", "数、日期或文本超出范围，已停止。")


class Rule:
    """A compiled expression: call it with a mapping of names to values; it never raises for what FEEL calls an error.

    ``text`` (empty when made from a tree), ``node``, and ``names``: the free variables it reads. Calls are thread-safe.
    """

    __slots__ = ("_fast", "code", "names", "node", "text", "types")

    def __init__(self, text: str, node: Node, types: Types | None = None) -> None:
        self.text = text
        self.node = node
        self.types: Types = types or {}
        try:
            self.names = free_names(node)
            self.code = compile_node(node)
            self._fast = compile_fast(node, self._slow, self._leaf)
        except RecursionError:
            raise RuleLimitError("rules.too_deep", "规则嵌套过深，请拆成几条规则。") from None

    def __repr__(self) -> str:
        return f"Rule({self.text!r})"

    def __call__(self, context: Mapping[str, object]) -> object:
        """The value for a record; see :meth:`evaluate` for errors, clock and limits."""
        return self._fast(context)

    def _slow(self, context: Mapping[str, object]) -> object:
        run = Run(context, ENGINE, types=self.types)
        return guarded(run, self.code, Env({}, None, run))

    def _leaf(self, node: Node) -> Callable[[Mapping[str, object]], object]:
        """The closure of a part; it raises what exceeds a limit, as the caller then runs the whole again."""
        code, types = compile_node(node), self.types

        def part(context: Mapping[str, object]) -> object:
            run = Run(context, ENGINE, types=types)
            with spending(run.budget):
                return code(Env({}, None, run))

        return part

    def evaluate(
        self,
        context: Mapping[str, object],
        clock: datetime | None = None,
        limits: Limits = DEFAULT_LIMITS,
        result_type: object = None,
    ) -> Evaluation:
        """The value with its errors; ``clock`` is what ``now()`` and ``today()`` say; ``result_type`` is a definition to coerce to."""
        run = Run(context, ENGINE, clock, self.types, limits)
        code = self.code
        if result_type is not None:
            value = guarded(run, lambda env: coerce(run, code(env), result_type), Env({}, None, run))
        else:
            value = guarded(run, code, Env({}, None, run))
        return Evaluation(value, tuple(run.errors))


@lru_cache(maxsize=2048)
def _compiled(text: str, names: frozenset[str]) -> Rule:
    return Rule(text, parse(text, names))


def compile_expression(text_or_node: str | Node, names: Iterable[str] = (), types: Types | None = None) -> Rule:
    """The rule of a text or a tree. ``names`` in scope, ``types`` declared (see :mod:`.types`). Raises FeelSyntaxError, RuleLimitError."""
    if isinstance(text_or_node, Node):
        return Rule("", text_or_node, types)
    if types:
        return Rule(text_or_node, parse(text_or_node, names), types)
    return _compiled(text_or_node, frozenset(names))


def evaluate(
    text: str,
    context: Mapping[str, object] | None = None,
    *,
    names: Iterable[str] = (),
    clock: datetime | None = None,
    limits: Limits = DEFAULT_LIMITS,
    types: Types | None = None,
) -> Evaluation:
    """Parse and evaluate once. The names of the context are in scope. A text that is not FEEL gives null and its error."""
    inputs = context or {}
    try:
        rule = compile_expression(text, {*names, *map(str, inputs)}, types)
    except FeelError as error:
        return Evaluation(None, (EvaluationError(error.code, error.message),))
    return rule.evaluate(inputs, clock, limits)


def compile_unary(text: str, names: Iterable[str] = ()) -> Callable[[object, Mapping[str, object]], bool | None]:
    """Unary tests as a function of the value tested and the context: true, false, or None when it cannot be said."""
    tests = _tests_of(text, tuple(sorted(names)))

    def check(value: object, context: Mapping[str, object]) -> bool | None:
        run = Run({**context, "?": value}, ENGINE)
        tested = Env({}, None, run).lookup("?")
        result = guarded(run, lambda env: tests(env, tested), Env({}, None, run, tested))
        return result if isinstance(result, bool) else None

    return check


__all__ = [
    "ENGINE",
    "Evaluation",
    "EvaluationError",
    "Rule",
    "compile_expression",
    "compile_unary",
    "evaluate",
    "guarded",
]
