"""What is read of the policies, by whom: one file for each topic; lists start at what the account may see."""

from yizhantong.zones.policies.queries.register import policy

__all__ = ["policy"]
