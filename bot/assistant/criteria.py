"""What the search slots of a command ask for: as a search, in words, and with a wish let go or changed."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, tzinfo
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from bot.assistant.commands import (
    PLACE_SLOTS,
    PRICE_SLOTS,
    WHEN_SLOTS,
    Command,
    Intent,
    NotACommand,
    Slots,
    only,
)
from inspector_whatsapp import searches
from inspector_whatsapp.inspections import Viewing
from inspector_whatsapp.listings import Criteria, gazetteer
from inspector_whatsapp.models.listings import ListingType
from inspector_whatsapp.words import Words, join, say

# The hours of a part of the day, ends included.
PARTS_OF_DAY: dict[str, tuple[time | None, time | None]] = {
    "morning": (None, time(11, 59)),
    "afternoon": (time(12), time(16, 59)),
    "evening": (time(17), None),
}
_SAME = (
    *("areas", "areas_excluded", "cities", "states", "street", "listing_type", "amenities"),
    *("amenities_excluded", "bedrooms_min", "bedrooms_max", "bathrooms_min", "price_min", "price_max"),
    *("currency", "sort"),
)
_OTHER_NAMES = {
    "kinds": "property_types",
    "kinds_excluded": "property_types_excluded",
    "period": "price_period",
}
_NAMES = {name: name for name in _SAME} | _OTHER_NAMES


def criteria_of(slots: Slots, *, zone: tzinfo) -> Criteria:
    """The search that the slots ask for; days and hours are those of `zone`. What is no slot is left out."""
    slots = checked(slots)
    wishes = {ours: slots[theirs] for ours, theirs in _NAMES.items() if theirs in slots}
    wishes = {name: tuple(value) if isinstance(value, list) else value for name, value in wishes.items()}
    return Criteria(**wishes, viewing=_viewing(slots, zone))


def slots_of(criteria: Criteria) -> Slots:
    """The same as slots; without a time."""
    nothing = Criteria()
    return {
        theirs: list(value) if isinstance(value, tuple) else value
        for ours, theirs in _NAMES.items()
        if (value := getattr(criteria, ours)) != getattr(nothing, ours)
    }


def checked(slots: Slots) -> Slots:
    """Those of the slots that a search takes; none of what was kept by anybody else."""
    asked = only(Intent.SEARCH_PROPERTIES, slots)
    try:
        return Command.from_json({"intent": Intent.SEARCH_PROPERTIES.value, "slots": asked}).slots
    except NotACommand:
        return {}


def _viewing(slots: Slots, zone: tzinfo) -> Viewing | None:
    if not slots.keys() & WHEN_SLOTS:
        return None
    earliest, latest = PARTS_OF_DAY.get(slots.get("time_of_day", ""), (None, None))
    at_first, at_last = (slots.get(name) for name in ("time_from", "time_to"))
    if at_first or at_last:
        earliest, latest = _time(at_first), _time(at_last)
    return Viewing(str(zone), _day(slots.get("date_from")), _day(slots.get("date_to")), earliest, latest)


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def _time(written: str | None) -> time | None:
    return time.fromisoformat(written) if written else None


def is_over(slots: Slots, *, now: datetime, zone: tzinfo) -> bool:
    """Whether the days that are asked for have passed."""
    last = _day(checked(slots).get("date_to"))
    return last is not None and last < now.astimezone(zone).date()


# --- in words ---------------------------------------------------------------------------------------------
def filters(slots: Slots) -> Words:
    """What was understood: `3 bedrooms · Lekki (with Ikate) · up to ₦5,000,000 a year · Mon 30 Nov to …`"""
    slots = checked(slots)
    return join(*_filters(criteria_of(slots, zone=UTC), slots), separator=" · ")


def _filters(c: Criteria, slots: Slots) -> Iterator[Words]:
    if c.kinds:
        yield searches.kinds(c.kinds)
    if c.bedrooms_min is not None or c.bedrooms_max is not None:
        yield _bedrooms(c.bedrooms_min, c.bedrooms_max)
    if c.listing_type:
        yield say("{offer}", offer=ListingType(c.listing_type).label)
    if places := searches.named(c):
        yield searches.either([_place(name) for name in places])
    yield from searches.besides(c)
    yield from _days(_day(slots.get("date_from")), _day(slots.get("date_to")))
    yield from _hours(slots)
    if c.sort != "newest":
        yield say(_("cheapest first") if c.sort == "price_asc" else _("dearest first"))


def _bedrooms(least: int | None, most: int | None) -> Words:
    if least is not None and least == most:
        return say(ngettext_lazy("{number} bedroom", "{number} bedrooms", least), number=least)
    if least is not None and most is not None:
        return say(_("{least} to {most} bedrooms"), least=least, most=most)
    if least is not None:
        return say(_("{least} or more bedrooms"), least=least)
    assert most is not None
    return say(ngettext_lazy("at most {most} bedroom", "at most {most} bedrooms", most), most=most)


_PARTS_NAMED = 2  # of a wider area; the others are counted


def _place(name: str) -> Words:
    """A place, and what it takes in: "Lekki (with Lekki Phase 1, Lekki Phase 2 and 5 more)"."""
    parts = gazetteer.parts_of(name)
    if not parts:
        return say("{place}", place=name)
    shown, more = parts[:_PARTS_NAMED], len(parts[_PARTS_NAMED:])
    names = join(*(say("{name}", name=part) for part in shown), separator=", ")
    if more:
        return say(_("{place} (with {names} and {count} more)"), place=name, names=names, count=more)
    return say(_("{place} (with {names})"), place=name, names=names)


def _days(first: date | None, last: date | None) -> Iterator[Words]:
    if first is not None and last is not None:
        yield (
            say("{day}", day=first) if first == last else say(_("{first} to {last}"), first=first, last=last)
        )
    elif first is not None:
        yield say(_("from {day}"), day=first)
    elif last is not None:
        yield say(_("until {day}"), day=last)


def _hours(slots: Slots) -> Iterator[Words]:
    first, last = _time(slots.get("time_from")), _time(slots.get("time_to"))
    if first is not None and last is not None:
        yield (
            say(_("at {time}"), time=first)
            if first == last
            else say(_("{first} to {last}"), first=first, last=last)
        )
    elif first is not None:
        yield say(_("from {time}"), time=first)
    elif last is not None:
        yield say(_("until {time}"), time=last)
    elif part := slots.get("time_of_day"):
        yield say(_PARTS[part])


_PARTS = {"morning": _("in the morning"), "afternoon": _("in the afternoon"), "evening": _("in the evening")}


# --- changed ----------------------------------------------------------------------------------------------
_OF: dict[str, frozenset[str]] = {
    "price": PRICE_SLOTS,
    "period": frozenset(("price_period",)),
    "days": WHEN_SLOTS,
    "place": PLACE_SLOTS - {"areas_excluded"},
    "street": frozenset(("street",)),
    "bedrooms": frozenset(("bedrooms_min", "bedrooms_max")),
    "bathrooms": frozenset(("bathrooms_min",)),
    "kind": frozenset(("property_types",)),
    "kinds_excluded": frozenset(("property_types_excluded",)),
    "offer": frozenset(("listing_type", "price_period")),
    "amenities": frozenset(("amenities",)),
    "amenities_excluded": frozenset(("amenities_excluded",)),
    "areas_excluded": frozenset(("areas_excluded",)),
    "area": PLACE_SLOTS - {"areas_excluded"},
    "city": PLACE_SLOTS - {"areas_excluded"},
}


def changed(slots: Slots, wish: str, new: dict[str, Any]) -> Slots:
    """The slots with those of a wish replaced. wish: as in `listings.relaxed`."""
    kept = {name: value for name, value in checked(slots).items() if name not in _OF[wish]}
    return checked(kept | {name: value for name, value in new.items() if value is not None})


def let_go(slots: Slots, relaxation: str) -> Slots:
    """The slots without the wish that a relaxed search gives up: `price`; `area:Lekki` for a wider place."""
    wish, _colon, name = relaxation.partition(":")
    if wish == "all":
        return checked({each: value for each, value in slots.items() if each in _OF["area"]})
    if wish not in _OF:
        return checked(slots)
    new: dict[str, Any] = {}
    if wish in ("area", "city"):
        new = {"areas" if wish == "area" else "cities": [name] if name else slots.get("cities")}
    elif wish == "price":
        new = {"sort": "price_asc" if "price_max" in slots else "price_desc"}
    return changed(slots, wish, new)


def place_slots(name: str) -> dict[str, Sequence[str]]:
    """A place that was named, as slots."""
    if not name:
        return {}
    return {"cities": [name]} if name in gazetteer.data()["cities"] else {"areas": [name]}
