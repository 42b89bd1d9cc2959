"""The app of the zone."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InvestmentConfig(AppConfig):
    """See the package's docstring."""

    name = "yizhantong.zones.investment"
    label = "investment"
    verbose_name = _("招商引资")
