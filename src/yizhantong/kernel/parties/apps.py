"""The app of the parties."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartiesConfig(AppConfig):
    """Persons, organisations and industries."""

    name = "yizhantong.kernel.parties"
    label = "parties"
    verbose_name = _("主体")
