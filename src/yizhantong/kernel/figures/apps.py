"""The app of the figures."""

from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class FiguresConfig(AppConfig):
    """Figures declared over ledgers, and their published snapshots."""

    name = "yizhantong.kernel.figures"
    label = "figures"
    verbose_name = _("数据")

    def ready(self) -> None:
        """Check every declaration; keep published snapshots from being rewritten, as facts are."""
        from yizhantong.kernel.figures.checks import validate_all_figures

        checks.register(validate_all_figures)
        post_migrate.connect(_protect, sender=self, dispatch_uid="figures.triggers")


def _protect(using: str, **_kwargs: Any) -> None:
    from yizhantong.kernel.figures.models import Snapshot
    from yizhantong.kernel.ledger import triggers

    triggers.install(using, only=[Snapshot])
