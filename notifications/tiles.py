"""The home page's line of reminders that are due."""

from collections.abc import Iterable

from django.db.models import Count, Min, Q
from django.utils.translation import gettext as _

from inspector_whatsapp.console.home.looks import Look
from inspector_whatsapp.console.home.tiles import Queue, Tile
from notifications.models import Reminder
from notifications.models.reminders import ReminderState


def tiles() -> Iterable[Tile]:
    """Notifications' own."""
    return (Tile(3, ("notifications.Reminder",), _reminders),)


def _reminders(look: Look) -> Queue:
    due = Q(due_at__lte=look.now)
    found = Reminder.objects.filter(state=ReminderState.PLANNED).aggregate(
        depth=Count("pk", filter=due), later=Count("pk", filter=~due), oldest=Min("due_at", filter=due)
    )
    return Queue(
        name=_("Reminders to write"),
        depth=found["depth"],
        later=found["later"],
        oldest=found["oldest"],
        href=look.rows("notifications.Reminder", {"state__exact": ReminderState.PLANNED}),
    )
