"""The demo's properties, always the same ones: made of areas, kinds, and a seeded die."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from random import Random

from inspector_whatsapp.demo.areas import AREAS, Area, streets
from inspector_whatsapp.demo.people import AGENTS, BOLA, Person
from inspector_whatsapp.demo.words import amenities, describe, title
from inspector_whatsapp.models.listings import BookingRule, Kind, ListingType, Period, PropertyStatus

FIRST_NUMBER = 1001
BOLAS_FLAT = "PR-1042"
# Homes of Bola's whose visits she wants to say yes to, and how an inspector gets into some of them.
ASKED_FIRST = ("PR-1009", "PR-1047", "PR-1054")
_ACCESS = {
    BOLAS_FLAT: "The key is with Musa at the gate. Third floor, the left door.",
    "PR-1009": "Call the caretaker, Mama Tope, ten minutes before: 0803 000 0910. The bell doesn't work.",
    "PR-1054": "Say at the estate gate that you come to Block C. A dog is in the yard in the evening.",
}

# Kinds with the bedrooms they come in, what they cost against a 2-bedroom flat, and how common they are.
_HOMES: tuple[tuple[Kind, int | None, float, int], ...] = (
    (Kind.APARTMENT, 1, 0.65, 8),
    (Kind.APARTMENT, 2, 1.0, 22),
    (Kind.APARTMENT, 3, 1.45, 24),
    (Kind.APARTMENT, 4, 2.0, 4),
    (Kind.MINI_FLAT, 1, 0.5, 12),
    (Kind.SELF_CONTAIN, 1, 0.3, 9),
    (Kind.STUDIO, 1, 0.45, 4),
    (Kind.SINGLE_ROOM, 1, 0.15, 3),
    (Kind.BQ, 1, 0.28, 2),
    (Kind.BUNGALOW, 3, 1.4, 5),
    (Kind.BUNGALOW, 4, 1.8, 2),
    (Kind.MAISONETTE, 3, 1.9, 2),
    (Kind.TERRACED_DUPLEX, 3, 1.9, 5),
    (Kind.TERRACED_DUPLEX, 4, 2.2, 8),
    (Kind.SEMI_DETACHED_DUPLEX, 4, 2.4, 8),
    (Kind.DETACHED_DUPLEX, 5, 3.2, 7),
    (Kind.DUPLEX, 4, 2.3, 4),
    (Kind.PENTHOUSE, 3, 3.0, 2),
    (Kind.BLOCK_OF_FLATS, None, 5.0, 2),
    (Kind.LAND, None, 1.4, 5),
    (Kind.SHOP, None, 0.8, 3),
    (Kind.OFFICE, None, 1.8, 3),
    (Kind.WAREHOUSE, None, 3.5, 2),
)
_CHEAP = (Kind.SINGLE_ROOM, Kind.SELF_CONTAIN)
_DEAR = (Kind.PENTHOUSE, Kind.MAISONETTE, Kind.TERRACED_DUPLEX, Kind.STUDIO)
_SOLD_ONLY = (Kind.LAND, Kind.BLOCK_OF_FLATS)
_STAYED_IN = (Kind.APARTMENT, Kind.STUDIO, Kind.PENTHOUSE, Kind.TERRACED_DUPLEX)
_YEARS_TO_BUY = 17


@dataclass(frozen=True, kw_only=True)
class Home:
    """A property of the demo, before it is a row. `age` is how long ago it was handed in."""

    ref: str
    area: Area
    agent: Person
    title: str
    kind: Kind
    listing_type: ListingType
    bedrooms: int | None
    bathrooms: int | None
    price: Decimal
    period: Period | None
    address: str
    latitude: float
    longitude: float
    amenities: tuple[str, ...]
    description: str
    status: PropertyStatus
    age: timedelta
    photos: int
    booking_rule: BookingRule
    access_notes: str

    @property
    def platform_id(self) -> str:
        """Inspector's id of it."""
        return f"demo-{self.ref}"


def homes() -> list[Home]:
    """All of them, in the order of their refs."""
    die = Random(1042)
    sites = [area for area in AREAS for _ in range(area.many)]
    die.shuffle(sites)
    made = []
    for number, area in enumerate(sites, FIRST_NUMBER):
        ref = f"PR-{number}"
        made.append(_bolas_flat(die) if ref == BOLAS_FLAT else _home(ref, area, die))
    return made


def _home(ref: str, area: Area, die: Random) -> Home:
    kind, bedrooms, factor = _kind(area, die)
    listing_type = _listing_type(kind, area, die)
    status = _status(listing_type, die)
    return _put_together(
        ref=ref,
        area=area,
        agent=_agent(area, die),
        kind=kind,
        listing_type=listing_type,
        bedrooms=bedrooms,
        factor=factor,
        status=status,
        die=die,
    )


