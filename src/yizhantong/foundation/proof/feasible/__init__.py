"""Can these figures all be true? Linear programming over the regions that stated figures cut out of a population.

A statement says how many records meet some conditions, or what an attribute sums to over them. The conditions cut the
population into cells; each cell has an unknown number of records (whole, not negative) and unknown sums, bounded by
what the conditions say of one record. The statements are linear constraints on these unknowns. Any ledger that gives
the figures is a solution, and any solution is a ledger.

1. ``cells``    which kinds of record the conditions and the known facts allow;
2. ``system``   statements as rows over the corner points of the cells;
3. ``solver``   HiGHS, where the system is not small;
4. ``exact``    the same in rational arithmetic, which alone may say "impossible", with a certificate after Farkas;
5. ``decide``   ``check``, ``conflicts``, ``possible_range``; the smallest contradicting set;
6. ``sentence`` that set told in Chinese.

Example: 90 projects for 359.04 亿元, 62 of them of 1 亿元 or more for 324.25 亿元. The other 28 would have 34.79 亿元
together although each is below 1 亿元: no ledger can give that, and the four statements are the smallest conflict.
"""

from .decide import check, conflicts, possible_range
from .model import (
    COUNT,
    Attribute,
    Exclusive,
    Facts,
    FeasibilityError,
    Interval,
    Limits,
    Literal,
    Measure,
    Partition,
    Region,
    Statement,
    Subset,
    Tag,
    Verdict,
    WitnessCell,
)

__all__ = [
    "COUNT",
    "Attribute",
    "Exclusive",
    "Facts",
    "FeasibilityError",
    "Interval",
    "Limits",
    "Literal",
    "Measure",
    "Partition",
    "Region",
    "Statement",
    "Subset",
    "Tag",
    "Verdict",
    "WitnessCell",
    "check",
    "conflicts",
    "possible_range",
]
