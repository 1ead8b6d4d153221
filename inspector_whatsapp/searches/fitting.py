"""Which searches a property fits."""

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from inspector_whatsapp import listings
from inspector_whatsapp.models import Property, SavedSearch, SearchPlace
from inspector_whatsapp.models.searches import CITY, NO_LEAST_BEDROOMS, NO_MOST_BEDROOMS


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
        place__in=[*listings.taking_in(p.area), f"{CITY}{p.city}"],
        listing_type__in=["", p.listing_type],
        kind__in=["", p.kind],
        currency__in=["", p.currency],
        bedrooms_min__lte=NO_LEAST_BEDROOMS if p.bedrooms is None else p.bedrooms,
        bedrooms_max__gte=NO_MOST_BEDROOMS if p.bedrooms is None else p.bedrooms,
        price_min__lte=price,
        price_max__gte=price,
    )
    return plain.filter(Q(extras=False) | _fits_besides(p)).exclude(seeker=p.agent_id)


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
    for name in ("city", "state", "period"):
        fits &= _unless_named(name, Q(**{f"criteria__{name}": getattr(p, name)}))
    bathrooms = -1 if p.bathrooms is None else p.bathrooms  # who names a number wants one
    fits &= _unless_named("bathrooms_min", Q(criteria__bathrooms_min__lte=bathrooms))
    # `extras` within: PostgreSQL looks a search up for its place then, and never reads through all of them.
    extras = ExpressionWrapper(OuterRef("extras"), output_field=BooleanField())
    return Exists(SavedSearch.objects.filter(extras, fits, pk=OuterRef("search")))


def _unless_named(name: str, wish: Q) -> Q:
    return Q(**{f"criteria__{name}__isnull": True}) | wish
