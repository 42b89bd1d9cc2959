"""The app of the jobs."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    """Work outside the request."""

    name = "yizhantong.kernel.jobs"
    label = "jobs"
    verbose_name = _("后台任务")
