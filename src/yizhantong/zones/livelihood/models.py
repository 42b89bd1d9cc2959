"""What is recorded of issues, duties, claims, disputes, help and deeds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.models import Fact
from yizhantong.kernel.parties.models import Organisation

MEMBER_CODE = RegexValidator(r"^M-\d{6,10}$", _("应为 M- 加数字的代码,不得填写姓名或证件号"))


class Level(models.TextChoices):
    """Which level answers."""

    CITY = "city", _("市级")
    COUNTY = "county", _("县级")
    TOWNSHIP = "township", _("乡级")


class Topic(models.TextChoices):
    """What the people's matters are about."""

    ROADS = "roads", _("道路交通")
    HOUSING = "housing", _("小区安置")
    WATER = "water", _("供水供暖")
    ENVIRONMENT = "environment", _("环境卫生")
    MARKETS = "markets", _("农贸市场")
    SCHOOLING = "schooling", _("教育医疗")
    WELFARE = "welfare", _("社会保障")
    FARMING = "farming", _("乡村振兴")


class Issue(Fact):
    """An issue on the list of issues, on the day on which it was taken up."""

    class Origin(models.TextChoices):
        VISIT = "visit", _("民情走访")
        MAILBOX = "mailbox", _("爱心邮箱")
        HOTLINE = "hotline", _("热线")
        GRID = "grid", _("网格上报")
        ONLINE = "online", _("网上反映")

    number = models.CharField(_("问题编号"), max_length=24)
    origin = models.CharField(_("问题来源"), max_length=8, choices=Origin.choices)
    topic = models.CharField(_("问题领域"), max_length=12, choices=Topic.choices)
    subject = models.CharField(_("问题摘要"), max_length=80)

    class Meta(Fact.Meta):
        verbose_name = _("问题清单")
        verbose_name_plural = _("问题清单")


class Duty(Fact):
    """A duty made of an issue: one unit answers, by a day."""

    number = models.CharField(_("履职编号"), max_length=24)
    issue_number = models.CharField(_("问题编号"), max_length=24)
    level = models.CharField(_("责任层级"), max_length=8, choices=Level.choices)
    topic = models.CharField(_("问题领域"), max_length=12, choices=Topic.choices)
    agency = models.ForeignKey(
        Organisation, models.PROTECT, db_index=False, related_name="+", verbose_name=_("责任单位")
    )
    due_on = models.DateField(_("完成时限"))

    class Meta(Fact.Meta):
        verbose_name = _("履职清单")
        verbose_name_plural = _("履职清单")

    @classmethod
    def check_values(cls, values: Mapping[str, Any]) -> None:
        """Refuse a limit that lies before the duty."""
        if values["due_on"] < values["occurred_on"]:
            raise LedgerError("livelihood.due_before_duty", "完成时限早于转办日期,请核对日期", "完成时限")


class Settlement(Fact):
    """A duty struck off the list because the people confirmed that it was done."""

    number = models.CharField(_("履职编号"), max_length=24)
    level = models.CharField(_("责任层级"), max_length=8, choices=Level.choices)
    topic = models.CharField(_("问题领域"), max_length=12, choices=Topic.choices)
    due_on = models.DateField(_("完成时限"))

    class Meta(Fact.Meta):
        verbose_name = _("履职销号")
        verbose_name_plural = _("履职销号")


class Claim(Fact):
    """A livelihood item that a party member claims; claimed, not yet finished."""

    number = models.CharField(_("实事编号"), max_length=24)
    member = models.CharField(_("党员代码"), max_length=16, validators=[MEMBER_CODE])
    topic = models.CharField(_("实事领域"), max_length=12, choices=Topic.choices)
    level = models.CharField(_("党组织层级"), max_length=8, choices=Level.choices)
    promised_on = models.DateField(_("承诺完成日期"))

    class Meta(Fact.Meta):
        verbose_name = _("民生实事认领")
        verbose_name_plural = _("民生实事认领")

    @classmethod
    def check_values(cls, values: Mapping[str, Any]) -> None:
        """Refuse a promise for a day before the claim."""
        if values["promised_on"] < values["occurred_on"]:
            raise LedgerError("livelihood.promise_before_claim", "承诺完成日期早于认领日期,请核对日期", "承诺完成日期")


