"""Products of banks: drafted by the bank, published by the finance office (four eyes), withdrawn, revised."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.items.content import Condition
from yizhantong.kernel.items.errors import ItemError
from yizhantong.kernel.ledger.audit import audit
from yizhantong.kernel.ledger.models import AuditEvent
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.finance import access, search
from yizhantong.zones.finance import notices as tell
from yizhantong.zones.finance.actions.locking import text_of
from yizhantong.zones.finance.errors import FinanceError
from yizhantong.zones.finance.matching import terms
from yizhantong.zones.finance.models import Need, Product

State = Product.State
EDITED = (
    "name", "summary", "min_fen", "max_fen", "min_months", "max_months", "lpr", "low_bp", "high_bp", "guarantees", "purposes",
    "conditions", "materials", "valid_until", "contact", "phone",
)  # fmt: skip
"""What a bank says of its product."""
NEEDED = ("name", "contact", "phone")


def draft(bank: Organisation, values: Mapping[str, Any], *, account: Account | None) -> Product:
    """Draft a product of the account's bank; errors as of :func:`save`."""
    access.check_works_for(account, bank.pk)
    if bank.kind != Organisation.Kind.BANK:
        raise FinanceError("finance.not_a_bank", f"{bank.name}不是银行", field="bank")
    made = Product(bank=bank, code=f"CP{clock.today():%y%m}{secrets.token_hex(4).upper()}")
    return _write(made, values, account)


def save(product: Product, values: Mapping[str, Any], *, account: Account | None) -> Product:
    """Change a draft; ``values`` by column as of ``EDITED``.

    Raises ``finance.unknown_field``, ``finance.ranges``, ``finance.missing``, ``finance.choices``, ``finance.bad_condition``.
    """
    with transaction.atomic():
        return _write(_locked(product, account, State.DRAFT), values, account)


def submit(product: Product, *, account: Account | None) -> Product:
    """Hand a draft over to the finance office."""
    with transaction.atomic():
        held = _locked(product, account, State.DRAFT)
        held.state, held.remark = State.SUBMITTED, ""
        held.save(update_fields=["state", "remark"])
        tell.product(held, "待审定产品", access.accounts_of_office())
    return held


def publish(product: Product, *, account: Account | None) -> Product:
    """Publish what a bank submitted, by somebody else than who wrote it; what it replaces is withdrawn.

    Raises ``finance.own_work``, ``finance.wrong_state``, ``finance.valid_until``.
    """
    with transaction.atomic():
        access.check_manages(account)
        held = _held(product, State.SUBMITTED)
        by = access.user_of(account)
        if by is not None and held.written_by_id == by.pk:
            raise FinanceError("finance.own_work", "起草的人不能审定自己起草的产品")
        if held.valid_until is not None and held.valid_until < clock.today():
            raise FinanceError("finance.valid_until", "产品有效期已过,请退回银行修改", field="valid_until")
        held.state, held.published_by, held.published_at = State.PUBLISHED, by, clock.now()
        held.save(update_fields=["state", "published_by", "published_at"])
        if held.replaces is not None and held.replaces.state == State.PUBLISHED:
            _end(Product.objects.select_for_update(of=("self",)).get(pk=held.replaces.pk))
        audit(account, AuditEvent.Event.PUBLISH, f"finance:product:{held.code}", how="published")
        search.put(held)
        tell.product(held, "产品已发布", access.accounts_of_bank(held.bank_id))
    return held


def send_back(product: Product, remark: str, *, account: Account | None) -> Product:
    """Give a submitted product back to its bank, saying why."""
    remark = text_of(remark, "remark", "退回意见", most=200)
    with transaction.atomic():
        access.check_manages(account)
        held = _held(product, State.SUBMITTED)
        held.state, held.remark = State.DRAFT, remark
        held.save(update_fields=["state", "remark"])
        tell.product(held, "产品被退回", access.accounts_of_bank(held.bank_id), remark)
    return held


def withdraw(product: Product, reason: str, *, account: Account | None) -> Product:
    """Take a product offline, by its bank or the office; dealings under it go on."""
    reason = text_of(reason, "reason", "下线原因", most=200)
    with transaction.atomic():
        held = _held(product, State.PUBLISHED)
        if not access.manages(account):
            access.check_works_for(account, held.bank_id)
        held.remark = reason
        _end(held)
        audit(account, AuditEvent.Event.PUBLISH, f"finance:product:{held.code}", how="withdrawn", reason=reason)
    return held


