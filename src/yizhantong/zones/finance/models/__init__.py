"""What is kept of needs, products, authorisations and the dealings of banks; facts of the ledgers in :mod:`.facts`."""

from yizhantong.zones.finance.models.authorisations import Authorisation, Guarantor, Look
from yizhantong.zones.finance.models.bankfiles import BankFile, BankFileLine
from yizhantong.zones.finance.models.engagements import Engagement, EngagementEvent, Repayment
from yizhantong.zones.finance.models.events import Invitation, MatchEvent, PlanRun, Talk, Wish
from yizhantong.zones.finance.models.facts import BASIS_POINTS, Credit, Drawdown, Need, interest_of
from yizhantong.zones.finance.models.listings import Listing
from yizhantong.zones.finance.models.products import Product

__all__ = [
    "BASIS_POINTS", "Authorisation", "BankFile", "BankFileLine", "Credit", "Drawdown", "Engagement", "EngagementEvent",
    "Guarantor", "Invitation", "Listing", "Look", "MatchEvent", "Need", "PlanRun", "Product", "Repayment", "Talk", "Wish",
    "interest_of",
]  # fmt: skip
