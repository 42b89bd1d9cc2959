"""What is recorded of files."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.parties.models import Organisation


class Stored(models.Model):
    """A file that somebody gave, typed by its content; the bytes lie under their digest and are never served directly."""

    class Trust(models.TextChoices):
        A = "A", _("A 机关签发")
        B = "B", _("B 窗口核验")
        C = "C", _("C 自行上传")
        D = "D", _("D 自行承诺")

    sha256 = models.CharField(_("摘要"), max_length=64, db_index=True)
    media_type = models.CharField(_("类型"), max_length=80)
    size = models.PositiveIntegerField(_("大小(字节)"))
    name = models.CharField(_("文件名"), max_length=160)
    purpose = models.CharField(_("用途"), max_length=120, blank=True)
    trust = models.CharField(_("可信等级"), max_length=1, choices=Trust.choices, default=Trust.C)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("上传人")
    )
    uploaded_at = models.DateTimeField(_("上传时间"))

    class Meta:
        verbose_name = _("文件")
        verbose_name_plural = _("文件")

    def __str__(self) -> str:
        return self.name


class Series(models.Model):
    """The last number that an issuer gave to a kind of document in a year; its row is the lock under which numbers are given."""

    issuer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("签发机关"))
    kind = models.CharField(_("种类"), max_length=12)
    year = models.PositiveSmallIntegerField(_("年度"))
    last = models.PositiveIntegerField(_("末号"), default=0)

    class Meta:
        verbose_name = _("文号序列")
        verbose_name_plural = _("文号序列")
        constraints = [models.UniqueConstraint(fields=["issuer", "kind", "year"], name="one_series_a_year")]

    def __str__(self) -> str:
        return f"{self.issuer_id} {self.kind} {self.year}: {self.last}"


class Issued(models.Model):
    """A document that an agency issued: its number, what it says, its PDF, and the code by which anyone verifies it.

    Never changed but for its revocation, once; the database itself refuses anything else (``triggers``).
    """

    class Kind(models.TextChoices):
        CERTIFICATE = "certificate", _("证照")
        DECISION = "decision", _("决定书")
        NOTICE = "notice", _("告知书")
        RECEIPT = "receipt", _("凭证")

    number = models.CharField(_("文号"), max_length=60, unique=True)
    kind = models.CharField(_("种类"), max_length=12, choices=Kind.choices)
    title = models.CharField(_("标题"), max_length=120)
    subject_kind = models.SlugField(_("所属种类"), max_length=24, db_index=False)
    subject_number = models.CharField(_("所属编号"), max_length=40, db_index=True)
    holder_name = models.CharField(_("持有人"), max_length=120)
    issuer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("签发机关"))
    body = models.JSONField(_("内容"), default=dict)
    issued_at = models.DateTimeField(_("签发时间"))
    sha256 = models.CharField(_("PDF 摘要"), max_length=64, db_index=True)
    stored = models.ForeignKey(Stored, models.PROTECT, null=True, related_name="+", verbose_name=_("PDF"))
    verify_code = models.CharField(_("验证码"), max_length=32, unique=True)
    revoked_at = models.DateTimeField(_("撤销时间"), null=True)
    revoked_reason = models.CharField(_("撤销原因"), max_length=200, blank=True)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="replaced_by", verbose_name=_("替代")
    )

    class Meta:
        verbose_name = _("签发文书")
        verbose_name_plural = _("签发文书")

    def __str__(self) -> str:
        return self.number
