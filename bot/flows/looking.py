"""Looking for a property: what the website shows to everyone, linked or not."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from bot.amounts import amount_in
from bot.questions import Choice, Gone, NotUnderstood, Option, Prompt, Question, choice
from bot.questions.base import Shown
from bot.said import Said
from bot.scripts import Person, Script, Suggestion, again, ask, flow, last
from inspector_whatsapp import listings
from inspector_whatsapp.labels import money
from inspector_whatsapp.listings import Criteria
from inspector_whatsapp.models import Property
from inspector_whatsapp.models.listings import Kind
from inspector_whatsapp.words import Address, Words, join, say

ANY = "any"
WITHOUT_BEDROOMS = {Kind.LAND, Kind.SHOP, Kind.OFFICE, Kind.WAREHOUSE, Kind.SINGLE_ROOM, Kind.STUDIO}


@flow("look_around", needs_account=False)
def look_around(person: Person) -> Script:
    """Somebody looks for a property."""
    property = yield from find_property(person)
    return (yield from show_card(person, property, from_results=True))


@flow("property", needs_account=False)
def one_property(person: Person) -> Script:
    """Somebody named a property by its ref or link."""
    property = listings.by_ref(person.argument, viewer=person.account)
    if property is None:
        return last(say(_("I can't find that property, or it is no longer on offer.")), LOOK_ON)
    return (yield from show_card(person, property, from_results=False))


LOOK_ON = Suggestion(say(_("Look around")), "look_around")


def find_property(person: Person) -> Generator[Any, Any, Property]:
    """Ask until one property is picked: an area, kind, bedrooms and budget; or a ref or link at once."""
    place = yield from ask("where", _where(person))
    if place.property is not None:
        return place.property
    kind = yield from ask("kind", _kinds(place))
    bedrooms = None
    if kind not in WITHOUT_BEDROOMS:
        bedrooms = yield from ask("bedrooms", _bedrooms())
    budget = yield from ask(
        "budget", Budget(words=say(_("What is your budget? Type it like *2.5m* or *800k*.")))
    )
    found = listings.search(
        Criteria(
            areas=(place.area,) if place.area else (),
            kinds=(kind,) if kind else (),
            bedrooms_min=bedrooms,
            bedrooms_max=bedrooms if bedrooms and bedrooms < 4 else None,
            price_max=budget,
        )
    )
    if not found.exists():
        yield from _nothing_found()
    return (
        yield from ask(
            "property",
            Results(
                words=say(_("Here is what I found, newest first. Which one?"))
                if budget is None
                else say(
                    _("Here is what I found up to {budget}, newest first. Which one?"),
                    budget=money(Decimal(budget), "NGN"),
                ),
                items=found,
                option=property_option,
                typed=lambda words: _by_ref(words, person),
                gone=say(_("That property is no longer on offer.")),
                person=person,
            ),
        )
    )


@dataclass(frozen=True, kw_only=True)
class Results(Choice[Property]):
    """Properties that were found; one that is named by its ref may be any other."""

    person: Person

    def read(self, kept: Any) -> Property:
        property = listings.by_ref(str(kept), viewer=self.person.account)
        if property is None:
            raise Gone(self.gone)
        return property


def _nothing_found() -> Generator[Any, Any, None]:
    """Nothing fits: which wish to change. Goes round, so it never returns."""
    wish = yield from ask(
        "instead",
        choice(
            say(_("I found nothing like that. What shall we change?")),
            [
                ("budget", say(_("The budget"))),
                ("bedrooms", say(_("The bedrooms"))),
                ("kind", say(_("The kind"))),
                ("where", say(_("The area"))),
            ],
            option=lambda pair: Option(pair[0], pair[1]),
        ),
    )
    yield from again("kind" if wish[0] == "bedrooms" else wish[0])


def show_card(person: Person, property: Property, *, from_results: bool) -> Script:
    """A property with its photo, and what can be done with it."""
    saved = (
        person.account is not None
        and property.interests.filter(seeker=person.account, removed_at=None).exists()
    )
    options = [
        ("book", say(_("Book an inspection"))),
        ("remove", say(_("Remove"))) if saved else ("save", say(_("Save"))),
        *([("results", say(_("Back to results")))] if from_results else []),
    ]
    face = listings.face(property)
    chosen = yield from ask(
        "do",
        choice(
            card(property),
            options,
            option=lambda pair: Option(
                pair[0], pair[1], also=ALSO.get(pair[0], ()), starts=_leads_to(pair[0], property)
            ),
            photo=(face.image.name or "") if face else "",
        ),
    )
    if chosen[0] == "results":
        yield from again("property" if person.argument == "" else "do")
    if chosen[0] == "book":
        return last(
            say(_("Let's book {property}."), property=property), then="book_inspection", argument=property.ref
        )
    if person.account is None:
        return last(say(_("I'll keep it for you.")), then="save", argument=property.ref)
    return last(say(""), then="save" if chosen[0] == "save" else "remove", argument=property.ref)


def _leads_to(chosen: str, property: Property) -> tuple[str, str] | None:
    flows = {"book": "book_inspection", "save": "save", "remove": "remove"}
    return (flows[chosen], property.ref) if chosen in flows else None


ALSO = {
    "book": ("book", "inspect", "visit"),
    "save": ("keep", "interested"),
    "results": ("results", "list", "others"),
}


def card(property: Property) -> Words:
    """What a property's card says."""
    about = [
        say(_("*{property:short}* · {property:ref}"), property=property),
        say(_("{property:price} · {property:offer}"), property=property),
        say("{property:address}", property=property),
    ]
    if property.amenities:
        about.append(say("{property:amenities}", property=property))
    if property.description:
        about.append(say("{text}", text=property.description[:300]))
    if property.url:
        about.append(say("{url}", url=Address(property.url)))
    return join(*about)


