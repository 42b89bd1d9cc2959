"""What is recorded of applications for packages."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.ledger.models import Fact


class Package(models.TextChoices):
    """Packages that are offered."""

    BIRTH = "birth", _("新生儿出生落户")
    PROPERTY = "property", _("不动产过户")
    SCHOOL = "school", _("入学报名")
    STARTUP = "startup", _("企业开办")


class Acceptance(Fact):
    """An application for one item of a package, on the day on which it was accepted; ``agencies`` counts those that take part in the package."""

    class Channel(models.TextChoices):
        ONLINE = "online", _("网上")
        WINDOW = "window", _("窗口")
        TERMINAL = "terminal", _("自助终端")

    number = models.CharField(_("申请编号"), max_length=24)
    package = models.CharField(_("一件事"), max_length=12, choices=Package.choices)
    channel = models.CharField(_("申请渠道"), max_length=8, choices=Channel.choices)
    agencies = models.PositiveSmallIntegerField(_("联办单位数"), validators=[MinValueValidator(1)])

    class Meta(Fact.Meta):
        verbose_name = _("一件事受理")
        verbose_name_plural = _("一件事受理")
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(name="onething_acceptance_agencies", condition=models.Q(agencies__gte=1)),
        ]


class Closing(Fact):
    """How an application ended: ``visits`` in person, ``days`` calendar days since acceptance, and the day promised for it."""

    class Result(models.TextChoices):
        DONE = "done", _("办成")
        REFUSED = "refused", _("不予办理")
        WITHDRAWN = "withdrawn", _("申请人撤回")
        TERMINATED = "terminated", _("终止")

    number = models.CharField(_("申请编号"), max_length=24)
    package = models.CharField(_("一件事"), max_length=12, choices=Package.choices)
    result = models.CharField(_("办理结果"), max_length=12, choices=Result.choices)
    visits = models.PositiveSmallIntegerField(_("到场次数"))
    days = models.PositiveSmallIntegerField(_("办理天数"))
    due_on = models.DateField(_("承诺办结日期"))

    class Meta(Fact.Meta):
        verbose_name = _("一件事办结")
        verbose_name_plural = _("一件事办结")
