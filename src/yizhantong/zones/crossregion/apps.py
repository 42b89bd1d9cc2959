"""The app of the zone."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CrossregionConfig(AppConfig):
    """What is handed over between this city and others."""

    name = "yizhantong.zones.crossregion"
    label = "crossregion"
    verbose_name = _("跨区通办")
