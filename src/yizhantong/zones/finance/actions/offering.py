"""How banks come to a need: pushed by the office or a product's match, grabbed by the first, assigned, met at an event."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet

from yizhantong.kernel.access.policy import Account, Refused
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.finance import access
from yizhantong.zones.finance import notices as tell
from yizhantong.zones.finance.actions.locking import dealing, lock, settled_state, working_days
from yizhantong.zones.finance.config import reason_of, settings
from yizhantong.zones.finance.errors import FinanceError
from yizhantong.zones.finance.models import Engagement, EngagementEvent, Listing, Product

State, Way = Engagement.State, Engagement.Way
OPEN = (Listing.State.POOL, Listing.State.DEALING)


def push(listing: Listing, products: Iterable[Product], *, account: Account | None) -> list[Engagement]:
    """Push a need to the banks of these products (one dealing for each bank; banks that have it already are left out).

    By the finance office, or by the enterprise that asks. Each bank answers within the city's limit of working days.
    """
    with transaction.atomic():
        held = _open(listing)
        if not access.manages(account) and not access.acts(account, held.enterprise_id):
            raise Refused(access.MANAGE)
        busy = set(_current(held).values_list("bank_id", flat=True))
        chosen: dict[str, Product] = {}
        for product in products:
            _usable(product)
            if product.bank_id not in busy:
                chosen.setdefault(product.bank_id, product)
        due = working_days(settings().answer_days, clock.now())
        made = [
            _begin(held, product.bank, Way.PUSH, State.PUSHED, account, product=product, due_at=due)
            for product in chosen.values()
        ]
        tell.told_banks(held, made, "请响应")
    _show(listing, held)
    return made


def open_to_grab(
    listing: Listing, places: int | None = None, *, until: dt.datetime | None = None, account: Account | None
) -> Listing:
    """Let the first banks take a need by themselves: ``places`` of them, until then (defaults of the city)."""
    with transaction.atomic():
        held = _open(listing)
        access.check_manages(account)
        count = settings().grab_places if places is None else places
        if not 1 <= count <= 20:
            raise FinanceError("finance.places", "抢单名额应为 1 至 20 家", field="places")
        ends = until or working_days(settings().grab_days, clock.now())
        if ends <= clock.now():
            raise FinanceError("finance.grab_past", "抢单截止时间应晚于现在", field="until")
        held.grab_places, held.grab_until = count, ends
        held.save(update_fields=["grab_places", "grab_until"])
        offering = (
            Product.objects.filter(state=Product.State.PUBLISHED).order_by("bank").values_list("bank_id", flat=True)
        )
        tell.grabbing(held, list(dict.fromkeys(offering)))
    _show(listing, held)
    return listing


def grab(listing: Listing, *, product: Product | None = None, account: Account) -> Engagement:
    """Take a need that is open to be grabbed, for the account's bank; of many at once exactly as many get it as there are places.

    Raises ``finance.not_grabbable``, ``finance.no_place``, ``finance.dealing_already``.
    """
    with transaction.atomic():
        held = _open(listing)
        bank = access.the_bank(account)
        if not held.grab_places or held.grab_until is None or clock.now() >= held.grab_until:
            raise FinanceError("finance.not_grabbable", f"需求 {held.number} 没有开放抢单,或抢单已经截止")
        taken = _current(held).filter(way=Way.GRAB).count()
        if taken >= held.grab_places:
            text = f"抢单名额 {held.grab_places} 家已满,请关注其他需求"
            raise FinanceError("finance.no_place", text, places=held.grab_places)
        made = _take(held, bank, Way.GRAB, account, product)
        tell.progress(made, f"{bank.name}已接单", f"{bank.name}将于 {settings().contact_days} 个工作日内与贵企业联系。")
    _show(listing, held)
    return made


def assign(
    listing: Listing, bank: Organisation, *, product: Product | None = None, account: Account | None
) -> Engagement:
    """Assign a need to a bank, by the finance office: the bank has to make the first contact within the limit."""
    with transaction.atomic():
        held = _open(listing)
        access.check_manages(account)
        made = _take(held, bank, Way.ASSIGN, account, product)
        tell.told_banks(held, [made], "已指派")
    _show(listing, held)
    return made


def invite(listing: Listing, bank: Organisation, *, account: Account | None) -> Engagement:
    """Let a bank that met the enterprise at a matching event deal with its need: by office, enterprise or platform."""
    with transaction.atomic():
        held = _open(listing)
        if not access.manages(account) and not access.acts(account, held.enterprise_id):
            raise Refused(access.MANAGE)
        made = _take(held, bank, Way.MEETING, account, None)
    _show(listing, held)
    return made


def take(engagement: Engagement, *, account: Account | None) -> Engagement:
    """Take a need that was pushed: the first contact is due within the city's limit."""
    with dealing(engagement, "take", account) as work:
        one = work.engagement
        one.taken_at, one.handler = work.now, access.user_of(account)
        one.due_at = working_days(settings().contact_days, work.now)
        one.warn_at = working_days(settings().warn_days, work.now)
        tell.progress(
            one, f"{one.bank.name}已接单", f"{one.bank.name}将于 {settings().contact_days} 个工作日内与贵企业联系。"
        )
    return engagement


