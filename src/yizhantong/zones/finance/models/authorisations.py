"""Who may see which data of whom, for what, until when; and every look at them."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.parties.models import Organisation, Person
from yizhantong.zones.finance.models.listings import Listing


class Authorisation(models.Model):
    """An enterprise, or a guarantor for himself, lets banks look at named groups of data for one purpose and a time.

    In force from ``valid_from`` to before ``valid_until``, unless ``withdrawn_at``; whether it is, is asked at every look, never
    stored. ``listing`` None means all needs of the enterprise; ``every_bank`` all banks that deal with them.
    """

    class Purpose(models.TextChoices):
        MATCHING = "matching", _("融资撮合")
        APPROVAL = "approval", _("贷前调查与授信审批")
        AFTER = "after", _("贷后管理")

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("授权企业")
    )
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("授权个人"))
    listing = models.ForeignKey(
        Listing, models.PROTECT, null=True, related_name="authorisations", verbose_name=_("融资需求")
    )
    every_bank = models.BooleanField(_("所有对接银行"), default=False)
    banks = models.ManyToManyField(Organisation, related_name="+", verbose_name=_("被授权银行"))
    purpose = models.CharField(_("用途"), max_length=8, choices=Purpose.choices)
    fields = models.JSONField(_("数据范围"), default=list)
    valid_from = models.DateTimeField(_("起"))
    valid_until = models.DateTimeField(_("止"))
    granted_at = models.DateTimeField(_("授权时间"))
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("授权人")
    )
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("撤回人")
    )
    digest = models.CharField(_("授权书摘要"), max_length=64)
    """SHA-256 of the words to which was agreed (``authorising.statement``)."""

    class Meta:
        verbose_name = _("数据授权")
        verbose_name_plural = _("数据授权")
        ordering = ["-id"]
        indexes = [models.Index(fields=["organisation", "-id"], name="finance_authorisation_firm")]
        constraints = [
            models.CheckConstraint(
                name="finance_authorisation_one_grantor",
                condition=Q(organisation__isnull=False, person__isnull=True)
                | Q(organisation__isnull=True, person__isnull=False, listing__isnull=False),
            ),
            models.CheckConstraint(name="finance_authorisation_ends", condition=Q(valid_until__gt=F("valid_from"))),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id or self.person_id} {self.purpose}"

    def in_force(self, now: dt.datetime) -> bool:
        """Tell whether it holds at that moment."""
        return self.withdrawn_at is None and self.valid_from <= now < self.valid_until


class Look(models.Model):
    """One look at data under an authorisation: who, for which bank, when, which groups; the grantor sees them all."""

    authorisation = models.ForeignKey(
        Authorisation, models.PROTECT, related_name="looks", verbose_name=_("授权"), db_index=False
    )
    listing = models.ForeignKey(
        Listing, models.PROTECT, null=True, related_name="looks", verbose_name=_("融资需求"), db_index=False
    )
    bank = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("银行"))
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("查看人"))
    at = models.DateTimeField(_("查看时间"))
    fields = models.JSONField(_("查看内容"), default=list)

    class Meta:
        verbose_name = _("数据查看记录")
        verbose_name_plural = _("数据查看记录")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["authorisation", "-id"], name="finance_look_authorisation"),
            models.Index(fields=["listing", "-id"], name="finance_look_listing"),
        ]

    def __str__(self) -> str:
        return f"{self.bank_id} {self.at:%Y-%m-%d %H:%M}"


class Guarantor(models.Model):
    """A person who stands surety for a need; banks see him only under his own authorisation."""

    listing = models.ForeignKey(Listing, models.PROTECT, related_name="guarantors", verbose_name=_("融资需求"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("保证人"))
    relation = models.CharField(_("与企业关系"), max_length=40)
    added_at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = _("保证人")
        verbose_name_plural = _("保证人")
        constraints = [models.UniqueConstraint(fields=["listing", "person"], name="finance_guarantor_once")]

    def __str__(self) -> str:
        return f"{self.listing_id} {self.person_id}"
