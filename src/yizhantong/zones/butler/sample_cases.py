"""The service of the sample city played through the real actions (演示数据): butlers, plans, visits, some forty appeals in every state.

The page's 2,523 solved appeals stay 2,523: for each appeal that is solved here, one of the history's entries is taken back in red
letters, as a ledger does that was kept by hand before and is replaced by what the cases record themselves. The other entries get
their cases, one each (:mod:`~yizhantong.zones.butler.sample_history`).
"""

from __future__ import annotations

import datetime as dt
import random
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import actions as cases
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions import clock, tree
from yizhantong.kernel.ledger.sampling import SampleCity
from yizhantong.kernel.ledger.standing import in_force
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.butler import load, sample_history
from yizhantong.zones.butler.actions import appeals, butlers, endings, escalations, facts, knowledge, visits
from yizhantong.zones.butler.actions.visits import Problem, VisitGiven
from yizhantong.zones.butler.config import settings
from yizhantong.zones.butler.models import Appeal, Butler, Outcome, Rating, VisitPlan
from yizhantong.zones.butler.queries.butlers import assignments, enterprises_of
from yizhantong.zones.butler.sample import SUBJECTS

PLAN = (
    ("filed", 4, 0), ("not_accepted", 2, 3), ("accepted", 6, 3), ("late", 1, 8), ("late", 1, 15), ("late", 1, 22), ("late", 1, 46),
    ("joint", 2, 4), ("joint_solved", 1, 6), ("review", 2, 5), ("unable", 1, 9), ("solved", 4, 5), ("confirmed", 6, 12),
    ("explained", 2, 10), ("unconfirmed", 2, 20), ("disputed", 1, 9), ("solved_again", 1, 14), ("withdrawn", 1, 4),
    ("moved", 1, 6), ("secret", 1, 5),
)  # fmt: skip
"""How far each goes, how many of it, and how many days ago it was filed."""
REPLIES = {"solved": "经协调已经落实,企业可按约定办理。", "explained": "现行政策暂不支持,已向企业说明理由和替代办法。"}
ANSWERS = (
    ("policy", "奖补资金什么时候能到账", "公示结束后五个工作日内由财政部门拨付,可在“我的”中查看拨付状态。", "public"),
    ("land", "工业用地指标怎么申请", "向自然资源部门提出用地预审,材料和时限见办事指南。", "enterprise"),
    ("finance", "贷款到期怎样续贷", "到期前三十日向银行提出,可由管家对接银企撮合专区。", "public"),
    ("utilities", "用电增容怎么办理", "由供电企业受理,高压增容可预约上门勘查。", "public"),
    ("labour", "一线工人招聘找谁帮忙", "人力资源和社会保障部门每月组织招聘会,管家可代为报名。", "enterprise"),
    ("rights", "拖欠账款如何投诉", "机关、事业单位拖欠的,向工业和信息化部门登记,由其转办督办。", "enterprise"),
)


def play(city: SampleCity) -> int:
    """Play all of it; return how many appeals there are. Does nothing where appeals are already, or the accounts are missing."""
    load.load()
    people = {user.username: user for user in User.objects.filter(username__in=WANTED)}
    if Case.objects.filter(zone="butler").exists() or len(people) < len(WANTED):
        return 0
    Stage(city, people).all()
    return Case.objects.filter(zone="butler").count()


WANTED = ("qiye", "chuangkou", "guanjia", "guanjiazhang")


