"""The app of the zone."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IndustryConfig(AppConfig):
    """See the package's docstring."""

    name = "yizhantong.zones.industry"
    label = "industry"
    verbose_name = _("工业互联网")
