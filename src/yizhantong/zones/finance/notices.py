"""The zone's kinds of messages, and who is told what."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.access.models import User
from yizhantong.kernel.notices.actions import send
from yizhantong.kernel.notices.kinds import declare_kind
from yizhantong.zones.finance import access
from yizhantong.zones.finance.models import Authorisation, Engagement, Listing, Product

NEED = declare_kind("finance.need", _("融资需求待处理"))
OFFER = declare_kind("finance.offer", _("融资需求推送"))
CONTACT = declare_kind("finance.contact", _("首次联系时限"), mandatory=True)
RESULT = declare_kind("finance.result", _("融资对接进展"), mandatory=True)
PRODUCT = declare_kind("finance.product", _("信贷产品审定"))
AUTHORISATION = declare_kind("finance.authorisation", _("数据授权到期"))
OVERDUE = declare_kind("finance.overdue", _("贷款到期与逾期"), mandatory=True)


def wan(fen: int) -> str:
    """Return an amount for people: 1,234.5 万元."""
    return f"{fen / 1_000_000:,.2f}".rstrip("0").rstrip(".") + " 万元"


def told_banks(listing: Listing, engagements: Iterable[Engagement], what: str) -> None:
    """Tell the officers of banks about a need that is open to them."""
    body = f"{wan(listing.wanted_fen)},{listing.term_months} 个月,{listing.get_guarantee_display()}。"
    for one in engagements:
        send(
            OFFER.code, access.accounts_of_bank(one.bank_id), title=f"{what}:融资需求 {listing.number}",
            body=f"{body}请于 {_until(one)} 前办理。" if one.due_at else body, link=_bank_link(one), subject=listing.number,
        )  # fmt: skip


def grabbing(listing: Listing, banks: Iterable[str]) -> None:
    """Tell banks that a need may be taken by the first of them."""
    accounts = [account for bank in banks for account in access.accounts_of_bank(bank)]
    send(
        OFFER.code, accounts, title=f"可抢单:融资需求 {listing.number}",
        body=f"{wan(listing.wanted_fen)},前 {listing.grab_places} 家银行可接单,先到先得。", link="/finance/bank/",
        subject=listing.number,
    )  # fmt: skip


def progress(engagement: Engagement, title: str, body: str) -> None:
    """Tell the enterprise what a bank did for its need."""
    listing = engagement.listing
    send(
        RESULT.code, access.accounts_of_enterprise(listing.enterprise_id), title=title, body=body,
        link=f"/finance/needs/{listing.number}/", subject=listing.number,
    )  # fmt: skip


def lapsed(engagement: Engagement) -> None:
    """Tell bank and office that a limit was missed and the need is back in the pool."""
    listing = engagement.listing
    title = f"超时退回:融资需求 {listing.number}"
    body = f"{engagement.bank.name}未在时限内办理,需求已退回待对接。"
    send(
        CONTACT.code, access.accounts_of_bank(engagement.bank_id), title=title, body=body, link=_bank_link(engagement),
        subject=listing.number,
    )  # fmt: skip
    send(
        NEED.code,
        access.accounts_of_office(),
        title=title,
        body=body,
        link=_office_link(listing),
        subject=listing.number,
    )


def warned(engagement: Engagement) -> None:
    """Remind the bank that its limit runs out."""
    number = engagement.listing.number
    send(
        CONTACT.code, access.accounts_of_bank(engagement.bank_id), title=f"时限将到:融资需求 {number}",
        body=f"请于 {_until(engagement)} 前联系企业,逾期需求将退回。", link=_bank_link(engagement), subject=number,
    )  # fmt: skip


def office(listing: Listing, title: str, body: str) -> None:
    """Tell the finance office."""
    send(
        NEED.code,
        access.accounts_of_office(),
        title=title,
        body=body,
        link=_office_link(listing),
        subject=listing.number,
    )


def product(one: Product, title: str, people: Iterable[User], body: str = "") -> None:
    """Tell people what becomes of a product."""
    send(
        PRODUCT.code, people, title=f"{title}:{one.name}", body=body or f"{one.bank.name}的“{one.name}”({one.code})。",
        link="/finance/products/", subject=one.code,
    )  # fmt: skip


def overdue(engagement: Engagement) -> None:
    """Tell enterprise, bank and office that a loan was not repaid on its day."""
    listing = engagement.listing
    left = wan(engagement.drawn_fen - engagement.repaid_fen)
    title, body = f"贷款逾期:{listing.number}", f"应于 {engagement.matures_on} 归还,尚余 {left}。"
    people = [
        *access.accounts_of_enterprise(listing.enterprise_id), *access.accounts_of_bank(engagement.bank_id),
        *access.accounts_of_office(),
    ]  # fmt: skip
    send(OVERDUE.code, people, title=title, body=body, link=f"/finance/needs/{listing.number}/", subject=listing.number)


def expiring(authorisation: Authorisation, people: Iterable[User]) -> None:
    """Tell who authorised that it runs out."""
    until = timezone.localtime(authorisation.valid_until)
    send(
        AUTHORISATION.code, people, title=f"数据授权将于 {until:%Y-%m-%d} 到期",
        body="到期后银行不能再查看授权数据;如仍需对接,请重新授权。", link="/finance/authorisations/", subject=str(authorisation.pk),
    )  # fmt: skip


def _until(engagement: Engagement) -> str:
    return f"{timezone.localtime(engagement.due_at):%Y-%m-%d %H:%M}" if engagement.due_at else ""


def _bank_link(engagement: Engagement) -> str:
    return f"/finance/bank/{engagement.pk}/"


def _office_link(listing: Listing) -> str:
    return f"/finance/office/{listing.number}/"
