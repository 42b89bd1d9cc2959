"""The app of the service items."""

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ItemsConfig(AppConfig):
    """Service items and their versions."""

    name = "yizhantong.kernel.items"
    label = "items"
    verbose_name = _("事项")

    def ready(self) -> None:
        """Have the triggers of published versions made after every ``migrate``, and checked; hear of publications."""
        from yizhantong.kernel.items import search, triggers

        search.listen()
        post_migrate.connect(triggers.after_migrate, dispatch_uid="items.triggers", sender=self)
        checks.register(triggers.check_database, checks.Tags.database)
