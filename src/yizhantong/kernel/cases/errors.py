"""How a change of a case is refused."""

from __future__ import annotations

from typing import Any


class CaseError(Exception):
    """A change of a case is refused; nothing was written.

    ``code`` is stable (``cases.already_done``), ``sentence`` is Chinese and says what is wrong and what to do, ``law`` is what the
    refusal rests on (or empty), ``field`` names the part of a form that it is about. ``details`` are for programs: who did it
    and when, what is missing.
    """

    def __init__(self, code: str, sentence: str, law: str = "", field: str = "", **details: Any) -> None:
        self.code = code
        self.sentence = sentence
        self.law = law
        self.field = field
        self.details = details
        super().__init__(sentence + (f"(依据:{law})" if law else ""))


class RuleUnknown(CaseError):
    """A rule of the flow says neither yes nor no: nothing is changed, and the alarm is written into the audit ledger."""

    def __init__(self, condition: str, missing: list[str], problems: list[str]) -> None:
        lacking = f"缺少“{'、'.join(missing)}”" if missing else "".join(problems) or "结果不是“是”或“否”"
        text = f"流程规则“{condition[:120]}”无法判断:{lacking}。请补全数据或联系事项管理员修订,办件未作任何改动"
        super().__init__("cases.rule_unknown", text, condition=condition, missing=missing, problems=problems)
