"""The four verdicts of one condition for all enterprises at once, as bit vectors, and how they combine.

As in ``foundation.rules.explain.verdicts``: what decides goes first, then *unknown*, then *needs a person*.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
import numpy.typing as npt

Bits = npt.NDArray[np.uint8]
"""Packed little-endian, one bit per enterprise; bits beyond the last are of no meaning."""


@dataclass(frozen=True, slots=True, eq=False)
class Four:
    """Which enterprises meet a condition, which do not, for which a person is needed; the others are not known."""

    met: Bits
    failed: Bits
    person: Bits

    @property
    def unknown(self) -> Bits:
        """Where a fact is missing."""
        return ~(self.met | self.failed | self.person)


def every(parts: Sequence[Four], size: int) -> Four:
    """Return ``and`` of the parts; of none it is met."""
    failed = _any([part.failed for part in parts], size)
    person = _any([part.person for part in parts], size) & ~failed & ~_any([part.unknown for part in parts], size)
    return Four(_all([part.met for part in parts], size), failed, person)


def some(parts: Sequence[Four], size: int) -> Four:
    """Return ``or`` of the parts; of none it is not met."""
    met = _any([part.met for part in parts], size)
    person = _any([part.person for part in parts], size) & ~met & ~_any([part.unknown for part in parts], size)
    return Four(met, _all([part.failed for part in parts], size), person)


def negated(part: Four) -> Four:
    """Return ``not`` of a part; what is open stays open."""
    return Four(part.failed, part.met, part.person)


def chosen(test: Four, yes: Four, no: Four) -> Four:
    """Return ``if``: the branch taken, or of an open test what both branches agree on."""
    open_ = ~(test.met | test.failed)
    met = (test.met & yes.met) | (test.failed & no.met) | (open_ & yes.met & no.met)
    failed = (test.met & yes.failed) | (test.failed & no.failed) | (open_ & yes.failed & no.failed)
    person = (test.met & yes.person) | (test.failed & no.person) | (open_ & test.person & ~met & ~failed)
    return Four(met, failed, person)


def for_person(size: int) -> Four:
    """Return what a person has to judge for everybody; ``size`` in bytes."""
    none = np.zeros(size, np.uint8)
    return Four(none, none, ~none)


def _any(parts: Sequence[Bits], size: int) -> Bits:
    return reduce(np.bitwise_or, parts, np.zeros(size, np.uint8))


def _all(parts: Sequence[Bits], size: int) -> Bits:
    return reduce(np.bitwise_and, parts, np.full(size, 255, np.uint8))
