"""The console's home page: whether all is well, and how the service is doing, today and lately."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string
from django.utils.translation import ngettext

from inspector_whatsapp import clock, conditions, health
from inspector_whatsapp.console.home import charts, saying
from inspector_whatsapp.console.home.looks import Look
from inspector_whatsapp.console.home.tiles import Card, Chart, Panel, Part, Queue, Tile
from inspector_whatsapp.figures import days

STALE = timedelta(seconds=90)  # figures are counted twice a minute
INCIDENT, HEARTBEAT = "inspector_whatsapp.Incident", "inspector_whatsapp.Heartbeat"

# Where somebody looks first when a check fails, or warns.
CHECKED: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "worker": (HEARTBEAT, {}),
    "beat": (HEARTBEAT, {}),
    "outbox": ("inspector_whatsapp.OutboxMessage", {"status__in": "pending,waiting,held"}),
    "inbox": ("bot.WebhookBody", {"state__exact": "new"}),
    "conversations": ("bot.Conversation", {"pending_since__isnull": "False"}),
    "beats": (HEARTBEAT, {}),
}


@dataclass(frozen=True)
class Trouble:
    """Something that is wrong, and where to look."""

    says: str
    href: str


def context(request: HttpRequest) -> dict[str, Any]:
    """What the page shows to this person."""
    now = clock.now()
    look = Look(request, now, days.until(days.of(now)))
    parts = _parts(look)
    as_of = look.kept.as_of if parts else None
    return {
        "shown": bool(parts),
        "watched": look.may(INCIDENT) or look.may(HEARTBEAT),
        "troubles": _troubles(look),
        "as_of": as_of,
        "stale": as_of is None or now - as_of > STALE,
        "cards": [(card, charts.spark(card.values)) for card in parts if isinstance(card, Card)],
        "charts": [charts.drawn(chart, look.days) for chart in parts if isinstance(chart, Chart)],
        "queues": [
            (queue, saying.age(now - queue.oldest) if queue.oldest else "")
            for queue in parts
            if isinstance(queue, Queue)
        ],
        "panels": [panel for panel in parts if isinstance(panel, Panel)],
        "may_export": request.user.has_perm("inspector_whatsapp.export_lists"),
        "first": look.days[0],
        "last": look.today,
    }


def _parts(look: Look) -> list[Part]:
    found: list[Part] = []
    for tile in _tiles(tuple(settings.CONSOLE_TILES)):
        if all(look.may(name) for name in tile.about):
            built = tile.build(look)
            found += [built] if isinstance(built, (Card, Chart, Queue, Panel)) else built
    return found


@cache
def _tiles(names: tuple[str, ...]) -> tuple[Tile, ...]:
    found: list[Tile] = [tile for name in names for tile in import_string(name)()]
    return tuple(sorted(found, key=lambda tile: tile.rank))


def _troubles(look: Look) -> list[Trouble]:
    return list(_wrong(look)) if look.may(INCIDENT) or look.may(HEARTBEAT) else []


def _wrong(look: Look) -> Iterable[Trouble]:
    for name, says in (*health.failures().items(), *conditions.warnings().items()):
        model, query = CHECKED.get(name, ("", {}))
        yield Trouble(f"{name}: {says}", look.rows(model, query) if model else "")
    if not look.may(INCIDENT):
        return
    _latest, still = look.incidents
    if still:
        says = ngettext("%d open incident", "%d open incidents", still) % still
        yield Trouble(says, look.rows(INCIDENT, {"closed_at__isempty": "1"}))
