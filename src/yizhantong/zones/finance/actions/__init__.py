"""What changes between banks and enterprises: one function per change, by topic; facts of the ledgers in :mod:`.facts`."""

from yizhantong.zones.finance.actions.facts import draw, grant_credit, publish_need

__all__ = ["draw", "grant_credit", "publish_need"]
