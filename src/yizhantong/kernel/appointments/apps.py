"""The app of appointments and queues."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AppointmentsConfig(AppConfig):
    """Halls, windows, appointments, queues."""

    name = "yizhantong.kernel.appointments"
    label = "appointments"
    verbose_name = _("预约与叫号")
