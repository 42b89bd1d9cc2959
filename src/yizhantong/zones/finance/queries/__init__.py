"""What is read of needs, products and dealings, by topic; what stands in the ledgers in :mod:`.facts`."""

from yizhantong.zones.finance.queries.facts import credit, credits_of, drawdown, drawn_fen, need

__all__ = ["credit", "credits_of", "drawdown", "drawn_fen", "need"]
