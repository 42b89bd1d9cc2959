"""The relational part of FEEL as SQL expressions, for five engines, with FEEL's null logic kept.

``compile_sql(node_or_text, columns, dialect)`` answers a :class:`Compiled` whose ``sql`` is a sqlglot expression tree: literals
are nodes of the tree, so no value is ever pasted into text. What cannot be said exactly in the SQL of an engine raises
:class:`NotCompilable`, which names the part and the reason; :func:`split` divides a condition into a part for the engine
and a part for the evaluator.

Meaning kept (OMG DMN 1.5, clause 10.3): ``x = null`` is true or false and never null; an ordering with null or between
kinds is null; ``and``/``or`` are Kleene's; division by zero is null. Numbers: exact where a column declares ``scale``
(decimals of at most 38 digits; on SQLite, whole numbers); quotients, and columns without ``scale``, are floating point
(``NUMERIC`` on PostgreSQL).

1. :mod:`.model`: columns, terms, results, the refusal
2. :mod:`.engines`: what each engine calls things
3. :mod:`.constants`: what is already known before any row is read
4. :mod:`.relations`: equality, order, membership; :mod:`.numbers`: arithmetic; :mod:`.functions`: FEEL's functions
5. :mod:`.compiler`: the walk over the tree; :mod:`.parts`: :func:`split`
"""

from .compiler import compile_sql
from .model import Column, Compiled, NotCompilable
from .parts import Split, split

__all__ = ["Column", "Compiled", "NotCompilable", "Split", "compile_sql", "split"]
