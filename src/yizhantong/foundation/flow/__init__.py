"""流程 Flow: structured processes that cannot get stuck, lose their end or end twice.

A flow is a tree of ``step``, ``seq`` (one after the other), ``all`` (in parallel), ``choice`` (by rule) and ``repeat``. Every
part has one way in and one way out, so a tree is sound by construction, as a drawn graph of gateways is only by proof.
Running it keeps no engine: a case holds a small :class:`Marking`, and one pure function takes marking and event to marking.

    >>> flow = read({"kind": "seq", "children": [
    ...     {"kind": "step", "code": "review", "name": "初审"},
    ...     {"kind": "all", "children": [
    ...         {"kind": "step", "code": "credit", "name": "信用核查"},
    ...         {"kind": "step", "code": "site", "name": "现场核查"}]},
    ...     {"kind": "choice", "branches": [
    ...         {"condition": "金额 > 1000000", "node": {"kind": "step", "code": "panel", "name": "联席会审"}}]}]})
    >>> case = begin(flow, decide=lambda condition: True)
    >>> case.opened
    ('review',)
    >>> case = complete(flow, case.marking, "review", decide=lambda condition: True)
    >>> case.marking.to_text(), case.finished
    ('credit,site', False)
    >>> case = complete(flow, case.marking, "site", decide=lambda condition: True)
    >>> possible_next(flow, case.marking)
    ('panel',)
    >>> complete(flow, case.marking, "credit", decide=lambda condition: False)
    Move(marking=Marking(open=frozenset(), rounds={}), opened=(), finished=True)

Rooms: :mod:`.tree` (the language and what it refuses), :mod:`.attributes` (what a step says of its work), :mod:`.document` (JSON), :mod:`.stepping`, :mod:`.ahead`,
:mod:`.layout` and :mod:`.bpmn` (BPMN 2.0, ISO/IEC 19510:2013, with a drawing). Conditions are FEEL texts that this room never
reads: whoever steps a flow passes ``decide``.
"""

from .ahead import longest_path, may_come, possible_next
from .bpmn import to_bpmn
from .document import read, write
from .errors import FlowError
from .plain import Json
from .stepping import Decide, Marking, Move, begin, complete
from .tree import All, Branch, Choice, Flow, Node, Repeat, Seq, Step, validate

__all__ = [
    "All",
    "Branch",
    "Choice",
    "Decide",
    "Flow",
    "FlowError",
    "Json",
    "Marking",
    "Move",
    "Node",
    "Repeat",
    "Seq",
    "Step",
    "begin",
    "complete",
    "longest_path",
    "may_come",
    "possible_next",
    "read",
    "to_bpmn",
    "validate",
    "write",
]
