"""The built-in functions of FEEL (DMN 1.5, clause 10.3.4), one module for each of its groups.

A module lists ``SIGNATURES``: triples of name, signature (see :meth:`Signature.read`) and implementation, which takes the run and
the checked arguments, and raises :class:`Undefined` where the norm says null.
"""

from __future__ import annotations

from ..calls import Builtin, Implementation, Signature
from . import contexts, conversion, lists, moments, numbers, ranges, strings

_GROUPS: tuple[list[tuple[str, str, Implementation]], ...] = (
    conversion.SIGNATURES,
    strings.SIGNATURES,
    lists.SIGNATURES,
    numbers.SIGNATURES,
    moments.SIGNATURES,
    ranges.SIGNATURES,
    contexts.SIGNATURES,
)


def _collect() -> dict[str, Builtin]:
    found: dict[str, list[Signature]] = {}
    for group in _GROUPS:
        for name, signature, implementation in group:
            found.setdefault(name, []).append(Signature.read(signature, implementation))
    return {name: Builtin(name, tuple(signatures)) for name, signatures in found.items()}


BUILTINS = _collect()
"""The functions by name; every scope sees them."""
