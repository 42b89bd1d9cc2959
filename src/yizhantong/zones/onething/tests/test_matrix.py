"""Every role × every operation × every state of a package, by the real actions, against a table written by hand.

Letters are the states of the package: D draft, S submitted, P supplement, A accepted (its first part granted, the second open),
C closed (the second refused, after the first was granted). What is not in the table must be refused, and leave nothing behind.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import actions as cases
from yizhantong.kernel.cases import queries
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.items import actions as items
from yizhantong.kernel.items.errors import ContentError, ItemError
from yizhantong.kernel.items.models import Item, ItemVersion
from yizhantong.zones.onething import cosigning
from yizhantong.zones.onething.actions import editing
from yizhantong.zones.onething.models import Cosignature
from yizhantong.zones.onething.queries import packages
from yizhantong.zones.onething.tests.conftest import BIRTH, DAY, MARRIED, PAPERS, Town, at, user_of

pytestmark = pytest.mark.django_db

# fmt: off
CASES = """
see               SPAC  asker lead
see               D     asker
save_draft        D     asker
submit            D     asker
discard           D     asker
invite            D     asker
uninvite          D     asker
accept            S     lead
refuse_acceptance S     lead
ask_supplement    SA    lead
supplement        P     asker
withdraw          SPA   asker
terminate         SPA   lead
finish_by_hand    -
see_part          PAC   asker part_office
decide_part       PA    part_office
withdraw_part     PA    asker
terminate_part    PA    part_office
supplement_part   PA    part_office
dispute_part      C     asker
dispute_whole     -
rate              C     asker
"""
"""``fork``, ``join``, the opening of parts and the ending of the whole are the zone's own and stand on nobody's list."""

EDITING = """
create            DSP   editor
draft             DP    editor
save              D     editor
submit_version    D     editor
send_back         S     editor publisher
publish           S     publisher
list              DSP   editor publisher
"""
"""Letters are the states of the newest version: D draft, S submitted, P published."""
# fmt: on
ROLES = (
    "editor",
    "publisher",
    "lead",
    "part_office",
    "other_office",
    "asker",
    "other_asker",
    "cosigner",
    "somebody",
    "anonymous",
)  # fmt: skip
DEFECTS = [{"kind": "other", "text": "请补充"}]
LAW = "《户口登记条例》第七条"


@dataclass
class Stage:
    """One package in each of its states, and who comes."""

    town: Town
    people: dict[str, Any]
    packages: dict[str, Case]
    signatures: dict[str, Cosignature]


def draft(town: Town, **more: Any) -> Case:
    made = cases.draft(town.item(), applicant=town.mother, account=town["mother"], data=BIRTH | more)
    for each in PAPERS:
        cases.give_material(made, each["code"], mode=each["mode"], account=None)
    return made


def underway(town: Town) -> Case:
    parent = town.accepted()
    town.decide(parent, "certificate")
    return parent


def in_every_state(town: Town) -> dict[str, Case]:
    made = {"D": draft(town), "S": town.filed(), "P": underway(town), "A": underway(town), "C": town.accepted()}
    cases.ask_supplement(made["P"], DEFECTS, account=town.official(made["P"]))
    for code, outcome in (("certificate", "granted"), ("vaccination", "granted"), ("household", "refused")):
        said = {} if outcome == "granted" else {"reason": "户籍地不在本市", "law": LAW}
        town.decide(made["C"], code, outcome, **said)
    return {letter: Case.objects.get(pk=case.pk) for letter, case in made.items()}


@pytest.fixture(scope="module")
def stage(settled: Town) -> Stage:
    with at(DAY):
        made = in_every_state(settled)
        invited = cases.draft(settled.item(), applicant=settled.mother, account=settled["mother"], data=MARRIED)
        row, _path = cosigning.invite(invited, "father", settled["mother"])
    household = Item.objects.get(pk="onething.birth_household").agency_id
    friend = user_of(settled, "friend", [])
    people = {
        "editor": settled["editor"], "publisher": settled["publisher"], "lead": settled.officials[settled.item().agency_id],
        "part_office": settled.officials[household], "other_office": settled["stranger"], "asker": settled["mother"],
        "other_asker": user_of(settled, "neighbour", []), "cosigner": settled["father"], "somebody": friend, "anonymous": AnonymousUser(),
    }  # fmt: skip
    assert {case.state for case in made.values()} == {"draft", "submitted", "supplement", "accepted", "closed"}
    return Stage(settled, people, made, {"D": row})


def table(text: str) -> set[tuple[str, str, str]]:
    """Return operation, state and role of everything that is allowed; an operation that never is has no state."""
    lines = [line.split() for line in text.splitlines() if line.strip()]
    return {(name, letter, role) for name, states, *who in lines for letter in states for role in who or [""]}


def named(text: str) -> set[str]:
    return {line.split()[0] for line in text.splitlines() if line.strip()}


# --- what is tried ---------------------------------------------------------------------------------------------------


def part_of(case: Case) -> Case:
    """Return the household's part, or (before there is one) a case that nobody has anything to do with."""
    return Case.objects.filter(package_part__case=case, package_part__code="household").first() or case


