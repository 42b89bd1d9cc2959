"""What is recorded of handling between cities: facts, partners with their keys and items, cases on their way, messages."""

from yizhantong.zones.crossregion.models.crossings import Crossing, CrossingFile
from yizhantong.zones.crossregion.models.facts import Closing, Direction, Handover, Mode
from yizhantong.zones.crossregion.models.mail import Incoming, Nonce, Outgoing
from yizhantong.zones.crossregion.models.partners import Opening, Partner, PartnerItem, PartnerKey

__all__ = [
    "Closing", "Crossing", "CrossingFile", "Direction", "Handover", "Incoming", "Mode", "Nonce", "Opening", "Outgoing", "Partner", "PartnerItem",
    "PartnerKey",
]  # fmt: skip
