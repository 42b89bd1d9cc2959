"""What is read in the zone: one module a matter."""

from yizhantong.zones.onething.queries.facts import acceptance, closing

__all__ = ["acceptance", "closing"]
