"""The app of the zone."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CrossregionConfig(AppConfig):
    """See the package's docstring."""

    name = "yizhantong.zones.crossregion"
    label = "crossregion"
    verbose_name = _("crossregion")
