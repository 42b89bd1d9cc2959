"""Ledgers and figures of the policies: the register and what was paid, the movements of budgets, the cases."""

from yizhantong.zones.policies.figures import cases
from yizhantong.zones.policies.figures.ledgers import BUDGETS, PAYMENTS, POLICIES

__all__ = ["BUDGETS", "PAYMENTS", "POLICIES", "cases"]
