"""The app of the figures."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FiguresConfig(AppConfig):
    """Figures declared over ledgers, and their published snapshots."""

    name = "yizhantong.kernel.figures"
    label = "figures"
    verbose_name = _("数据")
