"""What somebody looks for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal

from inspector_whatsapp.inspections.free import Viewing
from inspector_whatsapp.listings import gazetteer

Sort = Literal["newest", "price_asc", "price_desc"]
Sight = Literal["area", "city", "state", ""]


@dataclass(frozen=True, kw_only=True)
class Criteria:
    """What somebody looks for; what is left out does not matter.

    `areas` are canonical names; a wider one ("Lekki", "Mainland") takes in its parts. Places are alternatives
    to one another, but for a city or state that holds one of the areas: it says which one is meant (see
    `spots`). Prices are in `currency`, as the listing states them: per `period` when that is named. `viewing`
    asks for a free place at such a time.
    """

    areas: tuple[str, ...] = ()
    areas_excluded: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    street: str = ""
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
    viewing: Viewing | None = None
    sort: Sort = "newest"

    @property
    def names_a_place(self) -> bool:
        return bool(self.areas or self.cities or self.states or self.street)

    def without(self, *names: str) -> "Criteria":
        """The same without the wishes of these names."""
        nothing: dict[str, Any] = vars(Criteria())
        return replace(self, **{name: nothing[name] for name in names})


@dataclass(frozen=True)
class Spot:
    """One place to look through; several are alternatives. Within `cities` and `states`, if any are named."""

    sight: Sight = ""
    name: str = ""
    cities: tuple[str, ...] = ()
    states: tuple[str, ...] = ()


def spots(criteria: Criteria) -> list[Spot]:
    """Where a search looks: one spot without a name where no place was named, none where nothing is left."""
    c = criteria
    excluded = gazetteer.widened(c.areas_excluded)
    areas = [area for area in gazetteer.widened(c.areas) if area not in excluded]
    cities = [city for city in c.cities if not _holds_one(city, c.areas, 0)]
    states = [state for state in c.states if not _holds_one(state, (*c.areas, *c.cities), 1)]
    # Of two areas of one name the city tells which; where the gazetteer's own lie is known.
    found = [
        Spot("area", area) if _where(area) else Spot("area", area, c.cities, c.states)
        for area in sorted(areas, key=lambda area: _where(area) is None)
    ]
    found += [Spot("city", city) for city in cities]
    found += [Spot("state", state) for state in states]
    return found or ([] if c.areas else [Spot()])


def _where(name: str) -> tuple[str, str] | None:
    return gazetteer.place_of(name) or gazetteer.place_of_group(name)


def _holds_one(wide: str, names: Iterable[str], place: int) -> bool:
    """Whether one of the names lies in a city (or state, place 1); one that isn't known may lie in any."""
    places = map(_where, names)
    return any(where is None or where[place] == wide for where in places)


def relaxed(criteria: Criteria) -> Iterator[tuple[str, str, Criteria]]:
    """The same search with a single wish let go: which one, a name that it is about, and what is left.

    What is likelier given up comes first; at the end all wishes but the place.
    """
    c = criteria
    if c.price_min is not None or c.price_max is not None:
        cheapest: Sort = "price_desc" if c.price_max is None else "price_asc"
        yield "price", "", replace(c.without("price_min", "price_max", "currency", "period"), sort=cheapest)
    elif c.period:
        yield "period", "", c.without("period")
    if c.viewing is not None:
        yield "days", "", c.without("viewing")
    yield from _elsewhere(c)
    if c.street:
        yield "street", c.street, c.without("street")
    if c.bedrooms_min is not None or c.bedrooms_max is not None:
        yield "bedrooms", "", c.without("bedrooms_min", "bedrooms_max")
    if c.bathrooms_min is not None:
        yield "bathrooms", "", c.without("bathrooms_min")
    if c.kinds:
        yield "kind", "", c.without("kinds")
    if c.kinds_excluded:
        yield "kinds_excluded", _only(c.kinds_excluded), c.without("kinds_excluded")
    if c.listing_type:
        yield "offer", "", c.without("listing_type", "period")
    if c.amenities:
        yield "amenities", _only(c.amenities), c.without("amenities")
    if c.amenities_excluded:
        yield "amenities_excluded", _only(c.amenities_excluded), c.without("amenities_excluded")
    if c.areas_excluded:
        yield "areas_excluded", _only(c.areas_excluded), c.without("areas_excluded")
    there = Criteria(areas=c.areas, cities=c.cities, states=c.states)
    if replace(c, sort="newest") not in (there, Criteria()):
        yield "all", _only((*c.areas, *c.cities, *c.states)), there


def _elsewhere(c: Criteria) -> Iterator[tuple[str, str, Criteria]]:
    """A wider place: the wider areas of a single one, its city; anywhere."""
    if len(c.areas) == 1:
        wider = gazetteer.taking_in(c.areas[0])[1:]
        where = _where(c.areas[0])
        smallest = sorted(wider, key=lambda name: len(gazetteer.parts_of(name)))
        for name in smallest[:1]:
            yield "area", name, replace(c, areas=(name,))
        if where is not None and where[0] not in (c.areas[0], *c.cities):
            yield "city", where[0], replace(c, areas=(), cities=(where[0],))
        elif c.cities:
            yield "city", _only(c.cities), c.without("areas")
    elif c.areas or c.cities or c.states:
        yield "place", "", c.without("areas", "cities", "states")


def _only(names: Iterable[str]) -> str:
    """The name, where there is but one."""
    several = list(names)
    return several[0] if len(several) == 1 else ""
