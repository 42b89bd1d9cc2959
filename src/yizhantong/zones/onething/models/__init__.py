"""What the zone keeps: facts of its ledgers; each module one matter."""

from yizhantong.zones.onething.models.facts import Acceptance, Closing, Package

__all__ = ["Acceptance", "Closing", "Package"]
