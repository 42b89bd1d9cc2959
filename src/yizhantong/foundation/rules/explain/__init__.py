"""Why a rule says what it says: four verdicts, condition by condition, with the values used and how near a miss was.

FEEL itself answers true, false or null (OMG DMN 1.5, clause 10.3.2.7), and ``x = 5`` is false where ``x`` is null. Here a
missing fact is never a "no": the condition that needs it is *unknown*, and so is the whole where that decides. What only a
person can judge, or what cannot be evaluated though its facts are there, *needs a person*.

1. :mod:`.verdicts`: the four verdicts and their tables
2. :mod:`.conditions`: the rule taken apart; :mod:`.shapes`: conditions of simple shape
3. :mod:`.generate`: one flat Python function per rule; :mod:`.evaluation`: the evaluator, for what has no simple shape
4. :mod:`.explainer`: :class:`Explainer` and the explanation, expanded when read; :mod:`.nearness`: near misses
"""

from .explainer import Condition, Explainer, Explanation, Used, explain
from .nearness import NearMiss
from .verdicts import Verdict

__all__ = ["Condition", "Explainer", "Explanation", "NearMiss", "Used", "Verdict", "explain"]
