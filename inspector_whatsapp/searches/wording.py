"""How wishes read."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from inspector_whatsapp.labels import money
from inspector_whatsapp.listings import Criteria, spots
from inspector_whatsapp.models.listings import AMENITY_WORDS, Kind, ListingType, Period
from inspector_whatsapp.words import LazyText, Words, join, say

_MOST = 3  # names of a kind; the others are counted


def describe(criteria: Criteria) -> Words:
    """`2-bedroom flat for rent in Yaba, up to ₦1,000,000`"""
    c = criteria
    what = _offered(_sized(_sought(c), c), c)
    places = [_plain(spot) for spot in named(c)]
    if places:
        what = say(_("{what} in {place}"), what=what, place=either(places))
    return join(what, *besides(c), separator=", ")


def named(c: Criteria) -> Sequence[str]:
    """The places where it is looked, as they were named; those that only say where these lie are left out."""
    apart = [spot.name for spot in spots(c) if spot.sight in ("city", "state")]
    return (*c.areas, *apart)


def _sought(c: Criteria) -> Words:
    if c.kinds:
        return kinds(c.kinds)
    if c.bedrooms_min is None and c.bedrooms_max is None:
        return say(_("any property"))
    return say(_("home"))


def _sized(what: Words, c: Criteria) -> Words:
    least, most = c.bedrooms_min, c.bedrooms_max
    words: LazyText
    if least is not None and least == most:
        words = _("{least}-bedroom {what}")
    elif least is not None and most is not None:
        words = _("{what} with {least} to {most} bedrooms")
    elif least is not None:
        words = _("{what} with {least} or more bedrooms")
    elif most is not None:
        words = ngettext_lazy(
            "{what} with at most {most} bedroom", "{what} with at most {most} bedrooms", most
        )
    else:
        return what
    return say(words, what=what, least=least, most=most)


def _offered(what: Words, c: Criteria) -> Words:
    match c.listing_type:
        case ListingType.RENT | ListingType.SALE:
            return say("{what} {offer}", what=what, offer=ListingType(c.listing_type).label)
        case ListingType.SHORTLET:
            return say(_("{what} for shortlet"), what=what)
    return what


def besides(c: Criteria) -> Iterable[Words]:
    """The wishes but for the kind, the bedrooms, the offer and the place."""
    if c.kinds_excluded:
        yield say(_("no {what}"), what=either([_kind(kind) for kind in c.kinds_excluded]))
    if c.areas_excluded:
        yield say(_("not in {place}"), place=either([_plain(area) for area in c.areas_excluded]))
    if c.street:
        yield _plain(c.street)
    if c.bathrooms_min is not None:
        words = ngettext_lazy("at least {count} bathroom", "at least {count} bathrooms", c.bathrooms_min)
        yield say(words, count=c.bathrooms_min)
    if c.amenities:
        yield say(_("with {things}"), things=join(*map(_amenity, c.amenities), separator=", "))
    if c.amenities_excluded:
        yield say(_("without {things}"), things=either(list(map(_amenity, c.amenities_excluded))))
    if c.price_min is not None and c.price_max is not None:
        least = money(Decimal(c.price_min), c.currency)
        yield say(_("{least} to {price}"), least=least, price=_price(c.price_max, c))
    elif c.price_max is not None:
        yield say(_("up to {price}"), price=_price(c.price_max, c))
    elif c.price_min is not None:
        yield say(_("from {price}"), price=_price(c.price_min, c))
    elif c.period in _PERIODS:
        yield say(_("paid by the {period}"), period=Period(c.period).label)


_PERIODS = {
    Period.YEAR: _("{amount} a year"),
    Period.MONTH: _("{amount} a month"),
    Period.NIGHT: _("{amount} a night"),
}


def _price(amount: Decimal | int, c: Criteria) -> Words:
    shown = money(Decimal(amount), c.currency)
    return say(_PERIODS[Period(c.period)] if c.period in _PERIODS else "{amount}", amount=shown)


def either(names: Sequence[Words]) -> Words:
    """`Yaba, Surulere or Ikeja`"""
    if len(names) > _MOST:
        shown = join(*names[:_MOST], separator=", ")
        return say(_("{names} or {count} more"), names=shown, count=len(names) - _MOST)
    if len(names) > 1:
        return say(_("{names} or {other}"), names=join(*names[:-1], separator=", "), other=names[-1])
    return names[0]


def kinds(wanted: Iterable[str]) -> Words:
    """`flat or duplex`"""
    return either([_kind(kind) for kind in wanted])


def _kind(kind: str) -> Words:
    return say("{kind}", kind=Kind(kind).label) if kind in Kind.values else _plain(kind)


def _amenity(amenity: str) -> Words:
    return say("{amenity}", amenity=AMENITY_WORDS.get(amenity, amenity))


def _plain(name: str) -> Words:
    return say("{name}", name=name)
