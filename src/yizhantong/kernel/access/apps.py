"""The app of accounts and permissions."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    """Accounts, roles, scopes."""

    name = "yizhantong.kernel.access"
    label = "access"
    verbose_name = _("权限")
