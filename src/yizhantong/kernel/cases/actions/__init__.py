"""What changes of cases: one function per change, grouped by topic; :mod:`yizhantong.kernel.cases.engine` says how."""

from yizhantong.kernel.cases.actions.accepting import accept, deem_accepted, refuse_acceptance
from yizhantong.kernel.cases.actions.deciding import close_answered, confirm, decide, deem_confirmed
from yizhantong.kernel.cases.actions.ending import archive, deliver, terminate, withdraw
from yizhantong.kernel.cases.actions.filing import discard, draft, file, renew_draft, save_draft, submit
from yizhantong.kernel.cases.actions.pausing import ask_supplement, end_procedure, extend, open_procedure, supplement
from yizhantong.kernel.cases.actions.stepping import assign, claim, complete_step, release
from yizhantong.kernel.cases.actions.watching import answer_order, appeal_order, close_order, lift_order, order

__all__ = [
    "accept", "answer_order", "appeal_order", "archive", "ask_supplement", "assign", "claim", "close_answered", "close_order",
    "complete_step", "confirm", "decide", "deem_accepted", "deem_confirmed", "deliver", "discard", "draft", "end_procedure",
    "extend", "file", "lift_order", "open_procedure", "order", "refuse_acceptance", "release", "renew_draft", "save_draft",
    "submit", "supplement", "terminate", "withdraw",
]  # fmt: skip
