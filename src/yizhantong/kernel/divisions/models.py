"""What is recorded of divisions."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class City(models.Model):
    """The city that this installation serves: exactly one row.

    ``demonstration_day`` is set in a sample city only: the platform's clock then stands on that day (see ``clock``).
    """

    code = models.CharField(_("城市代码"), max_length=12, primary_key=True)
    folder = models.CharField(_("数据目录"), max_length=64)
    name = models.CharField(_("名称"), max_length=64)
    name_en = models.CharField(_("英文名称"), max_length=64)
    demonstration_day = models.DateField(_("演示日"), null=True, blank=True)

    class Meta:
        verbose_name = _("城市")
        verbose_name_plural = _("城市")

    def __str__(self) -> str:
        return self.name


class Division(models.Model):
    """One division or managing unit; ``code`` is its identity and never changes.

    ``parent`` is the statutory parent, ``unit`` the managing unit (county or functional zone) of a county, zone, township
    or village; province and city have none.
    """

    class Level(models.TextChoices):
        PROVINCE = "province", _("省")
        CITY = "city", _("市")
        COUNTY = "county", _("县(市、区)")
        ZONE = "zone", _("功能区")
        TOWNSHIP = "township", _("乡镇(街道)")
        VILLAGE = "village", _("村(社区)")

    code = models.CharField(_("代码"), max_length=12, primary_key=True)
    name = models.CharField(_("名称"), max_length=64)
    level = models.CharField(_("层级"), max_length=8, choices=Level.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children", verbose_name=_("上级"))
    unit = models.ForeignKey("self", models.PROTECT, null=True, related_name="managed", verbose_name=_("管理单位"))
    coastal = models.BooleanField(_("沿海"), default=False)
    valid_from = models.DateField(_("启用日"), null=True, blank=True)
    valid_to = models.DateField(_("停用日"), null=True, blank=True)
    source = models.CharField(_("来源"), max_length=200)

    class Meta:
        verbose_name = _("行政区划")
        verbose_name_plural = _("行政区划")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class DivisionCode(models.Model):
    """A code that one official list gives, or gave, to a division, with the days on which it held."""

    division = models.ForeignKey(Division, models.PROTECT, related_name="codes", verbose_name=_("行政区划"), null=True)
    code = models.CharField(_("代码"), max_length=12, db_index=True)
    name = models.CharField(_("当时名称"), max_length=64)
    source = models.CharField(_("来源"), max_length=200)
    valid_from = models.DateField(_("启用日"), null=True)
    valid_to = models.DateField(_("停用日"), null=True)

    class Meta:
        verbose_name = _("区划代码")
        verbose_name_plural = _("区划代码")
        ordering = ["code", "valid_from"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class CalendarDay(models.Model):
    """A day on which offices differ from the week: a weekday off, or a weekend day worked, by the notice in ``source``.

    ``imported``: the city imported this year itself, and what comes with the platform does not replace it.
    """

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", _("放假")
        WORKDAY = "workday", _("调休上班")

    day = models.DateField(_("日期"), unique=True)
    kind = models.CharField(_("类别"), max_length=8, choices=Kind.choices)
    source = models.CharField(_("来源"), max_length=120)
    imported = models.BooleanField(_("本市导入"), default=False)

    class Meta:
        verbose_name = _("工作日历")
        verbose_name_plural = _("工作日历")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.get_kind_display()}"
