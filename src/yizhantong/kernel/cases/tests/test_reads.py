"""Lists, pages and lookups: how many queries they cost, how they go on by keys, what the public is told."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import actions, lookup, numbers, queries
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.models import Case, CaseStep, FailedLookup
from yizhantong.kernel.cases.tests import world
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.items.models import Item
from yizhantong.kernel.parties.models import Organisation

pytestmark = pytest.mark.usefixtures("city")


def file(item: Item, **given: Any) -> Case:
    return actions.file(item, applicant=Organisation.objects.get(pk=world.FIRM), data={}, account=None, **given)


def statements(work: Any) -> int:
    """Return how many statements ``work`` needs, BEGIN and COMMIT apart."""
    with CaptureQueriesContext(
        connection,
    ) as seen:
        work()
    return len([each for each in seen if not each["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))])


def test_a_change_costs_few_statements() -> None:
    offices = [world.ECONOMY, world.ECOLOGY, world.SAFETY, world.WINDOW, world.FIFTH]
    parts = [world.step(f"part{n}", office=office) for n, office in enumerate(offices)]
    flow = world.seq(world.step("first"), world.together(*parts), world.step("decide", kind="decision"))
    item = world.item(document=world.content(flow, intake=False), kind="appeal")
    staff = [world.official(f"官{n}", office, "cases.handle", "cases.decide") for n, office in enumerate(offices)]
    for officer in staff:
        queries.open_steps(officer)
    made: list[Case] = []
    file(item)
    assert statements(lambda: made.append(file(item))) <= 9
    case = made[0]
    assert statements(lambda: actions.complete_step(case, "first", outcome="pass", account=staff[0])) <= 11
    for n in range(4):
        assert statements(lambda n=n: actions.complete_step(case, f"part{n}", outcome="pass", account=staff[n])) <= 5
    assert statements(lambda: actions.complete_step(case, "part4", outcome="pass", account=staff[4])) <= 6
    assert statements(lambda: actions.complete_step(case, "decide", outcome="pass", account=staff[0])) <= 10
    assert case.state == "closed"


def test_pages_and_lists_cost_at_most_twelve_queries() -> None:
    head = world.official("科长", world.ECONOMY, "cases.view", "cases.handle", "cases.decide", "cases.intake")
    asker = world.citizen("经办", world.FIRM)
    case = file(world.item(document=world.content(intake=False, public_notice_days=3), kind="appeal"))
    eco = Organisation.objects.get(pk=world.ECOLOGY)
    actions.ask_supplement(case, [{"kind": "other", "text": "补"}], account=None)
    actions.supplement(case, account=None)
    actions.open_procedure(case, kind="testing", reason="检测", account=None)
    actions.end_procedure(case, result="合格", account=None)
    actions.open_notice(case, title="公示", body="内容", account=None)
    actions.ask_transfer(case, eco, "职责", None)
    actions.order(case, text="督办", account=None)
    for number in range(5):
        actions.write(case, f"第{number}条", account=head, internal=number % 2 == 0)
    for account in (head, asker):
        fresh = User.objects.get(pk=account.pk)
        with CaptureQueriesContext(connection) as seen:
            queries.case_page(fresh, case.number)
        assert len(seen) <= 6, [each["sql"][:90] for each in seen]
    fresh = User.objects.get(pk=head.pk)
    with CaptureQueriesContext(connection) as seen:
        queries.todo(fresh)
        queries.count(queries.open_steps(fresh))
        queries.cases(fresh)
    assert len(seen) <= 12


def test_my_list_goes_on_by_keys_and_never_shows_a_step_twice() -> None:
    item = world.item(document=world.content(intake=False))
    clerk = world.official("甲", world.ECONOMY, "cases.handle")
    for _ in range(23):
        file(item)
    seen, after = [], None
    while True:
        page = queries.todo(clerk, after=after, size=5)
        seen += [step.pk for step in page.rows]
        if page.next is None:
            break
        after = page.next
    assert seen == list(CaseStep.objects.order_by("sort_at", "id").values_list("pk", flat=True))
    assert queries.count(queries.open_steps(clerk), cap=10) == 11
    first = queries.cases(world.official("看", None, "cases.view", scope="city"), size=20)
    assert len(first.rows) == 20
    assert first.next is not None


def test_the_public_lookup_tells_stations_and_locks_after_wrong_passwords() -> None:
    case = file(world.item())
    password = case.query_password
    told = lookup.progress(case.number, password)
    assert (told.title, told.office, [each.name for each in told.stations]) == ("试验事项", "工信局", ["收件受理"])
    assert not hasattr(told, "applicant")
    wrong = f"{(int(password) + 1) % 10**6:06d}"
    for _ in range(5):
        with pytest.raises(CaseError) as caught:
            lookup.progress(case.number, wrong)
        assert caught.value.code == "cases.lookup"
    with pytest.raises(CaseError) as caught:
        lookup.progress(case.number, password)
    assert caught.value.code == "cases.lookup_locked"
    with clock.at(world.at(9, 10, 16)):
        assert lookup.progress(case.number, password).number == case.number
    assert not FailedLookup.objects.exists()
    with pytest.raises(CaseError) as caught:
        lookup.progress("2021080900000000000", password)
    assert caught.value.code == "cases.lookup"


def test_numbers_have_a_check_digit() -> None:
    drawn = numbers.draw(world.NOW.date())
    assert (len(drawn), drawn[:8], numbers.is_valid(drawn)) == (19, "20210809", True)
    wrong = [drawn[:n] + str((int(drawn[n]) + 1) % 10) + drawn[n + 1 :] for n in range(19)]
    assert not any(numbers.is_valid(each) for each in wrong)


def test_personal_values_are_sealed_where_they_are_stored() -> None:
    world.element("phone", "联系电话", "phone", personal=True)
    item = world.item(document=world.content(fields=("phone",)))
    firm = Organisation.objects.get(pk=world.FIRM)
    case = actions.file(item, applicant=firm, data={"phone": "13800000000"}, account=None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM cases_case WHERE id = %s", [case.pk])
        stored = str(cursor.fetchone()[0])
    assert "13800000000" not in stored
    assert "sealed" in stored
    with pytest.raises(CaseError) as caught:
        actions.file(item, applicant=firm, data={"phone": "12"}, account=None)
    assert caught.value.code == "cases.form"
    assert list(caught.value.details["errors"]) == ["phone"]


def test_papers_are_issued_by_jobs_and_say_what_the_case_says() -> None:
    from yizhantong.kernel.cases import papers

    head = world.official("科长", world.ECONOMY, "cases.intake", "cases.handle", "cases.decide")
    case = file(world.item())
    actions.accept(case, account=head)
    actions.complete_step(case, "review", outcome="pass", account=head)
    actions.decide(case, outcome="refused", reason="不符合条件", law="《办法》第三条", account=head)
    from yizhantong.kernel.jobs.models import Job

    asked = [
        job.given["kwargs"]["paper"] for job in Job.objects.filter(task__endswith="cases.tasks.issue").order_by("id")
    ]
    assert asked == ["receipt", "acceptance", "decision"]
    for paper in asked:
        assert papers.issue(case.pk, paper)
    issued = papers.of(case)
    assert [each.title for each in issued] == ["收件凭证", "受理通知书", "不予批准决定书"]
    assert "不符合条件" in str(issued[2].body)


def test_zones_take_part_and_may_refuse() -> None:
    from yizhantong.kernel.cases import hooks

    told: list[str] = []

    class Strict(hooks.CaseHooks):
        def check_submit(self, case: Case, data: Any) -> None:
            if told:
                raise CaseError("policies.window_closed", "申报期已过")

        def on_accepted(self, case: Case) -> None:
            told.append(f"accepted {case.state}")

        def on_step(self, case: Case, step: CaseStep, outcome: str) -> None:
            told.append(f"{step.code} {outcome}")

        def on_closed(self, case: Case) -> None:
            told.append(f"closed {case.outcome}")

    registered = hooks.register(Strict(), zone="trial")
    try:
        item = world.item(document=world.content(intake=False))
        case = file(item)
        actions.complete_step(case, "review", outcome="pass", account=None)
        actions.decide(case, outcome="granted", account=None)
        assert told == ["accepted accepted", "review pass", "decide pass", "closed granted"]
        with pytest.raises(CaseError):
            file(item)
        assert Case.objects.count() == 1
    finally:
        hooks.forget(registered)
