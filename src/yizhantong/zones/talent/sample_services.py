"""What the sample's people do besides being recognised and paid (演示数据): flats, posts, fairs, stations, skill levels."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import actions as cases
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.ledger.sampling import SampleCity
from yizhantong.kernel.ledger.standing import in_force
from yizhantong.kernel.parties.models import Organisation, Person
from yizhantong.zones.talent.actions import fairs, hiring, housing, pool, posts, stations, titles
from yizhantong.zones.talent.actions.posts import ResumeGiven
from yizhantong.zones.talent.config import settings
from yizhantong.zones.talent.models import Flat, Post, Resume, Sitting, Station, Talent, Vacancy
from yizhantong.zones.talent.sample_driving import Driver
from yizhantong.zones.talent.sample_history import History

HOME = {"person_phone": "13904160002", "talent_has_home": "false"}
STATION = {
    "contact_name": "演示联系人", "contact_phone": "13904160001", "station_honour": "高级技师", "station_office": "20", "station_theory": "60",
    "station_practice": "220", "station_research": "35", "station_equipment": "860000", "station_apprentices": "6", "station_projects": "3",
}  # fmt: skip
GOOD = {"place": 13, "equipment": 13, "management": 8, "innovation": 21, "teaching": 22, "service": 8}
TITLE = {"person_identity": "21070319910917028X", "person_phone": "13904160002", "title_years": "6"}
CANDIDATES = (
    ("数控操作工", "college", ("数控编程", "设备维护"), 4, 550_000), ("电气工程师", "bachelor", ("电气设计", "自动化"), 6, 800_000),
    ("质量检验员", "college", ("量具使用",), 3, 480_000), ("研发工程师", "master", ("材料分析", "实验设计"), 5, 1_200_000),
    ("化验员", "college", ("化学分析",), 2, 450_000), ("财务主管", "bachelor", ("成本核算", "税务"), 9, 900_000),
)  # fmt: skip


@dataclass
class Services:
    """The play of these services; ``own`` are the enterprises for which the sample's agent acts."""

    city: SampleCity
    people: dict[str, User]
    driver: Driver
    firms: list[Organisation]
    own: list[Organisation]
    history: History

    def all(self) -> None:
        """Play every part."""
        for part in (self.flats, self.hiring, self.fairs, self.stations, self.titles):
            part()

    def person(self) -> Person:
        """Invent a person who has not been in the ledgers."""
        name = self.city.name_of_person(self.driver.rng)
        return Person.objects.create(name=name, division_id=self.firms[0].division_id, demonstration=True)

    # --- flats ---------------------------------------------------------------------------------------------------------

    def flats(self) -> None:
        """Open the estates, let people into the queue, offer flats: one is lived in, one was declined, one waits for the resident's answer."""
        with self.driver.at(self.driver.ago(60)):
            for row in settings().estates:
                housing.open_estate(row, account=self.people["rencai"])
        resident = self.people["jumin"].person
        assert resident is not None
        talents = (
            Talent.objects.filter(state="holds", waitings=None, category__in="DEF")
            .exclude(person=resident)
            .select_related("person")
        )
        for place, talent in enumerate(talents.order_by("category", "pk")[:7]):
            self.waiting(talent.person, 1 + place % 2, 25 - place, "" if place == 6 else "granted")
        mine = self.waiting(resident, 3, 9, "granted")
        one, two = Flat.objects.filter(rooms=1)[:2]
        with self.driver.at(self.driver.ago(7)):
            housing.accept(housing.offer_next(one, account=self.people["rencai"]), account=None)
            housing.decline(housing.offer_next(two, account=self.people["rencai"]), account=None)
        with self.driver.at(self.driver.ago(1)):
            for flat in Flat.objects.filter(rooms=3)[:1]:
                housing.offer_next(flat, account=self.people["rencai"])
        assert mine.outcome == Case.Outcome.GRANTED

    def waiting(self, person: Person, rooms: int, ago: int, until: str) -> Case:
        """Ask for a flat."""
        family = str(self.driver.rng.randint(1, 4))
        with self.driver.at(self.driver.ago(ago), 9):
            case = self.driver.file("housing", person, HOME | {"talent_rooms": str(rooms), "talent_family": family})
        with self.driver.at(self.driver.ago(ago - 1), 10):
            return self.driver.grant(case, "formal", "decide") if until else case

    # --- posts ---------------------------------------------------------------------------------------------------------

    def hiring(self) -> None:
        """Publish two posts of the agent's enterprises, let candidates apply, be invited, interviewed, offered, hired."""
        recent = list(in_force(Post.objects.filter(number__startswith="GW-")).order_by("-occurred_on", "-id")[:2])
        made = [
            Vacancy.objects.get(case=self.history.play_post(fact, firm, post_skills="设备维护、数控编程"))
            for fact, firm in zip(recent, self.own, strict=False)
        ]
        with self.driver.at(self.driver.ago(1), 10):
            self.driver.file("post", self.own[0], self.posted())
        with self.driver.at(self.driver.ago(15)):
            resumes = [self.resume(*row) for row in CANDIDATES]
            resident = self.resume(*CANDIDATES[0], person=self.people["jumin"].person)
        soon = timezone.make_aware(dt.datetime.combine(self.city.day + dt.timedelta(days=3), dt.time(9, 30)))
        with self.driver.at(self.city.day, 9):
            first = made[0]
            applied = [hiring.apply(first, one, account=None) for one in resumes[:4]]
            hiring.interview(applied[0], soon, "厂区一号楼二楼会议室", account=None)
            hiring.offer(applied[1], first.pay_fen, account=None)
            hiring.accept(hiring.offer(applied[2], first.pay_to_fen, account=None), account=None)
            hiring.reject(applied[3], "岗位已确定人选", account=None)
            hiring.invite(made[-1], resident, account=None)
            posts.look(resident, self.own[0], account=self.people["qiye"])

    def posted(self) -> dict[str, str]:
        """Return the form of a post that waits for its check."""
        return {
            "contact_name": "演示联系人", "contact_phone": "13904160001", "post_title": "电气工程师", "post_occupation": "电气工程师",
            "post_education": "bachelor", "post_skills": "电气设计、自动化", "post_openings": "2", "post_pay": "7000", "post_pay_to": "12000",
            "post_duties": "负责产线电气设计和维护。", "post_closes_on": (self.city.day + dt.timedelta(days=40)).isoformat(),
        }  # fmt: skip

    def resume(
        self,
        occupation: str,
        education: str,
        skills: tuple[str, ...],
        years: int,
        pay: int,
        person: Person | None = None,
    ) -> Resume:
        """Write a resume of an invented person."""
        given = ResumeGiven(
            occupation, occupation, education, skills, years, pay, (), f"从事{occupation}工作 {years} 年。", True
        )
        return posts.write_resume(person or self.person(), given, account=None)

    def fairs(self) -> None:
        """Hold one fair to its results, and open another."""
        start = timezone.make_aware(dt.datetime.combine(self.city.day - dt.timedelta(days=30), dt.time(9)))
        given: dict[str, Any] = {"division": self.firms[0].division_id, "account": self.people["rencai"]}
        with self.driver.at(self.driver.ago(45)):
            held = fairs.plan(
                "夏季综合招聘会(演示)",
                "市人力资源市场一楼",
                starts_at=start,
                ends_at=start + dt.timedelta(hours=3),
                booths=20,
                capacity=500,
                **given,
            )
            booths = [
                fairs.take_booth(held, firm, account=None) for firm in dict.fromkeys([*self.own, *self.firms[10:14]])
            ]
            tickets = [fairs.register(held, self.person(), account=None).ticket for _ in range(6)]
        with self.driver.at(self.city.day - dt.timedelta(days=30), 9):
            for ticket in tickets[:5]:
                fairs.check_in(held, ticket, account=self.people["rencai"])
            for place, booth in enumerate(booths[:-1]):
                seen = fairs.check_in_booth(booth, account=self.people["rencai"])
                fairs.report(seen, resumes=12 - place, intentions=5, hired=place % 3, account=None)
            fairs.close(held, account=self.people["rencai"])
        start = timezone.make_aware(dt.datetime.combine(self.city.day + dt.timedelta(days=12), dt.time(9)))
        with self.driver.at(self.driver.ago(4)):
            later = fairs.plan(
                "秋季高校毕业生招聘会(演示)",
                "市体育馆",
                starts_at=start,
                ends_at=start + dt.timedelta(hours=4),
                booths=60,
                capacity=2000,
                **given,
            )
            for firm in self.own:
                fairs.take_booth(later, firm, account=None)

    # --- experts, stations, skill levels ----------------------------------------------------------------------------------

    def stations(self) -> None:
        """Bring one application to its plaque, one to the experts, one to the counter."""
        experts = [self.people[f"zhuanjia{number}"] for number in (1, 2, 3)]
        with self.driver.at(self.driver.ago(90)):
            for expert in experts:
                pool.enlist(expert, ["焊接", "钳工", "通用"], account=None)
        stands = self.station(self.own[0], "焊接", 40)
        with self.driver.at(self.driver.ago(36)):
            stations.ask_experts(stands, account=self.people["rencai"])
            for review in stands.reviews.select_related("expert__account"):
                stations.score(
                    review, GOOD, opinion="场所齐全,带徒成效明显。", independent=True, account=review.expert.account
                )
            self.driver.step(stands.case, "onsite")
            notice = self.driver.announce(Case.objects.get(pk=stands.case_id))
        with self.driver.at(notice.last_day + dt.timedelta(days=3), 10):
            cases.end_notice(notice, account=self.people["rencai"])
            self.driver.step(Case.objects.get(pk=stands.case_id), "decide")
        looking = self.station(self.firms[20], "钳工", 10)
        with self.driver.at(self.driver.ago(6)):
            stations.ask_experts(looking, account=self.people["rencai"])
            review = looking.reviews.select_related("expert__account").order_by("pk")[0]
            stations.score(review, GOOD, opinion="条件具备。", independent=True, account=review.expert.account)
        with self.driver.at(self.driver.ago(1)):
            self.driver.file("station", self.firms[21], self.station_form("焊接"))

    def station_form(self, skill: str) -> dict[str, str]:
        """Return the form of a station."""
        return STATION | {
            "station_name": f"演示{skill}技能大师工作站",
            "station_master": "演示技能大师",
            "station_field": skill,
        }

    def station(self, firm: Organisation, skill: str, ago: int) -> Station:
        """Bring an application to the on-site review."""
        with self.driver.at(self.driver.ago(ago), 9):
            case = self.driver.file("station", firm, self.station_form(skill))
        with self.driver.at(self.driver.ago(ago - 1), 10):
            self.driver.grant(case, "qualify")
        return Station.objects.select_related("case", "organisation").get(case=case)

    def titles(self) -> None:
        """Hold one examination, with one who passed and one who failed; another is open."""
        centre = self.city.organisations("institute")[0]
        with self.driver.at(self.driver.ago(30)):
            titles.open_exam(
                "焊工",
                "3",
                centre=centre,
                place="市技师学院实训中心",
                held_on=self.city.day - dt.timedelta(days=10),
                seats=30,
                account=None,
            )
        sat = [self.sitting("焊工", "3", 28) for _ in range(2)]
        with self.driver.at(self.driver.ago(8)):
            for place, case in enumerate(sat):
                titles.enter_result(
                    Sitting.objects.get(case=case), "82.5", ("78", "51")[place], account=self.people["rencai"]
                )
            self.driver.step(Case.objects.get(pk=sat[0].pk), "decide")
            self.driver.step(
                Case.objects.get(pk=sat[1].pk), "decide", "fail", "技能成绩不合格", "职业技能等级认定工作规程(待核)"
            )
        with self.driver.at(self.driver.ago(5)):
            later = self.city.day + dt.timedelta(days=20)
            titles.open_exam(
                "电工", "4", centre=centre, place="市技师学院实训中心", held_on=later, seats=30, account=None
            )
        self.sitting("电工", "4", 4)

    def sitting(self, occupation: str, level: str, ago: int) -> Case:
        """Apply for a level and get a seat."""
        with self.driver.at(self.driver.ago(ago), 9):
            case = self.driver.file(
                "title", self.person(), TITLE | {"title_occupation": occupation, "title_level": level}
            )
        with self.driver.at(self.driver.ago(ago - 1), 10):
            return self.driver.grant(case, "formal")
