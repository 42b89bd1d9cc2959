"""A task as it is declared: the function, and how often and how long it may be tried."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar, overload

from django_tasks.base import Task

P = ParamSpec("P")
T = TypeVar("T")

ATTEMPTS = 8
BACK_OFF = 5.0
LONGEST_WAIT = 3600.0
LIMIT = 900.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Work(Task[P, T]):
    """A declared task.

    ``atomic``: it runs in one transaction together with its end. ``attempts``: how often it is tried before it is dead.
    ``back_off``: seconds until the second attempt, doubled before each later one, at most an hour. ``limit``: seconds
    after which a running attempt is broken off and counts as failed.
    """

    atomic: bool = False
    attempts: int = ATTEMPTS
    back_off: float = BACK_OFF
    limit: float = LIMIT

    def wait_after(self, attempts: int) -> float:
        """Return the seconds to wait after the attempt of that number (1 is the first)."""
        return float(min(self.back_off * 2 ** max(attempts - 1, 0), LONGEST_WAIT))


@overload
def task(function: Callable[P, T], /) -> Work[P, T]: ...


@overload
def task(
    *,
    priority: int = ...,
    atomic: bool = ...,
    attempts: int = ...,
    back_off: float = ...,
    limit: float = ...,
    takes_context: bool = ...,
) -> Callable[[Callable[P, T]], Work[P, T]]: ...


def task(function: Callable[..., Any] | None = None, /, **said: Any) -> Any:
    """Declare a function of a module as a task; ``said`` are the fields of :class:`Work`.

    Arguments and result are JSON. Raises ``django_tasks.exceptions.InvalidTaskError`` for a function that no worker
    could find again (a lambda, a function inside another).
    """

    def declare(func: Callable[P, T]) -> Work[P, T]:
        return Work(func=func, **said)

    return declare if function is None else declare(function)
