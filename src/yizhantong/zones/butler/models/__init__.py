"""What is recorded of the butler service: facts, butlers and their visits, appeals beside their cases, and answers worth keeping."""

from yizhantong.zones.butler.models.appeals import Duplicate, Ending, Escalation, UnableReview
from yizhantong.zones.butler.models.facts import (
    MEMBER_CODE,
    AnswerUse,
    Appeal,
    Assignment,
    Confirmation,
    EscalationFact,
    Outcome,
    Rating,
    ServiceZone,
    Visit,
)
from yizhantong.zones.butler.models.knowledge import Answer
from yizhantong.zones.butler.models.service import Butler, PlanMember, VisitLog, VisitPhoto, VisitPlan, VisitProblem

__all__ = [
    "MEMBER_CODE", "Answer", "AnswerUse", "Appeal", "Assignment", "Butler", "Confirmation", "Duplicate", "Ending", "Escalation",
    "EscalationFact", "Outcome", "PlanMember", "Rating", "ServiceZone", "UnableReview", "Visit", "VisitLog", "VisitPhoto",
    "VisitPlan", "VisitProblem",
]  # fmt: skip
