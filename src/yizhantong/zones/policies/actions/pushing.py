"""Telling enterprises of policies that suit them; an enterprise may opt out, and is told of one version once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db import transaction

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.cases.people import acts_for
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.notices.actions import send
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.policies.actions.recording import user
from yizhantong.zones.policies.errors import PolicyError
from yizhantong.zones.policies.models import OptOut, PolicyCard, Push
from yizhantong.zones.policies.queries import eligibility, people

NAMED = 3
"""How many enterprises a message names before it counts the rest."""


@transaction.atomic
def push(card: PolicyCard, *, account: Account | None) -> int:
    """Tell all enterprises that match, but for those who opted out or were told of this version; return how many are new."""
    if account is not None and not policy.reach(account, "policies.edit", "policies").includes(
        card.document.issuer_id, card.document.division_id
    ):
        raise policy.Refused("policies.edit", card.document.division_id)
    if card.state != PolicyCard.State.PUBLISHED or card.item is None or card.item.current is None:
        raise PolicyError("policies.card_offline", "只有已上线、有申报条件的政策卡可以推送")
    version = card.item.current.number
    out = set(OptOut.objects.values_list("organisation_id", flat=True))
    out |= set(Push.objects.filter(card=card, version=version).values_list("organisation_id", flat=True))
    wanted = [one for one in eligibility.matching(card.item.current.pk) if one not in out]
    acting = _people(wanted)
    Push.objects.bulk_create(
        (
            Push(card=card, organisation_id=one, version=version, pushed_at=clock.now(), told=len(acting[one]))
            for one in wanted
        ),
        ignore_conflicts=True,
    )
    _tell(card, acting)
    return len(wanted)


def _tell(card: PolicyCard, acting: Mapping[str, Iterable[int]]) -> None:
    """Tell each account once, naming those of its enterprises that match."""
    names = dict(Organisation.objects.filter(pk__in=list(acting)).values_list("uscc", "name"))
    of_account: dict[int, list[str]] = defaultdict(list)
    for one, numbers in sorted(acting.items()):
        for number in numbers:
            of_account[number].append(names[one])
    alike: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, firms in of_account.items():
        alike[tuple(firms)].append(number)
    for firms, numbers in alike.items():
        said = "、".join(firms[:NAMED]) + (f"等 {len(firms)} 家企业" if len(firms) > NAMED else "")
        body = f"{said}符合“{card.title}”({card.document.document})的申报条件。惠及对象:{card.target}。"
        link = f"/policies/cards/{card.number}/"
        send("policies.match", numbers, title=f"您可能符合:{card.title}", body=body, link=link)


@transaction.atomic
def opt_out(organisation: Organisation, out: bool, *, account: User) -> None:
    """Stop or resume pushing for an enterprise."""
    if not acts_for(account, organisation.pk, None, "policies"):
        raise PolicyError("policies.not_the_enterprise", f"当前账号不能代表“{organisation.name}”设置推送")
    if out:
        OptOut.objects.get_or_create(
            organisation=organisation, defaults={"since": clock.now(), "account": user(account)}
        )
    else:
        OptOut.objects.filter(organisation=organisation).delete()


def _people(organisations: list[str]) -> dict[str, list[int]]:
    """Return the accounts of those who act for each enterprise today."""
    found: dict[str, list[int]] = defaultdict(list)
    persons: dict[int, list[int]] = defaultdict(list)
    current = list(people.mandates(organisations).values_list("organisation_id", "person_id"))
    for number, person in User.objects.filter(person__in={p for _o, p in current}, is_active=True).values_list(
        "pk", "person_id"
    ):
        if person is not None:
            persons[person].append(number)
    for organisation, person in current:
        found[organisation] += persons[person]
    return found
