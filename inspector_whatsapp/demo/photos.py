"""The demo's photos: drawn once each, and shared by the properties that they fit."""

from collections.abc import Callable
from random import Random

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from inspector_whatsapp.demo import facades, rooms
from inspector_whatsapp.demo.canvas import Canvas
from inspector_whatsapp.demo.facades import PALETTES, Palette
from inspector_whatsapp.demo.homes import Home
from inspector_whatsapp.models.listings import Kind

Drawing = Callable[[Random, Palette], Canvas]

_FACADES: dict[Kind, Drawing] = {
    Kind.DUPLEX: facades.detached,
    Kind.DETACHED_DUPLEX: facades.detached,
    Kind.SEMI_DETACHED_DUPLEX: facades.detached,
    Kind.TERRACED_DUPLEX: facades.terrace,
    Kind.MAISONETTE: facades.terrace,
    Kind.BUNGALOW: facades.bungalow,
    Kind.BQ: facades.bungalow,
    Kind.SINGLE_ROOM: facades.bungalow,
    Kind.SELF_CONTAIN: facades.bungalow,
    Kind.PENTHOUSE: facades.tower,
    Kind.STUDIO: facades.tower,
    Kind.LAND: facades.land,
    Kind.SHOP: facades.shops,
    Kind.OFFICE: facades.office,
    Kind.WAREHOUSE: facades.warehouse,
}
_ROOMS: tuple[Drawing, ...] = (rooms.living_room, rooms.bedroom, rooms.kitchen)
_NOBODY_LIVES_THERE = (Kind.LAND, Kind.SHOP, Kind.OFFICE, Kind.WAREHOUSE)
_PALETTES_EACH = 3


def names_of(home: Home) -> list[str]:
    """The files that show a property: its front, then rooms."""
    look = int(home.ref.removeprefix("PR-")) % _PALETTES_EACH
    drawings = [_FACADES.get(home.kind, facades.flats)]
    if home.kind not in _NOBODY_LIVES_THERE:
        drawings += _ROOMS[: home.photos - 1]
    return [_name(drawing, look) for drawing in drawings]


def draw_missing() -> int:
    """Put the photos that are not there yet into the storage; how many there were."""
    drawn = 0
    drawings = dict.fromkeys((facades.flats, *_FACADES.values(), *_ROOMS))
    for place, drawing in enumerate(drawings):
        for look in range(_PALETTES_EACH):
            name = _name(drawing, look)
            if default_storage.exists(name):
                continue
            palette = PALETTES[(place + 2 * look) % len(PALETTES)]
            default_storage.save(name, ContentFile(drawing(Random(name), palette).jpeg()))
            drawn += 1
    return drawn


def _name(drawing: Drawing, look: int) -> str:
    return f"properties/demo/{drawing.__name__}-{look + 1}.jpg"
