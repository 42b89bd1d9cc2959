"""Every role × every operation × every state and scope, against a table written by hand; and the same through every read.

The table below is not derived from ``rules.OPERATIONS``: it says in words who may do what. Letters are the states of the case:
D draft, S submitted, P supplement, A accepted, C closed. ``@own`` asks of the step of the accountable office, ``@eco`` of the step
that another office has in the same case. Whatever is not in the table must be refused.
"""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import queries, rules
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.models import Case, CaseStep
from yizhantong.kernel.cases.tests import world
from yizhantong.kernel.parties.models import Person

pytestmark = pytest.mark.usefixtures("city")

STATES = {"D": "draft", "S": "submitted", "P": "supplement", "A": "accepted", "C": "closed"}

# fmt: off
EXPECTED = """
see                       SPAC  asker agent intake handler head guta_handler eco_handler eco_head supervisor superior viewer_city viewer_guta viewer_agency viewer_eco
see_draft                 D     asker agent
save_draft                D     asker agent
discard                   D     asker agent
submit                    D     asker agent
give_material             DSPA  asker agent
give_material             SPA   intake
verify_material           SPA   intake handler head guta_handler eco_handler eco_head
ask_supplement            SA    intake handler guta_handler
approve_second_supplement SA    head
supplement                P     asker agent
accept                    S     intake
refuse_acceptance         S     intake
claim@own                 SAC   handler guta_handler
claim@eco                 SAC   eco_handler
release@own               SAC   head
release@eco               SAC   eco_head
assign@own                SAC   head
assign@eco                SAC   eco_head
complete@own              A     handler guta_handler
complete@eco              A     eco_handler
decide@own                A     head
decide@eco                A     eco_head
close_answered            A     handler guta_handler
confirm                   A     asker
open_procedure            A     handler guta_handler
end_procedure             A     handler guta_handler
extend                    A     head
open_notice               A     intake handler head guta_handler eco_handler eco_head
object                    A     *
answer_objection          A     intake handler head guta_handler eco_handler eco_head
end_notice                A     intake handler head guta_handler eco_handler eco_head
ask_joint                 A     handler guta_handler
fork                      A     intake handler guta_handler
join                      A     head
deliver                   C     intake handler guta_handler
archive                   C     intake handler guta_handler
withdraw                  SPA   asker
terminate                 SPA   head
ask_transfer              SA    intake handler guta_handler
settle_transfer           -
rule_transfer             SA    superior
dispute                   C     asker
rate                      C     asker supervisor
new_password              SPAC  asker agent
write                     SPAC  asker agent intake handler head guta_handler eco_handler eco_head
write_internal            SPAC  intake handler head guta_handler eco_handler eco_head supervisor
add                       C     intake handler guta_handler
order                     SPA   supervisor
answer_order              SPAC  handler head guta_handler
appeal_order              SPAC  handler head guta_handler
lift_order                SPAC  supervisor
close_order               SPAC  supervisor
call_back                 C     handler guta_handler supervisor
mend                      C     handler guta_handler
exclude_rating            C     supervisor
rate_again                C     asker
"""
# fmt: on


