"""Skill levels 职业技能等级: examinations and who sits them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.parties.models import Organisation, Person


class Level(models.TextChoices):
    """The eight-grade system of 人社部发〔2022〕14号 in its five national grades, 5 the lowest."""

    FIVE = "5", _("五级/初级工")
    FOUR = "4", _("四级/中级工")
    THREE = "3", _("三级/高级工")
    TWO = "2", _("二级/技师")
    ONE = "1", _("一级/高级技师")


class Exam(models.Model):
    """A session: which occupation and level, when and where, how many seats; marks out of 100."""

    class State(models.TextChoices):
        OPEN = "open", _("报名中")
        HELD = "held", _("待出成绩")
        DONE = "done", _("已公布成绩")
        DROPPED = "dropped", _("已取消")

    code = models.CharField(_("场次"), max_length=20, unique=True)
    occupation = models.CharField(_("职业"), max_length=40)
    level = models.CharField(_("等级"), max_length=1, choices=Level.choices)
    centre = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("评价机构"))
    place = models.CharField(_("地点"), max_length=120)
    held_on = models.DateField(_("考试日期"))
    seats = models.PositiveSmallIntegerField(_("考位"))
    taken = models.PositiveSmallIntegerField(_("已报"), default=0)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.OPEN)

    class Meta:
        verbose_name = _("技能考试")
        verbose_name_plural = _("技能考试")
        ordering = ["-held_on", "-id"]
        constraints = [models.CheckConstraint(name="talent_exam_seats", condition=Q(taken__lte=F("seats")))]

    def __str__(self) -> str:
        return f"{self.code} {self.occupation}"


class Sitting(models.Model):
    """One person's application for a level: the seat given, theory and practice, passed or not, the certificate's number."""

    class State(models.TextChoices):
        ASKED = "asked", _("审核中")
        SEATED = "seated", _("待考试")
        PASSED = "passed", _("合格")
        FAILED = "failed", _("不合格")
        ABSENT = "absent", _("缺考")
        LEFT = "left", _("已退出")

    case = models.OneToOneField(Case, models.PROTECT, related_name="talent_sitting", verbose_name=_("办件"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("考生"))
    occupation = models.CharField(_("职业"), max_length=40)
    level = models.CharField(_("等级"), max_length=1, choices=Level.choices)
    exam = models.ForeignKey(Exam, models.PROTECT, null=True, related_name="sittings", verbose_name=_("场次"))
    seat = models.PositiveSmallIntegerField(_("座位号"), null=True)
    theory = models.DecimalField(_("理论成绩"), max_digits=5, decimal_places=1, null=True)
    practice = models.DecimalField(_("技能成绩"), max_digits=5, decimal_places=1, null=True)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.ASKED)

    class Meta:
        verbose_name = _("技能等级认定")
        verbose_name_plural = _("技能等级认定")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "occupation", "level"],
                name="talent_title_once",
                condition=Q(state__in=["asked", "seated", "passed"]),
            ),
            models.UniqueConstraint(fields=["exam", "seat"], name="talent_seat_once"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.occupation}"
