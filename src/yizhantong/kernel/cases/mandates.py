"""Giving somebody the right to act for an organisation, and taking it back: for a zone or all, for some days, never for ever.

Who holds a mandate with ``may_delegate`` gives others for no more zones and no longer than his own, and takes any of the
organisation's back; a holder lays his own down. An officer who maintains the profiles there registers the first one, from the
organisation's papers (民法典第一百六十五条: a mandate in writing names its agent, matter, authority and term).
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from yizhantong.foundation.codes.errors import CodeError
from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.notices import MANDATE
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.items import profiles
from yizhantong.kernel.ledger.audit import audit
from yizhantong.kernel.ledger.models import AuditEvent
from yizhantong.kernel.notices import send
from yizhantong.kernel.parties.mandates import in_force
from yizhantong.kernel.parties.models import Mandate, Organisation, Person
from yizhantong.kernel.parties.register import register_person

LONGEST = 366
"""Days that a mandate holds at most."""
SOON = 7
"""So many days before its end holder and givers are reminded."""


def given(organisation: Organisation) -> QuerySet[Mandate]:
    """Return the mandates of an organisation, those in force and those that are over, the newest first."""
    return Mandate.objects.filter(organisation=organisation).select_related("person", "given_by").order_by("-id")


def held(account: User) -> QuerySet[Mandate]:
    """Return the mandates that the account's person holds today."""
    rows = in_force(clock.today()).filter(person_id=account.person_id) if account.person_id else Mandate.objects.none()
    return rows.select_related("organisation", "given_by").order_by("organisation__name", "id")


def delegates(account: policy.Account, organisation: Organisation) -> Mandate | None:
    """Return the mandate by which the account may give others; None when it has none."""
    if not isinstance(account, User) or account.person_id is None:
        return None
    own = in_force(clock.today()).filter(person_id=account.person_id, organisation=organisation, may_delegate=True)
    return own.order_by("zone", "-valid_to").first()


@transaction.atomic
def give(organisation: Organisation, *, name: str, identity: str, until: dt.date, account: User, zone: str = "",
         may_delegate: bool = False) -> Mandate:  # fmt: skip
    """Let a person act for an organisation from today ``until`` a day; the person need not have an account yet.

    Raises :class:`CaseError` (``mandates.refused``, ``.identity``, ``.name_differs``, ``.oneself``, ``.term``, ``.zone``, ``.exists``).
    """
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    own = delegates(account, organisation)
    officer = profiles.may_verify(account, organisation)
    if own is None and not officer:
        raise CaseError(
            "mandates.refused", _("只有可转委托的经办人能代表“%(firm)s”授权他人") % {"firm": organisation.name}
        )
    if own is not None and not officer:
        _within(own, zone, until, may_delegate)
    today = clock.today()
    if not today <= until <= today + dt.timedelta(days=LONGEST):
        text = _("终止日应在今天到 %(days)s 天之内,到期后可以重新授权") % {"days": LONGEST}
        raise CaseError("mandates.term", text, field="until")
    person = _person(name.strip(), identity, organisation)
    if person.pk == account.person_id:
        raise CaseError("mandates.oneself", _("不能授权给自己"), field="identity")
    if in_force(today).filter(organisation=organisation, person=person, zone__in=("", zone)).exists():
        text = _("%(name)s 已有同样范围的授权;要改期限,请先撤销再授权") % {"name": person.name}
        raise CaseError("mandates.exists", text, field="identity")
    made = Mandate.objects.create(
        organisation=organisation, person=person, zone=zone, valid_from=today, valid_to=until, may_delegate=may_delegate,
        given_by_id=account.person_id, given_at=clock.now(),
    )  # fmt: skip
    audit(
        account,
        AuditEvent.Event.RIGHTS,
        f"mandate:{made.pk}",
        organisation=organisation.pk,
        zone=zone,
        until=str(until),
    )
    _tell(made, _("%(firm)s 授权您代为办理") % {"firm": organisation.name}, _("期限至 %(day)s。") % {"day": until})
    return made


@transaction.atomic
def withdraw(mandate: Mandate, account: User) -> Mandate:
    """End a mandate now: by who may give, by an officer, or by its holder.

    Raises :class:`CaseError` (``mandates.refused``, ``.over``, ``.last``: nobody would be left who may give).
    """
    organisation = Organisation.objects.select_for_update().get(pk=mandate.organisation_id)
    found = Mandate.objects.select_related("person").get(pk=mandate.pk)
    allowed = account.person_id == found.person_id or delegates(account, organisation) is not None
    if not allowed and not profiles.may_verify(account, organisation):
        raise CaseError("mandates.refused", _("只有授权人或被授权人能撤销这项授权"))
    if found.withdrawn_at is not None or (found.valid_to is not None and found.valid_to < clock.today()):
        raise CaseError("mandates.over", _("这项授权已经失效"))
    others = in_force(clock.today()).filter(organisation=organisation, may_delegate=True).exclude(pk=found.pk)
    if found.may_delegate and not others.exists():
        raise CaseError(
            "mandates.last", _("这是“%(firm)s”最后一位可转委托的经办人,请先授权另一位") % {"firm": organisation.name}
        )
    found.withdrawn_at = clock.now()
    found.save(update_fields=["withdrawn_at"])
    audit(account, AuditEvent.Event.RIGHTS, f"mandate:{found.pk}", organisation=organisation.pk, withdrawn=True)
    _tell(found, _("%(firm)s 对您的授权已撤销") % {"firm": organisation.name}, _("您不能再代表该单位办理。"))
    return found


def remind() -> int:
    """Tell, once a day and seven days before, whose mandate ends soon; return how many were told."""
    ending = in_force(clock.today()).filter(valid_to=clock.today() + dt.timedelta(days=SOON))
    rows = list(ending.select_related("person", "organisation"))
    for each in rows:
        title = _("您代表 %(firm)s 的授权将于 %(day)s 到期") % {"firm": each.organisation.name, "day": each.valid_to}
        _tell(each, title, _("如需继续办理,请单位重新授权。"))
    return len(rows)


def _within(own: Mandate, zone: str, until: dt.date, may_delegate: bool) -> None:
    if own.zone and zone != own.zone:
        raise CaseError("mandates.zone", _("您的授权只限一个专区,不能授予其他范围"), field="zone")
    if own.valid_to is not None and until > own.valid_to:
        text = _("您自己的授权到 %(day)s 为止,不能授得更久") % {"day": own.valid_to}
        raise CaseError("mandates.term", text, field="until")
    if may_delegate and own.zone:
        raise CaseError("mandates.zone", _("单个专区的授权不能再转委托"), field="may_delegate")


def _person(name: str, identity: str, organisation: Organisation) -> Person:
    if not name:
        raise CaseError("mandates.name", _("请填写姓名"), field="name")
    try:
        found = register_person(name=name[:64], number=identity, phone="", division=organisation.division_id)
    except CodeError as error:
        raise CaseError("mandates.identity", error.message, field="identity") from None
    if found.name != name:
        raise CaseError("mandates.name_differs", _("姓名与证件号不一致,请核对"), field="name")
    return found


def _tell(mandate: Mandate, title: str, body: str) -> None:
    accounts = list(User.objects.filter(person_id=mandate.person_id, is_active=True))
    send(MANDATE.code, accounts, title=title, body=body, link="/my/mandates/", subject=f"mandate:{mandate.pk}")
