"""What changes of cases: one function per change, grouped by topic; :mod:`yizhantong.kernel.cases.engine` says how."""

from yizhantong.kernel.cases.actions.accepting import accept, deem_accepted, refuse_acceptance
from yizhantong.kernel.cases.actions.announcing import answer_objection, end_notice, object_to, open_notice
from yizhantong.kernel.cases.actions.bringing import give_material, verify_material
from yizhantong.kernel.cases.actions.deciding import close_answered, confirm, decide, deem_confirmed
from yizhantong.kernel.cases.actions.ending import archive, deliver, terminate, withdraw
from yizhantong.kernel.cases.actions.filing import discard, draft, file, renew_draft, save_draft, submit
from yizhantong.kernel.cases.actions.judging import call_back, exclude_rating, mend, rate, rate_again, rate_by_link
from yizhantong.kernel.cases.actions.moving import ask_joint, ask_transfer, dispute, settle_transfer
from yizhantong.kernel.cases.actions.packaging import Part, conclude_parent, finish_children_step, fork
from yizhantong.kernel.cases.actions.pausing import ask_supplement, end_procedure, extend, open_procedure, supplement
from yizhantong.kernel.cases.actions.stepping import assign, claim, complete_step, release
from yizhantong.kernel.cases.actions.talking import add, write
from yizhantong.kernel.cases.actions.watching import answer_order, appeal_order, close_order, lift_order, order

__all__ = [
    "Part", "accept", "add", "answer_objection", "answer_order", "appeal_order", "archive", "ask_joint", "ask_supplement",
    "ask_transfer", "assign", "call_back", "claim", "close_answered", "close_order", "complete_step", "conclude_parent", "confirm", "decide",
    "deem_accepted", "deem_confirmed", "deliver", "discard", "dispute", "draft", "end_notice", "end_procedure",
    "exclude_rating", "extend", "file", "finish_children_step", "fork", "give_material", "lift_order", "mend", "object_to", "open_notice",
    "open_procedure", "order", "rate", "rate_again", "rate_by_link", "refuse_acceptance", "release", "renew_draft", "save_draft",
    "settle_transfer", "submit", "supplement", "terminate", "verify_material", "withdraw", "write",
]  # fmt: skip
