"""The app of the files."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FilesConfig(AppConfig):
    """Attachments, certificates, decisions."""

    name = "yizhantong.kernel.files"
    label = "files"
    verbose_name = _("文件")
