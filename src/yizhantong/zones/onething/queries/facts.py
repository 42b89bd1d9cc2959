"""What stands in the ledgers of packages (see :mod:`yizhantong.kernel.ledger.standing`)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef

from yizhantong.kernel.cases.models import Case, CaseMaterial
from yizhantong.kernel.ledger.standing import in_force, standing
from yizhantong.zones.onething.models import Acceptance, Closing


def acceptance(number: str, *, lock: bool = False) -> Acceptance | None:
    """Return the acceptance of an application."""
    return standing(Acceptance.objects.filter(number=number), lock=lock)


def acceptances_of(cases: Iterable[Case]) -> dict[str, Acceptance]:
    """Return the acceptances of applications by number, with ``on_paper``: whether a window saw one of the materials as an original."""
    shown = CaseMaterial.objects.filter(case__number=OuterRef("number"), mode=CaseMaterial.Mode.PAPER)
    facts = Acceptance.objects.filter(number__in=[case.number for case in cases]).annotate(on_paper=Exists(shown))
    return {fact.number: fact for fact in in_force(facts).order_by("id")}


def closing(number: str, *, lock: bool = False) -> Closing | None:
    """Return the closing of an application."""
    return standing(Closing.objects.filter(number=number), lock=lock)
