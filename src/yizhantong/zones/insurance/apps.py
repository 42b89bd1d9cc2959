"""The app of the zone."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InsuranceConfig(AppConfig):
    """See the package's docstring."""

    name = "yizhantong.zones.insurance"
    label = "insurance"
    verbose_name = _("农房保险")
