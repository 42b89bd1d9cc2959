"""The app of the zone."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VillagesConfig(AppConfig):
    """See the package's docstring."""

    name = "yizhantong.zones.villages"
    label = "villages"
    verbose_name = _("村庄清洁")
