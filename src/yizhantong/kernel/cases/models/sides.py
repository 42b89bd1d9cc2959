"""What happens at the side of a case: materials, supplements, special procedures, public notices, transfers, disputes, messages."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.cases.models.case import Case
from yizhantong.kernel.files.models import Stored
from yizhantong.kernel.parties.models import Organisation


class CaseMaterial(models.Model):
    """How one material of the item was given: a file, a register, an earlier case, a commitment, or later (容缺)."""

    class Mode(models.TextChoices):
        UPLOAD = "upload", _("上传")
        REGISTER = "register", _("数据共享免交")
        REUSED = "reused", _("复用我的材料")
        PAPER = "paper", _("窗口提交原件")
        COMMITTED = "committed", _("告知承诺")
        DEFERRED = "deferred", _("容缺后补")

    class State(models.TextChoices):
        GIVEN = "given", _("已提交")
        DUE = "due", _("待补齐")
        VERIFIED = "verified", _("已核对")
        REJECTED = "rejected", _("不合格")

    TRUSTED = ("A", "B", "C", "D")

    case = models.ForeignKey(Case, models.PROTECT, related_name="materials", verbose_name=_("办件"), db_index=False)
    code = models.SlugField(_("材料代码"), max_length=32, db_index=False)
    name = models.CharField(_("材料名称"), max_length=120)
    mode = models.CharField(_("提交方式"), max_length=9, choices=Mode.choices)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.GIVEN)
    file = models.ForeignKey(Stored, models.PROTECT, null=True, related_name="+", verbose_name=_("文件"))
    trust = models.CharField(_("可信等级"), max_length=1, default="C")
    remark = models.CharField(_("说明"), max_length=200, blank=True)
    due_on = models.DateField(_("补齐期限"), null=True)
    given_at = models.DateTimeField(_("提交时间"))
    replaced = models.BooleanField(_("已被替换"), default=False)

    class Meta:
        verbose_name = _("办件材料")
        verbose_name_plural = _("办件材料")
        indexes = [models.Index(fields=["case", "code"], name="case_material_of_case")]

    def __str__(self) -> str:
        return self.name


class Supplement(models.Model):
    """A one-time notice of all defects 补正告知; a second one needs a superior's approval and lights yellow."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="supplements", verbose_name=_("办件"))
    ordinal = models.PositiveSmallIntegerField(_("第几次"), default=1)
    defects = models.JSONField(_("缺陷清单"))
    """``[{"kind": "material"|"field"|"other", "code": "…", "text": "…"}]``"""
    asked_at = models.DateTimeField(_("告知时间"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("告知人")
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("批准人")
    )
    due_on = models.DateField(_("补正期限"), null=True)
    answered_at = models.DateTimeField(_("补正时间"), null=True)

    class Meta:
        verbose_name = _("补正告知")
        verbose_name_plural = _("补正告知")
        constraints = [
            models.UniqueConstraint(fields=["case", "ordinal"], name="case_supplement_ordinal"),
            models.CheckConstraint(
                name="case_second_supplement_approved", condition=Q(ordinal=1) | Q(approved_by__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} #{self.ordinal}"


class SpecialProcedure(models.Model):
    """A special procedure 特别程序 whose time is not counted (行政许可法第四十五条); the asker is told in writing."""

    class Kind(models.TextChoices):
        HEARING = "hearing", _("听证")
        TENDER = "tender", _("招标")
        AUCTION = "auction", _("拍卖")
        INSPECTION = "inspection", _("检验")
        TESTING = "testing", _("检测")
        QUARANTINE = "quarantine", _("检疫")
        APPRAISAL = "appraisal", _("鉴定")
        EXPERTS = "experts", _("专家评审")

    case = models.ForeignKey(Case, models.PROTECT, related_name="procedures", verbose_name=_("办件"))
    kind = models.CharField(_("种类"), max_length=12, choices=Kind.choices)
    reason = models.CharField(_("原因"), max_length=300)
    expected_days = models.PositiveSmallIntegerField(_("预计天数"), null=True)
    started_at = models.DateTimeField(_("开始时间"))
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("启动人")
    )
    ended_at = models.DateTimeField(_("结束时间"), null=True)
    result = models.CharField(_("结果"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("特别程序")
        verbose_name_plural = _("特别程序")
        constraints = [
            models.UniqueConstraint(fields=["case"], name="case_procedure_one_open", condition=Q(ended_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"


class PublicNotice(models.Model):
    """A public notice 公示 of what is about to be decided, with the days on which anyone may object."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="notices", verbose_name=_("办件"))
    step = models.SlugField(_("环节"), max_length=32)
    title = models.CharField(_("标题"), max_length=160)
    body = models.TextField(_("内容"))
    first_day = models.DateField(_("起始日"))
    last_day = models.DateField(_("截止日"))
    ended_at = models.DateTimeField(_("结束时间"), null=True)

    class Meta:
        verbose_name = _("公示")
        verbose_name_plural = _("公示")
        indexes = [models.Index(fields=["-last_day", "id"], name="case_notice_by_day")]

    def __str__(self) -> str:
        return self.title


class Objection(models.Model):
    """An objection to a public notice; it is answered before the case goes on. Who objected is known to the office only."""

    class State(models.TextChoices):
        OPEN = "open", _("待处理")
        UPHELD = "upheld", _("成立")
        REJECTED = "rejected", _("不成立")

    notice = models.ForeignKey(PublicNotice, models.PROTECT, related_name="objections", verbose_name=_("公示"))
    name = models.CharField(_("异议人"), max_length=64)
    contact = models.TextField(_("联系方式"))
    """Sealed."""
    text = models.TextField(_("异议内容"), max_length=2000)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.OPEN)
    answer = models.CharField(_("处理意见"), max_length=500, blank=True)
    raised_at = models.DateTimeField(_("提出时间"))
    answered_at = models.DateTimeField(_("处理时间"), null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("处理人")
    )

    class Meta:
        verbose_name = _("公示异议")
        verbose_name_plural = _("公示异议")

    def __str__(self) -> str:
        return f"{self.notice_id} {self.state}"


class Transfer(models.Model):
    """The one change of the accountable office that a case may see: by the receiver's consent or a superior's ruling."""

    class State(models.TextChoices):
        ASKED = "asked", _("待接收")
        DONE = "done", _("已移送")
        REFUSED = "refused", _("未同意")

    case = models.ForeignKey(Case, models.PROTECT, related_name="transfers", verbose_name=_("办件"))
    giver = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("移送单位"))
    receiver = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("接收单位"))
    reason = models.CharField(_("理由"), max_length=300)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.ASKED)
    by_ruling = models.BooleanField(_("上级裁定"), default=False)
    asked_at = models.DateTimeField(_("提出时间"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("提出人")
    )
    settled_at = models.DateTimeField(_("决定时间"), null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("决定人")
    )
    settlement = models.CharField(_("决定理由"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("移送")
        verbose_name_plural = _("移送")
        constraints = [
            models.UniqueConstraint(fields=["case"], name="case_transferred_once", condition=Q(state="done")),
            models.UniqueConstraint(fields=["case"], name="case_transfer_one_asked", condition=Q(state="asked")),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.state}"


class Dispute(models.Model):
    """The asker disputes the ending, once; it reopens the case."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="dispute", verbose_name=_("办件"))
    reason = models.CharField(_("理由"), max_length=500)
    raised_at = models.DateTimeField(_("提出时间"))
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("提出人")
    )
    earlier_outcome = models.CharField(max_length=12)
    earlier_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("申请人异议")
        verbose_name_plural = _("申请人异议")

    def __str__(self) -> str:
        return str(self.case_id)


class Addition(models.Model):
    """Something added to the papers of a closed case; nothing that was there is changed."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="additions", verbose_name=_("办件"))
    text = models.CharField(_("内容"), max_length=1000)
    file = models.ForeignKey(Stored, models.PROTECT, null=True, related_name="+", verbose_name=_("文件"))
    added_at = models.DateTimeField(_("添加时间"))
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("添加人")
    )

    class Meta:
        verbose_name = _("补充记录")
        verbose_name_plural = _("补充记录")

    def __str__(self) -> str:
        return f"{self.case_id}"


class Message(models.Model):
    """A message between asker and office about a case; ``internal`` ones are for the offices only."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="messages", verbose_name=_("办件"))
    text = models.CharField(_("内容"), max_length=1000)
    internal = models.BooleanField(_("内部"), default=False)
    from_applicant = models.BooleanField(default=False)
    written_at = models.DateTimeField(_("时间"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("作者")
    )

    class Meta:
        verbose_name = _("消息")
        verbose_name_plural = _("消息")

    def __str__(self) -> str:
        return f"{self.case_id}"
