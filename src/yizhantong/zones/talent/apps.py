"""The app of the zone."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TalentConfig(AppConfig):
    """Recognition of talents, their subsidies, posts offered."""

    name = "yizhantong.zones.talent"
    label = "talent"
    verbose_name = _("人才服务")
