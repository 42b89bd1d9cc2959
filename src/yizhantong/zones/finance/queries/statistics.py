"""The state of the market in numbers, for its people; what is published are the declared figures of :mod:`..figures`.

对接成功率 needs with a drawdown / needs that a bank dealt with; 平均利率 weighted by what was drawn; 平均获贷天数 calendar days from
publication to the first drawdown. Amounts wanted, granted, contracted and drawn are columns of their own.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, Max, Min, Q, Sum
from django.utils import timezone

from yizhantong.zones.finance.models import Engagement, Listing

S = Engagement.State
DEALT = (S.TAKEN, S.CONTACTED, S.DILIGENCE, S.GRANTED, S.SIGNED, S.DRAWN, S.OVERDUE, S.SETTLED, S.REFUSED)


@dataclass(frozen=True, slots=True)
class Board:
    """The whole market; amounts in 分, ``rate_bp`` in basis points (None: nothing was drawn), days with one decimal."""

    needs: int
    wanted_fen: int
    granted_fen: int
    contracted_fen: int
    drawn_fen: int
    dealt: int
    met: int
    rate_bp: Decimal | None
    first_loans: int
    on_credit_fen: int
    days: Decimal | None
    waiting: int
    late: int

    @property
    def success(self) -> Decimal | None:
        """Share of needs with a drawdown among those that a bank dealt with, in %."""
        return None if not self.dealt else round(Decimal(100 * self.met) / self.dealt, 2)

    @property
    def credit_share(self) -> Decimal | None:
        """Share of loans without security in what was drawn, in %."""
        return None if not self.drawn_fen else round(Decimal(100 * self.on_credit_fen) / self.drawn_fen, 2)


@dataclass(frozen=True, slots=True)
class OfBank:
    """The same of one bank: how many needs it took, how many ended how, and its money."""

    bank: str
    name: str
    taken: int
    refused: int
    missed: int
    granted_fen: int
    drawn_fen: int
    contact_hours: Decimal | None


def board(now: dt.datetime | None = None) -> Board:
    """Return the state of the market."""
    at = now or timezone.now()
    listed = Listing.objects.filter(published_at__isnull=False)
    sums = listed.aggregate(
        needs=Count("pk"), wanted=Sum("wanted_fen"), contracted=Sum("contracted_fen"), drawn=Sum("drawn_fen"),
        met=Count("pk", filter=Q(drawn_fen__gt=0)), waiting=Count("pk", filter=Q(state=Listing.State.POOL)),
        credit=Sum("drawn_fen", filter=Q(guarantee="credit")),
        first=Count("enterprise", filter=Q(drawn_fen__gt=0, first_loan=True), distinct=True),
    )  # fmt: skip
    dealings = Engagement.objects.aggregate(
        granted=Sum("granted_fen", filter=~Q(state=S.OFF)), weighted=Sum(F("drawn_fen") * F("granted_bp")),
        late=Count("pk", filter=Q(due_at__lt=at)), dealt=Count("listing", filter=Q(state__in=DEALT), distinct=True),
    )  # fmt: skip
    drawn = sums["drawn"] or 0
    return Board(
        needs=sums["needs"], wanted_fen=sums["wanted"] or 0, granted_fen=dealings["granted"] or 0,
        contracted_fen=sums["contracted"] or 0, drawn_fen=drawn, dealt=dealings["dealt"], met=sums["met"],
        rate_bp=round(Decimal(dealings["weighted"]) / drawn, 2) if drawn else None, first_loans=sums["first"],
        on_credit_fen=sums["credit"] or 0, days=_days(), waiting=sums["waiting"], late=dealings["late"],
    )  # fmt: skip


def _days() -> Decimal | None:
    """Return the mean of days from publication to the first drawdown of any bank."""
    rows = Engagement.objects.filter(drawn_on__isnull=False).values_list("listing").annotate(
        first=Min("drawn_on"), since=Max("listing__published_at")
    )  # fmt: skip
    days = [(first - timezone.localtime(since).date()).days for _pk, first, since in rows if since is not None]
    return round(Decimal(sum(days)) / len(days), 1) if days else None


def by_bank() -> list[OfBank]:
    """Return the same bank by bank, the most drawn first; three queries at most whatever their number."""
    rows = Engagement.objects.values("bank", "bank__name").annotate(
        taken=Count("pk", filter=Q(taken_at__isnull=False)), refused=Count("pk", filter=Q(state=S.REFUSED)),
        missed=Count("pk", filter=Q(state=S.MISSED)), granted=Sum("granted_fen"), drawn=Sum("drawn_fen"),
    )  # fmt: skip
    hours: dict[str, list[Decimal]] = {}
    met = Engagement.objects.filter(taken_at__isnull=False, contacted_at__isnull=False)
    for bank, taken, contacted in met.values_list("bank", "taken_at", "contacted_at"):
        if taken is not None and contacted is not None:
            hours.setdefault(bank, []).append(Decimal((contacted - taken).total_seconds()) / 3600)
    found = [
        OfBank(
            row["bank"], row["bank__name"], row["taken"], row["refused"], row["missed"], row["granted"] or 0,
            row["drawn"] or 0, _mean(hours.get(row["bank"], [])),
        )
        for row in rows
    ]  # fmt: skip
    return sorted(found, key=lambda one: (-one.drawn_fen, one.bank))


def _mean(values: list[Decimal]) -> Decimal | None:
    return round(sum(values, Decimal(0)) / len(values), 1) if values else None