@dataclass
class Stage:
    """The play: who serves whom, what is visited, what is asked and how it ends."""

    city: SampleCity
    people: dict[str, User]
    rng: random.Random = field(init=False)
    firms: list[Organisation] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    _officials: dict[str, User | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rng = self.city.rng("butler.cases")

    def all(self) -> None:
        """Play every part."""
        with self.at(0):
            self.staff()
        with self.at(40):
            self.answers()
        self.visits()
        for stage, count, ago in PLAN:
            for _ in range(count):
                self.appeal(stage, ago)
        self.duplicates()
        for ago in range(50, -1, -1):
            with self.at(ago, hour=7):
                escalations.escalate_due()
        with self.at(0):
            endings.lapse()
        self.replace_history()
        sample_history.write(self)

    def at(self, ago: int, hour: int = 0) -> Any:
        """Let the city's clock stand some days before the sample's day, in the hours of business."""
        moment = dt.datetime.combine(self.city.day - dt.timedelta(days=ago), dt.time(hour or self.rng.randint(9, 16)))
        return clock.at(timezone.make_aware(moment, timezone.get_default_timezone()))

    # --- who serves whom ---------------------------------------------------------------------------------------------

    def staff(self) -> None:
        """Register the butlers whom the ledger names, give one of them the sample account, and the sample's asker his enterprises."""
        served: dict[str, int] = {}
        levels: dict[str, str] = {}
        for code, level in assignments().values_list("butler", "level"):
            served[code], levels[code] = served.get(code, 0) + 1, level
        home = self.people["guanjia"].agency
        assert home is not None
        Butler.objects.bulk_create(
            [
                Butler(
                    code=code, level=levels[code], agency=home, division_id=tree.root(), capacity=max(10, count),
                    office_phone=f"0416-{2000000 + int(code[2:]):07d}", hours="工作日 8:30-17:00", demonstration=True,
                )
                for code, count in sorted(served.items())
            ],
            ignore_conflicts=True,
        )  # fmt: skip
        butler = Butler.objects.filter(account=None).order_by("code")[0]
        butler.account = self.people["guanjia"]
        butler.save(update_fields=["account"])
        self.give(butler)
        self.firms = list(enterprises_of(butler))

    def give(self, butler: Butler) -> None:
        """Let the butler serve the enterprises for which the sample's asker acts."""
        from yizhantong.zones.butler.access import enterprises_acted_for

        manager = self.people["guanjiazhang"]
        for firm in enterprises_acted_for(self.people["qiye"]):
            current = assignments().filter(enterprise=firm).first()
            if current is None:
                butlers.assign(firm, butler, account=manager)
            elif current.butler != butler.code:
                butlers.hand_over(firm, butler, reason="按行业调整服务管家", account=manager)

    def answers(self) -> None:
        """Grow a small knowledge base: written by the butler, reviewed by the manager, judged by readers."""
        for kind, question, text, visibility in ANSWERS:
            made = knowledge.write_answer(
                account=self.people["guanjia"], question=question, answer=text, kind=kind, links=[], visibility=visibility,
                valid_until=self.city.day + dt.timedelta(days=200),
            )  # fmt: skip
            knowledge.publish_answer(made, account=self.people["guanjiazhang"])
            for _ in range(self.rng.randint(1, 4)):
                knowledge.judge_answer(made, self.rng.random() < 0.75, account=self.people["qiye"])

    def visits(self) -> None:
        """Plan visits of the butler's enterprises and write some of them down, one with a problem that becomes an appeal."""
        with self.at(45):
            manager = self.people["guanjiazhang"]
            assert manager.agency is not None
            plan = VisitPlan(
                name="服务企业月度走访", purpose="了解生产经营、用工、融资和用地情况", every=1, unit="month",
                starts_on=self.city.day - dt.timedelta(days=35), agency=manager.agency, division_id=tree.root(),
            )  # fmt: skip
            visits.make_plan(plan, [firm.pk for firm in self.firms], account=manager)
        for position, firm in enumerate(self.firms[:-1]):
            with self.at(28 - position):
                raised = (
                    (Problem("labour", "旺季一线工人不足,希望组织专场招聘。", appeal=True),) if position == 0 else ()
                )
                given = VisitGiven(
                    uuid.UUID(int=self.rng.getrandbits(128), version=4), firm.pk, clock.today(), "onsite",
                    "实地查看车间和在建项目,企业生产正常。", raised,
                )  # fmt: skip
                visits.log_visit(given, account=self.people["guanjia"])

    # --- appeals -----------------------------------------------------------------------------------------------------

    def appeal(self, stage: str, ago: int) -> Case:
        """File an appeal and bring it as far as its stage."""
        with self.at(ago):
            case = self.filed(stage)
        if stage == "filed":
            return case
        with self.at(max(0, ago - 1), hour=11):
            if stage == "not_accepted":
                return appeals.refuse_appeal(case, "not_government", account=self.official(case))  # type: ignore[arg-type]
            cases.accept(case, account=self.official(case))
        with self.at(max(0, ago - 2), hour=15):
            self.worked(case, stage)
        with self.at(max(0, ago - 3), hour=16):
            self.said(case, stage)
        return case

    def filed(self, stage: str) -> Case:
        """File one: by the enterprise itself, its butler, the hotline or the window."""
        if not self.kinds:
            self.kinds = self.rng.sample(list(settings().kinds), len(settings().kinds))
        kind = self.kinds.pop()
        subject = self.rng.choice(SUBJECTS[settings().kinds[kind].counts_as])
        channel = Appeal.Channel.PLATFORM if stage in OWN else self.rng.choice(Appeal.Channel.values)
        who = {"platform": "qiye", "butler": "guanjia"}.get(channel, "chuangkou")
        return appeals.file_appeal(
            self.rng.choice(self.own() if channel == "platform" else self.firms), kind=kind, subject=subject,
            text=f"企业反映{subject}方面的困难,希望予以协调。", account=self.people[who], channel=channel,
            is_secret=stage == "secret",
        )  # fmt: skip

    def own(self) -> list[Organisation]:
        """Return the enterprises for which the sample's asker acts."""
        from yizhantong.zones.butler.access import enterprises_acted_for

        return list(enterprises_acted_for(self.people["qiye"]))

    def worked(self, case: Case, stage: str) -> None:
        """Let the office do its part."""
        if stage in ("joint", "joint_solved"):
            self.joint(case, stage)
        if stage == "moved":
            other = self.other_agencies(case, 1)[0]
            cases.settle_transfer(cases.ask_transfer(case, other, "主要职责在该单位", None), True, None)
        if stage in ("review", "unable"):
            self.unable(case, stage)
        elif stage in ("solved", "confirmed", "unconfirmed", "disputed", "solved_again", "joint_solved"):
            cases.close_answered(case, result="solved", reason=REPLIES["solved"], account=self.official(case))
        elif stage == "explained":
            cases.close_answered(case, result="explained", reason=REPLIES["explained"], account=self.official(case))
        elif stage == "withdrawn":
            cases.withdraw(case, "问题已自行解决", self.people["qiye"])

    def joint(self, case: Case, stage: str) -> None:
        cases.ask_joint(case, self.other_agencies(case, 2), self.official(case), text="请协助核实并反馈意见")
        steps = list(case.steps.filter(kind="joint").order_by("id"))
        for step in steps if stage == "joint_solved" else steps[:1]:
            cases.complete_step(case, step.code, outcome="pass", opinion="已核实,同意。", account=None)

    def unable(self, case: Case, stage: str) -> None:
        """Propose "no help possible" (by the service itself where the office has no account), and review it."""
        proposer = self.official(case) or self.people["chuangkou"]
        if proposer.agency_id != case.office_id:
            assert proposer.agency is not None
            asked = cases.ask_transfer(case, proposer.agency, "由营商环境部门统筹", None)
            cases.settle_transfer(asked, True, None)
            case.refresh_from_db()
        review = appeals.propose_unable(case, reason="现行规划不允许调整。", law="国土空间规划(演示)", account=proposer)
        if stage == "unable":
            appeals.settle_unable(review, approve=True, remark="情况属实", account=self.people["guanjiazhang"])

    def said(self, case: Case, stage: str) -> None:
        """Let the enterprise say what it thinks of the ending."""
        asker = self.people["qiye"]
        if stage in ("disputed", "solved_again"):
            endings.dispute(case, "措施没有落实到位", account=asker)
        if stage == "solved_again":
            cases.close_answered(case, result="solved", reason="已现场落实。", account=self.official(case))
        if stage in ("confirmed", "explained", "solved_again"):
            endings.confirm(case, account=asker)
            cases.rate(case, self.rng.choice((5, 5, 4, 4, 3)) if stage != "explained" else 3, account=asker)

    def official(self, case: Case) -> User | None:
        """Return an official of the accountable office who has an account; None lets the platform act for the others."""
        office = case.office_id or ""
        if office not in self._officials:
            found = User.objects.filter(agency_id=office, is_active=True, is_staff=True).order_by("pk")
            self._officials[office] = next((user for user in found if user.username in HANDLERS), None)
        return self._officials[office]

    def other_agencies(self, case: Case, count: int) -> list[Organisation]:
        """Return other agencies of the city."""
        others = Organisation.objects.filter(kind="agency", division_id=tree.root()).exclude(pk=case.office_id)
        return self.rng.sample(list(others.order_by("pk")), count)

    def duplicates(self) -> None:
        """File one matter twice and link the second to the first."""
        with self.at(2):
            given: dict[str, Any] = {
                "kind": "other", "subject": "厂区门前道路破损", "text": "大货车进出困难。", "account": self.people["qiye"],
            }  # fmt: skip
            first, second = (appeals.file_appeal(self.own()[0], **given) for _ in range(2))
            appeals.link_duplicate(second, first, reason="同一路段", account=self.people["guanjiazhang"])

    def replace_history(self) -> None:
        """Take back as many solved entries of the history as were solved here, so that the total stays what the page says."""
        here = in_force(Outcome.objects.filter(result="solved").exclude(number__startswith="SQ-")).count()
        rated = in_force(Rating.objects.all()).order_by().values("number")
        history = in_force(Outcome.objects.filter(result="solved", number__startswith="SQ-").exclude(number__in=rated))
        given: dict[str, Any] = {
            "reason": "演示:手工台账与平台办件重复,以办件为准",
            "account": None,
            "source": "sample",
        }
        for number in list(history.order_by("-id").values_list("number", flat=True)[:here]):
            facts.take_back_outcome(number, **given)
            facts.take_back_appeal(number, **given)


OWN = ("confirmed", "explained", "disputed", "solved_again", "withdrawn", "secret", "solved", "unconfirmed")
"""The stages in which the enterprise itself has a say."""
HANDLERS = ("chuangkou", "shenpi", "kezhang", "huiban", "yingji", "caizheng")
