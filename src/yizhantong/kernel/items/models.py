"""What is recorded of service items."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.divisions.models import Division
from yizhantong.kernel.parties.models import Organisation


class DataElement(models.Model):
    """One element of the city's data dictionary: asked once, known everywhere by its code and its name in rules.

    ``register`` says who already knows it, as ``<provider>:<path>`` (``organisation:name``, ``profile:revenue_fen``, ``person:name``,
    ``person:identity``); empty when only the applicant does. Values of ``personal`` elements are sealed wherever they are stored.
    """

    class Kind(models.TextChoices):
        TEXT = "text", _("文字")
        LONG_TEXT = "long_text", _("长文字")
        INTEGER = "integer", _("整数")
        DECIMAL = "decimal", _("小数")
        MONEY = "money", _("金额(元)")
        DATE = "date", _("日期")
        BOOLEAN = "boolean", _("是否")
        CHOICE = "choice", _("单选")
        CHOICES = "choices", _("多选")
        PHONE = "phone", _("电话")
        IDENTITY = "identity", _("身份证号")
        USCC = "uscc", _("统一社会信用代码")
        DIVISION = "division", _("区划")
        INDUSTRY = "industry", _("行业")
        ACCOUNT = "account", _("银行账号")

    code = models.SlugField(_("代码"), max_length=48, primary_key=True)
    name = models.CharField(_("名称"), max_length=40, unique=True)
    name_en = models.CharField(_("英文名称"), max_length=80, blank=True)
    kind = models.CharField(_("类型"), max_length=10, choices=Kind.choices)
    unit = models.CharField(_("单位"), max_length=8, blank=True)
    choices = models.JSONField(_("可选值"), default=list, blank=True)
    max_length = models.PositiveSmallIntegerField(_("最大长度"), null=True, blank=True)
    minimum = models.DecimalField(_("最小值"), max_digits=20, decimal_places=4, null=True, blank=True)
    maximum = models.DecimalField(_("最大值"), max_digits=20, decimal_places=4, null=True, blank=True)
    register = models.CharField(_("共享来源"), max_length=60, blank=True)
    personal = models.BooleanField(_("个人信息"), default=False)
    source = models.CharField(_("依据"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("数据元")
        verbose_name_plural = _("数据元")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class CatalogueEntry(models.Model):
    """One entry of the basic catalogue 基本目录: named by the nation or the province, read-only here."""

    code = models.CharField(_("基本编码"), max_length=12, primary_key=True)
    name = models.CharField(_("名称"), max_length=120)
    task_type = models.CharField(_("事项类型"), max_length=2)
    by_law = models.TextField(_("设定依据"))
    use_level = models.CharField(_("行使层级"), max_length=20, blank=True)
    source = models.CharField(_("来源"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("基本目录")
        verbose_name_plural = _("基本目录")

    def __str__(self) -> str:
        return self.name


class Item(models.Model):
    """A handling item 业务办理项 of one agency's implementation list: what cases are filed against.

    ``code`` is its own short code in this city (``policies.2021-003``), ``task_code`` that of the implementation list (31 to 36),
    ``handling_code`` that of the handling item (33). ``zone`` is the undertaking that runs it, ``kind`` what it is to the kernel.
    """

    class Kind(models.TextChoices):
        APPLICATION = "application", _("依申请事项")
        POLICY = "policy", _("惠企政策")
        APPEAL = "appeal", _("诉求")
        PACKAGE = "package", _("一件事套餐")

    code = models.CharField(_("事项代码"), max_length=48, primary_key=True)
    zone = models.SlugField(_("专区"), max_length=32)
    kind = models.CharField(_("种类"), max_length=12, choices=Kind.choices)
    catalogue = models.ForeignKey(CatalogueEntry, models.PROTECT, null=True, blank=True, verbose_name=_("基本目录"))
    task_code = models.CharField(_("实施编码"), max_length=36, blank=True, db_index=True)
    handling_code = models.CharField(_("业务办理项编码"), max_length=40, blank=True)
    agency = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("实施主体"))
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("区划"))
    name = models.CharField(_("名称"), max_length=120)
    current = models.ForeignKey(
        "ItemVersion", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("现行版本")
    )
    suspended = models.CharField(_("暂停原因"), max_length=200, blank=True)
    demonstration = models.BooleanField(_("演示数据"), default=False)

    class Meta:
        verbose_name = _("事项")
        verbose_name_plural = _("事项")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class ItemVersion(models.Model):
    """One version of an item; ``content`` is a document of :class:`~yizhantong.kernel.items.content.Content`.

    Once published its content can never change: the database refuses (a trigger), so a case that pinned it finds it as it was.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        SUBMITTED = "submitted", _("待审定")
        PUBLISHED = "published", _("已发布")
        RETIRED = "retired", _("已停用")

    item = models.ForeignKey(Item, models.PROTECT, related_name="versions", verbose_name=_("事项"))
    number = models.PositiveSmallIntegerField(_("版本"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.DRAFT)
    content = models.JSONField(_("内容"), default=dict)
    digest = models.CharField(_("内容摘要"), max_length=64, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("编写人")
    )
    submitted_at = models.DateTimeField(_("提交时间"), null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("审定人")
    )
    published_at = models.DateTimeField(_("发布时间"), null=True)
    valid_from = models.DateField(_("启用日"), null=True)
    remark = models.CharField(_("退回意见"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("事项版本")
        verbose_name_plural = _("事项版本")
        ordering = ["item", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="item_version_number"),
            models.CheckConstraint(
                name="item_version_four_eyes",
                condition=models.Q(published_by__isnull=True) | ~models.Q(published_by=models.F("written_by")),
            ),
            models.CheckConstraint(
                name="item_version_published_by_somebody",
                condition=~models.Q(state__in=["published", "retired"])
                | models.Q(published_by__isnull=False, published_at__isnull=False, written_by__isnull=False)
                & ~models.Q(digest=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} v{self.number}"
