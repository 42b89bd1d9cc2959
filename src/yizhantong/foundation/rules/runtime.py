"""What an evaluation carries with it: the inputs, the clock, the budget, the errors found, and the layers of scope."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from . import ast
from .limits import DEFAULT_LIMITS, Budget, Limits
from .values import Function, normalise

MAX_ERRORS = 100
Types = Mapping[str, object]
"""Declared types by name: a FEEL type (text), or a definition as :mod:`.types` reads."""


@dataclass(frozen=True, slots=True)
class EvaluationError:
    """Why some part of a rule became null: a stable code and a Chinese sentence."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Engine:
    """What the parts of the room need of each other without importing each other: built-in functions and compilers."""

    functions: Mapping[str, Function]
    compile_tests: Callable[[str, tuple[str, ...]], Callable[[Env, object], bool | None]]


@dataclass(slots=True)
class Run:
    """One evaluation under way."""

    inputs: Mapping[str, object]
    engine: Engine
    clock: datetime | None = None
    types: Types = field(default_factory=dict)
    limits: Limits = DEFAULT_LIMITS
    budget: Budget = field(init=False)
    errors: list[EvaluationError] = field(default_factory=list)
    known: dict[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Start the budget."""
        self.budget = Budget(self.limits)

    def fail(self, code: str, message: str) -> bool | None:
        """Note an error. Always gives None, what the part that fails becomes (typed so that it can be returned at once)."""
        if len(self.errors) < MAX_ERRORS:
            self.errors.append(EvaluationError(code, message))
        return None

    def now(self) -> datetime:
        """The clock of the evaluation; the system's when none was given. Always with a zone."""
        if self.clock is None:
            self.clock = datetime.now(UTC).astimezone()
        return self.clock if self.clock.tzinfo is not None else self.clock.replace(tzinfo=UTC)


class Env:
    """One layer of scope over another; the outermost reads the inputs."""

    __slots__ = ("input", "parent", "run", "variables")

    def __init__(self, variables: dict[str, object], parent: Env | None, run: Run, tested: object = None) -> None:
        self.variables = variables
        self.parent = parent
        self.run = run
        self.input = tested

    def inner(self, variables: dict[str, object]) -> Env:
        """A layer above this one."""
        return Env(variables, self, self.run, self.input)

    def lookup(self, name: str) -> object:
        """The value of a name; an unknown name is null and noted as an error."""
        env: Env | None = self
        while env is not None:
            if name in env.variables:
                return env.variables[name]
            env = env.parent
        return self._outermost(name)

    def _outermost(self, name: str) -> object:
        run = self.run
        if name in run.known:
            return run.known[name]
        if name in run.inputs:
            try:
                value = normalise(run.inputs[name])
            except TypeError as error:
                run.fail("rules.bad_data", f"“{name}”：{error}")
                value = None
            run.known[name] = value
            return value
        function = run.engine.functions.get(name)
        if function is None:
            run.fail("rules.unknown_name", f"没有名为“{name}”的数据，按未知处理。")
        return function


Code = Callable[[Env], object]
"""A compiled part of a rule."""


class OwnFunction(Function):
    """A function that a rule defines. Compares by identity."""

    __slots__ = ("body", "env", "kinds", "name", "parameters", "result")

    def __init__(self, node: ast.FunctionDefinition, body: Code, env: Env) -> None:
        self.name = "(…)"
        self.parameters = tuple(parameter.name for parameter in node.parameters)
        self.kinds = tuple(parameter.type for parameter in node.parameters)
        self.body = body
        self.env = env
        self.result: ast.Node | None = None


__all__ = ["Code", "Engine", "Env", "EvaluationError", "OwnFunction", "Run", "Types"]
