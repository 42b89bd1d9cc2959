"""The app of the service items."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ItemsConfig(AppConfig):
    """Service items and their versions."""

    name = "yizhantong.kernel.items"
    label = "items"
    verbose_name = _("事项")
