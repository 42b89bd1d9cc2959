"""The app of the divisions."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DivisionsConfig(AppConfig):
    """Divisions, managing units and the city's clock."""

    name = "yizhantong.kernel.divisions"
    label = "divisions"
    verbose_name = _("行政区划")
