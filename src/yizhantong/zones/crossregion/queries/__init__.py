"""What is read between cities: the ledgers, crossings as their accounts may see them, partners."""

from yizhantong.zones.crossregion.queries.facts import closing, handover

__all__ = ["closing", "handover"]
