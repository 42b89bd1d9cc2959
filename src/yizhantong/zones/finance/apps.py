"""The app of the zone."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FinanceConfig(AppConfig):
    """Financing needs, credit granted, money drawn."""

    name = "yizhantong.zones.finance"
    label = "finance"
    verbose_name = _("银企撮合")
    lead = _("说一次需求,银行来找;数据由您授权")

    def ready(self) -> None:
        """Take part in the cases of needs."""
        from yizhantong.zones.finance import hooks, search  # noqa: F401
