"""At the same moment: two clicks on one link, a signature while the form changes or is submitted, the last parts, two leads, a withdrawal.

``YZT_RACE_PACKAGES`` (default 6) is how often each is run.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import actions as cases
from yizhantong.kernel.cases import triggers
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.models import Case, CaseEvent
from yizhantong.kernel.divisions import clock, tree
from yizhantong.kernel.items import catalogue, elements
from yizhantong.kernel.ledger import sample_load
from yizhantong.testing.databases import reachable
from yizhantong.testing.together import Crew
from yizhantong.zones.onething import cosigning, tasks
from yizhantong.zones.onething.errors import OnethingError
from yizhantong.zones.onething.models import Cosignature, PackagePart
from yizhantong.zones.onething.tests import conftest
from yizhantong.zones.onething.tests.conftest import DAY, FATHER, MARRIED, PAPERS, Town, at

pytestmark = pytest.mark.django_db
TRIALS = int(os.environ.get("YZT_RACE_PACKAGES", "6"))
SHORT = {"birth_wants_card": False, "birth_wants_insurance": False}
FOLLOW = {"code": "follow_statement", "mode": "paper"}


def forget() -> None:
    for each in (tree.forget, catalogue.forget, elements.forget, clock._demonstration_day.cache_clear):
        each()


@pytest.fixture(scope="module")
def open_town(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    """Everybody, committed, so that other connections see them; made once, and gone with the module."""
    forget()
    with django_db_blocker.unblock():
        with reachable(tmp_path_factory.mktemp("town")):
            triggers.install()
            with at(DAY):
                yield conftest.settle(sample_load.prepare(sample_load.sample_day()))
        if connection.vendor == "postgresql":
            call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)
    forget()


@pytest.fixture
def _django_db_helper() -> None:
    """Neither wrap a test in a transaction nor empty the database after it: what they write is committed, beside what others wrote."""


@pytest.fixture
def crew(open_town: Town) -> Iterator[Callable[[int], Crew]]:
    made: list[Crew] = []

    def make(size: int) -> Crew:
        made.append(Crew(size, clock.now()))
        return made[-1]

    yield make
    for each in made:
        each.go()


def bare(case: Case) -> Case:
    """Return what a page knows of a case."""
    return Case.objects.get(pk=case.pk)


def refusals(results: list[Any]) -> list[CaseError]:
    """Return what was refused; anything else that was raised fails the test."""
    strange = [each for each in results if isinstance(each, Exception) and not isinstance(each, CaseError)]
    assert not strange, results
    return [each for each in results if isinstance(each, CaseError)]


def warm(user: User) -> User:
    """Return an account with its grants fetched."""
    policy.reach(user, "cases.handle")
    return user


# --- signing ---------------------------------------------------------------------------------------------------------


def invited(town: Town) -> tuple[Case, Cosignature, str]:
    draft = cases.draft(town.item(), applicant=town.mother, account=town["mother"], data=MARRIED)
    for each in (*PAPERS, FOLLOW):
        cases.give_material(draft, each["code"], mode=each["mode"], account=None)
    row, path = cosigning.invite(draft, "father", town["mother"])
    return draft, row, path.removeprefix("/onething/sign/").rstrip("/")


def signing(row: Cosignature, token: str) -> Callable[[], Any]:
    return lambda: cosigning.sign(token, digest=row.data_digest, identity=FATHER)


def test_of_two_clicks_one_signs_and_the_other_finds_it_signed(open_town: Town, crew: Callable[[int], Crew]) -> None:
    pair = crew(2)
    for _ in range(TRIALS):
        _draft, row, token = invited(open_town)
        lost = refusals(pair.at_once(signing(row, token), signing(row, token)))
        assert [(error.code, error.details["state"]) for error in lost] == [("onething.link_dead", "signed")]
        assert Cosignature.objects.get(pk=row.pk).state == "signed"


def test_of_a_signature_and_a_refusal_to_sign_one_counts(open_town: Town, crew: Callable[[int], Crew]) -> None:
    pair = crew(2)
    for _ in range(TRIALS):
        _draft, row, token = invited(open_town)
        results = pair.at_once(signing(row, token), lambda t=token: cosigning.decline(t, reason="不同意"))
        assert [error.code for error in refusals(results)] == ["onething.link_dead"]
        wanted = "declined" if isinstance(results[0], CaseError) else "signed"
        assert Cosignature.objects.get(pk=row.pk).state == wanted


def test_what_is_signed_while_the_form_changes_is_never_taken_for_the_new_form(
    open_town: Town, crew: Callable[[int], Crew]
) -> None:
    pair, mother, changed = crew(2), warm(open_town["mother"]), MARRIED | {"newborn_name": "演示大宝"}
    for _ in range(TRIALS):
        draft, row, token = invited(open_town)
        results = pair.at_once(
            signing(row, token), lambda d=draft: cases.save_draft(bare(d), changed, mother)
        )  # fmt: skip
        assert not isinstance(results[1], Exception), results[1]
        assert [error.details["state"] for error in refusals(results)] in ([], ["void"])
        with pytest.raises(CaseError) as refused:
            cases.submit(bare(draft), account=mother)
        assert refused.value.code == "onething.unsigned"
        cosigning.refresh(bare(draft))
        assert Cosignature.objects.get(pk=row.pk).state == "void"


def test_a_package_submitted_while_it_is_signed_is_either_signed_or_refused(
    open_town: Town, crew: Callable[[int], Crew]
) -> None:
    pair, mother, seen = crew(2), warm(open_town["mother"]), Counter[str]()
    for _ in range(TRIALS):
        draft, row, token = invited(open_town)
        results = pair.at_once(signing(row, token), lambda d=draft: cases.submit(bare(d), account=mother))
        assert not isinstance(results[0], Exception), results[0]
        assert Cosignature.objects.get(pk=row.pk).state == "signed"
        codes = [error.code for error in refusals(results)]
        assert codes in ([], ["onething.unsigned"])
        assert bare(draft).state == ("draft" if codes else "submitted")
        seen[bare(draft).state] += 1
        if codes:
            cases.submit(bare(draft), account=mother)
    assert sum(seen.values()) == TRIALS


def test_a_link_withdrawn_while_it_is_signed_is_one_or_the_other(open_town: Town, crew: Callable[[int], Crew]) -> None:
    pair, mother = crew(2), warm(open_town["mother"])
    for _ in range(TRIALS):
        _draft, row, token = invited(open_town)
        results = pair.at_once(
            signing(row, token), lambda r=row: cosigning.withdraw(Cosignature.objects.get(pk=r.pk), mother)
        )
        assert [error.code for error in refusals(results)] == ["onething.link_dead"]
        wanted = "withdrawn" if isinstance(results[0], OnethingError) else "signed"
        assert Cosignature.objects.get(pk=row.pk).state == wanted


# --- parts -----------------------------------------------------------------------------------------------------------


def open_parts(town: Town) -> tuple[Case, Case, Case]:
    """Return a package of which two parts are open, household and vaccination, and nothing waits."""
    parent = town.accepted(**SHORT)
    town.decide(parent, "certificate")
    household, vaccination = town.part(parent, "household"), town.part(parent, "vaccination")
    for part in (household, vaccination):
        for step in part.steps.filter(done_at=None).exclude(kind="decision").order_by("id"):
            cases.complete_step(part, step.code, outcome="pass", account=town.official(part))
    return parent, household, vaccination


def ended_once(parent: Case) -> None:
    assert CaseEvent.objects.filter(number=parent.number, event="closed").count() == 1
    assert not parent.steps.filter(done_at=None).exists()
    assert not PackagePart.objects.filter(case=parent, state__in=["waiting", "open"]).exists()


@pytest.mark.parametrize("refusing", [False, True])
def test_the_last_two_parts_that_end_at_once_end_the_whole_once(
    open_town: Town, crew: Callable[[int], Crew], refusing: bool
) -> None:
    pair = crew(2)
    said = {"outcome": "refused", "reason": "不符", "law": "第三条"} if refusing else {"outcome": "granted"}
    for _ in range(TRIALS):
        parent, household, vaccination = open_parts(open_town)
        first, second = warm(open_town.official(household)), warm(open_town.official(vaccination))
        results = pair.at_once(
            lambda p=household, by=first: cases.decide(bare(p), account=by, **said),
            lambda p=vaccination, by=second: cases.decide(bare(p), outcome="granted", account=by),
        )
        assert not refusals(results)
        parent.refresh_from_db()
        assert (parent.state, parent.outcome) == ("closed", "partial" if refusing else "granted")
        ended_once(parent)


def test_a_part_that_is_decided_while_the_package_is_taken_back_ends_one_way(
    open_town: Town, crew: Callable[[int], Crew]
) -> None:
    pair, mother, seen = crew(2), warm(open_town["mother"]), Counter[str]()
    for _ in range(TRIALS):
        parent, household, _other = open_parts(open_town)
        official = warm(open_town.official(household))
        results = pair.at_once(
            lambda p=household, by=official: cases.decide(bare(p), outcome="granted", account=by),
            lambda p=parent: cases.withdraw(bare(p), "不办了", mother),
        )
        assert not isinstance(results[1], Exception), results[1]
        late = bool(refusals(results))
        household.refresh_from_db()
        assert household.outcome == ("withdrawn" if late else "granted")
        row = PackagePart.objects.get(child=household)
        assert row.state == household.outcome
        parent.refresh_from_db()
        assert (parent.state, parent.outcome) == ("closed", "withdrawn")
        assert CaseEvent.objects.filter(number=household.number, event="closed").count() == 1
        ended_once(parent)
        seen[household.outcome] += 1
    assert sum(seen.values()) == TRIALS


def test_of_two_leads_who_accept_at_once_one_opens_the_parts(open_town: Town, crew: Callable[[int], Crew]) -> None:
    pair = crew(2)
    lead = warm(open_town.official(filed := open_town.filed(**SHORT)))
    other = warm(conftest.user_of(open_town, "second_lead", conftest.HANDLE, agency=lead.agency))
    for _ in range(TRIALS):
        results = pair.at_once(
            lambda c=filed: cases.accept(bare(c), account=lead), lambda c=filed: cases.accept(bare(c), account=other)
        )
        assert len(refusals(results)) == 1, results
        assert PackagePart.objects.filter(case=filed).count() == 3
        assert Case.objects.filter(parent=filed).count() == 1
        assert CaseEvent.objects.filter(number=filed.number, event="accepted").count() == 1
        filed = open_town.filed(**SHORT)


def test_a_part_decided_while_the_lead_asks_for_a_supplement_loses_nothing(
    open_town: Town, crew: Callable[[int], Crew]
) -> None:
    pair, mother = crew(2), warm(open_town["mother"])
    for _ in range(TRIALS):
        parent = open_town.accepted(**SHORT)
        certificate, lead = open_town.part(parent, "certificate"), warm(open_town.official(parent))
        for step in certificate.steps.filter(done_at=None).exclude(kind="decision").order_by("id"):
            cases.complete_step(certificate, step.code, outcome="pass", account=lead)
        results = pair.at_once(
            lambda p=certificate, by=lead: cases.decide(bare(p), outcome="granted", account=by),
            lambda p=parent, by=lead: cases.ask_supplement(bare(p), [{"kind": "other", "text": "请补充"}], account=by),
        )
        assert not refusals(results)
        cases.supplement(bare(parent), account=mother)
        tasks.conclude_packages.call()
        states = dict(PackagePart.objects.filter(case=parent).values_list("code", "state"))
        assert states == {"certificate": "granted", "household": "open", "vaccination": "open"}
        assert Case.objects.filter(parent=parent).count() == 3
