"""Where a property is: an area that is typed, or a location pin."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from bot import matching
from bot.questions.base import Gone, NotUnderstood, Option, Question, Shown, Unsure, no_words
from bot.said import Said
from inspector_whatsapp import listings
from inspector_whatsapp.cloud_api import events
from inspector_whatsapp.listings import Place, gazetteer
from inspector_whatsapp.words import Words, say

LONGEST = 60  # characters of an area's name
MOST = 10  # areas that are offered
# Nigeria, with a little around it: degrees south, north, west and east.
_SOUTH, _NORTH, _WEST, _EAST = 3.9, 14.0, 2.6, 14.8


@dataclass(frozen=True)
class Spot:
    """Where something is. place: the area, unless only the pin is known. pin: latitude and longitude."""

    place: Place | None
    pin: tuple[float, float] | None = None

    def to_json(self) -> dict[str, Any]:
        kept: dict[str, Any] = {"pin": list(self.pin)} if self.pin else {}
        if self.place is not None:
            kept |= {"area": self.place.area, "city": self.place.city, "state": self.place.state}
        return kept

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Spot":
        pin = (float(kept["pin"][0]), float(kept["pin"][1])) if "pin" in kept else None
        place = Place(kept["area"], kept["city"], kept["state"]) if "area" in kept or pin is None else None
        return cls(place, pin)


@dataclass(frozen=True, kw_only=True)
class Where(Question[Spot]):
    """An area: picked, typed as people write it, or found by a location pin.

    A pin where no area is known is kept by itself; the script asks for the area's name.
    """

    def hear(self, said: Said, value: str | None, shown: Shown) -> Any:
        match said.content:
            case events.LocationSent(latitude=latitude, longitude=longitude):
                return _pinned(latitude, longitude).to_json()
        if not said.is_words:
            raise NotUnderstood(no_words(said))
        picked = value if value is not None else shown.exactly(said.text)
        if picked is not None:
            return Spot(_of_option(picked)).to_json()
        if shown.options and matching.refuses(said.text):
            raise NotUnderstood(say(_("Then please type it once more.")))
        typed = said.text[: 2 * LONGEST]
        found = _named(typed)
        if not found:
            raise NotUnderstood(say(_("I don't know that area. Type it with its city, like *Mowe, Ogun*.")))
        if len(found) == 1 and _is_plain(typed, found[0]):
            return Spot(found[0]).to_json()
        raise Unsure([_option(place) for place in found[:MOST]])

    def read(self, kept: Any) -> Spot:
        try:
            return Spot.from_json(kept)
        except (KeyError, IndexError, TypeError, ValueError):
            raise Gone(say(_("Please say once more where it is."))) from None


def _pinned(latitude: float, longitude: float) -> Spot:
    if not (_SOUTH <= latitude <= _NORTH and _WEST <= longitude <= _EAST):
        raise NotUnderstood(say(_("That pin is not in Nigeria. Please type the area, or send another pin.")))
    return Spot(listings.place_near(latitude, longitude), (latitude, longitude))


def _named(typed: str) -> list[Place]:
    """The areas that may be meant; one of no gazetteer, too, if its city is named ("Itoikin, Lagos")."""
    for area, where in _splits(typed):
        for city, state in _cities_and_states(where):
            found = [
                place
                for place in listings.place_named(area)
                if (city or place.city, state) == (place.city, place.state)
            ]
            return _narrowed(found) or _unknown(area, city, state)
    return _narrowed(listings.place_named(typed))


def _narrowed(found: list[Place]) -> list[Place]:
    """Without the one part of a place that was named itself: "VI" is not Oniru."""
    if len(found) == 2 and found[1].area in gazetteer.parts_of(found[0].area):
        return found[:1]
    return found


def _splits(typed: str) -> Iterator[tuple[str, str]]:
    """A text as what may be an area and its city: at its last comma, or before its last two words or one."""
    text = " ".join(typed.replace(",", " , ").split()).removesuffix(" ,").removesuffix(".")
    area, comma, where = text.rpartition(",")
    if comma:
        yield area, where
    words = text.split()
    for last in (2, 1):
        if len(words) > last:
            yield " ".join(words[:-last]), " ".join(words[-last:])


def _cities_and_states(typed: str) -> Iterator[tuple[str, str]]:
    """The city that is named, with its state; no city where a state is."""
    wanted = matching.folded(typed).removesuffix(" state")
    states: dict[str, str] = gazetteer.data()["state_of"]
    yield from ((city, state) for city, state in states.items() if matching.folded(city) == wanted and city)
    yield from (("", state) for state in states.values() if matching.folded(state) == wanted)


def _unknown(area: str, city: str, state: str) -> list[Place]:
    name = " ".join(re.sub(r"[^\w\s'’/-]", " ", area).split())
    if not 2 <= len(name) <= LONGEST or not any(map(str.isalpha, name)):
        return []
    return [Place(name if name != name.lower() else name.title(), city or name, state)]


def _is_plain(typed: str, place: Place) -> bool:
    """Whether that area must be meant. Another spelling, or an area that is not known, is read back."""
    if gazetteer.place_of(place.area) is None:
        return False
    words = {word for word in re.findall(r"\w+", matching.folded(typed)) if len(word) > 2}
    return not words or bool(words & set(re.findall(r"\w+", matching.folded(place.area))))


def _option(place: Place) -> Option:
    wider = place.city if place.city != place.area else place.state
    return Option(
        "|".join((place.area, place.city, place.state)),
        say("{area}", area=place.area),
        say("{city}", city=wider) if wider != place.area else None,
    )


def _of_option(value: str) -> Place:
    parts = value.split("|")
    if len(parts) != 3 or not all(0 < len(part) <= LONGEST for part in parts):
        raise NotUnderstood(say(_("Please type the area.")))
    return Place(*parts)


def where(words: Words) -> Where:
    """Ask where something is."""
    return Where(words=words)
