"""What stands in the ledgers of investment (see :mod:`yizhantong.kernel.ledger.standing`)."""

from __future__ import annotations

from django.db.models import QuerySet

from yizhantong.kernel.ledger.standing import in_force, standing
from yizhantong.zones.investment.models import Activity, Contact, FundReceipt, Signing, Stage


def signing(project: str, *, lock: bool = False) -> Signing | None:
    """Return how the project of that number was signed."""
    return standing(Signing.objects.filter(project=project), lock=lock)


def stages(project: str) -> list[str]:
    """Return the stages that a project has reached, in the order of their days."""
    facts = in_force(Stage.objects.filter(project=project)).order_by("occurred_on", "id")
    return list(facts.values_list("stage", flat=True))


def receipt(proof: str, *, lock: bool = False) -> FundReceipt | None:
    """Return the receipt of funds of that proof."""
    return standing(FundReceipt.objects.filter(proof=proof), lock=lock)


def recognised_of(project: str) -> int:
    """Return how many receipts of a project stand."""
    return in_force(FundReceipt.objects.filter(project=project)).count()


def activity(number: str, *, lock: bool = False) -> Activity | None:
    """Return the activity of that number."""
    return standing(Activity.objects.filter(activity=number), lock=lock)


def contacts(number: str) -> QuerySet[Contact]:
    """Return who was met in the activity of that number."""
    return in_force(Contact.objects.filter(activity=number))
