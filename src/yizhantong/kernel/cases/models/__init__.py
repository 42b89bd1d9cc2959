"""What is recorded of cases: the case and its steps, what happens at their side, and how they are watched and judged."""

from yizhantong.kernel.cases.models.case import Case, CaseStep, ClockSegment, Tenure
from yizhantong.kernel.cases.models.facts import CaseEvent, CaseRating
from yizhantong.kernel.cases.models.sides import (
    Addition,
    CaseMaterial,
    Dispute,
    Message,
    Objection,
    PublicNotice,
    SpecialProcedure,
    Supplement,
    Transfer,
)
from yizhantong.kernel.cases.models.watching import FailedLookup, Rectification, SupervisionOrder

__all__ = [
    "Addition", "Case", "CaseEvent", "CaseMaterial", "CaseRating", "CaseStep", "ClockSegment", "Dispute", "FailedLookup", "Message", "Objection",
    "PublicNotice", "Rectification", "SpecialProcedure", "SupervisionOrder", "Supplement", "Tenure", "Transfer",
]  # fmt: skip
