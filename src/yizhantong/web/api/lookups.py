"""Reads for which the kernel has no query of its own: snapshots, segments, divisions with their codes, parties, items in force."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.utils.translation import gettext as _

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import people
from yizhantong.kernel.cases import queries as cases
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions import tree
from yizhantong.kernel.divisions.models import Division, DivisionCode
from yizhantong.kernel.figures.models import Snapshot
from yizhantong.kernel.items import queries as items
from yizhantong.kernel.items.errors import ItemError
from yizhantong.kernel.items.models import Item
from yizhantong.kernel.ledger import Ledger, ledger
from yizhantong.kernel.ledger.models import Fact, Segment
from yizhantong.kernel.ledger.queries import visible_to
from yizhantong.kernel.parties.models import Organisation, Person
from yizhantong.web.api.problems import not_found, sign_in_first


def declared_ledger(code: str) -> Ledger:
    """Return a ledger; :class:`Problem` 404 when there is none."""
    try:
        return ledger(code)
    except KeyError:
        detail = _("没有代码为“%(code)s”的台账,全部台账见 /api/v1/ledgers") % {"code": code}
        raise not_found("ledger.unknown", detail) from None


def seen_ledger(account: policy.Account, code: str) -> Ledger:
    """Return a ledger whose facts the account may look at; 404, or 403 (401) for one that is not public."""
    declared = declared_ledger(code)
    if not declared.public and not policy.may(account, declared.view, zone=declared.zone):
        raise sign_in_first() if not account.is_authenticated else policy.Refused(declared.view)
    return declared


def seen_fact(account: policy.Account, declared: Ledger, number: int) -> Fact:
    """Return a fact that the account may see; :class:`Problem` 404 otherwise."""
    found = visible_to(account, declared).filter(pk=number).first()
    if found is None:
        raise not_found("ledger.no_such_fact", _("没有编号 %(number)s 的记录") % {"number": number})
    return found


def recorded_fact(account: policy.Account, declared: Ledger, number: int) -> tuple[Fact, bool]:
    """Return a fact that the account just recorded, and whether it may see more of it than that it stands."""
    fact = declared.model._default_manager.get(pk=number)
    return fact, visible_to(account, declared).filter(pk=number).exists()


def snapshots(figure: str | None, after: int | None, size: int) -> tuple[list[Snapshot], int | None]:
    """Return published snapshots, the newest first, and the place from which the next page goes on."""
    rows = Snapshot.objects.order_by("-id")
    if figure:
        rows = rows.filter(figure=figure)
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = list(rows[: size + 1])
    return found[:size], found[size - 1].pk if len(found) > size else None


def snapshot(number: int) -> Snapshot:
    """Return one snapshot; :class:`Problem` 404 when there is none."""
    found = Snapshot.objects.filter(pk=number).first()
    if found is None:
        raise not_found("figures.unknown_snapshot", _("没有编号为 %(number)s 的数据快照") % {"number": number})
    return found


def segments(declared: Ledger, after: int, size: int) -> tuple[list[Segment], int | None]:
    """Return sealed segments in the order of their numbers, from the one after ``after`` on."""
    found = list(Segment.objects.filter(ledger=declared.code, number__gt=after).order_by("number")[: size + 1])
    return found[:size], found[size - 1].number if len(found) > size else None


def divisions(under: str | None, level: str | None) -> list[tuple[Division, list[DivisionCode]]]:
    """Return divisions with all codes that official lists gave them; ``under`` takes what a division manages, itself too."""
    rows = Division.objects.all()
    codes: Any = DivisionCode.objects.all()
    if level:
        rows = rows.filter(level=level)
    if under:
        inside = sorted(tree.subtree(under))
        rows, codes = rows.filter(code__in=inside), codes.filter(division_id__in=inside)
    by_division: dict[str, list[DivisionCode]] = defaultdict(list)
    for code in codes:
        by_division[code.division_id].append(code)
    return [(row, by_division[row.code]) for row in rows]


def item_in_force(code: str) -> Item:
    """Return an item that has a version in force (suspended ones too); ``items.unknown_item`` otherwise."""
    found = items.item(code)
    if found.current_id is None:
        raise ItemError("items.unknown_item", _("事项“%(code)s”没有现行版本,请核对代码") % {"code": code})
    return found


def party(account: policy.Account, name: str, zone: str) -> Organisation | Person:
    """Return for whom is asked: ``self``, or an organisation that the account acts for or (``cases.intake``) may ask for."""
    if name == "self":
        person = account.person if isinstance(account, User) else None
        if person is None:
            raise CaseError(
                "cases.not_the_applicant", _("当前账号没有实名的自然人,不能以本人名义申请"), field="applicant"
            )
        return person
    found = Organisation.objects.filter(pk=name).first()
    if found is not None and (found.pk in people.mandated(account) or policy.may(account, "cases.intake", zone=zone)):
        return found
    told = _("没有代码为 %(code)s 的单位,或当前账号不能代表它申请") % {"code": name}
    raise CaseError("cases.not_the_applicant", told, field="applicant")


def fetched(case: Case) -> Case:
    """Return a case with office and asker fetched in one query, as lists and answers show them."""
    return Case.objects.select_related("office", "organisation", "person", "parent").get(pk=case.pk)


def seen_case(account: policy.Account, number: str) -> Case:
    """Return a case that the account sees (drafts are seen by those who ask); ``cases.unknown`` otherwise."""
    return cases.by_number(account, number)


def mine(account: policy.Account, after: int | None, size: int, state: str | None) -> tuple[list[Case], int | None]:
    """Return the cases that the account asks for, newest first, and where the next page goes on."""
    rows = cases.mine(account)
    rows = rows.filter(state=state) if state else rows
    found = list((rows if after is None else rows.filter(pk__lt=after))[: size + 1])
    return found[:size], found[size - 1].pk if len(found) > size else None
