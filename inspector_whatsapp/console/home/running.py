"""Whether the service runs, on the home page: queues, open incidents, cost."""

from collections.abc import Iterable
from typing import Any, Final

from django.conf import settings
from django.db.models import Count, Min, Q
from django.utils.translation import gettext as _

from inspector_whatsapp.console.home import costs, saying
from inspector_whatsapp.console.home.looks import Look
from inspector_whatsapp.console.home.tiles import Panel, Queue, Tile
from inspector_whatsapp.marks import plain
from inspector_whatsapp.models import OutboxMessage
from inspector_whatsapp.models.outbox import WAITING_STATES
from inspector_whatsapp.outbox import circuit

MESSAGE: Final = "inspector_whatsapp.OutboxMessage"
INCIDENT: Final = "inspector_whatsapp.Incident"


def tiles() -> Iterable[Tile]:
    """Of what runs."""
    return (
        Tile(10, (INCIDENT,), _incidents),
        Tile(10, (MESSAGE,), _queues),
        Tile(40, (costs.COUNT,), costs.cost),
    )


def _queues(look: Look) -> list[Queue]:
    """Messages that wait, by channel; an index holds just these."""
    waiting = OutboxMessage.objects.filter(status__in=WAITING_STATES).order_by().values("channel")
    due = Q(not_before__lte=look.now)
    rows = waiting.annotate(
        due=Count("pk", filter=due), later=Count("pk", filter=~due), oldest=Min("not_before", filter=due)
    )
    found: dict[str, Any] = {row["channel"]: row for row in rows}
    shut = circuit.shut()
    # One that the settings no longer know may still have something waiting.
    return [
        Queue(
            name=_name(channel),
            depth=found[channel]["due"] if channel in found else 0,
            later=found[channel]["later"] if channel in found else 0,
            oldest=found[channel]["oldest"] if channel in found else None,
            why=_("shut: its provider takes nothing") if (channel, "") in shut else "",
            href=look.rows(MESSAGE, {"channel": channel, "status__in": ",".join(WAITING_STATES)}),
        )
        for channel in dict.fromkeys((*settings.CHANNELS, *sorted(found)))
    ]


def _name(channel: str) -> str:
    names = {
        "whatsapp": _("To people by WhatsApp"),
        "email": _("To people by e-mail"),
        "inspector": _("To Inspector: commands"),
        "webhook": _("To Inspector: webhooks"),
    }
    return names.get(channel, channel)


def _incidents(look: Look) -> Panel:
    latest, of_all = look.incidents
    lines = [
        {
            "pk": incident.pk,
            "sentence": plain(incident.sentence, most=200),
            "times": incident.times,
            "since": saying.age(look.now - incident.opened_at),
        }
        for incident in latest
    ]
    return Panel(
        title=_("Open incidents"),
        template="inspector_whatsapp/home/incidents.html",
        href=look.rows(INCIDENT, {"closed_at__isempty": "1"}),
        of={"lines": lines, "more": of_all > len(lines)},
    )