def _bolas_flat(die: Random) -> Home:
    """The one that every guide and test of ours names."""
    lekki = next(area for area in AREAS if area.name == "Lekki Phase 1")
    return _put_together(
        ref=BOLAS_FLAT,
        area=lekki,
        agent=BOLA,
        kind=Kind.APARTMENT,
        listing_type=ListingType.RENT,
        bedrooms=3,
        factor=1.45,
        status=PropertyStatus.LIVE,
        die=die,
    )


def _put_together(
    *,
    ref: str,
    area: Area,
    agent: Person,
    kind: Kind,
    listing_type: ListingType,
    bedrooms: int | None,
    factor: float,
    status: PropertyStatus,
    die: Random,
) -> Home:
    has = amenities(kind=kind, listing_type=listing_type, level=area.level, die=die)
    period = {ListingType.RENT: Period.YEAR, ListingType.SHORTLET: Period.NIGHT}.get(listing_type)
    street = die.choice(streets(area.name))
    return Home(
        ref=ref,
        area=area,
        agent=agent,
        title=title(kind=kind, bedrooms=bedrooms, area=area.name, amenities=has, die=die),
        kind=kind,
        listing_type=listing_type,
        bedrooms=bedrooms,
        bathrooms=_bathrooms(bedrooms, die),
        price=_price(area, factor, listing_type, die),
        period=period,
        address=f"{die.randint(1, 96)} {street}, {area.name}",
        latitude=round(area.latitude + die.uniform(-0.006, 0.006), 6),
        longitude=round(area.longitude + die.uniform(-0.006, 0.006), 6),
        amenities=has,
        description=describe(
            kind=kind, area=area.name, street=street, listing_type=listing_type, amenities=has, die=die
        ),
        status=status,
        age=timedelta(hours=die.randint(3, 24 * 75)),
        photos=die.choice([1, 2, 2, 3, 3]),
        booking_rule=BookingRule.ASK if ref in ASKED_FIRST else BookingRule.AUTOMATIC,
        access_notes=_ACCESS.get(ref, ""),
    )


def _kind(area: Area, die: Random) -> tuple[Kind, int | None, float]:
    fit = [
        home
        for home in _HOMES
        if not (home[0] in _CHEAP and area.level > 5) and not (home[0] in _DEAR and area.level < 2)
    ]
    kind, bedrooms, factor, _ = die.choices(fit, weights=[home[3] for home in fit])[0]
    return kind, bedrooms, factor


def _listing_type(kind: Kind, area: Area, die: Random) -> ListingType:
    if kind in _SOLD_ONLY:
        return ListingType.SALE
    if kind in _STAYED_IN and area.level >= 3 and die.random() < 0.18:
        return ListingType.SHORTLET
    house = "duplex" in kind or kind in (Kind.BUNGALOW, Kind.PENTHOUSE, Kind.MAISONETTE)
    return ListingType.SALE if die.random() < (0.5 if house else 0.08) else ListingType.RENT


def _status(listing_type: ListingType, die: Random) -> PropertyStatus:
    gone = PropertyStatus.SOLD if listing_type == ListingType.SALE else PropertyStatus.LET
    others = [gone, PropertyStatus.UNAVAILABLE, PropertyStatus.PENDING]
    return die.choices([PropertyStatus.LIVE, *others], weights=[88, 6, 3, 3])[0]


def _agent(area: Area, die: Random) -> Person:
    """Agents work in one city; Bola on the Island, and more than most."""
    names = {
        "Abuja": ("Ibrahim Sule", "Halima Bello", "Musa Danjuma", "Zainab Yusuf"),
        "Port Harcourt": ("Tamuno George", "Uche Anyanwu"),
        "Ibadan": ("Dayo Akinola",),
        "Enugu": ("Ifeoma Chukwu", "Uche Anyanwu"),
        "Benin City": ("Osaze Igbinedion",),
    }
    elsewhere = {name for local in names.values() for name in local}
    local = [agent for agent in AGENTS if agent.name in names.get(area.city, ())]
    if area.name in ("Lekki Phase 1", "Ikate", "Oniru"):
        local = [BOLA, BOLA]
    return die.choice(local or [agent for agent in AGENTS if agent.name not in elsewhere])


def _bathrooms(bedrooms: int | None, die: Random) -> int | None:
    return None if bedrooms is None else max(1, bedrooms + die.choice([-1, 0, 0, 1 if bedrooms > 1 else 0]))


def _price(area: Area, factor: float, listing_type: ListingType, die: Random) -> Decimal:
    """In naira: a year's rent, what it sells for, or a night's stay; in steps that people ask for."""
    rent = area.level * factor * 1_000_000 * die.uniform(0.85, 1.2)
    match listing_type:
        case ListingType.SALE:
            amount = rent * _YEARS_TO_BUY
        case ListingType.SHORTLET:
            amount = rent / 75
        case ListingType.RENT:
            amount = rent
    steps = [(100_000, 5_000), (1_000_000, 10_000), (3_000_000, 50_000), (10_000_000, 250_000)]
    steps += [(100_000_000, 1_000_000)]
    step = next((step for below, step in steps if amount < below), 5_000_000)
    return Decimal(max(step, round(amount / step) * step))
