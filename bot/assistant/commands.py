"""The one typed command that a message becomes: an intent and its slots. What fits nothing is no command.

Slot values are plain JSON. Dates are inclusive ISO days of the person's zone, times `HH:MM`, prices whole
numbers of the stated currency (naira unless `currency` says otherwise).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from inspector_whatsapp import refs
from inspector_whatsapp.models.listings import AMENITIES, Kind, ListingType, Period

Slots = dict[str, Any]


class Intent(StrEnum):
    """What somebody wants."""

    SEARCH_PROPERTIES = "search_properties"
    MORE_RESULTS = "more_results"
    PROPERTY_DETAILS = "property_details"
    CHECK_AVAILABILITY = "check_availability"
    LIST_SLOTS = "list_slots"
    BOOK_INSPECTION = "book_inspection"
    RESCHEDULE_INSPECTION = "reschedule_inspection"
    CANCEL_INSPECTION = "cancel_inspection"
    MY_INSPECTIONS = "my_inspections"
    INSPECTION_REPORT = "inspection_report"
    SUBMIT_REPORT = "submit_report"
    CONTACT_AGENT = "contact_agent"
    CREATE_ALERT = "create_alert"
    MY_LISTINGS = "my_listings"
    ADD_LISTING = "add_listing"
    UPDATE_LISTING = "update_listing"
    MY_ACCOUNT = "my_account"
    PAYMENT_QUERY = "payment_query"
    REPORT_PROBLEM = "report_problem"
    HUMAN_HANDOFF = "human_handoff"
    HELP = "help"
    SMALLTALK = "smalltalk"
    CONFIRM = "confirm"
    DENY = "deny"
    OUT_OF_SCOPE = "out_of_scope"
    UNSAFE_REQUEST = "unsafe_request"


WRITES = frozenset(
    (
        Intent.BOOK_INSPECTION,
        Intent.RESCHEDULE_INSPECTION,
        Intent.CANCEL_INSPECTION,
        Intent.SUBMIT_REPORT,
        Intent.CREATE_ALERT,
        Intent.ADD_LISTING,
        Intent.UPDATE_LISTING,
        Intent.MY_ACCOUNT,
        Intent.REPORT_PROBLEM,
    )
)

PLACE_SLOTS = frozenset(("areas", "areas_excluded", "cities", "states", "street"))
WHEN_SLOTS = frozenset(("date_from", "date_to", "time_of_day", "time_from", "time_to"))
NEW_WHEN_SLOTS = frozenset(f"new_{name}" for name in WHEN_SLOTS)
PRICE_SLOTS = frozenset(("price_min", "price_max", "price_period", "currency"))
SEARCH_SLOTS = (
    PLACE_SLOTS
    | PRICE_SLOTS
    | WHEN_SLOTS
    | {
        *("property_types", "property_types_excluded", "bedrooms_min", "bedrooms_max", "bathrooms_min"),
        *("listing_type", "amenities", "amenities_excluded", "sort"),
    }
)
_ONE_PROPERTY = SEARCH_SLOTS | {"property_ref"}
_ONE_VISIT = _ONE_PROPERTY | {"inspection_ref"}
_NOTHING: frozenset[str] = frozenset()

SLOTS_OF: Mapping[Intent, frozenset[str]] = {
    Intent.SEARCH_PROPERTIES: SEARCH_SLOTS,
    Intent.CREATE_ALERT: SEARCH_SLOTS,
    Intent.MORE_RESULTS: _NOTHING,
    Intent.PROPERTY_DETAILS: _ONE_PROPERTY,
    Intent.CHECK_AVAILABILITY: _ONE_PROPERTY,
    Intent.LIST_SLOTS: _ONE_PROPERTY,
    Intent.BOOK_INSPECTION: _ONE_PROPERTY,
    Intent.MY_LISTINGS: _ONE_PROPERTY,
    Intent.CANCEL_INSPECTION: _ONE_VISIT,
    Intent.MY_INSPECTIONS: _ONE_VISIT,
    Intent.INSPECTION_REPORT: _ONE_VISIT,
    Intent.SUBMIT_REPORT: _ONE_VISIT,
    Intent.CONTACT_AGENT: _ONE_VISIT,
    Intent.REPORT_PROBLEM: _ONE_VISIT,
    Intent.RESCHEDULE_INSPECTION: _ONE_VISIT | NEW_WHEN_SLOTS,
    Intent.ADD_LISTING: SEARCH_SLOTS | {"new_price"},
    Intent.UPDATE_LISTING: _ONE_PROPERTY | {"new_price", "new_status"},
    Intent.MY_ACCOUNT: _NOTHING,
    Intent.PAYMENT_QUERY: _NOTHING,
    Intent.HUMAN_HANDOFF: _NOTHING,
    Intent.HELP: _NOTHING,
    Intent.SMALLTALK: _NOTHING,
    Intent.CONFIRM: _NOTHING,
    Intent.DENY: _NOTHING,
    Intent.OUT_OF_SCOPE: _NOTHING,
    Intent.UNSAFE_REQUEST: _NOTHING,
}

LONGEST = 80  # characters of a name in a slot
MOST = 12  # values of a list
MOST_NAIRA = 10**12  # what is more is no price, and no column holds it
MOST_ROOMS = 50
NEXT = "next"  # as an inspection's ref: the person's next one


class NotACommand(ValueError):
    """What came is no command; the words say why, for a log. Nothing that a person said is in them."""


@dataclass(frozen=True)
class Command:
    """What somebody wants, and of what. Slots of no meaning for the intent are never there."""

    intent: Intent
    slots: Slots = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {"intent": self.intent.value, "slots": self.slots}

    @classmethod
    def from_json(cls, came: Any) -> "Command":
        """Raises NotACommand for anything that is not wholly one: an unknown intent, slot, type or value."""
        if not isinstance(came, dict) or set(came) - {"intent", "slots"}:
            raise NotACommand("not an object of intent and slots")
        try:
            intent = Intent(str(came.get("intent")))
        except ValueError:
            raise NotACommand("unknown intent") from None
        slots = came.get("slots") or {}
        if not isinstance(slots, dict):
            raise NotACommand("slots are no object")
        given = {name: value for name, value in slots.items() if value not in (None, [], "")}
        for name, value in given.items():
            if name not in SLOTS_OF[intent]:
                raise NotACommand(f"{intent} takes no such slot")
            if not _FITS[name](value):
                raise NotACommand(f"{name} has no such value")
        return cls(intent, given)


def only(intent: Intent, slots: Mapping[str, Any]) -> Slots:
    """Those of the slots that mean something for the intent."""
    return {
        name: value
        for name, value in slots.items()
        if name in SLOTS_OF[intent] and value not in (None, [], "")
    }


# --- values -----------------------------------------------------------------------------------------------
def _is_name(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST and value.isprintable()


def _are(each: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and len(value) <= MOST and all(map(each, value))


def _one_of(*values: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and value in values


def _whole(most: int) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and 0 <= value <= most


def _like(pattern: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


def _is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


_is_time = _like(r"([01]\d|2[0-3]):[0-5]\d")
_is_part_of_day = _one_of("morning", "afternoon", "evening")

_FITS: Mapping[str, Callable[[Any], bool]] = {
    "areas": _are(_is_name),
    "areas_excluded": _are(_is_name),
    "cities": _are(_is_name),
    "states": _are(_is_name),
    "street": _is_name,
    "property_types": _are(_one_of(*Kind.values)),
    "property_types_excluded": _are(_one_of(*Kind.values)),
    "bedrooms_min": _whole(MOST_ROOMS),
    "bedrooms_max": _whole(MOST_ROOMS),
    "bathrooms_min": _whole(MOST_ROOMS),
    "price_min": _whole(MOST_NAIRA),
    "price_max": _whole(MOST_NAIRA),
    "price_period": _one_of(*Period.values),
    "currency": _one_of("USD"),
    "listing_type": _one_of(*ListingType.values),
    "amenities": _are(_one_of(*AMENITIES)),
    "amenities_excluded": _are(_one_of(*AMENITIES)),
    "sort": _one_of("price_asc", "price_desc", "newest"),
    "date_from": _is_day,
    "date_to": _is_day,
    "time_of_day": _is_part_of_day,
    "time_from": _is_time,
    "time_to": _is_time,
    "new_date_from": _is_day,
    "new_date_to": _is_day,
    "new_time_of_day": _is_part_of_day,
    "new_time_from": _is_time,
    "new_time_to": _is_time,
    "property_ref": _like(rf"{refs.PROPERTY}-[0-9]{{1,12}}"),
    "inspection_ref": _like(rf"{refs.INSPECTION}-[0-9]{{1,12}}|{NEXT}"),
    "new_price": _whole(MOST_NAIRA),
    "new_status": _one_of("available", "rented", "sold", "unavailable"),
}
