"""The app of the zone."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InnovationConfig(AppConfig):
    """See the package's docstring."""

    name = "yizhantong.zones.innovation"
    label = "innovation"
    verbose_name = _("科技创新")