def revise(product: Product, *, account: Account | None) -> Product:
    """Return a draft of a published product's revision: the one at hand, or a new one with its values."""
    with transaction.atomic():
        held = _held(product, State.PUBLISHED)
        access.check_works_for(account, held.bank_id)
        at_hand = held.revisions.filter(state__in=[State.DRAFT, State.SUBMITTED]).first()
        if at_hand is not None:
            return at_hand
        made = Product(bank=held.bank, code=f"CP{clock.today():%y%m}{secrets.token_hex(4).upper()}", replaces=held)
        return _write(made, {name: getattr(held, name) for name in EDITED}, account)


def expire() -> int:
    """Take products offline whose validity has run out; return how many. A daily job calls it."""
    ended = Product.objects.filter(state=State.PUBLISHED, valid_until__lt=clock.today())
    with transaction.atomic():
        rows = list(ended.select_for_update(of=("self",)))
        for row in rows:
            row.remark = "有效期已过"
            _end(row)
    return len(rows)


def _end(product: Product) -> None:
    product.state = State.WITHDRAWN
    product.save(update_fields=["state", "remark"])
    search.drop(product)


def _write(product: Product, values: Mapping[str, Any], account: Account | None) -> Product:
    unknown = sorted(set(values) - set(EDITED))
    if unknown:
        raise FinanceError("finance.unknown_field", f"产品没有这些项:{'、'.join(unknown)}", field=unknown[0])
    for name, value in values.items():
        setattr(product, name, value.strip() if isinstance(value, str) else value)
    _check(product)
    product.written_by, product.written_at = access.user_of(account), clock.now()
    product.save()
    return product


def _check(product: Product) -> None:
    for name in NEEDED:
        if not getattr(product, name):
            raise FinanceError("finance.missing", f"请填写{_label(name)}", field=name)
    numbers = (
        product.min_fen,
        product.max_fen,
        product.min_months,
        product.max_months,
        product.low_bp,
        product.high_bp,
    )
    if any(number is None for number in numbers):
        raise FinanceError("finance.missing", "请填写金额、期限和利率的上下限", field="max_fen")
    ordered = 0 < product.min_fen <= product.max_fen and 0 < product.min_months <= product.max_months <= 360
    if not ordered or not -500 <= product.low_bp <= product.high_bp <= 2000:
        raise FinanceError("finance.ranges", "金额、期限、利率加点的下限不能大于上限,请核对", field="max_fen")
    _check_lists(product)


def _label(name: str) -> str:
    return str(next(each.verbose_name for each in Product._meta.concrete_fields if each.name == name))


def _check_lists(product: Product) -> None:
    for name, known in (("guarantees", Need.Guarantee.values), ("purposes", Need.Purpose.values)):
        chosen = getattr(product, name)
        if not isinstance(chosen, list) or not chosen or not all(one in known for one in chosen):
            raise FinanceError("finance.choices", f"请选择{_label(name)}", field=name)
        if len(set(chosen)) < len(chosen):
            raise FinanceError("finance.choices", f"{_label(name)}有重复的项,请核对", field=name)
    if not isinstance(product.materials, list) or any(not isinstance(one, str) for one in product.materials):
        raise FinanceError("finance.materials", "所需材料应逐项填写", field="materials")
    try:
        conditions = [Condition.model_validate(one) for one in product.conditions]
        terms.check(conditions)
    except ItemError as error:
        raise FinanceError("finance.bad_condition", error.sentence, field="conditions") from None
    except ValueError:
        raise FinanceError("finance.bad_condition", "准入条件的写法不对,请核对", field="conditions") from None


def _locked(product: Product, account: Account | None, state: str) -> Product:
    held = _held(product, state)
    access.check_works_for(account, held.bank_id)
    return held


def _held(product: Product, state: str) -> Product:
    held = Product.objects.select_for_update(of=("self",)).select_related("bank").get(pk=product.pk)
    if held.state != state:
        label = State(held.state).label
        raise FinanceError("finance.wrong_state", f"产品现为“{label}”,不能这样办理;请刷新后查看", state=held.state)
    return held