def decline(engagement: Engagement, code: str, text: str = "", *, account: Account | None) -> Engagement:
    """Decline a need that was pushed, for a reason of the city's list."""
    reason = reason_of(settings().refusals, code, "不接单的原因")
    with dealing(engagement, "decline", account) as work:
        work.engagement.refusal, work.engagement.refusal_text = code, text.strip()[:300]
        work.engagement.due_at = work.engagement.warn_at = None
        work.note = reason.text
    return engagement


def _open(listing: Listing) -> Listing:
    held = lock(listing.pk)
    if held.state not in OPEN:
        label = Listing.State(held.state).label
        raise FinanceError("finance.not_open", f"需求 {held.number} 现为“{label}”,不能对接银行", state=held.state)
    return held


def _current(listing: Listing) -> QuerySet[Engagement]:
    return Engagement.objects.filter(listing=listing).exclude(state__in=Engagement.ENDED)


def _take(
    listing: Listing, bank: Organisation, way: str, account: Account | None, product: Product | None
) -> Engagement:
    if bank.kind != Organisation.Kind.BANK:
        raise FinanceError("finance.not_a_bank", f"{bank.name}不是银行", field="bank")
    if product is not None:
        _usable(product)
        if product.bank_id != bank.pk:
            raise FinanceError("finance.other_bank", f"“{product.name}”不是{bank.name}的产品", field="product")
    held = _current(listing).filter(bank=bank).first()
    if held is not None and held.state != State.PUSHED:
        text = f"{bank.name}正在对接这笔需求,不能重复接单"
        raise FinanceError("finance.dealing_already", text)
    now = clock.now()
    due, warn = working_days(settings().contact_days, now), working_days(settings().warn_days, now)
    if held is None:
        made = _begin(listing, bank, way, State.TAKEN, account, product=product, due_at=due, warn_at=warn, taken_at=now)
    else:
        made = held
        before, made.state, made.way, made.taken_at = made.state, State.TAKEN, way, now
        made.due_at, made.warn_at = due, warn
        made.save()
        _event(made, "take", before, account)
    made.listing = listing
    listing.state = settled_state(listing)
    listing.save(update_fields=["state"])
    return made


def _begin(
    listing: Listing, bank: Organisation, way: str, state: str, account: Account | None, **values: object
) -> Engagement:
    officer = access.user_of(account) if access.bank_of(account) is not None else None
    made = Engagement.objects.create(
        listing=listing, bank=bank, way=way, state=state, handler=officer, offered_at=clock.now(),
        wanted_fen=listing.wanted_fen, **values,
    )  # fmt: skip
    _event(made, way, "", account)
    return made


def _event(engagement: Engagement, code: str, before: str, account: Account | None) -> None:
    EngagementEvent.objects.create(
        engagement=engagement, code=code, before=before, after=engagement.state, at=clock.now(),
        by=access.user_of(account),
    )  # fmt: skip


def _usable(product: Product) -> None:
    ended = product.valid_until is not None and product.valid_until < clock.today()
    if product.state != Product.State.PUBLISHED or ended:
        raise FinanceError("finance.product_offline", f"“{product.name}”没有发布或已过有效期", field="product")


def _show(given: Listing, held: Listing) -> None:
    for each in Listing._meta.concrete_fields:
        setattr(given, each.attname, getattr(held, each.attname))
