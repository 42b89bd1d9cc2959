"""What happens beside the straight way: pauses, extension, transfer, joint handling, dispute, notices, ratings, answers."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import actions, clockwork, queries
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.models import (
    Case,
    CaseEvent,
    CaseMaterial,
    CaseRating,
    CaseStep,
    Message,
    Rectification,
    SupervisionOrder,
    Tenure,
)  # fmt: skip
from yizhantong.kernel.cases.pinned import pinned
from yizhantong.kernel.cases.tests import world
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.ledger.models import AuditEvent
from yizhantong.kernel.parties.models import Organisation

pytestmark = pytest.mark.usefixtures("city")


def firm() -> Organisation:
    return Organisation.objects.get(pk=world.FIRM)


def office(code: str) -> Organisation:
    return Organisation.objects.get(pk=code)


def code_of(work: Any) -> str:
    with pytest.raises(CaseError) as caught:
        work()
    return caught.value.code


@pytest.fixture
def head() -> User:
    return world.official("科长", world.ECONOMY, "cases.intake", "cases.handle", "cases.decide", "cases.assign")


@pytest.fixture
def asker() -> User:
    return world.citizen("经办", world.FIRM)


def filed(document: dict[str, Any] | None = None, **fields: Any) -> Case:
    return actions.file(world.item(document=document, **fields), applicant=firm(), data={}, account=None)


def accepted(flow: dict[str, Any] = world.USUAL, **options: Any) -> Case:
    kind = options.pop("kind", "application")
    return filed(world.content(flow, intake=False, **options), kind=kind)


def local(moment: dt.datetime | None) -> dt.datetime:
    assert moment is not None
    return moment.astimezone(world.ZONE)


def same_as_recomputed(case: Case) -> bool:
    case.refresh_from_db()
    reading = clockwork.recompute(case, pinned(case.version_id))
    return (case.due_at, case.yellow_at) == (reading.due_at, reading.yellow_at)


def test_a_supplement_is_asked_for_once_and_a_second_needs_a_superior_and_lights_yellow(
    head: User, asker: User
) -> None:
    clerk = world.official("受理", world.ECONOMY, "cases.intake")
    case = filed()
    defects = [{"kind": "other", "text": "缺法定代表人签字"}]
    actions.ask_supplement(case, defects, account=clerk)
    assert case.state == "supplement"
    assert queries.todo(clerk).rows == []
    actions.supplement(case, account=asker)
    assert case.state == "submitted"
    assert [step.name for step in queries.todo(clerk).rows] == ["补正后受理"]
    assert code_of(lambda: actions.ask_supplement(case, defects, account=clerk)) == "cases.second_supplement"
    assert (
        code_of(lambda: actions.ask_supplement(case, defects, account=head, approved_by=head))
        == "cases.second_supplement"
    )
    actions.ask_supplement(case, defects, account=clerk, approved_by=head)
    order = SupervisionOrder.objects.get()
    assert (order.light, order.trigger) == ("yellow", "second_supplement")
    assert CaseEvent.objects.filter(event="yellow").count() == 1


def test_a_supplement_after_acceptance_stops_the_clock(head: User, asker: User) -> None:
    case = accepted()
    assert local(case.due_at) == world.at(23, 17)
    with clock.at(world.at(11)):
        actions.ask_supplement(case, [{"kind": "other", "text": "补发票"}], account=head)
        assert (case.due_at, case.stopped, clockwork.light_of(case, clock.now())) == (None, True, "paused")
        assert (
            code_of(lambda: actions.complete_step(case, "review", outcome="pass", account=head)) == "cases.wrong_state"
        )
    with clock.at(world.at(16)):
        actions.supplement(case, account=asker)
    assert (case.state, local(case.due_at)) == ("accepted", world.at(26, 17))
    assert same_as_recomputed(case)


def test_the_time_of_a_special_procedure_is_not_counted(head: User) -> None:
    case = accepted()
    with clock.at(world.at(11)):
        actions.open_procedure(case, kind="experts", reason="专家评审", expected_days=7, account=head)
        assert (
            code_of(lambda: actions.open_procedure(case, kind="hearing", reason="x", account=head)) == "cases.stopped"
        )
    with clock.at(world.at(18)):
        actions.end_procedure(case, result="通过", account=head)
    assert local(case.due_at) == world.at(30, 17)
    assert same_as_recomputed(case)
    assert code_of(lambda: actions.end_procedure(case, result="x", account=head)) == "cases.no_procedure"


def test_the_limit_is_extended_once_and_not_beyond_the_law(head: User) -> None:
    case = accepted()
    assert code_of(lambda: actions.extend(case, amount=11, reason="复杂", account=head)) == "cases.extension_amount"
    actions.extend(case, amount=10, reason="复杂", account=head)
    assert local(case.due_at) == world.at(6, 17, month=9)
    assert same_as_recomputed(case)
    assert code_of(lambda: actions.extend(case, amount=1, reason="复杂", account=head)) == "cases.extended"


def test_a_case_changes_its_office_once_by_consent(head: User) -> None:
    taker = world.official("接收", world.ECOLOGY, "cases.assign", "cases.handle")
    case = accepted()
    transfer = actions.ask_transfer(case, office(world.ECOLOGY), "职责所在", head)
    assert case.number in [found.number for found in queries.visible_to(taker)]
    assert code_of(lambda: actions.ask_transfer(case, office(world.SAFETY), "x", head)) == "cases.transfer_asked"
    assert code_of(lambda: actions.settle_transfer(transfer, True, head)) == "cases.not_yours"
    actions.settle_transfer(transfer, True, taker)
    case.refresh_from_db()
    assert case.office_id == world.ECOLOGY
    assert [step.code for step in queries.todo(taker).rows] == ["review"]
    spans = list(Tenure.objects.order_by("since").values_list("office_id", "until"))
    assert spans[0][0] == world.ECONOMY
    assert spans[1] == (world.ECOLOGY, None)
    assert Tenure.objects.order_by("since")[0].until == Tenure.objects.order_by("since")[1].since
    again = world.official("再", world.ECOLOGY, "cases.handle")
    assert code_of(lambda: actions.ask_transfer(case, office(world.ECONOMY), "x", again)) == "cases.transferred"


def test_a_ruling_says_why_and_only_a_superior_rules(head: User) -> None:
    ruler = world.official("裁定", None, "cases.rule", scope="city")
    case = accepted()
    transfer = actions.ask_transfer(case, office(world.ECOLOGY), "职责所在", head)
    assert (
        code_of(lambda: actions.settle_transfer(transfer, True, head, by_ruling=True, reason="x")) == "cases.not_yours"
    )
    assert code_of(lambda: actions.settle_transfer(transfer, True, ruler, by_ruling=True)) == "cases.missing"
    actions.settle_transfer(transfer, True, ruler, by_ruling=True, reason="职能划转")
    assert Case.objects.get().office_id == world.ECOLOGY


def test_an_item_of_first_asked_responsibility_is_not_transferred(head: User) -> None:
    case = accepted(transferable=False)
    assert code_of(lambda: actions.ask_transfer(case, office(world.ECOLOGY), "x", head)) == "cases.not_transferable"


def test_an_appeal_is_answered_only_when_the_others_are_done(head: User, asker: User) -> None:
    case = accepted(world.seq(world.step("handle")), answer=True, kind="appeal")
    eco = world.official("生态", world.ECOLOGY, "cases.handle")
    actions.ask_joint(case, [office(world.ECOLOGY), office(world.SAFETY)], head, text="请核查")
    steps = list(CaseStep.objects.filter(kind="joint"))
    assert [step.code for step in steps] == ["joint:1", "joint:2"]
    assert code_of(lambda: actions.ask_joint(case, [office(world.ECOLOGY)], head)) == "cases.joint_office"
    assert (
        code_of(lambda: actions.close_answered(case, result="solved", reason="好", account=head)) == "cases.joint_open"
    )
    actions.complete_step(case, "joint:1", outcome="pass", account=eco)
    assert queries.joint_state(list(case.steps.all())) == "open"
    actions.complete_step(case, "joint:2", outcome="fail", account=None)
    assert queries.joint_state(list(case.steps.all())) == "failed"
    assert case.office_id == world.ECONOMY
    actions.close_answered(case, result="unable", reason="超出职权", account=head)
    assert (case.state, case.outcome, case.result) == ("closed", "answered", "unable")


def test_an_ending_is_confirmed_or_rejected_once(head: User, asker: User) -> None:
    case = accepted(world.seq(world.step("handle")), answer=True, confirm=True, kind="appeal")
    actions.close_answered(case, result="solved", reason="已接通", account=head)
    assert (case.state, case.due_at, case.stopped) == ("accepted", None, True)
    assert (
        code_of(lambda: actions.close_answered(case, result="solved", reason="x", account=head)) == "cases.unconfirmed"
    )
    actions.confirm(case, solved=False, reason="仍然停电", account=asker)
    assert not case.stopped
    assert [step.code for step in queries.todo(head).rows] == ["answer"]
    actions.close_answered(case, result="solved", reason="已更换线路", account=head)
    assert (case.state, case.reason) == ("closed", "已更换线路")
    assert code_of(lambda: actions.dispute(case, "还是不满意", asker)) == "cases.disputed"


def test_a_dispute_reopens_once_with_a_new_clock(head: User, asker: User) -> None:
    case = accepted()
    actions.complete_step(case, "review", outcome="pass", account=head)
    actions.decide(case, outcome="refused", reason="材料不实", law="第九条", account=head)
    with clock.at(world.at(12)):
        actions.dispute(case, "材料属实", asker)
        assert (case.state, case.outcome, case.office_id) == ("accepted", "", world.ECONOMY)
        assert same_as_recomputed(case)
        assert local(case.due_at) == world.at(26, 17)
        actions.decide(case, outcome="granted", reason="经复核属实", account=head)
        assert case.outcome == "granted"
        assert code_of(lambda: actions.dispute(case, "再次", asker)) == "cases.disputed"
    assert CaseEvent.objects.filter(event="closed").count() == 2
    assert Tenure.objects.filter(until__isnull=False).count() == 2


def test_a_public_notice_runs_its_days_and_every_objection_is_answered(head: User) -> None:
    flow = world.seq(world.step("publish", "公示", kind="public_notice"), world.step("decide", kind="decision"))
    case = accepted(flow, public_notice_days=5)
    assert code_of(lambda: actions.complete_step(case, "publish", outcome="pass", account=head)) == "cases.own_step"
    notice = actions.open_notice(case, title="拟奖补名单", body="演示企业", account=head)
    assert (notice.first_day, notice.last_day) == (world.at(10).date(), world.at(16).date())
    given = {"name": "某人", "contact": "13800000000", "text": "不符合条件"}
    assert code_of(lambda: actions.object_to(notice, **given)) == "cases.notice_over"
    with clock.at(world.at(11)):
        objection = actions.object_to(notice, **given)
        assert "13800000000" not in objection.contact
        assert code_of(lambda: actions.end_notice(notice, account=head)) == "cases.notice_running"
    with clock.at(world.at(17)):
        assert code_of(lambda: actions.end_notice(notice, account=head)) == "cases.objection_open"
        actions.answer_objection(objection, upheld=False, answer="经核符合", account=head)
        assert (
            code_of(lambda: actions.answer_objection(objection, upheld=True, answer="x", account=head))
            == "cases.already_done"
        )
        actions.end_notice(notice, account=head)
    case.refresh_from_db()
    assert case.marking == "decide"


def test_a_rating_is_given_once_and_a_bad_one_is_mended_but_stays(head: User, asker: User) -> None:
    case = accepted(world.seq(world.step("decide", kind="decision")))
    assert code_of(lambda: actions.rate(case, 1, account=asker)) == "cases.wrong_state"
    actions.decide(case, outcome="granted", account=head)
    assert code_of(lambda: actions.rate(case, 6, account=asker)) == "cases.rating"
    with pytest.raises(CaseError):
        actions.rate(case, 5, account=head)
    actions.rate(case, 1, comment="太慢", account=asker)
    assert code_of(lambda: actions.rate(case, 5, account=asker)) == "cases.rated"
    assert code_of(lambda: actions.mend(case, measures="x", account=head)) == "cases.rectification_state"
    actions.call_back(case, findings="确有延误", account=head)
    actions.mend(case, measures="增设窗口", account=head)
    actions.rate_again(case, 4, account=asker)
    mended = Rectification.objects.get()
    assert (mended.state, mended.rating, mended.second_rating) == ("mended", 1, 4)
    assert list(CaseRating.objects.values_list("rating", "comment", "sign")) == [(1, "太慢", 1)]
    assert Case.objects.get().rated == 1


def test_who_asks_withdraws_and_who_decides_terminates(head: User, asker: User) -> None:
    case = accepted()
    with pytest.raises(CaseError):
        actions.withdraw(case, "不需要了", head)
    actions.withdraw(case, "不需要了", asker)
    assert (case.outcome, CaseStep.objects.filter(done_at__isnull=True).count()) == ("withdrawn", 0)
    other = actions.file(case.item, applicant=firm(), data={}, account=None)
    assert code_of(lambda: actions.terminate(other, "企业注销", "", head)) == "cases.missing"
    actions.terminate(other, "企业注销", "《办法》第二十条", head)
    assert (other.outcome, other.law) == ("terminated", "《办法》第二十条")


def test_additions_are_made_after_closing_and_messages_all_along(head: User, asker: User) -> None:
    case = accepted(world.seq(world.step("decide", kind="decision")))
    assert code_of(lambda: actions.add(case, "补充材料", account=head)) == "cases.wrong_state"
    actions.write(case, "请问进度", account=asker)
    actions.decide(case, outcome="granted", account=head)
    with clock.at(world.at(9, 11)):
        actions.add(case, "补充材料", account=head)
    with clock.at(world.at(10)):
        actions.write(case, "谢谢", account=asker)
    assert list(Message.objects.values_list("text", "from_applicant")) == [("请问进度", True), ("谢谢", True)]
    assert [each["what"] for each in queries.case_page(head, case.number).talk] == ["message", "addition", "message"]


def test_materials_are_needed_deferred_committed_and_given_again(head: User, asker: User) -> None:
    materials = (
        {"code": "licence", "name": "营业执照", "commitment": True},
        {"code": "report", "name": "审计报告", "need": "deferrable"},
        {"code": "photo", "name": "照片", "need": "optional"},
    )
    document = world.content(materials=materials, deferral=True, commitment_text="我承诺")
    item = world.item(document=document)
    assert code_of(lambda: actions.file(item, applicant=firm(), data={}, account=asker)) == "cases.materials"
    case = actions.file(
        item, applicant=firm(), data={}, account=asker, materials=[{"code": "licence", "mode": "committed"}]
    )
    assert code_of(lambda: actions.accept(case, account=head)) == "cases.materials"
    actions.accept(case, account=head, deferred=["report"])
    assert case.deferred
    due = CaseMaterial.objects.get(code="report")
    assert (due.state, due.due_on) == ("due", world.at(23).date())
    assert code_of(lambda: actions.give_material(case, "photo", mode="paper", account=head)) == "cases.material_closed"
    assert code_of(lambda: actions.give_material(case, "report", mode="paper", account=asker)) == "cases.material_seen"
    assert (
        code_of(lambda: actions.give_material(case, "report", mode="register", account=asker))
        == "cases.material_register"
    )
    given = actions.give_material(case, "report", mode="paper", account=head)
    due.refresh_from_db()
    assert due.replaced
    assert code_of(lambda: actions.verify_material(given, False, head)) == "cases.missing"
    assert actions.verify_material(given, True, head, trust="B").state == "verified"
    assert code_of(lambda: actions.give_material(case, "fish", mode="paper", account=asker)) == "cases.unknown_material"


def test_a_rule_that_cannot_be_evaluated_is_an_alarm_and_changes_nothing(head: User) -> None:
    world.element("amount", "申请金额", "money")
    flow = world.seq(
        world.step("review"), world.choice(("申请金额 > 1000000", world.step("panel", "会审"))),
        world.step("decide", kind="decision"),
    )  # fmt: skip
    item = world.item(document=world.content(flow, fields=("amount",), intake=False))
    unknown = actions.file(item, applicant=firm(), data={}, account=None)
    assert (
        code_of(lambda: actions.complete_step(unknown, "review", outcome="pass", account=head)) == "cases.rule_unknown"
    )
    assert CaseStep.objects.get(case=unknown).done_at is None
    assert CaseEvent.objects.filter(number=unknown.number, event="step").count() == 0
    alarm = AuditEvent.objects.get(event="refused")
    assert alarm.target == f"case:{unknown.number}"
    assert "申请金额" in alarm.detail
    for amount, expected in (("2000000", "panel"), ("5000", "decide")):
        case = actions.file(item, applicant=firm(), data={"amount": amount}, account=None)
        actions.complete_step(case, "review", outcome="pass", account=head)
        assert case.marking == expected


def test_branches_see_the_outcomes_of_steps_and_a_veto_refuses(head: User) -> None:
    outcomes = [{"code": "site", "name": "需现场核查"}, {"code": "pass", "name": "通过"}]
    flow = world.seq(
        world.step("review", outcomes=outcomes), world.choice(('环节.review = "site"', world.step("visit", "现场"))),
        world.together(world.step("credit", veto=True, law="《信用条例》第八条"), world.step("eco", office=world.ECOLOGY)),
        world.step("decide", kind="decision"),
    )  # fmt: skip
    case = accepted(flow)
    assert code_of(lambda: actions.complete_step(case, "review", outcome="fail", account=head)) == "cases.outcome"
    actions.complete_step(case, "review", outcome="site", account=head)
    assert case.marking == "visit"
    actions.complete_step(case, "visit", outcome="pass", account=head)
    assert code_of(lambda: actions.complete_step(case, "credit", outcome="fail", account=head)) == "cases.missing"
    actions.complete_step(case, "credit", outcome="fail", opinion="列入失信名单", account=head)
    assert (case.state, case.outcome, case.law) == ("closed", "refused", "《信用条例》第八条")
    assert CaseStep.objects.get(case=case, code="eco").outcome == "ended"


def test_a_step_that_somebody_claimed_is_his(head: User) -> None:
    one, two = (world.official(name, world.ECONOMY, "cases.handle") for name in ("甲", "乙"))
    case = accepted()
    step = queries.todo(one).rows[0]
    actions.claim(step, one)
    assert [each.pk for each in queries.todo(one, whose="mine").rows] == [step.pk]
    assert queries.todo(two, whose="free").rows == []
    assert code_of(lambda: actions.complete_step(case, "review", outcome="pass", account=two)) == "cases.claimed"
    assert (
        code_of(lambda: actions.assign(step, world.official("外", world.ECOLOGY, "cases.handle"), head))
        == "cases.unfit_handler"
    )
    actions.assign(step, two, head)
    actions.complete_step(case, "review", outcome="pass", account=two)


def test_a_version_pinned_decides_the_limits(head: User) -> None:
    case = accepted()
    shorter = world.content(
        world.seq(world.step("new")), limits={"promised": {"amount": 1, "unit": "workday"}}, intake=False
    )
    world.publish(case.item, shorter)
    before = case.due_at
    with clock.at(world.at(11)):
        actions.open_procedure(case, kind="testing", reason="检测", account=head)
    with clock.at(world.at(12)):
        actions.end_procedure(case, result="合格", account=head)
        actions.complete_step(case, "review", outcome="pass", account=head)
    assert before is not None
    assert local(case.due_at) == world.at(24, 17)
    assert case.marking == "decide"
    fresh = Case.objects.get(pk=case.pk).item
    assert actions.file(fresh, applicant=firm(), data={}, account=None).marking == "new"


def test_a_draft_belongs_to_who_asks_and_follows_its_item(asker: User) -> None:
    item = world.item()
    draft = actions.draft(item, applicant=firm(), account=asker)
    with pytest.raises(CaseError) as caught:
        actions.draft(item, applicant=firm(), account=world.citizen("外人", world.RIVAL))
    assert caught.value.code == "cases.not_the_applicant"
    world.publish(item, world.content())
    assert code_of(lambda: actions.submit(draft, account=asker)) == "cases.version_changed"
    actions.renew_draft(draft, asker)
    actions.submit(draft, account=asker)
    spare = actions.draft(Case.objects.get(pk=draft.pk).item, applicant=firm(), account=asker)
    actions.discard(spare, asker)
    assert code_of(lambda: actions.discard(draft, asker)) == "cases.wrong_state"
    assert Case.objects.count() == 1


def test_counters_file_for_others_only_with_the_permission(asker: User) -> None:
    item = world.item()
    window = world.official("窗口", world.WINDOW, "cases.intake")
    case = actions.file(item, applicant=firm(), data={}, account=window, channel="counter", agent="王某")
    assert case.details == {"agent": "王某"}
    with pytest.raises(policy.Refused):
        actions.file(item, applicant=firm(), data={}, account=asker, channel="counter")
    assert (
        code_of(lambda: actions.file(item, applicant=firm(), data={}, account=window, channel="match"))
        == "cases.channel"
    )
    assert code_of(lambda: actions.withdraw(case, "x", window)) == "cases.not_yours"
