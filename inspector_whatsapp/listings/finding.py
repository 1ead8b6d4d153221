"""Finding properties.

The website shows everybody what is live, and so do these; an agent also finds their own.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from inspector_whatsapp import clock, refs
from inspector_whatsapp.inspections.free import still_free
from inspector_whatsapp.listings.criteria import Criteria, Sort, Spot, spots
from inspector_whatsapp.listings.gazetteer import widened
from inspector_whatsapp.models import Property, PropertyPhoto, User
from inspector_whatsapp.models.listings import PropertyStatus
from inspector_whatsapp.prepared import Given, Prepared

_REF = refs.pattern(refs.PROPERTY)
_NUMBER_ALONE = re.compile(r"#?\s*0*([0-9]{3,12})")
ORDER: dict[Sort, tuple[str, ...]] = {
    "newest": ("-published_at", "-pk"),
    "price_asc": ("price", "-published_at", "-pk"),
    "price_desc": ("-price", "-published_at", "-pk"),
}


def live() -> QuerySet[Property]:
    """What the website shows to everybody."""
    return Property.objects.filter(status=PropertyStatus.LIVE)


def of(agent: User) -> QuerySet[Property]:
    """The agent's own, in every status but draft, newest first; each with `interest_count`."""
    own = Property.objects.filter(agent=agent).exclude(status=PropertyStatus.DRAFT)
    wanted = Count("interests", filter=Q(interests__removed_at=None))
    return own.annotate(interest_count=wanted).order_by("-pk")


def ref_in(text: str) -> str | None:
    """The ref that `text` names, whether or not there is such a property.

    The last one: a link ends in the ref, and what stands before it may be a page of another property.
    """
    found = _REF.findall(unicodedata.normalize("NFKC", text))
    return refs.written(refs.PROPERTY, found[-1]) if found else None


_NAMED = Prepared(
    lambda: Property.objects.filter(
        Q(status=PropertyStatus.LIVE) | Q(agent=Given("viewer")), ref=Given("ref")
    ).select_related("agent")
)


def by_ref(text: str, viewer: User | None = None) -> Property | None:
    """The property that `text` names: "PR-1042", "pr 1042", "1042", or a link to it.

    None unless it is live or the viewer's own.
    """
    alone = _NUMBER_ALONE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    ref = refs.written(refs.PROPERTY, alone[1]) if alone else ref_in(text)
    if ref is None:
        return None
    # Nobody's own is nobody's: its agent is never -1.
    return next(iter(_NAMED.of(ref=ref, viewer=viewer.pk if viewer is not None else -1)), None)


def over(text: str) -> Property | None:
    """The property that `text` names by its ref, if everybody could see it once, and cannot now."""
    ref = ref_in(text)
    gone = Property.objects.filter(published_at__isnull=False).exclude(status=PropertyStatus.LIVE)
    return gone.filter(ref=ref).first() if ref else None


def search(criteria: Criteria) -> QuerySet[Property]:
    """Live properties that fit; each with its agent and, through `face`, its first photo."""
    # The first photo of each by a window function: a page of ten is two queries.
    faces = Prefetch("photos", queryset=PropertyPhoto.objects.order_by("position", "pk")[:1], to_attr="faces")
    found = live().filter(fitting(criteria)).select_related("agent").prefetch_related(faces)
    return found.order_by(*ORDER[criteria.sort])


def fitting(criteria: Criteria) -> Q:
    """What fits all wishes."""
    return _lying(criteria) & fitting_besides(criteria)


def _lying(criteria: Criteria) -> Q:
    """What lies where somebody looks."""
    wanted = Q()
    for like, names in spots_alike(criteria):
        if not like.sight:
            return Q()
        wanted |= Q(**{f"{like.sight}__in": names}) & within(like)
    return wanted or Q(pk__in=[])


def spots_alike(criteria: Criteria) -> Iterator[tuple[Spot, list[str]]]:
    """The places, those of a kind together with their names."""
    for _kind, alike in groupby(spots(criteria), lambda spot: replace(spot, name="")):
        several = list(alike)
        yield several[0], [spot.name for spot in several]


def within(spot: Spot) -> Q:
    """What lies in one of the cities and one of the states of a place, where any are named."""
    lies = Q(city__in=spot.cities) if spot.cities else Q()
    return lies & Q(state__in=spot.states) if spot.states else lies


def fitting_besides(criteria: Criteria) -> Q:
    """What fits all wishes but those for a place."""
    c = criteria
    plain: dict[str, Any] = {
        "kind__in": c.kinds,
        "listing_type": c.listing_type,
        "period": c.period,
        "amenities__contains": list(c.amenities),
        "address__icontains": c.street,
    }
    bounds = {
        "bedrooms__gte": c.bedrooms_min,
        "bedrooms__lte": c.bedrooms_max,
        "bathrooms__gte": c.bathrooms_min,
        "price__gte": c.price_min,
        "price__lte": c.price_max,
    }
    fits = Q(**{name: value for name, value in plain.items() if value})
    fits &= Q(**{name: value for name, value in bounds.items() if value is not None})
    if c.price_min is not None or c.price_max is not None:
        fits &= Q(currency=c.currency)
    if c.areas_excluded:
        fits &= ~Q(area__in=widened(c.areas_excluded))
    if c.kinds_excluded:
        fits &= ~Q(kind__in=c.kinds_excluded)
    if c.amenities_excluded:
        fits &= ~Q(amenities__overlap=list(c.amenities_excluded))
    if c.viewing is not None:
        places = still_free(clock.Now()).filter(c.viewing.starts(), property=OuterRef("pk"))
        fits &= Q(Exists(places))
    return fits


def face(property: Property) -> PropertyPhoto | None:
    """The first photo of a property; no query for what came from `search`."""
    faces: list[PropertyPhoto] | None = getattr(property, "faces", None)
    if faces is not None:
        return faces[0] if faces else None
    return property.photos.order_by("position", "pk").first()
