"""The index: entries, and the tokens by which they are found."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.divisions.models import Division


class ByteOrdered(models.CharField):  # type: ignore[type-arg]
    """Text that both databases order by its bytes, so that a range of an index is a prefix."""

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        """Add PostgreSQL's collation ``C``; SQLite orders by bytes anyway."""
        found: Any = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            found["collation"] = "C"
        return found


class Entry(models.Model):
    """One thing that can be found. ``words`` are further names for it; ``weight`` above 1 lifts it among equals.

    An entry that is not ``public`` is seen with ``permission``, in ``division`` or (none) anywhere.
    """

    kind = models.CharField(_("类别"), max_length=20)
    key = models.CharField(_("编号"), max_length=100)
    title = models.CharField(_("标题"), max_length=200)
    words = models.CharField(_("别名"), max_length=500, blank=True)
    summary = models.CharField(_("摘要"), max_length=300, blank=True)
    url = models.CharField(_("地址"), max_length=300)
    zone = models.CharField(_("专区"), max_length=32, blank=True)
    division = models.ForeignKey(Division, models.CASCADE, null=True, blank=True, verbose_name=_("区划"))
    public = models.BooleanField(_("公开"), default=True)
    permission = models.CharField(_("权限"), max_length=50, blank=True)
    weight = models.FloatField(_("权重"), default=1.0)
    digest = models.CharField(max_length=32, editable=False)
    updated_at = models.DateTimeField(_("更新时间"), auto_now=True)

    class Meta:
        verbose_name = _("检索条目")
        verbose_name_plural = _("检索条目")
        indexes = [models.Index(fields=["permission"], name="entry_hidden", condition=models.Q(public=False))]
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="entry_once"),
            models.CheckConstraint(
                name="hidden_entry_names_its_permission", condition=models.Q(public=True) | ~models.Q(permission="")
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Token(models.Model):
    """A token of an entry, once, with the weight of all the fields in which it stands.

    ``~`` begins the sound of two characters (``~guohu``), ``^`` the initials of a word or title (``^bdcgh``).
    """

    class Field(models.IntegerChoices):
        TITLE = 1, _("标题")
        WORDS = 2, _("别名")
        SUMMARY = 3, _("摘要")
        BODY = 4, _("正文")

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="tokens", verbose_name=_("条目"))
    token = ByteOrdered(max_length=32)
    field = models.PositiveSmallIntegerField(choices=Field.choices)
    weight = models.FloatField()
    public = models.BooleanField()

    class Meta:
        verbose_name = _("检索词")
        verbose_name_plural = _("检索词")
        indexes = [models.Index(fields=["token", "public", "entry", "weight"], name="token_postings")]

    def __str__(self) -> str:
        return str(self.token)
