"""Yizhantong 一站通: the one-stop service platform of a prefecture-level city.

Data flows one way: item, case, steps, facts, figures, page. See ``docs/architecture.md``.
"""

__version__ = "0.3.0"
