"""The app of the zone."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ButlerConfig(AppConfig):
    """See the package's docstring."""

    name = "yizhantong.zones.butler"
    label = "butler"
    verbose_name = _("butler")
