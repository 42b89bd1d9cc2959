"""Registers with which forms are compared. In the sample city all of it is invented (演示数据); a city fills them from its data exchange.

An identity number is sealed, and found by its keyed index; nothing else of a person is kept here.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.divisions.models import Division
from yizhantong.kernel.parties.fields import SealedField


class Entry(models.Model):
    """What all entries have: whose it is, and as of which day the register said so."""

    identity = SealedField(_("身份证号"), blank=True)
    identity_index = models.CharField(max_length=64, db_index=True, editable=False)
    as_of = models.DateField(_("数据日期"))
    demonstration = models.BooleanField(_("演示数据"), default=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.as_of}"


class Place(models.Model):
    """An address of an entry, in the words of the catchments."""

    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("区划"), db_index=False)
    street = models.CharField(_("道路"), max_length=40, blank=True)
    number = models.PositiveIntegerField(_("门牌号"), null=True)
    compound = models.CharField(_("小区"), max_length=60, blank=True)
    since = models.DateField(_("起"), null=True)

    class Meta:
        abstract = True


class HouseholdEntry(Entry, Place):
    """Where a child is registered (公安户籍登记), and what the head of the household is to it."""

    relation = models.CharField(_("与户主关系"), max_length=12, blank=True)

    class Meta:
        verbose_name = _("户籍登记")
        verbose_name_plural = _("户籍登记")


class PropertyEntry(Entry, Place):
    """A home that somebody owns (不动产登记): ``share`` in per cent."""

    certificate_index = models.CharField(max_length=64, editable=False, blank=True)
    share = models.PositiveSmallIntegerField(_("份额(%)"), default=100)
    residential = models.BooleanField(_("住宅"), default=True)

    class Meta:
        verbose_name = _("不动产登记")
        verbose_name_plural = _("不动产登记")


class PermitEntry(Entry, Place):
    """A residence permit (公安居住证登记), valid until a day."""

    until = models.DateField(_("有效期止"))

    class Meta:
        verbose_name = _("居住证登记")
        verbose_name_plural = _("居住证登记")


class InsuranceEntry(Entry):
    """Social insurance in the district: months paid, and until when."""

    months = models.PositiveSmallIntegerField(_("累计月数"))
    paid_until = models.DateField(_("缴至"))

    class Meta:
        verbose_name = _("社会保险登记")
        verbose_name_plural = _("社会保险登记")


class VaccinationEntry(Entry):
    """Whether a child's vaccinations are complete (预防接种登记)."""

    complete = models.BooleanField(_("已完成"))

    class Meta:
        verbose_name = _("预防接种登记")
        verbose_name_plural = _("预防接种登记")


class PupilEntry(Entry):
    """At which school a child is a pupil already (学籍登记), by the school's code."""

    school = models.SlugField(_("学校代码"), max_length=24, db_index=False)

    class Meta:
        verbose_name = _("学籍登记")
        verbose_name_plural = _("学籍登记")
