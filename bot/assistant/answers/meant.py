"""Which property or which inspection a command speaks of: found under the person's own rights."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from bot.assistant.answers.asked_times import AskedTimes
from bot.assistant.commands import NEXT, Slots
from bot.assistant.context import Context
from bot.scripts import Person
from inspector_whatsapp import inspections, listings
from inspector_whatsapp.listings import widened
from inspector_whatsapp.models import Inspection, Property, Role
from inspector_whatsapp.models.inspections import LIVE_STATES
from inspector_whatsapp.models.listings import Kind

MOST = 9  # of what is shown to pick from: with "More" it is what a list takes
DESCRIBING = frozenset(
    (
        *(
            "areas",
            "areas_excluded",
            "cities",
            "states",
            "street",
            "property_types",
            "property_types_excluded",
        ),
        *("bedrooms_min", "bedrooms_max", "bathrooms_min", "price_min", "price_max", "price_period"),
        *("listing_type", "amenities", "amenities_excluded"),
    )
)
ASKED_OF_ONE = frozenset(
    ("amenities", "amenities_excluded")
)  # "has it parking?" asks, "the one with parking" tells


def describes(slots: Slots) -> bool:
    """Whether anything is said of what the property is like."""
    return bool(DESCRIBING & slots.keys())


def fits(slots: Slots, prefix: str = "") -> Q:
    """Properties that are as the slots say. prefix: the way to the property, such as `property__`."""
    plain: dict[str, Any] = {
        "area__in": widened(slots.get("areas", ())),
        "city__in": slots.get("cities"),
        "state__in": slots.get("states"),
        "address__icontains": slots.get("street"),
        "kind__in": slots.get("property_types"),
        "listing_type": slots.get("listing_type"),
        "period": slots.get("price_period"),
        "amenities__contains": slots.get("amenities"),
        "bedrooms__gte": slots.get("bedrooms_min"),
        "bedrooms__lte": slots.get("bedrooms_max"),
        "bathrooms__gte": slots.get("bathrooms_min"),
        "price__gte": slots.get("price_min"),
        "price__lte": slots.get("price_max"),
    }
    fit = Q(**{f"{prefix}{name}": value for name, value in plain.items() if value not in (None, [], "")})
    if "price_min" in slots or "price_max" in slots:
        fit &= Q(**{f"{prefix}currency": slots.get("currency", "NGN")})
    without: dict[str, Any] = {
        "area__in": widened(slots.get("areas_excluded", ())),
        "kind__in": slots.get("property_types_excluded"),
        "amenities__overlap": slots.get("amenities_excluded"),
    }
    for name, value in without.items():
        if value:
            fit &= ~Q(**{f"{prefix}{name}": value})
    return fit


# --- a property -------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Home:
    """The one property that is meant; or that there is none of that ref, or which several it may be.

    ref: as it was named; empty where it was described, or not said at all.
    """

    property: Property | None = None
    ref: str = ""
    several: tuple[Property, ...] = ()


def home(slots: Slots, *, person: Person, context: Context) -> Home:
    """The property that is meant: by its ref, by what it is like, or the one that was spoken of last."""
    ref = slots.get("property_ref", "")
    if not ref and not describes({name: slots[name] for name in slots.keys() - ASKED_OF_ONE}):
        ref = context.focus_property or ""
    if ref:
        return Home(listings.by_ref(ref, viewer=person.account), ref)
    if not describes(slots):
        return Home()
    return _one_or_several(slots, listings.live().select_related("agent").order_by("-published_at", "-pk"))


def own_home(slots: Slots, *, person: Person, context: Context) -> Home:
    """The same, of an agent's own properties in any status; their only one where none is named."""
    own = listings.of(person.user)
    ref = slots.get("property_ref", "")
    if ref:
        return Home(own.filter(ref=ref).first(), ref)
    if describes(slots):
        return _one_or_several(slots, own)
    spoken_of = own.filter(ref=context.focus_property or "").first()
    if spoken_of is not None:
        return Home(spoken_of, spoken_of.ref)
    return _found(list(own[: MOST + 1]))


def _one_or_several(slots: Slots, among: QuerySet[Property]) -> Home:
    """What it is like tells which it is; what it shall have only where that leaves several."""
    for likely in (slots, _loosely(slots)):
        less = {name: value for name, value in likely.items() if name not in ASKED_OF_ONE}
        found = list(among.filter(fits(less))[: MOST + 1]) if describes(less) else []
        if len(found) != 1:
            found = list(among.filter(fits(likely))[: MOST + 1])
        if found:
            return _found(found)
    return Home()


# What people call a flat where one of their own is meant; in a search each is a kind of its own.
FLATS = (Kind.APARTMENT, Kind.MINI_FLAT, Kind.SELF_CONTAIN, Kind.STUDIO, Kind.PENTHOUSE, Kind.MAISONETTE)


def _loosely(slots: Slots) -> Slots:
    """The same, where "flat" may stand for every kind of one."""
    kinds = slots.get("property_types", ())
    return {**slots, "property_types": [*kinds, *FLATS]} if Kind.APARTMENT in kinds else slots


def _found(found: Sequence[Property]) -> Home:
    return Home(found[0]) if len(found) == 1 else Home(several=tuple(found[:MOST]))


# --- inspections ------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Own:
    """Inspections that concern somebody as what they are here, soonest first."""

    role: Role
    inspections: tuple[Inspection, ...]


def own_inspections(person: Person) -> list[Own]:
    """What is to come for them: in their role first, then what they booked for themselves."""
    user, now = person.user, person.now
    booked = Own(Role.SEEKER, tuple(inspections.upcoming(user, now=now)))
    if user.role_here == Role.AGENT:
        theirs = inspections.of(user).filter(property__agent=user, state__in=LIVE_STATES, starts_at__gt=now)
        return [Own(Role.AGENT, tuple(theirs.order_by("starts_at", "pk"))), booked]
    if user.role_here == Role.INSPECTOR:
        return [Own(Role.INSPECTOR, tuple(inspections.assigned_to(user, now=now))), booked]
    return [booked]


def narrowed(
    among: Sequence[Inspection], slots: Slots, asked: AskedTimes, *, person: Person
) -> list[Inspection]:
    """Those of them that a command means: by ref, the next one, by property, by what it is like, by time."""
    found = asked.fit(among)
    ref = slots.get("inspection_ref")
    if ref == NEXT:
        return [each for each in found if each.starts_at > person.now][:1]
    if ref is not None:
        return [each for each in found if each.ref == ref]
    if home_ref := slots.get("property_ref"):
        found = [each for each in found if each.property.ref == home_ref]
    if not describes(slots) or not found:
        return found
    theirs = Property.objects.filter(pk__in={each.property_id for each in found})
    for likely in (slots, _loosely(slots)):
        homes = set(theirs.filter(fits(likely)).values_list("pk", flat=True))
        if homes:
            break
    return [each for each in found if each.property_id in homes]


def names_one(slots: Slots) -> bool:
    """Whether a command says anything of which inspection it means, times aside."""
    return bool(slots.keys() & {"inspection_ref", "property_ref"}) or describes(slots)