def roles() -> dict[str, Any]:
    """Make one account for each role; all but the last lines are officials."""
    economy, ecology = world.ECONOMY, world.ECOLOGY
    every = tuple(name for name in rules.policy.PERMISSIONS if name.startswith("cases."))
    found: dict[str, Any] = {
        "intake": world.official("intake", economy, "cases.intake"),
        "handler": world.official("handler", economy, "cases.handle"),
        "head": world.official("head", economy, "cases.decide", "cases.assign"),
        "eco_handler": world.official("eco_handler", ecology, "cases.handle"),
        "eco_head": world.official("eco_head", ecology, "cases.decide", "cases.assign"),
        "supervisor": world.official("supervisor", None, "cases.supervise", scope="city"),
        "superior": world.official("superior", None, "cases.rule", scope="city"),
        "viewer_city": world.official("viewer_city", None, "cases.view", scope="city"),
        "viewer_guta": world.official("viewer_guta", None, "cases.view", scope="division", division=world.GUTA),
        "viewer_agency": world.official("viewer_agency", economy, "cases.view"),
        "viewer_eco": world.official("viewer_eco", ecology, "cases.view"),
        "guta_handler": world.official("guta_handler", economy, "cases.handle", scope="division", division=world.GUTA),
        # Those of whom the table says nothing:
        "stranger_office": world.official("stranger_office", world.SAFETY, *every),
        "no_permission": world.official("no_permission", economy),
        "other_zone": world.official("other_zone", economy, *every, zone="elsewhere"),
        "linghe_handler": world.official("linghe_handler", economy, *every, scope="division", division=world.LINGHE),
        "viewer_linghe": world.official("viewer_linghe", None, "cases.view", scope="division", division=world.LINGHE),
        "own_scope": world.official("own_scope", economy, *every, scope="own"),
        "dismissed": world.official("dismissed", economy, *every, scope="city"),
        "not_staff": world.official("not_staff", economy, *every, scope="city"),
        "agent": world.official("agent", world.WINDOW, "cases.intake"),
        "asker": world.citizen("asker", world.FIRM),
        "rival": world.citizen("rival", world.RIVAL),
        "former": world.citizen("former"),
        "official_asker": world.official("official_asker", economy, *every, scope="city"),
        "anonymous": AnonymousUser(),
    }
    User.objects.filter(username="dismissed").update(is_active=False)
    User.objects.filter(username="not_staff").update(is_staff=False)
    for name in ("dismissed", "not_staff"):
        found[name].refresh_from_db()
    mandate = world.Mandate.objects.create(
        organisation_id=world.FIRM, person=found["former"].person, valid_from=world.at(1).date()
    )
    world.Mandate.objects.filter(pk=mandate.pk).update(valid_to=world.at(8).date())
    own = Person.objects.create(name="官", division_id=world.GUTA)
    world.Mandate.objects.create(organisation_id=world.FIRM, person=own, valid_from=world.at(1).date())
    User.objects.filter(username="official_asker").update(person=own)
    found["official_asker"].refresh_from_db()
    return found


def cases(agent: User) -> dict[str, Case]:
    """Make the same case in each of its states."""
    item = world.item()
    made = {}
    for letter, state in STATES.items():
        case = Case.objects.create(
            number=f"N{letter}", item=item, version=item.current, zone="trial", title="t", organisation_id=world.FIRM,
            filed_by=agent, channel="counter", division_id=world.GUTA, created_at=world.NOW, state=state,
            office_id=None if letter == "D" else world.ECONOMY, office_since=None if letter == "D" else world.NOW,
            outcome="granted" if letter == "C" else "", closed_at=world.NOW if letter == "C" else None,
        )  # fmt: skip
        if letter != "D":
            for code, office in (("own", world.ECONOMY), ("eco", world.ECOLOGY)):
                CaseStep.objects.create(case=case, code=code, name=code, kind="review", zone="trial", office_id=office,
                                        opened_at=world.NOW, sort_at=world.NOW)  # fmt: skip
        made[letter] = case
    return made


def expected(names: set[str]) -> set[tuple[str, str, str]]:
    """Return role, operation and state of everything that is allowed."""
    allowed = set()
    for line in EXPECTED.split("\n"):
        if not line.strip():
            continue
        operation, states, *who = line.split()
        people = names - {"official_asker"} | {"official_asker"} if who == ["*"] else set(who)
        allowed |= {(role, operation, state) for role in people for state in states if state != "-"}
    return allowed | {("official_asker", operation, state) for role, operation, state in allowed if role == "asker"}


def test_the_table_names_every_operation_and_nothing_else() -> None:
    named = {line.split()[0].partition("@")[0] for line in EXPECTED.split("\n") if line.strip()}
    assert named == set(rules.OPERATIONS)


