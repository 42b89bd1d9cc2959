"""What may be refused in this zone, told to a person: a stable code, a sentence, the norm it rests on, the field it is about."""

from __future__ import annotations

from yizhantong.kernel.cases.errors import CaseError


class TalentError(CaseError):
    """A change in this zone is refused and nothing was written; codes begin with ``talent.``.

    It is a refusal of cases too, since the zone's hooks raise it within their actions, and pages and API treat both alike.
    """
