"""The app of the notices."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    """Messages to people."""

    name = "yizhantong.kernel.notices"
    label = "notices"
    verbose_name = _("消息")

    def ready(self) -> None:
        """Find the kinds that rooms declare in their ``notices.py``."""
        autodiscover_modules("notices")
