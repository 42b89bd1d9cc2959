"""What is recorded of talents, subsidies and posts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.models import Fact
from yizhantong.kernel.parties.models import Organisation

TALENT_CODE = RegexValidator(r"^T-\d{6,10}$", _("应为 T- 加数字的代码,不得填写姓名或证件号"))


class Category(models.TextChoices):
    """Classes of recognised talents; A is the highest."""

    A = "A", _("A 类")
    B = "B", _("B 类")
    C = "C", _("C 类")
    D = "D", _("D 类")
    E = "E", _("E 类")
    F = "F", _("F 类")


class Recognition(Fact):
    """A person recognised in one class for one employer."""

    number = models.CharField(_("认定编号"), max_length=24)
    talent = models.CharField(_("人才代码"), max_length=16, validators=[TALENT_CODE])
    category = models.CharField(_("人才类别"), max_length=1, choices=Category.choices)
    employer = models.ForeignKey(
        Organisation, models.PROTECT, db_index=False, related_name="+", verbose_name=_("用人单位")
    )
    valid_until = models.DateField(_("有效期至"))

    class Meta(Fact.Meta):
        verbose_name = _("人才认定")
        verbose_name_plural = _("人才认定")
        indexes = [*Fact.Meta.indexes, models.Index(fields=["talent"], name="talent_recognition_talent")]

    @classmethod
    def check_values(cls, values: Mapping[str, Any]) -> None:
        """Refuse a recognition that ends before it begins."""
        if values["valid_until"] < values["occurred_on"]:
            raise LedgerError("talent.validity", "有效期早于认定日期,请核对日期", "有效期至")


class Subsidy(Fact):
    """One instalment of a subsidy paid to a recognised person."""

    class Kind(models.TextChoices):
        LIVING = "living", _("生活补贴")
        HOUSING = "housing", _("购房补贴")
        SETTLING = "settling", _("安家补贴")

    talent = models.CharField(_("人才代码"), max_length=16, validators=[TALENT_CODE])
    category = models.CharField(_("人才类别"), max_length=1, choices=Category.choices)
    kind = models.CharField(_("补贴种类"), max_length=8, choices=Kind.choices)
    instalment = models.PositiveSmallIntegerField(_("期次"), validators=[MinValueValidator(1)])
    amount_fen = models.BigIntegerField(_("补贴金额"), validators=[MinValueValidator(1)])

    class Meta(Fact.Meta):
        verbose_name = _("人才补贴")
        verbose_name_plural = _("人才补贴")
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="talent_subsidy_amount", condition=models.Q(amount_fen__gt=0, instalment__gte=1)
            ),
        ]


class Post(Fact):
    """A post that an employer publishes, with its openings."""

    class Education(models.TextChoices):
        ANY = "any", _("不限")
        COLLEGE = "college", _("大专")
        BACHELOR = "bachelor", _("本科")
        MASTER = "master", _("硕士")
        DOCTOR = "doctor", _("博士")

    number = models.CharField(_("岗位编号"), max_length=24)
    employer = models.ForeignKey(
        Organisation, models.PROTECT, db_index=False, related_name="+", verbose_name=_("用人单位")
    )
    title = models.CharField(_("岗位名称"), max_length=60)
    education = models.CharField(_("学历要求"), max_length=8, choices=Education.choices)
    openings = models.PositiveSmallIntegerField(_("招聘人数"), validators=[MinValueValidator(1)])
    pay_fen = models.BigIntegerField(_("月薪下限"), validators=[MinValueValidator(0)])

    class Meta(Fact.Meta):
        verbose_name = _("岗位发布")
        verbose_name_plural = _("岗位发布")
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(name="talent_post_openings", condition=models.Q(openings__gte=1, pay_fen__gte=0)),
        ]
