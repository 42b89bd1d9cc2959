"""The app of the zone."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OnethingConfig(AppConfig):
    """See the package's docstring."""

    name = "yizhantong.zones.onething"
    label = "onething"
    verbose_name = _("onething")
