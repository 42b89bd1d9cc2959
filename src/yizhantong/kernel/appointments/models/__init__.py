"""What is recorded: halls (``places``), appointments (``bookings``), tickets (``queues``), and visits as facts (``facts``)."""

from yizhantong.kernel.appointments.models.bookings import Appointment, Change, Seat
from yizhantong.kernel.appointments.models.facts import Visit
from yizhantong.kernel.appointments.models.places import Closure, Hall, Hours, Service, Window
from yizhantong.kernel.appointments.models.queues import Counter, Ticket

__all__ = [
    "Appointment", "Change", "Closure", "Counter", "Hall", "Hours", "Seat", "Service", "Ticket", "Visit", "Window",
]  # fmt: skip
