"""The app of the zone."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TalentConfig(AppConfig):
    """See the package's docstring."""

    name = "yizhantong.zones.talent"
    label = "talent"
    verbose_name = _("talent")
