"""The app of the zone."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ButlerConfig(AppConfig):
    """Butlers and appeals of enterprises."""

    name = "yizhantong.zones.butler"
    label = "butler"
    verbose_name = _("管家服务")
    lead = _("每家企业一位管家,每件诉求一个结局")

    def ready(self) -> None:
        """Take part in the cases of appeals."""
        from yizhantong.zones.butler import hooks  # noqa: F401
