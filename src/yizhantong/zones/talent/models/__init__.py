"""What the zone keeps: facts of its ledgers, and the rows that cases and officers work on."""

from yizhantong.zones.talent.models.experts import Conflict, Draw, PoolExpert
from yizhantong.zones.talent.models.facts import TALENT_CODE, Category, Post, Recognition, Subsidy
from yizhantong.zones.talent.models.fairs import Booth, Fair, Visitor
from yizhantong.zones.talent.models.housing import Estate, Flat, Lease, Offer, Waiting
from yizhantong.zones.talent.models.people import Claim, Recheck, RuleSet, Talent
from yizhantong.zones.talent.models.posts import Candidacy, Consent, Look, Resume, Vacancy
from yizhantong.zones.talent.models.stations import Inspection, Station, StationReview
from yizhantong.zones.talent.models.subsidies import Award, Fund, Instalment, PayBatch, PayLine, PayReturn, Reclaim
from yizhantong.zones.talent.models.titles import Exam, Level, Sitting

__all__ = [
    "TALENT_CODE", "Award", "Booth", "Candidacy", "Category", "Claim", "Conflict", "Consent", "Draw", "Estate", "Exam", "Fair",
    "Flat", "Fund", "Inspection", "Instalment", "Lease", "Level", "Look", "Offer", "PayBatch", "PayLine", "PayReturn", "PoolExpert",
    "Post", "Recheck", "Reclaim", "Recognition", "Resume", "RuleSet", "Sitting", "Station", "StationReview", "Subsidy", "Talent",
    "Vacancy", "Visitor", "Waiting",
]  # fmt: skip
