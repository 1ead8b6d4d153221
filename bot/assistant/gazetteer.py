"""The places that the interpreter knows by name: those where something is on offer, or those of a file."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from bot.assistant.reading.place_names import Named, PlaceNames
from inspector_whatsapp import listings
from inspector_whatsapp.listings import gazetteer as known


@dataclass(frozen=True)
class Gazetteer:
    """Canonical names, and other names for them. A group of areas ("Mainland") counts as an area.

    A name that is an area and a city is an area only with the city's word beside it; see `reading.places`.
    """

    areas: frozenset[str] = frozenset()
    cities: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    aliases: Mapping[str, str] | None = None

    @cached_property
    def names(self) -> dict[str, Named]:
        """Every name in plain letters, as `inspector_whatsapp.listings.gazetteer.plain` makes them."""
        found: dict[str, Named] = {}
        for sort, names in (("state", self.states), ("city", self.cities), ("area", self.areas)):
            for name in names:
                found[known.plain(name)] = Named(name, sort)  # type: ignore[arg-type]
        for alias, name in (self.aliases or {}).items():
            if (named := found.get(known.plain(name))) is not None:
                found.setdefault(known.plain(alias), named)
        return found

    @cached_property
    def place_names(self) -> PlaceNames:
        """The same as they are looked up in a text."""
        return PlaceNames(self.names)


def of_file(path: Path) -> Gazetteer:
    """One of the contract's format: groups, areas by city, cities, states, aliases."""
    return _of_data(json.loads(path.read_text()))


def of_platform() -> Gazetteer:
    """The platform's own places, whether something is on offer there or not."""
    return _of_data(known.data())


def of_database() -> Gazetteer:
    """The gazetteer's own places, and every area where something is on offer."""
    data = known.data()
    return _of_data(data | {"more": [area for area, _count in listings.areas_with_counts()]})


def _of_data(data: dict[str, Any]) -> Gazetteer:
    areas = {area for areas in data["areas"].values() for area in areas}
    return Gazetteer(
        frozenset(areas | set(data.get("groups", ())) | set(data.get("more", ())) - set(data["cities"])),
        frozenset(data["cities"]),
        frozenset(data["states"]),
        data["aliases"],
    )
