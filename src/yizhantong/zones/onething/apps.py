"""The app of the zone."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OnethingConfig(AppConfig):
    """Packages of several agencies' items, asked for once."""

    name = "yizhantong.zones.onething"
    label = "onething"
    verbose_name = _("一件事一次办")
    lead = _("几个部门的事,一次告知、一张表、一次办完")

    def ready(self) -> None:
        """Take part in the cases of packages and their parts, and hear of what is published."""
        from yizhantong.zones.onething import hooks, listening  # noqa: F401
        from yizhantong.zones.onething.enrolment import hooks as enrolment_hooks  # noqa: F401
        from yizhantong.zones.onething.enrolment import tasks as enrolment_tasks  # noqa: F401

        listening.listen()
