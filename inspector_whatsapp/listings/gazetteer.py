"""The areas and cities that Inspector knows, other names for them, and what a wider name takes in."""

import json
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable
from functools import cache
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, process


def meant(typed: str, *, known: Collection[str] = (), rank: Callable[[str], int] | None = None) -> list[str]:
    """The names that somebody may mean by `typed`; best first, none when unsure.

    Reads other names ("VI"), names within a sentence, parts of a name ("phase 1"), a wider place ("Abuja",
    "Mainland") and typing errors. known: areas beyond the gazetteer's. rank: the higher, the earlier.
    """
    wanted = plain(typed)
    if not wanted:
        return []
    by_rank = rank or (lambda _area: 0)
    names = _names() | {plain(area): area for area in known}
    if wanted in names:
        return _spread(names[wanted], by_rank)

    said = [name for name in names if f" {name} " in f" {wanted} "]
    longest = [name for name in said if not any(name != other and name in other for other in said)]
    if longest:
        longest.sort(key=wanted.find)
        return _once(area for name in longest for area in _spread(names[name], by_rank))

    words = set(wanted.split())
    parts = [area for name, area in names.items() if words <= set(name.split()) or name.startswith(wanted)]
    if len(wanted) >= 3 and parts:
        return sorted(_once(parts), key=by_rank, reverse=True)

    close = process.extract(wanted, names.keys(), scorer=fuzz.ratio, score_cutoff=75, limit=5)
    return _once(area for name, _, _ in close for area in _spread(names[name], by_rank))


def _spread(place: str, rank: Callable[[str], int]) -> list[str]:
    """An area and what lies in it, or the areas of a city; those of the highest rank first."""
    inside = [*parts_of(place), *data()["areas"].get(place, ())]
    return _once([place, *sorted(inside, key=rank, reverse=True)])


def parts_of(place: str) -> list[str]:
    """The areas that lie in a wider one; none when it is no wider one."""
    parts: list[str] = data()["within"].get(place, [])
    return parts


def widened(areas: Iterable[str]) -> list[str]:
    """The areas, and what lies in them: what a search for them looks through."""
    return _once(name for area in areas for name in (area, *parts_of(area)))


def taking_in(area: str) -> list[str]:
    """The area, and every wider one that it lies in: what a search must name to find it."""
    return [area, *(wide for wide, parts in data()["within"].items() if area in parts and wide != area)]


def is_place(typed: str) -> bool:
    """Whether it is the name of a place and nothing else, in any of the place's names."""
    return plain(typed) in _names()


def place_of(name: str) -> tuple[str, str] | None:
    """The city and the state of an area, or of a city; None for a group of areas ("Mainland")."""
    found: tuple[str, str] | None = _places().get(name)
    return found


def place_of_group(name: str) -> tuple[str, str] | None:
    """The city and the state of a group of areas ("Mainland")."""
    city = data()["groups"].get(name)
    return None if city is None else (city, data()["state_of"][city])


def plain(name: str) -> str:
    """A name as it is compared."""
    name = unicodedata.normalize("NFKC", name).casefold()
    return " ".join(re.sub(r"[^\w]+", " ", name.replace(".", "").replace("/", "")).split())


@cache
def data() -> dict[str, Any]:
    """The file beside this one."""
    read: dict[str, Any] = json.loads(Path(__file__).with_name("gazetteer.json").read_text())
    return read


@cache
def _names() -> dict[str, str]:
    """Every name of a place, in plain letters → its canonical name."""
    canonical = [area for areas in data()["areas"].values() for area in areas]
    canonical += [*data()["cities"], *data()["within"]]
    return {plain(alias): name for alias, name in data()["aliases"].items()} | {
        plain(name): name for name in canonical
    }


@cache
def _places() -> dict[str, tuple[str, str]]:
    states = data()["state_of"]
    cities = {city: (city, states[city]) for city in data()["cities"]}
    # What lies in no city of the gazetteer is its own town.
    return cities | {
        area: (city or area, states[city]) for city, areas in data()["areas"].items() for area in areas
    }


def _once(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))
