"""The app of the cases."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    """Cases, steps, clocks, reviews, supervision."""

    name = "yizhantong.kernel.cases"
    label = "cases"
    verbose_name = _("办件")
