"""Which products suit which needs, by rule and with reasons: one need with its reasons, or all needs with all products in one pass.

1. :mod:`.terms`: what conditions of products may name: the enterprise's profile, and what is asked for
2. :mod:`.fitting`: a product's own limits (amount, term, guarantee, purpose, rate) as vectors
3. :mod:`.whole`: all needs × all products: conditions by the kernel's pass, limits by vectors, the worse of both, points
4. :mod:`.suits`: one need: each product with its reasons and the points by which it stands where it stands
"""

from yizhantong.zones.finance.matching.suits import Suit, suits
from yizhantong.zones.finance.matching.whole import Matches, match_all

__all__ = ["Matches", "Suit", "match_all", "suits"]
