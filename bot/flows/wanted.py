"""What somebody looks for: an area, a kind, bedrooms and a budget, asked one after the other."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from bot import matching
from bot.amounts import Between, between_in
from bot.flows.cards import OFF_OFFER
from bot.questions import Choice, Gone, NotUnderstood, Option, Prompt, Question, no_words
from bot.questions.base import Shown
from bot.said import Said
from bot.scripts import Person, ask
from inspector_whatsapp import listings
from inspector_whatsapp.cloud_api import events
from inspector_whatsapp.listings import Criteria, gazetteer
from inspector_whatsapp.models import Property
from inspector_whatsapp.models.listings import Kind
from inspector_whatsapp.words import say

ANY = "any"
WITHOUT_BEDROOMS = {Kind.LAND, Kind.SHOP, Kind.OFFICE, Kind.WAREHOUSE, Kind.SINGLE_ROOM, Kind.STUDIO}
MANY_BEDROOMS = 4  # and more


@dataclass(frozen=True)
class Place:
    """Where to look: an area, a city, anywhere (no name), or one property that was named.

    wide: it takes in several areas. empty: nothing was on offer there when it was named. near: found by a
    location that was sent.
    """

    name: str = ""
    count: int = 0
    property: Property | None = None
    wide: bool = False
    empty: bool = False
    near: bool = False

    def criteria(self) -> Criteria:
        """A search there."""
        if self.name in gazetteer.data()["cities"]:
            return Criteria(cities=(self.name,))
        return Criteria(areas=(self.name,) if self.name else ())

    def within(self, criteria: Criteria) -> Criteria:
        """The same search there."""
        return replace(criteria, areas=self.criteria().areas, cities=self.criteria().cities)


def ask_wanted(
    person: Person, *, for_later: bool = False
) -> Generator[Any, Any, tuple[Criteria, Place] | Property]:
    """Ask until it is known what they look for; a property that was named by its ref or link ends it.

    for_later: what isn't on offer today may be wanted too, at a place that is named.
    """
    place = yield from ask("where", where(person, anywhere=not for_later))
    if place.property is not None:
        return place.property
    if place.empty and not for_later:
        return place.criteria(), place
    kind = yield from ask("kind", ask_kind(Place() if for_later else place))
    bedrooms = None
    if kind not in WITHOUT_BEDROOMS:
        bedrooms = yield from ask("bedrooms", ask_bedrooms())
    budget = yield from ask(
        "budget",
        Budget(words=say(_("What is your budget? Type it like *2.5m*, *800k* or *1m to 2m*."))),
    )
    least, most = fixed_bedrooms(bedrooms)
    criteria = Criteria(
        kinds=(kind,) if kind else (),
        bedrooms_min=least,
        bedrooms_max=most,
        price_min=budget.least,
        price_max=budget.most,
    )
    return place.within(criteria), place


# --- where ------------------------------------------------------------------------------------------------
EMPTY = "empty:"
NEAR = "near:"
MOST_GUESSES = 3
REF = "ref:"


@dataclass(frozen=True, kw_only=True)
class Where(Choice[Place]):
    """An area, a location on the map, or a property's ref or link.

    anywhere: whether no place will do as well.
    """

    person: Person
    anywhere: bool

    def hear(self, said: Said, value: str | None, shown: Shown) -> Any:
        if isinstance(said.content, events.LocationSent):
            near = listings.place_near(said.content.latitude, said.content.longitude)
            if near is None:
                raise NotUnderstood(say(_("I know no property near that place. Type an area instead.")))
            return f"{NEAR}{near.area}"
        return super().hear(said, value, shown)

    def read(self, kept: Any) -> Place:
        named = str(kept)
        if named == ANY and not self.anywhere:
            raise Gone(say(NEEDS_A_PLACE))
        if named == ANY:
            return Place()
        if named.startswith(NEAR):
            return Place(named.removeprefix(NEAR), near=True)
        if named.startswith(EMPTY):
            return Place(named.removeprefix(EMPTY), empty=True)
        if not named.startswith(REF):
            return Place(named)  # whether anything is on offer there, the search says
        property = listings.by_ref(named.removeprefix(REF), viewer=self.person.account)
        if property is None:
            raise Gone(OFF_OFFER)
        return Place(property=property)


UNKNOWN_PLACE = _("I don't know that place. Try another one, like *Lekki* or *Wuse*, or send a location.")
NEEDS_A_PLACE = _("An alert is for an area or a city. Type one, like *Lekki* or *Abuja*, or send a location.")


def where(person: Person, *, anywhere: bool) -> Where:
    """Ask for a place, or, where that is enough, for none."""

    def areas() -> list[Place]:
        found = [Place(area, count) for area, count in listings.areas_with_counts()]
        return [*found[:6], *([Place()] if anywhere else []), *found[6:]]

    def typed(words: str) -> Sequence[Place]:
        named = by_ref(words, person)
        if named:
            return [Place(property=named[0])]
        known = {place.name: place for place in areas() if place.name}
        meant = listings.places(words)
        found = [known[area] for area in meant if area in known]
        if len(found) == 1:
            return found
        everywhere = [each.area for each in listings.place_named(words)]
        if not found:
            is_plain = everywhere and gazetteer.plain(words) == gazetteer.plain(everywhere[0])
            return [Place(name, empty=True) for name in everywhere[: 1 if is_plain else MOST_GUESSES]]
        cities = [name for name in everywhere[:1] if name in gazetteer.data()["cities"]]
        wide = [name for name in (*cities, *meant) if name not in known]
        return [*(Place(name, wide=True) for name in dict.fromkeys(wide)), *found]

    return Where(
        words=say(_("Which area? Pick one or type it. A property's ref or link works too.")),
        items=areas,
        option=_place_option,
        typed=typed,
        gone=say(_("There is nothing on offer there any more.")),
        hint=say(UNKNOWN_PLACE if anywhere else NEEDS_A_PLACE),
        person=person,
        anywhere=anywhere,
    )


def _place_option(place: Place) -> Option:
    if place.property is not None:
        return Option(f"{REF}{place.property.ref}", say("{property}", property=place.property))
    if not place.name:
        return Option(ANY, say(_("Anywhere")), also=("any", "all", "everywhere"))
    if place.wide:
        return Option(place.name, say(_("All of {area}"), area=place.name), also=("all", "anywhere"))
    if place.empty:
        return Option(f"{EMPTY}{place.name}", say("{area}", area=place.name))
    count = say(ngettext_lazy("{count} property", "{count} properties", place.count), count=place.count)
    return Option(place.name, say("{area}", area=place.name), count if place.count else None)


def by_ref(words: str, person: Person) -> list[Property]:
    """The property that the words name, if any."""
    property = listings.by_ref(words, viewer=person.account)
    return [property] if property is not None else []


# --- what -------------------------------------------------------------------------------------------------
@dataclass(frozen=True, kw_only=True)
class OrAny(Choice[Any]):
    """A choice whose first item is *any*, read as None."""

    def read(self, kept: Any) -> Any:
        return None if kept == ANY else super().read(kept)


@dataclass(frozen=True, kw_only=True)
class KindOrAny(OrAny):
    """A kind of property; whether any is on offer, the search says."""

    def read(self, kept: Any) -> Any:
        if kept != ANY and kept not in Kind.values:
            raise Gone(self.gone)
        return None if kept == ANY else kept


def ask_kind(place: Place) -> KindOrAny:
    def there() -> list[str]:
        found = listings.search(place.criteria())
        kinds = set(found.order_by().values_list("kind", flat=True).distinct())
        return [ANY, *[kind for kind in Kind.values if kind in kinds]]

    return KindOrAny(
        words=say(_("That is near {area}. What kind of property?"), area=place.name)
        if place.near
        else say(_("What kind of property?")),
        items=there,
        option=_kind_option,
        typed=_kinds_named,
        gone=say(_("There is none of that kind there any more.")),
    )


def _kind_option(kind: str) -> Option:
    if kind == ANY:
        return Option(ANY, say(_("Any kind")), also=("any", "all", "house", "home"))
    return Option(kind, say("{kind}", kind=Kind(kind).label), also=KIND_WORDS.get(kind, ()))


def _kinds_named(words: str) -> list[str]:
    """The kinds that are spoken of, on offer there or not: "semi detached duplex" is no other duplex."""
    names = [
        [
            matching.folded(label).replace("-", " ")
            for label in (str(Kind(kind).label), *KIND_WORDS.get(kind, ()))
        ]
        for kind in Kind.values
    ]
    wanted = matching.folded(words).replace("-", " ")
    exact = [kind for kind, own in zip(Kind.values, names, strict=True) if wanted in own]
    if exact or matching.refuses(words):
        return exact
    match matching.mentioned(wanted, names):
        case matching.Picked(index):
            return [Kind.values[index]]
        case matching.Unsure(indexes):
            return [Kind.values[index] for index in indexes]
    return []


KIND_WORDS: dict[str, tuple[str, ...]] = {
    Kind.APARTMENT: ("apartment", "flats"),
    Kind.SELF_CONTAIN: ("self con", "selfcon", "self contained"),
    Kind.MINI_FLAT: ("room and parlour", "miniflat"),
    Kind.LAND: ("plot",),
    Kind.BQ: ("bq",),
}


def ask_bedrooms() -> OrAny:
    return OrAny(
        words=say(_("How many bedrooms?")),
        items=[1, 2, 3, MANY_BEDROOMS, ANY],  # in this order a digit means itself
        option=_bedroom_option,
        gone=say(_("How many bedrooms?")),
    )


def fixed_bedrooms(number: int | None) -> tuple[int | None, int | None]:
    """The least and the most that a number of the question means."""
    return number, number if number is not None and number < MANY_BEDROOMS else None


def _bedroom_option(number: Any) -> Option:
    if number == ANY:
        return Option(ANY, say(_("Any number")), also=("any",))
    many = number == MANY_BEDROOMS
    words = _("4 or more") if many else ngettext_lazy("{number} bedroom", "{number} bedrooms", number)
    return Option(str(number), say(words, number=number), also=(f"{number} bed", f"{number} beds"))


@dataclass(frozen=True, kw_only=True)
class Budget(Question[Between]):
    """What may be paid, in naira: at most, at least, or between; no bounds when it doesn't matter.

    Kept as `any`, the most, or a pair.
    """

    def prompt(self, page: int) -> Prompt:
        return Prompt(self.words, (Option(ANY, say(_("Any price")), also=("any", "no limit", "skip")),))

    def hear(self, said: Said, value: str | None, shown: Shown) -> Any:
        if value is None and not said.is_words:
            raise NotUnderstood(no_words(said))
        if value == ANY or (value is None and shown.pick(said.text) == ANY):
            return ANY
        prices = between_in(said.text) if value is None else None
        if prices is None:
            raise NotUnderstood(
                say(_("I couldn't read that as a price. Type it like *2.5m*, *800k* or *1m to 2m*."))
            )
        return prices.most if prices.least is None else [prices.least, prices.most]

    def read(self, kept: Any) -> Between:
        if kept == ANY:
            return Between()
        return Between(*kept) if isinstance(kept, list) else Between(None, int(kept))
