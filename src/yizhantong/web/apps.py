"""The app of the shell."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebConfig(AppConfig):
    """Base pages, components and the root of the API."""

    name = "yizhantong.web"
    label = "web"
    verbose_name = _("门户")
