"""The app of the search."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    """One index over all that can be asked for."""

    name = "yizhantong.kernel.search"
    label = "search"
    verbose_name = _("检索")
