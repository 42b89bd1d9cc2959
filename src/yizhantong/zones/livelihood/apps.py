"""The app of the zone."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LivelihoodConfig(AppConfig):
    """What is done for the people: issues, claims, disputes, help, deeds."""

    name = "yizhantong.zones.livelihood"
    label = "livelihood"
    verbose_name = _("我为群众办实事")
