"""What the sample's own people see in bank and enterprise matching: authorisations, looks, a guarantor, endings of other kinds."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from yizhantong.kernel.access.models import User
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.ledger.sampling import weekday
from yizhantong.kernel.parties.models import Organisation, Person
from yizhantong.zones.finance import sample_products
from yizhantong.zones.finance.actions import authorising, bankfiles, dealing, lending, looking, needs, offering
from yizhantong.zones.finance.actions.needs import NeedGiven
from yizhantong.zones.finance.bankfiles import HEADINGS
from yizhantong.zones.finance.models import Drawdown, Engagement, Listing
from yizhantong.zones.finance.sample_events import Events

if TYPE_CHECKING:
    from yizhantong.zones.finance.sample_cases import Stage

WAN_FEN = 1_000_000
GROUPS = ("registration", "operation", "tax", "credit")
PUBLISHED = 2
"""How many needs the sample's own people publish here; they count among those without credit."""


class Showing:
    """The end of the play, on the last days."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.day = stage.city.day

    def all(self) -> None:
        """Play every part; what needs an account that is missing is left out."""
        self.refused_and_withdrawn()
        self.overdue_and_renewed()
        firm = next((one for one in self.stage.city.organisations("enterprise") if one.pk in self.stage.own), None)
        if firm is None or self.stage.asker is None:
            return
        self.authorised(firm, self.stage.asker)
        self.waiting(firm, self.stage.asker)
        self.files()
        Events(self.stage).play()

    def filed(self, firm: Organisation, wan: int, account: User | None, **values: object) -> Listing:
        """File a need of today."""
        given = NeedGiven(wan * WAN_FEN, 12, "working", "credit", use="采购原材料(演示)", **values)  # type: ignore[arg-type]
        case = needs.file_need(firm, given, account=account)
        return Listing.objects.select_related("case", "enterprise").get(pk=case.pk)

    def refused_and_withdrawn(self) -> None:
        """Needs that did not pass their review, were withdrawn, or wait for it."""
        firms = self.stage.city.organisations("enterprise")[-8:]
        day = weekday(self.day - dt.timedelta(days=12))
        with self.stage.at(day, 10):
            needs.refuse(self.filed(firms[0], 100, None), "unlawful", account=self.stage.office)
            needs.refuse(self.filed(firms[1], 80, None), "double", account=self.stage.office)
            gone = self.filed(firms[2], 150, None)
            needs.publish(gone, account=self.stage.office)
        with self.stage.at(self.stage.later(day, 2), 10):
            needs.withdraw(gone, "股东增资,不再需要贷款", account=None)
        with self.stage.at(self.day, 9):
            for firm in firms[3:6]:
                self.filed(firm, 120, None)

    def overdue_and_renewed(self) -> None:
        """Let loans that matured be renewed by banks, and the others be marked as overdue."""
        matured = Engagement.objects.filter(state="drawn", matures_on__lt=self.day).order_by("id")
        with self.stage.at(self.day, 8):
            for one in list(matured)[::2]:
                until = lending.months_after(self.day, 6)
                lending.renew(one, until, "企业经营正常,无还本续贷", account=self.stage.officer(one.bank_id))
            lending.mark_overdue()

    def authorised(self, firm: Organisation, asker: User) -> None:
        """Authorise two banks for a need of the sample's own enterprise; one of them looks, another authorisation is withdrawn."""
        first, second = self.stage.banks[:2]
        before = self.stage.later(self.day - dt.timedelta(days=4), 0)
        with self.stage.at(weekday(before), 9):
            listing = self.filed(firm, 200, asker, first_loan=True, rate_bp=500)
            needs.publish(listing, account=self.stage.office)
            authorising.authorise(
                firm, purpose="matching", groups=GROUPS[:2], banks=[first, second], listing=listing, account=asker
            )
            authorising.authorise(
                firm, purpose="approval", groups=GROUPS, banks=[first], listing=listing, account=asker
            )
            other = authorising.authorise(firm, purpose="matching", groups=["tax"], every_bank=True, account=asker)
            person = Person.objects.create(
                name="演示保证人", division_id=firm.division_id, demonstration=True, phone="13904160099"
            )
            guarantor = needs.add_guarantor(listing, person, "法定代表人", account=asker)
            authorising.authorise_as_guarantor(guarantor, purpose="approval", banks=[first], account=None)
            products = [self.stage.offers[bank.pk][0] for bank in (first, second)]
            made = offering.push(listing, products, account=asker)
        with self.stage.at(self.day, 9):
            authorising.withdraw(other, account=asker)
            officer = self.stage.officer(first.pk)
            if officer is not None:
                offering.take(made[0], account=officer)
                looking.look(listing, account=officer)
                dealing.contact(made[0], "已与企业财务联系,约定今天上门", account=officer)
                looking.look(listing, groups=["tax", "credit"], account=officer)

    def waiting(self, firm: Organisation, asker: User) -> None:
        """Leave one need of the own enterprise with two offers that wait for its word, another in the pool, and products to review."""
        with self.stage.at(weekday(self.day - dt.timedelta(days=3)), 14):
            listing = self.filed(firm, 300, asker)
            needs.publish(listing, account=self.stage.office)
            offering.open_to_grab(listing, 3, account=self.stage.office)
        with self.stage.at(self.day, 8):
            self.filed(firm, 60, asker)
            resident = User.objects.filter(username="jumin").select_related("person").first()
            if resident is not None and resident.person is not None:
                needs.add_guarantor(listing, resident.person, "股东", account=asker)
            bank = self.stage.banks[0]
            sample_products.unfinished(bank, self.stage.officer(bank.pk))

    def files(self) -> None:
        """Let a bank hand in its file of the month: what stands already, and a line that is wrong."""
        bank = self.stage.banks[0]
        rows = Drawdown.objects.filter(bank=bank, sign=1, reversal__isnull=True).order_by("-id")[:5]
        lines = [",".join(HEADINGS)]
        for row in rows:
            amount = f"{row.amount_fen / 100:.2f}"
            lines.append(f"放款,{row.reference},{row.credit_number},{amount},{row.occurred_on},")
        lines.append(f"放款,HT-0000-1,SX0000,100000.00,{clock.today()},")
        with self.stage.at(self.day, 10):
            content = "\n".join(lines).encode()
            bankfiles.import_file(content, "演示放款明细.csv", bank=bank, account=self.stage.officer(bank.pk))
