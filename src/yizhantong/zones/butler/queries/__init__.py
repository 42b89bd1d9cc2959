"""What is read of the butler service, and by whom: ``facts`` what stands in the ledgers, the others what people look at."""

from yizhantong.zones.butler.queries.facts import appeal, assignment_of, open_appeals, outcome, rating

__all__ = ["appeal", "assignment_of", "open_appeals", "outcome", "rating"]
