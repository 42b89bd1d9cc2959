"""What changes in the zone: one module a matter, one function a change."""

from yizhantong.zones.onething.actions.facts import accept, close, take_back_acceptance, take_back_closing

__all__ = ["accept", "close", "take_back_acceptance", "take_back_closing"]
