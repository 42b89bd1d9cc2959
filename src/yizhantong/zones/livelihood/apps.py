"""The app of the zone."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LivelihoodConfig(AppConfig):
    """See the package's docstring."""

    name = "yizhantong.zones.livelihood"
    label = "livelihood"
    verbose_name = _("livelihood")
