"""What changes in this zone: one function per change, one file for each topic; pages, API, jobs and samples all use them."""

from yizhantong.zones.policies.actions.register import pay, publish_policy, take_back_payment, withdraw_policy

__all__ = ["pay", "publish_policy", "take_back_payment", "withdraw_policy"]
