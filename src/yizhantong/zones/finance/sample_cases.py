"""Bank and enterprise matching of the sample city, every need played through the real actions (演示数据).

The figures are those of the city's ``sample.toml``: what was drawn is the sum of drawdowns that banks really entered under
contracts, of needs that were really handled; each figure leads through its drawdowns to the cases. Amounts there are in 万元.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.ledger.sampling import SampleCity, spread, weekday
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.finance import load, sample_products
from yizhantong.zones.finance.access import enterprises_of
from yizhantong.zones.finance.actions import dealing, lending, needs, offering
from yizhantong.zones.finance.actions.needs import NeedGiven
from yizhantong.zones.finance.config import settings
from yizhantong.zones.finance.models import Engagement, Listing, Need, Product
from yizhantong.zones.finance.sample_showing import PUBLISHED, Showing

WAN_FEN = 1_000_000
LARGEST_WAN = 1_200
STEPS = dt.timedelta(days=52)
"""The longest way from a need to its last drawdown in the sample."""
RECENT = 25
"""Needs of so many last days are still on their way where nothing was granted."""
OPEN_STATES = ("pool", "pushed", "taken", "contacted", "diligence", "grab", "missed", "declined")


def play(city: SampleCity) -> int:
    """Play all of it; return how many needs there are. Does nothing where needs are already."""
    load.load()
    if Case.objects.filter(zone="finance").exists():
        return 0
    Stage(city).all()
    return Case.objects.filter(zone="finance").count()


@dataclass(frozen=True)
class Plot:
    """What becomes of one need: ``drawn`` 万元 by drawdown, ``granted`` whether a bank granted credit, ``mistake`` whether the
    bank first entered the whole contract by mistake and took it back."""

    firm: Organisation
    day: dt.date
    wanted_wan: int
    drawn: tuple[int, ...]
    granted: bool
    mistake: bool


class Stage:
    """The play: who needs what, which bank takes it, how far it comes."""

    def __init__(self, city: SampleCity) -> None:
        self.city = city
        self.rng = city.rng("finance.cases")
        people = {user.username: user for user in User.objects.filter(username__in=("qiye", "jinrong"))}
        self.asker, self.office = people.get("qiye"), people.get("jinrong")
        self.own = set(enterprises_of(self.asker).values_list("pk", flat=True)) if self.asker else set()
        self.officers = {
            user.agency_id: user for user in User.objects.filter(username__in=("yinhang", "yinhang2")) if user.agency_id
        }
        self.banks = list(city.organisations("bank"))
        self.offers: dict[str, list[Product]] = {}
        self.contracts = 0
        self.open_turn = 0

    def all(self) -> None:
        """Play every need in the order of days, then what the sample's own people see."""
        with self.at(self.plan_begins() - dt.timedelta(days=3), 9):
            for product in sample_products.publish_all(self.city, self.office):
                self.offers.setdefault(product.bank_id, []).append(product)
        for plot in self.plots():
            self.need(plot)
        Showing(self).all()

    def plan_begins(self) -> dt.date:
        """Return the first day of the history."""
        first: dt.date = self.city.targets("finance")["first_day"]
        return first

    # --- what shall happen --------------------------------------------------------------------------------------------

    def plots(self) -> Iterator[Plot]:
        """Yield what becomes of each need, in the order of days; their sums are the city's targets."""
        wanted = self.city.targets("finance")
        rng = self.rng
        amounts = spread(rng, wanted["drawn_wan"], wanted["drawdowns"], 10, LARGEST_WAN)
        twice = wanted["drawdowns"] - wanted["credits_drawn"]
        counts = [2] * twice + [1] * (wanted["credits_drawn"] - twice)
        counts += [0] * wanted["credits_waiting"] + [-1] * (
            wanted["needs_without_credit"] - (PUBLISHED if self.own else 0)
        )
        rng.shuffle(counts)
        firms = self.city.organisations("enterprise")
        own = [firm for firm in firms if firm.pk in self.own]
        span = (self.city.day - STEPS - wanted["first_day"]).days
        mistakes = wanted["mistakes"]
        for position, count in enumerate(counts):
            day = weekday(wanted["first_day"] + dt.timedelta(days=position * span // len(counts)))
            if count < 0 and position % 2:
                day = weekday(self.city.day - dt.timedelta(days=1 + position % RECENT))
            drawn = tuple(amounts.pop() for _ in range(max(0, count)))
            total = (sum(drawn) or rng.randrange(50, 800, 10)) + rng.choice((0, 0, 20, 50, 100))
            mistake = count == 2 and mistakes > 0
            mistakes -= mistake
            firm = own[position % len(own)] if own and position % 40 == 5 else rng.choice(firms)
            yield Plot(firm, day, total, drawn, count >= 0, mistake)

    # --- one need -----------------------------------------------------------------------------------------------------

    def need(self, plot: Plot) -> Listing:
        """Play one need as far as its plot goes."""
        with self.at(plot.day, 9):
            listing = self.filed(plot)
        with self.at(plot.day, 11):
            needs.publish(listing, account=self.office)
        if plot.granted:
            self.granted(listing, plot)
        elif (self.city.day - plot.day).days > RECENT:
            self.unsolved(listing, plot)
        else:
            self.on_its_way(listing, plot)
        return listing

    def filed(self, plot: Plot) -> Listing:
        """File it, by its own people where they have an account."""
        rng = self.rng
        guarantee = rng.choice(Need.Guarantee.values)
        given = NeedGiven(
            plot.wanted_wan * WAN_FEN, rng.choice((6, 12, 12, 12, 24, 36)),
            rng.choice(("working", "working", "working", "fixed", "upgrade", "trade")), guarantee,
            first_loan=rng.random() < 0.3, rate_bp=rng.choice((None, None, 450, 500, 600)), use="用于生产经营周转(演示)",
            collateral="" if guarantee == "credit" else "厂房、设备等(演示)",
        )  # fmt: skip
        account = self.asker if plot.firm.pk in self.own else None
        case = needs.file_need(plot.firm, given, account=account)
        return Listing.objects.select_related("case", "enterprise").get(pk=case.pk)

    def granted(self, listing: Listing, plot: Plot) -> None:
        """Let a bank take it, grant credit, and where there are drawdowns sign and pay out."""
        rng = self.rng
        engagement = self.investigated(listing, plot)
        credit_day = self.later(plot.day, rng.randint(5, 24))
        drawn = sum(plot.drawn) * WAN_FEN
        amount = listing.wanted_fen if not drawn else rng.choice((drawn, listing.wanted_fen))
        with self.at(credit_day, 10):
            rate = rng.randrange(365, 620, 5)
            officer = self.officer(engagement.bank_id)
            dealing.grant(engagement, amount, rate_bp=rate, term_months=listing.term_months, account=officer)
        if plot.drawn:
            self.drawn(engagement, plot, credit_day, drawn)
        elif (self.city.day - plot.day).days > 80:
            with self.at(self.later(credit_day, 20), 16):
                needs.close(listing, code="terms", account=self.office)

    def investigated(self, listing: Listing, plot: Plot, refuse: bool = False) -> Engagement:
        """Let a bank come to it in one of the ways, contact the enterprise and look closer."""
        engagement = self.taken(listing, plot)
        officer = self.officer(engagement.bank_id)
        with self.at(self.later(plot.day, 2), 15):
            dealing.contact(engagement, "已电话联系企业,约定上门时间", account=officer)
        with self.at(self.later(plot.day, 3), 9):
            dealing.investigate(engagement, "收集资料,实地走访", account=officer)
        if refuse:
            with self.at(self.later(plot.day, 9), 16):
                dealing.refuse(engagement, self.rng.choice(sorted(settings().refusals)), account=officer)
        return engagement

    def taken(self, listing: Listing, plot: Plot) -> Engagement:
        """Let one bank take it: pushed and taken, assigned, or grabbed."""
        bank = self.rng.choice(self.banks)
        officer = self.officer(bank.pk)
        ways = ("push", "push", "assign") if officer is None else ("push", "grab", "assign")
        way = self.rng.choice(ways)
        with self.at(plot.day, 14):
            if way == "push":
                engagement = offering.push(listing, [self.rng.choice(self.offers[bank.pk])], account=self.office)[0]
            elif way == "assign":
                return offering.assign(listing, bank, account=self.office)
            else:
                assert officer is not None
                offering.open_to_grab(listing, 1, account=self.office)
                return offering.grab(listing, account=officer)
        with self.at(self.later(plot.day, 1), 10):
            return offering.take(engagement, account=officer)

    def drawn(self, engagement: Engagement, plot: Plot, credit_day: dt.date, total: int) -> None:
        """Sign, pay out, and end the need; what was long ago is partly paid back."""
        officer = self.officer(engagement.bank_id)
        self.contracts += 1
        sign_day = self.later(credit_day, 1)
        with self.at(sign_day, 10):
            number = f"HT{sign_day.year}{self.contracts:05d}"
            granted = engagement.granted_fen or total
            amount = granted if plot.mistake else self.rng.choice((total, granted))
            dealing.sign(engagement, number, amount, on=sign_day, account=officer)
        steps = self.rng.randint(3, 13)
        first = self.later(credit_day, steps)
        if plot.mistake:
            self.mistaken(engagement, number, first, officer)
        day = first
        for turn, wan in enumerate(plot.drawn, 1):
            day = self.later(credit_day, steps * turn)
            with self.at(day, 14):
                lending.draw(engagement, f"{number}-{turn}", wan * WAN_FEN, on=day, account=officer)
        if (self.city.day - day).days > 10:
            with self.at(self.later(day, 2), 16):
                needs.close(engagement.listing, account=self.office)
        self.afterwards(engagement, number, day, total)

    def mistaken(self, engagement: Engagement, number: str, day: dt.date, officer: User | None) -> None:
        """Enter the whole contract in place of the first drawdown, and take it back in red letters."""
        with self.at(day, 10):
            lending.draw(engagement, f"{number}-1", engagement.contract_fen or 0, on=day, account=officer)
            lending.take_back(engagement.bank_id, f"{number}-1", "误按合同全额登记", account=officer)

    def afterwards(self, engagement: Engagement, number: str, day: dt.date, total: int) -> None:
        """Pay some back: early in whole, or a part; renew one that ran out."""
        chance = self.rng.random()
        paid_on = self.later(day, 30)
        if paid_on > self.city.day or chance > 0.3:
            return
        officer = self.officer(engagement.bank_id)
        amount = total if chance < 0.08 else total // 4 // WAN_FEN * WAN_FEN
        if amount:
            with self.at(paid_on, 11):
                lending.repay(engagement, f"{number}-H1", amount, on=paid_on, account=officer)

    def unsolved(self, listing: Listing, plot: Plot) -> None:
        """Let it end without money: refused by its bank, or nobody took it."""
        code = self.rng.choice(("all_refused", "all_refused", "no_bank", "elsewhere"))
        if code == "all_refused":
            self.investigated(listing, plot, refuse=True)
        with self.at(self.later(plot.day, 20), 16):
            needs.close(listing, code=code, account=self.office)

    def on_its_way(self, listing: Listing, plot: Plot) -> None:
        """Leave a need of the last weeks in one of the states before a credit."""
        state = OPEN_STATES[self.open_turn % len(OPEN_STATES)]
        self.open_turn += 1
        if state in ("pool", "grab", "pushed", "missed", "declined"):
            self.offered(listing, plot, state)
            return
        days = {"taken": 0, "contacted": 1, "diligence": 2}[state]
        engagement = self.fresh(listing, days)
        officer = self.officer(engagement.bank_id)
        if days:
            with self.at(self.city.day, 9):
                dealing.contact(engagement, "已联系企业", account=officer)
                if days == 2:
                    dealing.investigate(engagement, account=officer)

    def offered(self, listing: Listing, plot: Plot, state: str) -> None:
        """Offer it to banks that have not taken it yet."""
        if state == "pool":
            return
        when = plot.day if state in ("missed", "declined") else self.city.day
        bank = self.rng.choice(self.banks)
        with self.at(when, 14):
            if state == "grab":
                offering.open_to_grab(listing, account=self.office)
                return
            made = offering.push(listing, self.offers[bank.pk][:1], account=self.office)
            if state == "declined":
                offering.decline(made[0], "capacity", account=self.officer(bank.pk))
        if state == "missed":
            with self.at(self.later(plot.day, 6), 8):
                dealing.lapse()

    def fresh(self, listing: Listing, days: int) -> Engagement:
        """Let a bank take it within the last days, so that its limit is not over."""
        with self.at(weekday(self.city.day - dt.timedelta(days=min(days, 1))), 9):
            bank = self.banks[self.open_turn // len(OPEN_STATES) % 2] if self.officers else self.rng.choice(self.banks)
            return offering.assign(listing, bank, account=self.office)

    # --- who and when -------------------------------------------------------------------------------------------------

    def officer(self, bank: str) -> User | None:
        """Return the bank's officer who has an account; None lets the platform act for the others."""
        return self.officers.get(bank)

    def later(self, day: dt.date, days: int) -> dt.date:
        """Return a working day of the week about so many days later, never before ``day``."""
        return max(day, weekday(day + dt.timedelta(days=days)))

    @contextmanager
    def at(self, day: dt.date, hour: int) -> Iterator[Any]:
        """Let the city's clock stand at an hour of a day, a few minutes past it."""
        moment = dt.datetime.combine(day, dt.time(hour, self.rng.randint(0, 50)))
        with clock.at(timezone.make_aware(moment, timezone.get_default_timezone())) as now:
            yield now
