"""规则 Rules: one language for the whole city, FEEL (Friendly Enough Expression Language, OMG DMN 1.5, clauses 8 and 10).

A rule is a text over named data. The same text decides who is eligible, branches a flow, hides a field and defines a figure.
A missing fact makes an answer null, "not known", and never false.

    >>> eligible = compile_expression('年营业收入 >= 4000000 and 行业 in ("C26", "C38")')
    >>> sorted(eligible.names)
    ['年营业收入', '行业']
    >>> eligible({"年营业收入": 5_000_000, "行业": "C26"})
    True
    >>> eligible({"行业": "C26"}) is None                # revenue not known: so is the answer
    True
    >>> eligible({"行业": "A01"})                        # but the industry alone already says no
    False
    >>> evaluate("1 / 0").errors[0].code
    'rules.bad_number'

Rooms: :mod:`.parser` (text to tree), :mod:`.evaluator` and :mod:`.fast` (tree to code), :mod:`.values` and :mod:`.moments` (what
values are), :mod:`.builtins`, :mod:`.types`, :mod:`.tables` (decision tables), :mod:`.limits` (no input hangs or crashes),
:mod:`.cases` and :mod:`.command` (``yzt rules``). Names, null logic, limits and known deviations: ``docs/rules.md``.
"""

from .limits import FeelError, FeelSyntaxError, Limits, RuleLimitError
from .moments import DateTime, DayTime, FarDate, Time, YearMonth
from .parser import parse, parse_unary
from .rule import Evaluation, EvaluationError, Rule, compile_expression, compile_unary, evaluate
from .tables import CompiledTable, DecisionTable, Input, Output, Row, TableError
from .values import Range

__all__ = [
    "CompiledTable",
    "DateTime",
    "DayTime",
    "DecisionTable",
    "Evaluation",
    "EvaluationError",
    "FarDate",
    "FeelError",
    "FeelSyntaxError",
    "Input",
    "Limits",
    "Output",
    "Range",
    "Row",
    "Rule",
    "RuleLimitError",
    "TableError",
    "Time",
    "YearMonth",
    "compile_expression",
    "compile_unary",
    "evaluate",
    "parse",
    "parse_unary",
]