class Check(Fact):
    """One member going down once to look for disputes; ``found`` counts what came to light."""

    member = models.CharField(_("党员代码"), max_length=16, validators=[MEMBER_CODE])
    level = models.CharField(_("所在层级"), max_length=8, choices=Level.choices)
    households = models.PositiveSmallIntegerField(_("走访户数"))
    found = models.PositiveSmallIntegerField(_("发现问题数"), default=0)

    class Meta(Fact.Meta):
        verbose_name = _("下访排查")
        verbose_name_plural = _("下访排查")


class Dispute(Fact):
    """A dispute found, on the day on which it was entered."""

    class Kind(models.TextChoices):
        NEIGHBOURS = "neighbours", _("邻里")
        FAMILY = "family", _("婚姻家庭")
        LAND = "land", _("土地")
        LABOUR = "labour", _("劳资")
        ESTATE = "estate", _("物业")
        DEMOLITION = "demolition", _("征拆")
        OTHER = "other", _("其他")

    class Risk(models.TextChoices):
        RED = "red", _("红")
        ORANGE = "orange", _("橙")
        YELLOW = "yellow", _("黄")
        BLUE = "blue", _("蓝")

    number = models.CharField(_("纠纷编号"), max_length=24)
    kind = models.CharField(_("纠纷类型"), max_length=12, choices=Kind.choices)
    risk = models.CharField(_("风险等级"), max_length=8, choices=Risk.choices)

    class Meta(Fact.Meta):
        verbose_name = _("矛盾纠纷排查")
        verbose_name_plural = _("矛盾纠纷排查")


class Mediation(Fact):
    """A dispute settled; ``agreement`` says in which form (人民调解法 art. 28)."""

    class Agreement(models.TextChoices):
        WRITTEN = "written", _("书面协议")
        ORAL = "oral", _("口头协议")
        CONFIRMED = "confirmed", _("司法确认")

    number = models.CharField(_("纠纷编号"), max_length=24)
    kind = models.CharField(_("纠纷类型"), max_length=12, choices=Dispute.Kind.choices)
    agreement = models.CharField(_("协议形式"), max_length=12, choices=Agreement.choices)

    class Meta(Fact.Meta):
        verbose_name = _("矛盾纠纷化解")
        verbose_name_plural = _("矛盾纠纷化解")


class Help(Fact):
    """A difficulty of a grass-roots unit that officials took up, with the result."""

    class Result(models.TextChoices):
        SOLVED = "solved", _("已解决")
        PARTLY = "partly", _("部分解决")
        REFERRED = "referred", _("转有关部门")

    number = models.CharField(_("帮办编号"), max_length=24)
    topic = models.CharField(_("困难领域"), max_length=12, choices=Topic.choices)
    level = models.CharField(_("帮办层级"), max_length=8, choices=Level.choices)
    result = models.CharField(_("帮办结果"), max_length=8, choices=Result.choices)

    class Meta(Fact.Meta):
        verbose_name = _("帮助基层解难")
        verbose_name_plural = _("帮助基层解难")


class Deed(Fact):
    """A good, practical or difficult thing done for others by a member."""

    class Kind(models.TextChoices):
        GOOD = "good", _("好事")
        PRACTICAL = "practical", _("实事")
        DIFFICULT = "difficult", _("难事")

    class Place(models.TextChoices):
        ENTERPRISE = "enterprise", _("企业")
        COMMUNITY = "community", _("社区")
        SCHOOL = "school", _("学校")
        VILLAGE = "village", _("农村")

    number = models.CharField(_("事项编号"), max_length=24)
    member = models.CharField(_("党员代码"), max_length=16, validators=[MEMBER_CODE])
    kind = models.CharField(_("事项类别"), max_length=12, choices=Kind.choices)
    place = models.CharField(_("服务去向"), max_length=12, choices=Place.choices)

    class Meta(Fact.Meta):
        verbose_name = _("好事实事难事")
        verbose_name_plural = _("好事实事难事")
