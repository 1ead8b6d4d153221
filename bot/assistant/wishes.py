"""What a command looks for, as the platform searches for it."""

from bot.assistant.commands import Slots
from inspector_whatsapp.listings import Criteria

_LISTS = {
    "areas": "areas",
    "areas_excluded": "areas_excluded",
    "kinds": "property_types",
    "kinds_excluded": "property_types_excluded",
    "amenities": "amenities",
    "amenities_excluded": "amenities_excluded",
}
_AS_THEY_ARE = ("bedrooms_min", "bedrooms_max", "bathrooms_min", "price_min", "price_max", "listing_type")


def lasting(slots: Slots) -> Criteria:
    """The wishes that go on: without days, an order or a street, which a saved search has not."""
    wishes = {name: tuple(slots.get(slot, ())) for name, slot in _LISTS.items()}
    wishes |= {name: slots[name] for name in _AS_THEY_ARE if name in slots}
    cities, states = slots.get("cities", ()), slots.get("states", ())
    return Criteria(
        **wishes,
        city=cities[0] if cities else "",
        state=states[0] if states else "",
        currency=slots.get("currency", "NGN"),
        period=slots.get("price_period", ""),
    )