def property_option(property: Property) -> Option:
    """A property as a row."""
    return Option(
        property.ref,
        say("{property:kind}", property=property),
        say(_("{property:price} · {property:area} · {property:ref}"), property=property),
        also=(property.ref,),
    )


# --- where ------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Place:
    """Where to look: an area, anywhere (no area), or one property that was named."""

    area: str = ""
    count: int = 0
    property: Property | None = None


@dataclass(frozen=True, kw_only=True)
class Where(Choice[Place]):
    """An area with properties, or a property's ref or link."""

    person: Person

    def read(self, kept: Any) -> Place:
        ref = str(kept).removeprefix("ref:")
        if ref == kept:  # whether anything is on offer there, the search says
            return Place() if kept == ANY else Place(ref)
        property = listings.by_ref(ref, viewer=self.person.account)
        if property is None:
            raise Gone(say(_("That property is no longer on offer.")))
        return Place(property=property)


def _where(person: Person) -> Where:
    def areas() -> list[Place]:
        found = [Place(area, count) for area, count in listings.areas_with_counts()]
        return [*found[:6], Place(), *found[6:]]

    def typed(words: str) -> Sequence[Place]:
        named = _by_ref(words, person)
        if named:
            return [Place(property=named[0])]
        known = {place.area: place for place in areas() if place.area}
        return [known[area] for area in listings.places(words) if area in known]

    return Where(
        words=say(_("Which area? Pick one or type it. A property's ref or link works too.")),
        items=areas,
        option=_place_option,
        typed=typed,
        gone=say(_("There is nothing on offer there any more.")),
        hint=say(_("I know no property there. Try another area, like *Lekki*, *Yaba* or *Wuse*.")),
        person=person,
    )


def _place_option(place: Place) -> Option:
    if place.property is not None:
        return Option(f"ref:{place.property.ref}", say("{property}", property=place.property))
    if not place.area:
        return Option(ANY, say(_("Anywhere")), also=("any", "all", "everywhere"))
    count = say(ngettext_lazy("{count} property", "{count} properties", place.count), count=place.count)
    return Option(place.area, say("{area}", area=place.area), count if place.count else None)


def _by_ref(words: str, person: Person) -> list[Property]:
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


def _kinds(place: Place) -> KindOrAny:
    def there() -> list[str]:
        found = listings.search(Criteria(areas=(place.area,) if place.area else ()))
        kinds = set(found.order_by().values_list("kind", flat=True).distinct())
        return [ANY, *[kind for kind in Kind.values if kind in kinds]]

    return KindOrAny(
        words=say(_("What kind of property?")),
        items=there,
        option=lambda kind: (
            Option(ANY, say(_("Any kind")), also=("any", "all", "house", "home"))
            if kind == ANY
            else Option(kind, say("{kind}", kind=Kind(kind).label), also=KIND_WORDS.get(kind, ()))
        ),
        gone=say(_("There is none of that kind there any more.")),
    )


KIND_WORDS = {
    Kind.APARTMENT: ("apartment", "flats"),
    Kind.SELF_CONTAIN: ("self con", "selfcon", "self contained"),
    Kind.MINI_FLAT: ("room and parlour", "miniflat"),
    Kind.LAND: ("plot",),
    Kind.BQ: ("bq",),
}


def _bedrooms() -> OrAny:
    return OrAny(
        words=say(_("How many bedrooms?")),
        items=[1, 2, 3, 4, ANY],  # in this order a digit means itself
        option=_bedroom_option,
        gone=say(_("How many bedrooms?")),
    )


def _bedroom_option(number: Any) -> Option:
    if number == ANY:
        return Option(ANY, say(_("Any number")), also=("any",))
    words = _("4 or more") if number == 4 else ngettext_lazy("{number} bedroom", "{number} bedrooms", number)
    return Option(str(number), say(words, number=number), also=(f"{number} bed", f"{number} beds"))


@dataclass(frozen=True, kw_only=True)
class Budget(Question["int | None"]):
    """The most to be paid, in naira; None: it doesn't matter."""

    def prompt(self, page: int) -> Prompt:
        return Prompt(self.words, (Option(ANY, say(_("Any price")), also=("any", "no limit", "skip")),))

    def hear(self, said: Said, value: str | None, shown: Shown) -> Any:
        if value == ANY or (value is None and said.is_words and shown.pick(said.text) == ANY):
            return ANY
        amount = amount_in(said.text) if value is None and said.is_words else None
        if amount is None:
            raise NotUnderstood(
                say(_("I couldn't read that as a price. Type it like *2.5m*, *800k* or *1,200,000*."))
            )
        return amount

    def read(self, kept: Any) -> int | None:
        return None if kept == ANY else int(kept)
