"""The app of the zone."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PoliciesConfig(AppConfig):
    """See the package's docstring."""

    name = "yizhantong.zones.policies"
    label = "policies"
    verbose_name = _("policies")