def test_every_role_may_do_what_the_table_says_and_nothing_else() -> None:
    accounts = roles()
    made = cases(accounts["agent"])
    allowed = expected(set(accounts))
    operations = {line.split()[0] for line in EXPECTED.split("\n") if line.strip()}
    wrong = []
    for (role, account), operation, (letter, case) in itertools.product(
        accounts.items(), sorted(operations), made.items()
    ):
        code, _, which = operation.partition("@")
        if which and letter == "D":
            continue
        step = case.steps.get(code=which) if which else None
        answer = rules.may(account, code, case, step)
        if answer.ok != ((role, operation, letter) in allowed):
            wrong.append(f"{role} {operation} {letter}: {answer}")
        assert answer.ok == (answer.error is None)
    assert not wrong, "\n".join(wrong[:40])
    assert len(accounts) * len(operations) * len(made) > 7000


def test_what_is_not_listed_is_refused_to_everybody() -> None:
    accounts = roles()
    made = cases(accounts["agent"])
    for account in [*accounts.values(), None]:
        answer = rules.may(account, "erase", made["S"])
        assert isinstance(answer.error, CaseError)
        assert answer.error.code == "cases.unlisted"


def shown(read: Any, account: Any, number: str) -> bool:
    """Tell whether a read gives the case; what is not shown must look as if there were none."""
    try:
        read(account, number)
    except CaseError as error:
        return error.code != "cases.unknown"
    return True


def test_every_read_shows_exactly_what_may_be_seen() -> None:
    accounts = roles()
    made = cases(accounts["agent"])
    allowed = expected(set(accounts))
    for role, account in accounts.items():
        seen = {letter for letter in made if (role, "see", letter) in allowed or (role, "see_draft", letter) in allowed}
        numbers = {made[letter].number for letter in seen}
        assert set(queries.visible_to(account).values_list("number", flat=True)) == numbers, role
        assert {case.number for case in queries.cases(account).rows} == numbers, role
        for letter, case in made.items():
            for read in (queries.by_number, queries.case_page):
                got = shown(read, account, case.number)
                assert got == (letter in seen), (role, letter, read.__name__)


def test_my_list_holds_only_steps_that_the_account_may_complete() -> None:
    accounts = roles()
    made = cases(accounts["agent"])
    CaseStep.objects.filter(case__state__in=["submitted", "supplement", "closed"]).update(done_at=world.NOW)
    for role, account in accounts.items():
        listed = {step.pk for step in queries.todo(account).rows}
        steps = CaseStep.objects.filter(done_at__isnull=True)
        can = {step.pk for step in steps if rules.may(account, "complete", made["A"], step).ok}
        if role == "official_asker":
            continue  # the step is on the office's list; acting on a case of one's own is refused
        assert listed == can, role


def test_an_official_may_not_handle_a_case_of_his_own() -> None:
    accounts = roles()
    made = cases(accounts["agent"])
    answer = rules.may(accounts["official_asker"], "complete", made["A"], made["A"].steps.get(code="own"))
    assert isinstance(answer.error, CaseError)
    assert answer.error.code == "cases.own_case"


def test_the_public_pages_of_a_case_keep_internal_things_from_the_asker() -> None:
    from yizhantong.kernel.cases import actions

    accounts = roles()
    case = cases(accounts["agent"])["A"]
    actions.write(case, "内部意见", account=accounts["handler"], internal=True)
    actions.write(case, "请放心", account=accounts["handler"])
    actions.order(case, text="请尽快", account=accounts["supervisor"])
    for_asker, for_office = (queries.case_page(accounts[role], case.number) for role in ("asker", "handler"))
    assert [each["text"] for each in for_asker.talk] == ["请放心"]
    assert [each["text"] for each in for_office.talk] == ["内部意见", "请放心"]
    assert (for_asker.orders, len(for_office.orders)) == ([], 1)
    assert for_asker.relations == {"applicant"}
    assert "office" in for_office.relations
