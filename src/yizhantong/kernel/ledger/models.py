"""What every fact has, and what is recorded of imports and segments."""

from __future__ import annotations

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
