"""Which searches a property fits, and which properties a search finds."""

from datetime import datetime

from django.db.models import Q, QuerySet

from inspector_whatsapp import listings
from inspector_whatsapp.models import Property, SavedSearch
from inspector_whatsapp.searches.wishes import TEXTS, from_json, number


def matching(property: Property) -> QuerySet[SavedSearch]:
    """The active searches that would find this property if it is live; its own agent's excepted."""
    active = SavedSearch.objects.filter(_found_by(property), is_active=True)
    return active.exclude(seeker=property.agent_id).select_related("seeker").order_by("pk")


def fresh_for(search: SavedSearch, *, since: datetime) -> QuerySet[Property]:
    """What a search finds that was published after `since`, newest first; the seeker's own excepted."""
    found = listings.search(from_json(search.criteria))
    return found.filter(published_at__gt=since).exclude(agent=search.seeker_id)


def _found_by(property: Property) -> Q:
    """The other way round of what `listings.search` asks: a test compares the two."""
    p, areas = property, listings.taking_in(property.area)
    found = _unless_named("areas", Q(criteria__areas__has_any_keys=areas))
    found &= _unless_named("areas_excluded", ~Q(criteria__areas_excluded__has_any_keys=areas))
    found &= _unless_named("kinds", Q(criteria__kinds__has_key=p.kind))
    found &= _unless_named("kinds_excluded", ~Q(criteria__kinds_excluded__has_key=p.kind))
    found &= _unless_named("amenities", Q(criteria__amenities__contained_by=p.amenities))
    if p.amenities:
        shared = Q(criteria__amenities_excluded__has_any_keys=p.amenities)
        found &= _unless_named("amenities_excluded", ~shared)
    for name in TEXTS:
        found &= _unless_named(name, Q(**{f"criteria__{name}": getattr(p, name)}))
    found &= _within("bedrooms_min", "lte", p.bedrooms) & _within("bedrooms_max", "gte", p.bedrooms)
    found &= _within("bathrooms_min", "lte", p.bathrooms)
    price = number(p.price)
    found &= _within("price_min", "lte", price) & _within("price_max", "gte", price)
    return found & _unless_named("currency", Q(criteria__currency=p.currency))


def _within(name: str, bound: str, value: float | None) -> Q:
    if value is None:  # who names a number wants one
        return Q(**{f"criteria__{name}__isnull": True})
    return _unless_named(name, Q(**{f"criteria__{name}__{bound}": value}))


def _unless_named(name: str, wish: Q) -> Q:
    return Q(**{f"criteria__{name}__isnull": True}) | wish
