"""Calling functions: own ones, and built-in ones by their signatures (DMN 1.5, clauses 10.3.2.13 and 10.3.4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .arithmetic import Undefined
from .moments import NotAMoment
from .runtime import OwnFunction, Run
from .types import coerce, definition_of
from .values import Function, kind, label

Implementation = Callable[..., object]


@dataclass(frozen=True, slots=True)
class Slot:
    """A parameter of a built-in function: the kinds it takes (empty: any, null too)."""

    name: str
    kinds: frozenset[str]
    optional: bool = False

    def take(self, value: object) -> object:
        """The argument as the function wants it. Raises Undefined."""
        if not self.kinds:
            return value
        found = kind(value)
        if found in self.kinds:
            return value
        if "list" in self.kinds and value is not None:
            return [value]
        if len(self.kinds) == 1 and isinstance(value, list) and len(value) == 1 and kind(value[0]) in self.kinds:
            return value[0]
        raise Undefined("rules.bad_argument", f"参数 {self.name} 不能是{label(value)}")


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a built-in function. ``rest`` says that the last slot collects all further arguments."""

    slots: tuple[Slot, ...]
    implementation: Implementation
    rest: bool = False

    @classmethod
    def read(cls, text: str, implementation: Implementation) -> Signature:
        """From a text such as ``string: string, start position: number, length?: number`` or ``list: list, items...: any``."""
        slots = []
        rest = False
        for part in text.split(",") if text else ():
            name, _, kinds = (piece.strip() for piece in part.partition(":"))
            rest = name.endswith("...")
            wanted = frozenset() if kinds == "any" else frozenset(piece.strip() for piece in kinds.split("|"))
            slots.append(Slot(name.removesuffix("...").removesuffix("?"), wanted, name.endswith("?")))
        return cls(tuple(slots), implementation, rest)

    def fits(self, count: int) -> bool:
        """Whether so many positional arguments can be meant."""
        needed = sum(not slot.optional for slot in self.slots)
        return count >= needed and (self.rest or count <= len(self.slots))

    def place(self, named: dict[str, object]) -> list[object] | None:
        """The named arguments in order, or None when the names are not those of this signature."""
        if self.rest or not named.keys() <= {slot.name for slot in self.slots}:
            return None
        given = [slot.name in named for slot in self.slots]
        if any(not slot.optional and not has for slot, has in zip(self.slots, given, strict=True)):
            return None
        last = max((index for index, has in enumerate(given) if has), default=-1)
        return [named.get(slot.name) for slot in self.slots[: last + 1]]

    def call(self, run: Run, arguments: list[object]) -> object:
        """Check the arguments and call. Raises Undefined."""
        if self.rest:
            fixed = len(self.slots) - 1
            tail = [self.slots[-1].take(value) for value in arguments[fixed:]]
            return self.implementation(
                run, *[slot.take(value) for slot, value in zip(self.slots, arguments[:fixed], strict=False)], tail
            )
        taken = [
            value if value is None and slot.optional else slot.take(value)
            for slot, value in zip(self.slots, arguments, strict=False)
        ]
        return self.implementation(run, *taken)


class Builtin(Function):
    """A function of FEEL with its signatures, tried in order."""

    __slots__ = ("name", "parameters", "signatures")

    def __init__(self, name: str, signatures: tuple[Signature, ...]) -> None:
        self.name = name
        self.signatures = signatures
        self.parameters = tuple(slot.name for slot in signatures[0].slots)

    def call(self, run: Run, candidates: list[tuple[Signature, list[object]]]) -> object:
        """The value by the first candidate whose arguments fit; null, noted, when none does."""
        problem = Undefined("rules.bad_arguments", "参数的个数或名称不对")
        for signature, arguments in candidates:
            try:
                return signature.call(run, arguments)
            except Undefined as error:
                problem = error
            except NotAMoment as error:
                problem = Undefined("rules.bad_moment", str(error))
            except ArithmeticError:
                problem = Undefined("rules.bad_number", "结果不是数，或超出范围")
        return run.fail(problem.code, f"函数 {self.name}：{problem.message}。")


def call_positional(run: Run, function: object, arguments: list[object]) -> object:
    """Call with arguments in order."""
    if isinstance(function, Builtin):
        return function.call(
            run, [(signature, arguments) for signature in function.signatures if signature.fits(len(arguments))]
        )
    if isinstance(function, OwnFunction):
        return _call_own(run, function, arguments)
    if function is None:
        return run.fail("rules.not_a_function", "要调用的函数不存在。")
    return run.fail("rules.not_a_function", f"{label(function)}不是函数，不能调用。")


def call_named(run: Run, function: object, named: dict[str, object], count: int) -> object:
    """Call with arguments by name; ``count`` tells names written twice."""
    if count != len(named):
        return run.fail("rules.bad_arguments", "参数名重复。")
    if isinstance(function, Builtin):
        placed = [(signature, signature.place(named)) for signature in function.signatures]
        return function.call(run, [(signature, arguments) for signature, arguments in placed if arguments is not None])
    if isinstance(function, OwnFunction) and set(named) != set(function.parameters):
        return run.fail("rules.bad_arguments", f"函数 {function.name} 的参数是：{'、'.join(function.parameters)}。")
    if isinstance(function, OwnFunction):
        return _call_own(run, function, [named[name] for name in function.parameters])
    return call_positional(run, function, [])


def _call_own(run: Run, function: OwnFunction, arguments: list[object]) -> object:
    if len(arguments) != len(function.parameters):
        return run.fail(
            "rules.bad_arguments",
            f"函数 {function.name} 要 {len(function.parameters)} 个参数，给了 {len(arguments)} 个。",
        )
    variables = {
        name: value if declared is None else coerce(run, value, definition_of(declared))
        for name, declared, value in zip(function.parameters, function.kinds, arguments, strict=True)
    }
    run.budget.enter()
    try:
        return function.body(function.env.inner(variables))
    finally:
        run.budget.leave()
