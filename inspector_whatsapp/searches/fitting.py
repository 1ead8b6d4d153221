"""Which searches a property fits."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Upper
from django.db.models.lookups import Contains

from inspector_whatsapp import listings
from inspector_whatsapp.models import Property, SavedSearch, SearchPlace
from inspector_whatsapp.models.searches import CITY, NO_LEAST_BEDROOMS, NO_MOST_BEDROOMS, STATE

_COLUMNS_FIT = """
FROM unnest(
    %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[],
    %s::int[], %s::int[], %s::bigint[], %s::bigint[]
) AS p (pk, place, listing_type, kind, currency, least, most, price, agent)
JOIN inspector_whatsapp_searchplace s ON s.place = p.place
    AND s.listing_type IN ('', p.listing_type) AND s.kind IN ('', p.kind) AND s.currency IN ('', p.currency)
    AND s.bedrooms_min <= p.least AND s.bedrooms_max >= p.most
    AND s.price_min <= p.price AND s.price_max >= p.price AND s.seeker_id <> p.agent
"""


def matching(property: Property) -> QuerySet[SavedSearch]:
    """The active searches that would find this property if it is live; its own agent's excepted."""
    found = SavedSearch.objects.filter(pk__in=places_of(property).values("search"))
    return found.select_related("seeker").order_by("pk")


def places_of(property: Property) -> QuerySet[SearchPlace]:
    """The same, as the rows of their places: one look into an index. A search may have several.

    The other way round of what `listings.search` asks: a test compares the two.
    """
    p, price = property, int(property.price * 100)
    plain = SearchPlace.objects.filter(
        place__in=_places(p),
        listing_type__in=["", p.listing_type],
        kind__in=["", p.kind],
        currency__in=["", p.currency],
        bedrooms_min__lte=NO_LEAST_BEDROOMS if p.bedrooms is None else p.bedrooms,
        bedrooms_max__gte=NO_MOST_BEDROOMS if p.bedrooms is None else p.bedrooms,
        price_min__lte=price,
        price_max__gte=price,
    )
    return plain.filter(Q(extras=False) | _fits_besides(p)).exclude(seeker=p.agent_id)


def _places(p: Property) -> list[str]:
    """What the rows are found by: its area and all that it lies in."""
    return [*listings.taking_in(p.area), f"{CITY}{p.city}", f"{STATE}{p.state}"]


def looked_for(properties: Sequence[Property]) -> dict[int, bool]:
    """Those of many properties that some search may find, by key, in one query.

    Whether one of these has wishes besides, which `places_of` alone looks at; where none has, `plainly_found`
    gives the same rows.
    """
    sql, values = _columns_fit(properties)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT p.pk, bool_or(s.extras) {sql} GROUP BY p.pk", values)
        return dict(cursor.fetchall())


def plainly_found(properties: Sequence[Property]) -> tuple[str, list[Any]]:
    """Of many properties the rows of `places_of`, as SQL: property, seeker, search, at once; wishes apart."""
    sql, values = _columns_fit(properties)
    return f"SELECT p.pk, s.seeker_id, s.search_id, s.at_once {sql}", values


def _columns_fit(properties: Sequence[Property]) -> tuple[str, list[Any]]:
    rows = [
        (
            *(p.pk, place, p.listing_type, p.kind, p.currency),
            NO_LEAST_BEDROOMS if p.bedrooms is None else p.bedrooms,
            NO_MOST_BEDROOMS if p.bedrooms is None else p.bedrooms,
            *(int(p.price * 100), p.agent_id),
        )
        for p in properties
        for place in _places(p)
    ]
    return _COLUMNS_FIT, [list(column) for column in zip(*rows, strict=True)] if rows else [[]] * 9


def _fits_besides(property: Property) -> Exists:
    """What the columns do not hold, read in the criteria: of those alone that have such wishes."""
    p, areas = property, listings.taking_in(property.area)
    fits = _unless_named("areas_excluded", ~Q(criteria__areas_excluded__has_any_keys=areas))
    fits &= _unless_named("kinds", Q(criteria__kinds__has_key=p.kind))
    fits &= _unless_named("kinds_excluded", ~Q(criteria__kinds_excluded__has_key=p.kind))
    fits &= _unless_named("amenities", Q(criteria__amenities__contained_by=p.amenities))
    if p.amenities:
        shared = Q(criteria__amenities_excluded__has_any_keys=p.amenities)
        fits &= _unless_named("amenities_excluded", ~shared)
    # Where an area lies that the gazetteer knows, nobody has to say.
    for name in ("period",) if listings.place_of(p.area) else ("period", "city", "state"):
        fits &= _unless_named(name, Q(**{f"criteria__{name}": getattr(p, name)}))
    address = Value(p.address.upper(), output_field=TextField())
    fits &= _unless_named("street", Q(Contains(address, Upper(KeyTextTransform("street", "criteria")))))
    bathrooms = -1 if p.bathrooms is None else p.bathrooms  # who names a number wants one
    fits &= _unless_named("bathrooms_min", Q(criteria__bathrooms_min__lte=bathrooms))
    # `extras` within: PostgreSQL looks a search up for its place then, and never reads through all of them.
    extras = ExpressionWrapper(OuterRef("extras"), output_field=BooleanField())
    return Exists(SavedSearch.objects.filter(extras, fits, pk=OuterRef("search")))


def _unless_named(name: str, wish: Q) -> Q:
    return Q(**{f"criteria__{name}__isnull": True}) | wish
