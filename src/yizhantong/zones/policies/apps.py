"""The app of the zone."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PoliciesConfig(AppConfig):
    """Policies for enterprises, and what was paid under them."""

    name = "yizhantong.zones.policies"
    label = "policies"
    verbose_name = _("惠企政策")
    lead = _("有哪些政策、企业能拿什么,算好了告诉您")

    def ready(self) -> None:
        """Take part in the cases of policies, and follow the publication of their items."""
        import_module("yizhantong.zones.policies.hooks")
