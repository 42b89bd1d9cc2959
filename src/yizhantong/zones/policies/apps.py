"""The app of the zone."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PoliciesConfig(AppConfig):
    """Policies for enterprises and what was paid under them."""

    name = "yizhantong.zones.policies"
    label = "policies"
    verbose_name = _("惠企政策")
