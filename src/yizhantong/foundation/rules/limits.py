"""Bounds within which every rule must stay, and the errors of the room.

A rule is written by people of many offices and may come from a file that nobody has read. So a text that is too long or too
deep is refused when it is parsed, and work that grows beyond bounds stops when it is evaluated. No input hangs the process.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from time import monotonic


class FeelError(Exception):
    """Base of the errors of this room: ``code`` for programs, the text (Chinese) for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class FeelSyntaxError(FeelError):
    """The text is not FEEL. ``line`` and ``column`` count from 1."""

    def __init__(self, code: str, message: str, line: int, column: int) -> None:
        super().__init__(code, f"第 {line} 行第 {column} 列：{message}")
        self.line = line
        self.column = column


class RuleLimitError(FeelError):
    """A bound of :class:`Limits` was exceeded: the rule is refused, or its evaluation stopped."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one parse and one evaluation.

    ``text``: characters of a rule; ``depth``: levels of its syntax tree; ``steps``: iterations of for, some, every, filters and
    functions over lists, and calls of own functions, together; ``size``: elements of a list; ``characters``: of a string made
    while evaluating; ``calls``: nested calls of own functions; ``exponent``: decimal exponent of a number made; ``seconds``: time of
    one evaluation; ``pattern_seconds``: time of one regular expression.
    """

    text: int = 20_000
    depth: int = 100
    steps: int = 1_000_000
    size: int = 1_000_000
    characters: int = 1_000_000
    calls: int = 48
    exponent: int = 6_144
    seconds: float = 5.0
    pattern_seconds: float = 0.5


DEFAULT_LIMITS = Limits()


class Budget:
    """What one evaluation may still spend."""

    __slots__ = ("calls", "deadline", "limits", "steps")

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self.limits = limits
        self.steps = limits.steps
        self.calls = 0
        self.deadline = monotonic() + limits.seconds

    def spend(self, steps: int = 1) -> None:
        """Take ``steps`` from the budget. Raises :class:`RuleLimitError` when it or the time is used up."""
        self.steps -= steps
        if self.steps < 0:
            raise RuleLimitError(
                "rules.too_many_steps", f"规则的循环超过 {self.limits.steps} 步，已停止；请缩小列表或区间。"
            )
        if self.steps & 255 == 0 or steps > 255:
            self.check_time()

    def check_time(self) -> None:
        """Refuse to go on after the deadline."""
        if monotonic() > self.deadline:
            raise RuleLimitError("rules.too_slow", f"规则运行超过 {self.limits.seconds:g} 秒，已停止；请简化规则。")

    def enter(self) -> None:
        """Enter a call of an own function; leave it with :meth:`leave`. Raises :class:`RuleLimitError` when too deep."""
        self.spend()
        if self.calls >= self.limits.calls:
            raise RuleLimitError(
                "rules.recursion", f"函数相互调用超过 {self.limits.calls} 层，已停止；请检查是否自己调用自己。"
            )
        self.calls += 1

    def leave(self) -> None:
        """Leave a call entered by :meth:`enter`."""
        self.calls -= 1

    def check_size(self, size: int) -> None:
        """Refuse a list of more than ``limits.size`` elements."""
        if size > self.limits.size:
            raise RuleLimitError("rules.too_large", f"列表超过 {self.limits.size} 项，已停止；请缩小列表或区间。")

    def check_text(self, length: int) -> None:
        """Refuse a string of more than ``limits.characters`` characters."""
        if length > self.limits.characters:
            raise RuleLimitError("rules.too_large", f"文本超过 {self.limits.characters} 字，已停止；请缩短文本。")


_current: ContextVar[Budget | None] = ContextVar("rule_budget", default=None)


@contextmanager
def spending(budget: Budget) -> Iterator[None]:
    """Make ``budget`` the one that :func:`current_budget` gives."""
    token = _current.set(budget)
    try:
        yield
    finally:
        _current.reset(token)


def current_budget() -> Budget:
    """The budget of the evaluation under way, or a fresh one outside of any."""
    return _current.get() or Budget()
