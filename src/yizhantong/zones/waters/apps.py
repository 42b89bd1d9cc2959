"""The app of the zone."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WatersConfig(AppConfig):
    """See the package's docstring."""

    name = "yizhantong.zones.waters"
    label = "waters"
    verbose_name = _("渔业水质")
