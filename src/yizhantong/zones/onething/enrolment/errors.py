"""What may be refused of enrolment: a stable code, a sentence, the norm it rests on, the field it is about."""

from __future__ import annotations

from yizhantong.kernel.cases.errors import CaseError


class EnrolmentError(CaseError):
    """A change of enrolment is refused and nothing was written; codes begin with ``enrolment.``.

    It is a refusal of cases too, since hooks raise it within the actions of cases, and pages and API treat both alike.
    """
