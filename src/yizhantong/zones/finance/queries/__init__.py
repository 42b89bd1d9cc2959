"""What is read of needs, products and dealings, by topic; what stands in the ledgers in :mod:`.facts`."""

from yizhantong.zones.finance.queries.facts import credit, drawn_fen, need

__all__ = ["credit", "drawn_fen", "need"]
