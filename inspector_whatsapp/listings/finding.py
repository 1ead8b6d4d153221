"""Finding properties.

The website shows everybody what is live, and so do these; an agent also finds their own.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet

from inspector_whatsapp import clock, refs
from inspector_whatsapp.listings.gazetteer import widened
from inspector_whatsapp.models import Property, PropertyPhoto, Slot, User
from inspector_whatsapp.models.inspections import SlotState
from inspector_whatsapp.models.listings import PropertyStatus

Sort = Literal["newest", "price_asc", "price_desc"]

_REF = refs.pattern(refs.PROPERTY)
_NUMBER_ALONE = re.compile(r"#?\s*0*([0-9]{3,12})")
_ORDER: dict[Sort, tuple[str, ...]] = {
    "newest": ("-published_at", "-pk"),
    "price_asc": ("price", "-published_at", "-pk"),
    "price_desc": ("-price", "-published_at", "-pk"),
}


@dataclass(frozen=True, kw_only=True)
class Criteria:
    """What somebody looks for; what is left out does not matter.

    `areas` are canonical names; a wider one ("Lekki", "Mainland") takes in its parts. Prices are in
    `currency`, as the listing states them: per `period` when that is named. `inspect_between` (aware,
    half-open) asks for a free place in that time.
    """

    areas: tuple[str, ...] = ()
    areas_excluded: tuple[str, ...] = ()
    city: str = ""
    state: str = ""
    kinds: tuple[str, ...] = ()
    kinds_excluded: tuple[str, ...] = ()
    listing_type: str = ""
    bedrooms_min: int | None = None
    bedrooms_max: int | None = None
    bathrooms_min: int | None = None
    price_min: Decimal | int | None = None
    price_max: Decimal | int | None = None
    currency: str = "NGN"
    period: str = ""
    amenities: tuple[str, ...] = ()
    amenities_excluded: tuple[str, ...] = ()
    inspect_between: tuple[datetime, datetime] | None = None
    sort: Sort = "newest"


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


def by_ref(text: str, viewer: User | None = None) -> Property | None:
    """The property that `text` names: "PR-1042", "pr 1042", "1042", or a link to it.

    None unless it is live or the viewer's own.
    """
    alone = _NUMBER_ALONE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    ref = refs.written(refs.PROPERTY, alone[1]) if alone else ref_in(text)
    if ref is None:
        return None
    shown = Q(status=PropertyStatus.LIVE)
    if viewer is not None:
        shown |= Q(agent=viewer)
    return Property.objects.filter(shown, ref=ref).select_related("agent").first()


def over(text: str) -> Property | None:
    """The property that `text` names by its ref, if everybody could see it once, and cannot now."""
    ref = ref_in(text)
    gone = Property.objects.filter(published_at__isnull=False).exclude(status=PropertyStatus.LIVE)
    return gone.filter(ref=ref).first() if ref else None


def search(criteria: Criteria) -> QuerySet[Property]:
    """Live properties that fit; each with its agent and, through `face`, its first photo."""
    # The first photo of each by a window function: a page of ten is two queries.
    faces = Prefetch("photos", queryset=PropertyPhoto.objects.order_by("position", "pk")[:1], to_attr="faces")
    found = live().filter(_fits(criteria)).select_related("agent").prefetch_related(faces)
    return found.order_by(*_ORDER[criteria.sort])


def _fits(criteria: Criteria) -> Q:
    c = criteria
    plain: dict[str, Any] = {
        "area__in": widened(c.areas),
        "city": c.city,
        "state": c.state,
        "kind__in": c.kinds,
        "listing_type": c.listing_type,
        "period": c.period,
        "amenities__contains": list(c.amenities),
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
    if c.inspect_between:
        start, end = c.inspect_between
        places = Slot.objects.filter(
            property=OuterRef("pk"),
            state=SlotState.OPEN,
            taken__lt=F("capacity"),
            starts_at__gte=start,
            starts_at__lt=end,
            starts_at__gt=clock.Now(),
        )
        fits &= Q(Exists(places))
    return fits


def face(property: Property) -> PropertyPhoto | None:
    """The first photo of a property; no query for what came from `search`."""
    faces: list[PropertyPhoto] | None = getattr(property, "faces", None)
    if faces is not None:
        return faces[0] if faces else None
    return property.photos.order_by("position", "pk").first()
