"""The app of the cases."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    """Cases, steps, clocks, reviews, supervision."""

    name = "yizhantong.kernel.cases"
    label = "cases"
    verbose_name = _("办件")

    def ready(self) -> None:
        """Have the database keep one accountable office; ledgers and kinds of notices are found by their rooms."""
        from yizhantong.kernel.cases import triggers

        post_migrate.connect(triggers.after_migrate, sender=self, dispatch_uid="cases.triggers")
