"""The app of the files."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class FilesConfig(AppConfig):
    """Attachments, certificates, decisions."""

    name = "yizhantong.kernel.files"
    label = "files"
    verbose_name = _("文件")

    def ready(self) -> None:
        """Keep issued documents final."""
        from yizhantong.kernel.files import triggers

        post_migrate.connect(triggers.after_migrate, sender=self, dispatch_uid="files.triggers")
