"""The app of the ledgers."""

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    """Facts, imports, segments."""

    name = "yizhantong.kernel.ledger"
    label = "ledger"
    verbose_name = _("台账")

    def ready(self) -> None:
        """Find the ledgers and figures that zones declare in their ``figures.py``."""
        from yizhantong.kernel.ledger import audit, triggers

        audit.listen()
        autodiscover_modules("figures")
        post_migrate.connect(triggers.after_migrate, dispatch_uid="ledger.triggers")
        checks.register(triggers.check_database, checks.Tags.database)
