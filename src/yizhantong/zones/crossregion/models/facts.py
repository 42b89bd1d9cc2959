"""What is recorded of handovers between cities."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.ledger.models import Fact


class Mode(models.TextChoices):
    """The three modes of 国办发〔2020〕35号."""

    ONLINE = "online", _("全程网办")
    PROXY = "proxy", _("异地代收代办")
    JOINT = "joint", _("多地联办")


class Direction(models.TextChoices):
    """Seen from this city."""

    SENT = "sent", _("转出")
    RECEIVED = "received", _("转入")


class Handover(Fact):
    """A request handed over to, or taken over from, another city."""

    number = models.CharField(_("通办编号"), max_length=24)
    item = models.CharField(_("通办事项"), max_length=80)
    mode = models.CharField(_("通办模式"), max_length=8, choices=Mode.choices)
    direction = models.CharField(_("方向"), max_length=8, choices=Direction.choices)
    other_code = models.CharField(_("对方区划代码"), max_length=6)
    other_name = models.CharField(_("对方地区"), max_length=32)

    class Meta(Fact.Meta):
        verbose_name = _("通办转接")
        verbose_name_plural = _("通办转接")


class Closing(Fact):
    """How a handover ended; ``days`` are calendar days since the hand-over."""

    class Result(models.TextChoices):
        DONE = "done", _("办成")
        REFUSED = "refused", _("不予办理")
        RETURNED = "returned", _("退回")
        WITHDRAWN = "withdrawn", _("撤回")

    number = models.CharField(_("通办编号"), max_length=24)
    mode = models.CharField(_("通办模式"), max_length=8, choices=Mode.choices)
    direction = models.CharField(_("方向"), max_length=8, choices=Direction.choices)
    result = models.CharField(_("办理结果"), max_length=12, choices=Result.choices)
    days = models.PositiveSmallIntegerField(_("办理天数"))

    class Meta(Fact.Meta):
        verbose_name = _("通办办结")
        verbose_name_plural = _("通办办结")
