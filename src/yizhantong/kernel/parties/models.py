"""What is recorded of parties."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.divisions.models import Division
from yizhantong.kernel.parties.fields import SealedField


class Industry(models.Model):
    """One industry of GB/T 4754-2017: a section (letter), division (2 digits), group (3) or class (4)."""

    class Level(models.TextChoices):
        SECTION = "section", _("门类")
        DIVISION = "division", _("大类")
        GROUP = "group", _("中类")
        CLASS = "class", _("小类")

    code = models.CharField(_("代码"), max_length=5, primary_key=True)
    name = models.CharField(_("名称"), max_length=120)
    level = models.CharField(_("层级"), max_length=8, choices=Level.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, verbose_name=_("上级"))
    section = models.CharField(_("门类代码"), max_length=1)

    class Meta:
        verbose_name = _("行业")
        verbose_name_plural = _("行业")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Organisation(models.Model):
    """An enterprise, agency, bank, insurer, institute or carrier, known by its GB 32100 code."""

    class Kind(models.TextChoices):
        ENTERPRISE = "enterprise", _("企业")
        AGENCY = "agency", _("机关")
        BANK = "bank", _("银行")
        INSURER = "insurer", _("保险公司")
        INSTITUTE = "institute", _("事业单位")

    uscc = models.CharField(_("统一社会信用代码"), max_length=18, primary_key=True)
    name = models.CharField(_("名称"), max_length=120)
    kind = models.CharField(_("类别"), max_length=12, choices=Kind.choices)
    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("所在区划"))
    industry = models.ForeignKey(Industry, models.PROTECT, null=True, blank=True, verbose_name=_("行业"))
    established_on = models.DateField(_("成立日期"), null=True, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, verbose_name=_("上级机构"))
    demonstration = models.BooleanField(_("演示数据"), default=False)

    class Meta:
        verbose_name = _("组织")
        verbose_name_plural = _("组织")
        indexes = [models.Index(fields=["kind", "name"])]

    def __str__(self) -> str:
        return self.name


class Person(models.Model):
    """A natural person; the identity number (GB 11643) and phone are sealed, equality goes by their keyed index."""

    name = models.CharField(_("姓名"), max_length=64)
    identity = SealedField(_("身份证号"), blank=True)
    identity_index = models.CharField(max_length=64, db_index=True, blank=True, editable=False)
    phone = SealedField(_("手机号"), blank=True)
    phone_index = models.CharField(max_length=64, db_index=True, blank=True, editable=False)
    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("所在区划"))
    demonstration = models.BooleanField(_("演示数据"), default=False)

    class Meta:
        verbose_name = _("自然人")
        verbose_name_plural = _("自然人")

    def __str__(self) -> str:
        return self.name


class Mandate(models.Model):
    """Who acts for whom: a person for an organisation, from a day to a day."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="mandates", verbose_name=_("组织"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="mandates", verbose_name=_("自然人"))
    valid_from = models.DateField(_("起始日"))
    valid_to = models.DateField(_("终止日"), null=True, blank=True)

    class Meta:
        verbose_name = _("授权")
        verbose_name_plural = _("授权")

    def __str__(self) -> str:
        return f"{self.person} → {self.organisation}"
