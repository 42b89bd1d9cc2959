"""What is recorded of policies: documents and cards, money, applications, reviews, payments; and the facts of the ledgers."""

from yizhantong.zones.policies.models.applications import Application, AutomaticList, BankAccount, Candidate
from yizhantong.zones.policies.models.budgets import Budget, BudgetEntry, Quota
from yizhantong.zones.policies.models.documents import PolicyCard, PolicyDocument, StackingGroup
from yizhantong.zones.policies.models.facts import DOCUMENT_NUMBER, Payment, Policy, PolicyClass
from yizhantong.zones.policies.models.payments import (
    BankReturn,
    FollowUp,
    OptOut,
    PaymentBatch,
    PaymentLine,
    Push,
    Recovery,
)
from yizhantong.zones.policies.models.reviews import Expert, ExpertReview

__all__ = [
    "DOCUMENT_NUMBER", "Application", "AutomaticList", "BankAccount", "BankReturn", "Budget", "BudgetEntry", "Candidate",
    "Expert", "ExpertReview", "FollowUp", "OptOut", "Payment", "PaymentBatch", "PaymentLine", "Policy", "PolicyCard",
    "PolicyClass", "PolicyDocument", "Push", "Quota", "Recovery", "StackingGroup",
]  # fmt: skip
