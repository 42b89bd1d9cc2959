"""The app of the zone."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CrossregionConfig(AppConfig):
    """What is handed over between this city and others."""

    name = "yizhantong.zones.crossregion"
    label = "crossregion"
    verbose_name = _("跨区通办")
    lead = _("在这里收件,由外地决定;反过来也一样")

    def ready(self) -> None:
        """Take part in the cases that come from other cities or go there."""
        import_module("yizhantong.zones.crossregion.hooks")
        import_module("yizhantong.zones.crossregion.notices")