def _decide(part: Case, by: Any) -> None:
    for step in part.steps.filter(done_at=None).exclude(kind="decision").order_by("id"):
        cases.complete_step(part, step.code, outcome="pass", account=by)
    cases.decide(part, outcome="granted", account=by)


def tries(stage: Stage, case: Case) -> Mapping[str, Callable[[Any], Any]]:
    """Return what may be tried with a case, by the table's names."""
    part, row = part_of(case), stage.signatures["D"]
    signed = Case.objects.get(pk=row.case_id) if case.state == "draft" else case
    return {
        "see": lambda by: seen(by, case),
        "save_draft": lambda by: cases.save_draft(case, BIRTH, by), "submit": lambda by: cases.submit(case, account=by),
        "discard": lambda by: cases.discard(case, by), "invite": lambda by: cosigning.invite(signed, "father", by),
        "uninvite": lambda by: cosigning.withdraw(row if case.state == "draft" else gone(stage, case), by),
        "accept": lambda by: cases.accept(case, account=by),
        "refuse_acceptance": lambda by: cases.refuse_acceptance(case, reason="不属本机关", law=LAW, account=by),
        "ask_supplement": lambda by: cases.ask_supplement(case, DEFECTS, account=by),
        "supplement": lambda by: cases.supplement(case, account=by), "withdraw": lambda by: cases.withdraw(case, "不办了", by),
        "terminate": lambda by: cases.terminate(case, "申请人失联", LAW, by),
        "finish_by_hand": lambda by: cases.complete_step(case, "parts", outcome="pass", account=by),
        "see_part": lambda by: seen(by, other(case, part)), "decide_part": lambda by: _decide(other(case, part), by),
        "withdraw_part": lambda by: cases.withdraw(other(case, part), "不办了", by),
        "terminate_part": lambda by: cases.terminate(other(case, part), "申请人失联", LAW, by),
        "supplement_part": lambda by: cases.ask_supplement(other(case, part), DEFECTS, account=by),
        "dispute_part": lambda by: cases.dispute(other(case, part), "户口簿已更正", by),
        "dispute_whole": lambda by: cases.dispute(case, "不服", by), "rate": lambda by: cases.rate(case, 5, account=by),
    }  # fmt: skip


def other(case: Case, part: Case) -> Case:
    """Refuse where there is no part."""
    if part.pk == case.pk:
        raise CaseError("test.no_part", "还没有分办件")
    return part


def gone(stage: Stage, case: Case) -> Cosignature:
    raise CaseError("test.no_link", f"{case.number} 没有签署链接")


def seen(account: Any, case: Case) -> Case:
    """Return the case as a page reads it; raise ``cases.unknown``."""
    return queries.by_number(account, case.number)


REFUSALS = (CaseError, policy.Refused, ItemError, ContentError)


