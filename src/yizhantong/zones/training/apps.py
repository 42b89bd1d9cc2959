"""The app of the zone."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrainingConfig(AppConfig):
    """See the package's docstring."""

    name = "yizhantong.zones.training"
    label = "training"
    verbose_name = _("乡村人才")
