"""What every fact has, and what is recorded of imports and segments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.divisions.models import Division


class Fact(models.Model):
    """The abstract base of all facts; append-only by triggers on every database.

    ``sign`` is +1, or -1 for a fact that takes back the one it ``reverses`` (at most one each; a reversal is never
    reversed). ``occurred_on`` is the day in the world, ``recorded_at`` the moment of recording by the server. ``source``
    names where the fact came from: ``sample``, ``import:<batch>#<line>``, ``form:<user>``, ``api:<token>``, ``case:<step>``.

    Columns of facts are integers, short texts, booleans, dates, moments or decimals of fixed scale; never floats.
    """

    id = models.BigAutoField(primary_key=True)
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("区划"), db_index=False)
    occurred_on = models.DateField(_("发生日期"))
    recorded_at = models.DateTimeField(_("登记时间"), editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("登记人"),
        db_index=False,
    )
    source = models.CharField(_("来源"), max_length=64, editable=False)
    sign = models.SmallIntegerField(_("符号"), default=1, editable=False)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, editable=False, related_name="reversal", verbose_name=_("冲销的记录")
    )
    note = models.CharField(_("备注"), max_length=200, blank=True)

    class Meta:
        abstract = True
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_red_letter",
                condition=models.Q(sign=1, reverses__isnull=True) | models.Q(sign=-1, reverses__isnull=False),
            )
        ]
        indexes = [models.Index(fields=["occurred_on", "id"], name="%(app_label)s_%(class)s_day")]

    def __str__(self) -> str:
        return f"{self._meta.label_lower}#{self.pk}"

    @classmethod
    def check_values(cls, values: Mapping[str, Any]) -> None:
        """Refuse values that contradict each other; a zone overrides this and raises :class:`~.errors.LedgerError`.

        ``values`` are those of one new fact by column, each already valid by itself. Called for every fact, however it is
        recorded; no database access here.
        """


FACT_COLUMNS = (
    "id",
    "division_id",
    "occurred_on",
    "recorded_at",
    "recorded_by_id",
    "source",
    "sign",
    "reverses_id",
    "note",
)


class AuditEvent(Fact):
    """Who did what, to what, with which result: a fact like all others, of the ledger ``ledger.audit``.

    ``address`` is the network address with its last part masked; ``detail`` is JSON with sorted keys.
    """

    class Event(models.TextChoices):
        SIGN_IN = "sign_in", _("登录")
        SIGN_OUT = "sign_out", _("退出")
        SIGN_IN_FAILED = "sign_in_failed", _("登录失败")
        LOCKED_OUT = "locked_out", _("账号锁定")
        REFUSED = "refused", _("拒绝访问")
        REVEAL = "reveal", _("查看原文")
        IMPORT = "import", _("导入")
        EXPORT = "export", _("导出")
        RIGHTS = "rights", _("权限变更")
        ACCOUNT = "account", _("账号变更")
        SEAL = "seal", _("封存")
        PUBLISH = "publish", _("发布")
        SETTING = "setting", _("设置变更")

    class Result(models.TextChoices):
        DONE = "done", _("完成")
        REFUSED = "refused", _("拒绝")
        FAILED = "failed", _("失败")

    event = models.CharField(_("事件"), max_length=16, choices=Event.choices)
    actor = models.CharField(_("操作账号"), max_length=150, blank=True)
    target = models.CharField(_("对象"), max_length=200, blank=True)
    result = models.CharField(_("结果"), max_length=8, choices=Result.choices, default=Result.DONE)
    address = models.CharField(_("网络地址"), max_length=45, blank=True)
    detail = models.CharField(_("详情"), max_length=1000, blank=True)

    class Meta(Fact.Meta):
        verbose_name = _("审计事件")
        verbose_name_plural = _("审计事件")


class ImportBatch(models.Model):
    """A file that was imported into a ledger; the same file (by SHA-256) is imported once. Append-only."""

    ledger = models.CharField(_("台账"), max_length=64)
    file_name = models.CharField(_("文件名"), max_length=200)
    sha256 = models.CharField(_("文件摘要"), max_length=64)
    recorded = models.IntegerField(_("新增条数"))
    unchanged = models.IntegerField(_("未变条数"))
    imported_at = models.DateTimeField(_("导入时间"))
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("导入人")
    )

    class Meta:
        verbose_name = _("导入批次")
        verbose_name_plural = _("导入批次")
        constraints = [models.UniqueConstraint(fields=["ledger", "sha256"], name="import_of_a_file_happens_once")]

    def __str__(self) -> str:
        return f"{self.ledger}: {self.file_name}"


class Segment(models.Model):
    """One sealed stretch of a ledger: all facts with ``after_id < id <= last_id``. Append-only.

    ``root`` is the Merkle root over the canonical leaves in the order of ids (RFC 9162), ``seal`` chains it to
    ``previous`` (the seal before; for the first, the root of the empty tree); hexadecimal. ``head`` is the Merkle root over
    the seals of all segments up to this one: whoever holds a published head can ask for a proof that history was only
    appended to since. ``file`` is the name below ``settings.YZT_SEGMENTS``, ``schema`` the fields of a leaf as ``[name, kind, scale]``.
    """

    ledger = models.CharField(_("台账"), max_length=64)
    number = models.IntegerField(_("段号"))
    after_id = models.BigIntegerField(_("起于编号之后"))
    last_id = models.BigIntegerField(_("止于编号"))
    count = models.IntegerField(_("条数"))
    root = models.CharField(_("根"), max_length=64)
    previous = models.CharField(_("前一封印"), max_length=64)
    seal = models.CharField(_("封印"), max_length=64)
    head = models.CharField(_("总封印"), max_length=64)
    file = models.CharField(_("文件"), max_length=200)
    sha256 = models.CharField(_("文件摘要"), max_length=64)
    schema = models.JSONField(_("字段"))
    sealed_at = models.DateTimeField(_("封存时间"))
    software = models.CharField(_("软件版本"), max_length=32)

    class Meta:
        verbose_name = _("封存段")
        verbose_name_plural = _("封存段")
        ordering = ["ledger", "number"]
        constraints = [models.UniqueConstraint(fields=["ledger", "number"], name="segment_of_a_ledger_has_its_number")]

    def __str__(self) -> str:
        return f"{self.ledger}#{self.number}"