def allowed(task: Callable[[Any], Any], account: Any) -> bool:
    """Do it and take it back; tell whether it was let."""
    try:
        with transaction.atomic():
            task(account)
            raise _Done
    except _Done:
        return True
    except REFUSALS:
        return False


class _Done(Exception):
    """It was let: what it did is taken back."""


def fresh(account: Any) -> Any:
    return User.objects.get(pk=account.pk) if isinstance(account, User) else account


def test_every_role_may_do_with_a_package_what_the_table_says_and_nothing_else(stage: Stage) -> None:
    expected, wrong = table(CASES), []
    with at(DAY):
        assert set(tries(stage, stage.packages["D"])) == named(CASES)
        for role, letter, operation in itertools.product(ROLES, stage.packages, sorted(named(CASES))):
            case = Case.objects.get(pk=stage.packages[letter].pk)
            answer = allowed(tries(stage, case)[operation], fresh(stage.people[role]))
            if answer != ((operation, letter, role) in expected):
                wrong.append(f"{role} {operation} {letter}: {'let' if answer else 'refused'}")
    assert not wrong, "\n".join(wrong)
    assert len(ROLES) * len(stage.packages) * len(named(CASES)) == 1050


def test_trying_has_left_nothing_behind(stage: Stage) -> None:
    for letter, case in stage.packages.items():
        now = Case.objects.get(pk=case.pk)
        assert (now.state, now.outcome, now.marking) == (case.state, case.outcome, case.marking), letter


# --- the link to sign ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("identity", "signs"), [("210702199003070014", True), ("21070319910917028X", False), ("", False)]
)
def test_the_link_and_the_number_sign_whoever_is_signed_in(stage: Stage, identity: str, signs: bool) -> None:
    row = stage.signatures["D"]
    token = cosigning.path_of(row).removeprefix("/onething/sign/").rstrip("/")
    with at(DAY):
        assert allowed(lambda _by: cosigning.sign(token, digest=row.data_digest, identity=identity), None) == signs


# --- the editor ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def versions(stage: Stage) -> dict[str, ItemVersion]:
    """A package whose newest version is a draft, one that waits for publication, one that is published."""
    town, made = stage.town, {}
    for letter, code in (("D", "property"), ("S", "startup")):
        version = editing.draft(town.item(code), town["editor"])
        editing.save(version, version.content["benefit"]["package"], town["editor"])
        made[letter] = editing.submit(version, town["editor"]) if letter == "S" else version
    current = town.item().current
    assert current is not None
    return made | {"P": current}


def edits(stage: Stage, version: ItemVersion) -> Mapping[str, Callable[[Any], Any]]:
    item = Item.objects.select_related("agency", "division").get(pk=version.item_id)
    spec = version.content["benefit"]["package"]
    return {
        "create": lambda by: editing.create("moving", name="搬家一件事", agency=item.agency, division=item.division, account=by),
        "draft": lambda by: editing.draft(item, by), "save": lambda by: editing.save(version, spec, by),
        "submit_version": lambda by: editing.submit(version, by), "publish": lambda by: editing.publish(version, by),
        "send_back": lambda by: items.send_back(version, "请核对", by),
        "list": lambda by: listed(by, item),
    }  # fmt: skip


def listed(account: Any, item: Item) -> None:
    if item not in packages.manageable_by(account):
        raise policy.Refused("items.edit", item.division_id)


def test_every_role_may_do_with_a_version_what_the_table_says_and_nothing_else(
    stage: Stage, versions: dict[str, ItemVersion]
) -> None:
    expected, wrong = table(EDITING), []
    for role, letter, operation in itertools.product(ROLES, versions, sorted(named(EDITING))):
        version = ItemVersion.objects.get(pk=versions[letter].pk)
        answer = allowed(edits(stage, version)[operation], fresh(stage.people[role]))
        if answer != ((operation, letter, role) in expected):
            wrong.append(f"{role} {operation} {letter}: {'let' if answer else 'refused'}")
    assert not wrong, "\n".join(wrong)
