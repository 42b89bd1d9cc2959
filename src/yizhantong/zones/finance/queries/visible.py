"""What an account may see: each list starts here, for pages, API, search and exports alike.

* the finance office sees everything of the market, and no authorised data of enterprises;
* an enterprise sees its own needs, their dealings, its authorisations and who looked;
* a bank sees published products and its own; dealings of its own; of needs those that were pushed, assigned or authorised to it by
  name, or that are open to be grabbed, and of these only what :func:`as_bank` says;
* a guarantor sees his own authorisations and who looked at them;
* everyone sees published products.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.cases.people import mandated
from yizhantong.kernel.divisions import clock, tree
from yizhantong.kernel.parties.load import section_names
from yizhantong.zones.finance import access
from yizhantong.zones.finance.actions.looking import lookable
from yizhantong.zones.finance.models import Authorisation, Engagement, Listing, Look, Product


def products(account: Account) -> QuerySet[Product]:
    """Return the products that the account may see."""
    rows = Product.objects.select_related("bank")
    if access.manages(account):
        return rows.exclude(state=Product.State.DRAFT)
    bank = access.bank_of(account)
    own = Q(bank=bank) if bank is not None else Q(pk__in=[])
    return rows.filter(own | Q(state=Product.State.PUBLISHED))


def listings(account: Account) -> QuerySet[Listing]:
    """Return the needs that the account may see, newest first."""
    rows = Listing.objects.select_related("case", "enterprise")
    if access.manages(account):
        return rows
    asked = Q(enterprise__in=mandated(account, access.ZONE))
    bank = access.bank_of(account)
    return rows.filter(asked | _for_bank(bank.pk)) if bank is not None else rows.filter(asked)


def _for_bank(bank: str) -> Q:
    now = clock.now()
    dealt = Engagement.objects.filter(bank=bank).values("listing")
    named = Authorisation.objects.filter(
        banks=bank, withdrawn_at__isnull=True, valid_from__lte=now, valid_until__gt=now, listing__isnull=False
    ).values("listing")
    grabbable = Q(grab_places__gt=0, grab_until__gt=now, state__in=[Listing.State.POOL, Listing.State.DEALING])
    return Q(pk__in=dealt) | Q(pk__in=named, published_at__isnull=False) | grabbable


def grabbable(account: Account) -> QuerySet[Listing]:
    """Return the needs that the account's bank may grab now: open, and not its own already."""
    bank = access.bank_of(account)
    rows = Listing.objects.select_related("case").filter(
        grab_places__gt=0, grab_until__gt=clock.now(), state__in=[Listing.State.POOL, Listing.State.DEALING]
    )
    if bank is None:
        return rows.none()
    busy = Engagement.objects.filter(bank=bank).exclude(state__in=Engagement.ENDED).values("listing")
    return rows.exclude(pk__in=busy)


def engagements(account: Account) -> QuerySet[Engagement]:
    """Return the dealings that the account may see, newest first."""
    rows = Engagement.objects.select_related("listing__case", "listing__enterprise", "bank", "product")
    if access.manages(account):
        return rows
    bank = access.bank_of(account)
    own = Q(bank=bank) if bank is not None else Q(pk__in=[])
    return rows.filter(own | Q(listing__enterprise__in=mandated(account, access.ZONE)))


def authorisations(account: Account) -> QuerySet[Authorisation]:
    """Return the authorisations that the account gave, for its enterprises or itself."""
    return (
        Authorisation.objects.filter(_given_by(account, ""))
        .select_related("organisation", "person", "listing__case")
        .prefetch_related("banks")
    )


def looks(account: Account) -> QuerySet[Look]:
    """Return who looked at the data of the account's enterprises, or its own, newest first."""
    rows = Look.objects.select_related("authorisation", "listing__case", "bank", "account")
    return rows.filter(_given_by(account, "authorisation__"))


def _given_by(account: Account, path: str) -> Q:
    mine = Q(**{f"{path}organisation__in": mandated(account, access.ZONE)})
    person = access.person_of(account)
    return mine | Q(**{f"{path}person": person}) if person is not None else mine


@dataclass(frozen=True, slots=True)
class BankView:
    """A need as a bank sees it: without an authorisation no name, only industry section and district of who asks.

    ``name`` and ``uscc`` are empty unless the bank may look at the registration data now (:func:`.looking.lookable`); everything
    else of the enterprise is asked by a look, which is on record. Money is in 分.
    """

    number: str
    wanted_fen: int
    term_months: int
    purpose: str
    guarantee: str
    first_loan: bool
    rate_bp: int | None
    industry: str
    industry_name: str
    district: str
    name: str = ""
    uscc: str = ""
    collateral: str = ""
    use: str = ""


def as_bank(listing: Listing, account: Account, named: bool | None = None) -> BankView:
    """Return what the account's bank may see of a need without looking into data.

    ``named``: whether the name may be seen, where a list has asked for all of its rows (:func:`.bank_views.seen`).
    """
    firm = listing.enterprise
    unit = tree.unit_of(firm.division_id)
    if named is None:
        named = "registration" in lookable(listing, account)
    industry = firm.industry
    return BankView(
        number=listing.number, wanted_fen=listing.wanted_fen, term_months=listing.term_months,
        purpose=str(listing.get_purpose_display()), guarantee=str(listing.get_guarantee_display()),
        first_loan=listing.first_loan, rate_bp=listing.rate_bp, industry=industry.section if industry is not None else "",
        industry_name=section_names().get(industry.section, "") if industry is not None else "",
        district=tree.branches()[unit].name if unit in tree.branches() else "", name=firm.name if named else "",
        uscc=firm.pk if named else "", collateral=listing.collateral if named else "", use=listing.use if named else "",
    )  # fmt: skip
