"""The app of the zone."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FinanceConfig(AppConfig):
    """See the package's docstring."""

    name = "yizhantong.zones.finance"
    label = "finance"
    verbose_name = _("finance")
