"""The app of the zone."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TalentConfig(AppConfig):
    """Recognition of talents, their subsidies and flats, posts and fairs, skill levels, stations of skill masters."""

    name = "yizhantong.zones.talent"
    label = "talent"
    verbose_name = _("人才服务")
    lead = _("认定、补贴、公寓、岗位、招聘会")

    def ready(self) -> None:
        """Take part in the cases of talents, and declare what they are told."""
        from yizhantong.zones.talent import hooks, notices  # noqa: F401
