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
    """Who acts for whom: a person for an organisation, from a day to a day, in all zones or in one.

    ``may_delegate``: its holder may give mandates of the organisation to others, for no longer and no more than his own.
    One that was withdrawn is over at that moment; the row stays, so that it can be seen later who could act when.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="mandates", verbose_name=_("组织"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="mandates", verbose_name=_("自然人"))
    valid_from = models.DateField(_("起始日"))
    valid_to = models.DateField(_("终止日"), null=True, blank=True)
    zone = models.SlugField(_("专区"), max_length=32, blank=True, help_text=_("空表示所有专区"))
    may_delegate = models.BooleanField(_("可转委托"), default=False)
    given_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("授权人")
    )
    given_at = models.DateTimeField(_("授权时间"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("授权")
        verbose_name_plural = _("授权")

    def __str__(self) -> str:
        return f"{self.person} → {self.organisation}"


class EnterpriseProfile(models.Model):
    """What the registers know of an enterprise, for eligibility; empty means not known, never zero or no.

    Money is in 分. ``sources`` holds, by column, where the value comes from: ``{"revenue_fen": {"source": "税务局年度汇算",
    "as_of": "2021-05-31", "confidence": "register"}}``; confidence is ``register``, ``verified`` or ``declared``.
    """

    class Size(models.TextChoices):
        LARGE = "large", _("大型")
        MEDIUM = "medium", _("中型")
        SMALL = "small", _("小型")
        MICRO = "micro", _("微型")

    class Status(models.TextChoices):
        ACTIVE = "active", _("存续")
        REVOKED = "revoked", _("吊销")
        CANCELLED = "cancelled", _("注销")
        MOVED = "moved", _("迁出")

    class Specialised(models.TextChoices):
        NONE = "none", _("未认定")
        PROVINCE = "province", _("省级专精特新")
        NATION = "nation", _("国家级专精特新小巨人")

    class Credit(models.TextChoices):
        NORMAL = "normal", _("正常")
        DISHONEST = "dishonest", _("失信被执行人")
        SERIOUS = "serious", _("严重违法失信")

    organisation = models.OneToOneField(Organisation, models.PROTECT, primary_key=True, related_name="profile")
    unit = models.ForeignKey(Division, models.PROTECT, null=True, related_name="+", verbose_name=_("管理单位"))
    legal_form = models.CharField(_("企业类型"), max_length=40, blank=True)
    status = models.CharField(_("登记状态"), max_length=10, choices=Status.choices, null=True)
    established_on = models.DateField(_("成立日期"), null=True)
    industry = models.CharField(_("行业代码"), max_length=5, null=True)
    registered_capital_fen = models.BigIntegerField(_("注册资本"), null=True)
    employees = models.IntegerField(_("从业人员"), null=True)
    insured_employees = models.IntegerField(_("参保人数"), null=True)
    revenue_fen = models.BigIntegerField(_("年营业收入"), null=True)
    revenue_before_fen = models.BigIntegerField(_("上年营业收入"), null=True)
    assets_fen = models.BigIntegerField(_("资产总额"), null=True)
    rd_fen = models.BigIntegerField(_("研发费用"), null=True)
    equipment_fen = models.BigIntegerField(_("设备投资额"), null=True)
    export_fen = models.BigIntegerField(_("出口额"), null=True)
    tax_paid_fen = models.BigIntegerField(_("纳税额"), null=True)
    loans_fen = models.BigIntegerField(_("贷款余额"), null=True)
    invention_patents = models.IntegerField(_("发明专利数"), null=True)
    size = models.CharField(_("规模划型"), max_length=6, choices=Size.choices, null=True)
    above_scale = models.BooleanField(_("规模以上"), null=True)
    high_tech_until = models.DateField(_("高新技术企业有效期至"), null=True)
    technology_sme_until = models.DateField(_("科技型中小企业有效期至"), null=True)
    specialised = models.CharField(_("专精特新级别"), max_length=8, choices=Specialised.choices, null=True)
    tax_credit = models.CharField(_("纳税信用等级"), max_length=1, null=True)
    credit = models.CharField(_("信用状态"), max_length=9, choices=Credit.choices, null=True)
    cloud_stars = models.SmallIntegerField(_("上云星级"), null=True)
    safety_accident = models.BooleanField(_("近三年生产安全事故"), null=True)
    environmental_penalty = models.BooleanField(_("近三年环保处罚"), null=True)
    sources = models.JSONField(_("来源"), default=dict)
    updated_at = models.DateTimeField(_("更新时间"))

    class Meta:
        verbose_name = _("企业画像")
        verbose_name_plural = _("企业画像")

    def __str__(self) -> str:
        return str(self.organisation_id)
