"""What the shell itself records: keys by which a program may send a change again without making it twice, and calendar feeds."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class IdempotencyKey(models.Model):
    """A change that an account sent with an ``Idempotency-Key``: what was sent, and the fact that came of it.

    ``key`` and ``request`` are SHA-256 digests of the header, and of the address and body. The row is written in the same
    transaction as the fact, so that of two who send the same at once the second waits and then finds the first one's fact.
    """

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("账号"))
    key = models.CharField(_("键"), max_length=64)
    request = models.CharField(_("请求摘要"), max_length=64)
    fact = models.BigIntegerField(_("记录编号"), null=True)
    made_at = models.DateTimeField(_("时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("幂等键")
        verbose_name_plural = _("幂等键")
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="idempotency_key_of_an_account_once")]

    def __str__(self) -> str:
        return self.key[:12]


class CalendarFeed(models.Model):
    """A calendar that a program reads by a secret link: what an account sees, narrowed by zone, kind, or to its own.

    Only the SHA-256 digest of the link's key is kept; deleting the row revokes the link.
    """

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("账号"))
    digest = models.CharField(max_length=64, unique=True, editable=False)
    zone = models.CharField(_("专区"), max_length=32, blank=True)
    kind = models.CharField(_("类别"), max_length=16, blank=True)
    mine = models.BooleanField(_("只看与我有关"), default=False)
    made_at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("日历订阅")
        verbose_name_plural = _("日历订阅")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.account_id} {self.zone or '*'} {self.kind or '*'}"
