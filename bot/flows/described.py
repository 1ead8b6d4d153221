"""What is said of a property, item by item: the questions in their order, and what the answers make."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from bot import matching
from bot.amounts import Price
from bot.flows.property_words import AMENITY_WORDS_ALSO, OFFER_WORDS, kind_words
from bot.models import Upload
from bot.questions import (
    NotUnderstood,
    Option,
    Question,
    at_most,
    choice,
    gather,
    number,
    optional_text,
    text,
)
from bot.questions.places import Spot, where
from bot.questions.prices import asking_price
from bot.questions.several import several
from bot.scripts import Person
from inspector_whatsapp.listings import Place, Submission
from inspector_whatsapp.models import Language, Property
from inspector_whatsapp.models.listings import AMENITIES, AMENITY_WORDS, Kind, ListingType, Period
from inspector_whatsapp.words import LazyText, Reader, Words, join, put, say

T = TypeVar("T")

MOST_PHOTOS = 10
MOST_ROOMS = 20
LONGEST_ADDRESS, LONGEST_DESCRIPTION = 200, 2000  # characters

NO_BEDROOMS = {Kind.LAND, Kind.SHOP, Kind.OFFICE, Kind.WAREHOUSE, Kind.BLOCK_OF_FLATS}
ONE_BEDROOM = {Kind.SELF_CONTAIN, Kind.MINI_FLAT, Kind.STUDIO, Kind.SINGLE_ROOM, Kind.BQ}
OWN_BATHROOM = {Kind.SELF_CONTAIN, Kind.MINI_FLAT, Kind.STUDIO}  # one, by what they are


NO_PRICE, NOWHERE = Price(0), Spot(None)


@dataclass(frozen=True)
class Sketch:
    """A property as far as it has been described. given: the names of the items that are answered."""

    kind: Kind = Kind.APARTMENT
    offer: ListingType = ListingType.RENT
    price: Price = NO_PRICE
    bedrooms: int | None = None
    bathrooms: int | None = None
    area: Spot = NOWHERE
    area_name: Spot = NOWHERE
    address: str = ""
    amenities: list[str] = field(default_factory=list)
    description: str | None = None
    photos: list[Upload] = field(default_factory=list)
    given: frozenset[str] = frozenset()

    def having(self, name: str, value: Any) -> "Sketch":
        """With one item answered. What was answered before stays, but for what hangs on that item."""
        hanging = {"offer": {"price"}, "area": {"area_name"}}.get(name, set())
        return replace(self, **{name: value}, given=(self.given - hanging) | {name})

    @property
    def has_bedrooms(self) -> bool:
        """Whether it comes with any number of them."""
        return self.kind not in NO_BEDROOMS | ONE_BEDROOM

    @property
    def place(self) -> Place:
        """Its area; the one that was typed where a pin was in none."""
        place = self.area.place or self.area_name.place
        assert place is not None, "an area without a name was not asked for"
        return place

    def submission(self) -> Submission:
        """As Inspector takes it; without what does not go with its kind."""
        bedrooms = self.bedrooms if self.has_bedrooms else None
        bathrooms = self.bathrooms if self.has_bedrooms else None
        pin = self.area.pin
        return Submission(
            kind=self.kind,
            listing_type=self.offer,
            price=Decimal(self.price.amount),
            period=Period(self.price.period) if self.price.period else None,
            bedrooms=1 if self.kind in ONE_BEDROOM else bedrooms,
            bathrooms=1 if self.kind in OWN_BATHROOM else bathrooms,
            area=self.place.area,
            city=self.place.city,
            state=self.place.state,
            address=self.address,
            latitude=pin[0] if pin else None,
            longitude=pin[1] if pin else None,
            amenities=tuple(self.amenities),
            description=self.description or "",
        )


def preview(sketch: Sketch) -> Words:
    """The card of a property that is not yet one."""
    fields = sketch.submission()
    property = Property(
        kind=fields.kind,
        listing_type=fields.listing_type,
        bedrooms=fields.bedrooms,
        price=fields.price,
        period=fields.period or "",
        area=fields.area,
        city=fields.city,
        address=fields.address,
        amenities=list(fields.amenities),
    )
    baths, photos = fields.bathrooms, len(sketch.photos)
    return join(
        say("*{property:short}*", property=property),
        say(_("{property:price} · {property:offer}"), property=property),
        say("{property:address}", property=property),
        say(ngettext_lazy("{count} bathroom", "{count} bathrooms", baths), count=baths) if baths else say(""),
        say("{property:amenities}", property=property),
        say("{text}", text=fields.description[:300]),
        say(ngettext_lazy("{count} photo", "{count} photos", photos), count=photos)
        if photos
        else say(_("No photos")),
        say(_("With a map pin")) if sketch.area.pin else say(""),
    )


# --- the items --------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Item:
    """Something to say of a property. `name` is kept with drafts: it never changes meaning.

    fits: whether it makes sense for this property. also: other words for it.
    """

    name: str
    title: Words
    question: Callable[[Person, Sketch], Question[Any]]
    also: tuple[str, ...] = ()
    fits: Callable[[Sketch], bool] = lambda sketch: True


def _kind(person: Person, sketch: Sketch) -> Question[Any]:
    words = say(_("What kind of property is it?"))
    first = say(_("I'll ask one thing at a time. You can stop and go on later: I keep it for 7 days."))
    return choice(
        words if sketch.given else join(first, words, separator="\n\n"),
        list(Kind),
        option=lambda kind: Option(kind.value, say("{kind}", kind=kind.label), also=kind_words(kind)),
        typed=lambda typed: named(typed, list(Kind), lambda kind: (*titles(kind.label), *kind_words(kind))),
        hint=say(_("I don't know that kind. Type it like *flat*, *duplex* or *land*, or tap it.")),
        brief=words,
    )


def _offer(person: Person, sketch: Sketch) -> Question[Any]:
    return choice(
        say(_("What is on offer?")),
        list(ListingType),
        option=lambda offer: Option(offer.value, say("{offer}", offer=offer.label), also=OFFER_WORDS[offer]),
        typed=lambda typed: named(
            typed, list(ListingType), lambda offer: (*titles(offer.label), *OFFER_WORDS[offer])
        ),
    )


def _price(person: Person, sketch: Sketch) -> Question[Any]:
    match sketch.offer:
        case ListingType.RENT:
            words = say(_("What is the rent for a year? Type it like *3.5m*, or *200k per month*."))
        case ListingType.SHORTLET:
            words = say(_("What does a night cost? Type it like *50k*, or *1m per month*."))
        case ListingType.SALE:
            words = say(_("What is the price? Type it like *85m* or *₦120,000,000*."))
    return asking_price(words, offer=sketch.offer)


def _bedrooms(person: Person, sketch: Sketch) -> Question[Any]:
    return number(say(_("How many bedrooms?")), least=1, most=MOST_ROOMS)


def _bathrooms(person: Person, sketch: Sketch) -> Question[Any]:
    return number(say(_("How many bathrooms?")), least=1, most=MOST_ROOMS)


def _area(person: Person, sketch: Sketch) -> Question[Any]:
    return where(say(_("Which area is it in? Type it, like *Yaba*, or send a location pin.")))


def _area_name(person: Person, sketch: Sketch) -> Question[Any]:
    return where(say(_("I have the pin. What is the area called? Type it, like *Yaba*.")))


def _address(person: Person, sketch: Sketch) -> Question[Any]:
    return text(
        say(_("What is the address in {area}? Type it like *12 Admiralty Way*."), area=sketch.place.area),
        check=_an_address,
    )


def _an_address(typed: str) -> str:
    address = " ".join(at_most(LONGEST_ADDRESS)(typed).split())
    if len(address) < 5 or not any(map(str.isalpha, address)):
        raise NotUnderstood(say(_("Please type the house and the street, like *12 Admiralty Way*.")))
    return address


def _amenities(person: Person, sketch: Sketch) -> Question[Any]:
    return several(
        say(
            _("What does it have? Type it all in one go, like *parking, water, security*, or tap one by one.")
        ),
        AMENITIES,
        option=_amenity,
        chosen=sketch.amenities,
    )


def _amenity(name: str) -> Option:
    return Option(name, say("{word}", word=AMENITY_WORDS[name]), also=AMENITY_WORDS_ALSO.get(name, ()))


def _description(person: Person, sketch: Sketch) -> Question[Any]:
    return optional_text(
        say(_("Anything else worth knowing? Describe it in a few words.")), check=at_most(LONGEST_DESCRIPTION)
    )


def _photos(person: Person, sketch: Sketch) -> Question[Any]:
    asked = gather(
        say(_("Now send up to {most} photos, the best one first. All at once is fine."), most=MOST_PHOTOS),
        contact_id=person.contact.pk,
        most=MOST_PHOTOS,
    )
    return replace(asked, uploads=tuple(photo.pk for photo in sketch.photos))


def _is_without_area(sketch: Sketch) -> bool:
    return "area" in sketch.given and sketch.area.place is None


ITEMS = (
    Item("kind", say(_("Kind of property")), _kind, ("kind", "type")),
    Item("offer", say(_("Rent, sale or shortlet")), _offer, ("rent", "sale", "shortlet", "offer")),
    Item("price", say(_("Price")), _price, ("price", "amount", "money", "cost")),
    Item(
        "bedrooms",
        say(_("Bedrooms")),
        _bedrooms,
        ("bedroom", "rooms", "beds"),
        lambda sketch: sketch.has_bedrooms,
    ),
    Item(
        "bathrooms",
        say(_("Bathrooms")),
        _bathrooms,
        ("bathroom", "toilets", "toilet", "baths"),
        lambda sketch: sketch.has_bedrooms,
    ),
    Item("area", say(_("Area")), _area, ("location", "pin", "map")),
    Item("area_name", say(_("Name of the area")), _area_name, (), _is_without_area),
    Item("address", say(_("Address")), _address, ("street", "house number")),
    Item("amenities", say(_("What it has")), _amenities, ("amenities", "features", "facilities")),
    Item("description", say(_("Description")), _description, ("describe", "details", "text")),
    Item("photos", say(_("Photos")), _photos, ("photo", "pictures", "picture", "images", "pics")),
)


def named(words: str, items: Sequence[T], labels: Callable[[T], Sequence[str]]) -> list[T]:
    """The items that somebody speaks of, whether or not they are on the screen; several when unsure."""
    if matching.number(words) is not None:
        return []
    known = [labels(item) for item in items]
    match matching.exactly(words, known) or matching.mentioned(words, known) or matching.pick(words, known):
        case matching.Picked(index):
            return [items[index]]
        case matching.Unsure(indexes):
            return [items[index] for index in indexes]
    return []


def titles(title: Words | LazyText) -> list[str]:
    """A title in every language: what it names need not be on the screen."""
    return [put(title, Reader(language=language)) for language in Language.values]
