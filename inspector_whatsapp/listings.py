"""What can be done with properties: find them, and keep them in view.

The website shows everybody what is live, and so do these; an agent also finds their own.
"""

import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal

from django.db import connection, transaction
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet
from rapidfuzz import fuzz, process

from inspector_whatsapp import changes, clock
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Interest, Property, PropertyPhoto, Slot, User
from inspector_whatsapp.models.inspections import SlotState
from inspector_whatsapp.models.listings import PropertyStatus

Sort = Literal["newest", "price_asc", "price_desc"]

_REF = re.compile(r"(?<![A-Za-z0-9])PR[\s_\-‐-―]*0*([0-9]{1,12})(?![0-9])", re.IGNORECASE)
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


def ref_in(text: str) -> str | None:
    """The ref that `text` names, whether or not there is such a property.

    The last one: a link ends in the ref, and what stands before it may be a page of another property.
    """
    found = _REF.findall(unicodedata.normalize("NFKC", text))
    return f"PR-{found[-1]}" if found else None


def by_ref(text: str, viewer: User | None = None) -> Property | None:
    """The property that `text` names: "PR-1042", "pr 1042", "1042", or a link to it.

    None unless it is live or the viewer's own.
    """
    alone = _NUMBER_ALONE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    ref = f"PR-{alone[1]}" if alone else ref_in(text)
    if ref is None:
        return None
    shown = Q(status=PropertyStatus.LIVE)
    if viewer is not None:
        shown |= Q(agent=viewer)
    return Property.objects.filter(shown, ref=ref).select_related("agent").first()


def search(criteria: Criteria) -> QuerySet[Property]:
    """Live properties that fit; each with its agent and, through `face`, its first photo."""
    # The first photo of each by a window function: a page of ten is two queries.
    faces = Prefetch("photos", queryset=PropertyPhoto.objects.order_by("position", "pk")[:1], to_attr="faces")
    found = live().filter(_fits(criteria)).select_related("agent").prefetch_related(faces)
    return found.order_by(*_ORDER[criteria.sort])


def _fits(criteria: Criteria) -> Q:
    c = criteria
    plain: dict[str, Any] = {
        "area__in": _widened(c.areas),
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
        fits &= ~Q(area__in=_widened(c.areas_excluded))
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


# --- places -----------------------------------------------------------------------------------------------
def areas_with_counts() -> list[tuple[str, int]]:
    """The areas that have live properties, each with how many; most first."""
    rows = live().order_by().values_list("area").annotate(many=Count("pk"))
    return list(rows.order_by("-many", "area"))


def places(typed: str) -> list[str]:
    """The areas with live properties that somebody may mean by `typed`; best first, none when unsure.

    Reads other names ("VI"), names within a sentence, parts of a name ("phase 1"), a wider place ("Abuja",
    "Mainland") and typing errors.
    """
    known = dict(areas_with_counts())
    wanted = _plain(typed)
    if not wanted or not known:
        return []
    return [area for area in _meant(wanted, known) if area in known]


def _meant(wanted: str, known: dict[str, int]) -> list[str]:
    names = _names() | {_plain(area): area for area in known}
    if wanted in names:
        return _spread(names[wanted], known)

    said = [name for name in names if f" {name} " in f" {wanted} "]
    longest = [name for name in said if not any(name != other and name in other for other in said)]
    if longest:
        longest.sort(key=wanted.find)
        return list(dict.fromkeys(area for name in longest for area in _spread(names[name], known)))

    words = set(wanted.split())
    parts = [area for name, area in names.items() if words <= set(name.split()) or name.startswith(wanted)]
    if len(wanted) >= 3 and parts:
        return sorted(dict.fromkeys(parts), key=lambda area: -known.get(area, 0))

    close = process.extract(wanted, names.keys(), scorer=fuzz.ratio, score_cutoff=75, limit=5)
    return list(dict.fromkeys(area for name, _, _ in close for area in _spread(names[name], known)))


def _spread(place: str, known: dict[str, int]) -> list[str]:
    """An area and what lies in it, or the areas of a city; those with most properties first."""
    gazetteer = _gazetteer()
    inside = gazetteer["within"].get(place, []) + gazetteer["areas"].get(place, [])
    return [place, *sorted(inside, key=lambda area: -known.get(area, 0))]


def _widened(areas: tuple[str, ...]) -> list[str]:
    within = _gazetteer()["within"]
    return list(dict.fromkeys(name for area in areas for name in (area, *within.get(area, ()))))


def _plain(name: str) -> str:
    name = unicodedata.normalize("NFKC", name).casefold()
    return " ".join(re.sub(r"[^\w]+", " ", name.replace(".", "").replace("/", "")).split())


@cache
def _gazetteer() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(Path(__file__).with_name("gazetteer.json").read_text())
    return data


@cache
def _names() -> dict[str, str]:
    """Every name of a place, in plain letters → its canonical name."""
    gazetteer = _gazetteer()
    canonical = [area for areas in gazetteer["areas"].values() for area in areas]
    canonical += [*gazetteer["cities"], *gazetteer["within"]]
    return {_plain(alias): name for alias, name in gazetteer["aliases"].items()} | {
        _plain(name): name for name in canonical
    }


# --- interests --------------------------------------------------------------------------------------------
def show_interest(*, seeker: User, property: Property, origin: Origin) -> bool:
    """Keep a live property in the seeker's view. False when it was there already, or is not live."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO inspector_whatsapp_interest (seeker_id, property_id, created_at, version)
                SELECT %s, id, clock_now(), 0 FROM inspector_whatsapp_property
                WHERE id = %s AND status = 'live'
                ON CONFLICT (seeker_id, property_id) WHERE removed_at IS NULL DO NOTHING
                RETURNING id
                """,
                [seeker.pk, property.pk],
            )
            row = cursor.fetchone()
        if row is None:
            return False
        interest = Interest.objects.select_related("seeker", "property").get(pk=row[0])
        changes.record("interest_shown", interest, actor=seeker, origin=origin, property=property.ref)
    return True


def remove_interest(*, seeker: User, property: Property, origin: Origin) -> bool:
    """Take a property out of the seeker's view. False when it was not there."""
    with transaction.atomic():
        shown = Interest.objects.filter(seeker=seeker, property=property, removed_at=None)
        interest = shown.select_for_update(no_key=True).first()
        if interest is None:
            return False
        interest.removed_at = clock.now()
        interest.save(update_fields=["removed_at"])
        changes.record("interest_removed", interest, actor=seeker, origin=origin, property=property.ref)
    return True


def of_interest_to(seeker: User) -> QuerySet[Property]:
    """What the seeker keeps in view, last shown first; what is let or sold stays, so that they learn."""
    kept = Q(interests__seeker=seeker, interests__removed_at=None)
    hidden = [PropertyStatus.DRAFT, PropertyStatus.PENDING]
    found = Property.objects.filter(kept).exclude(status__in=hidden).select_related("agent")
    return found.order_by("-interests__created_at", "-pk")
