"""Wishes as they are kept: plain JSON in one form, so that the same wishes are the same row."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from inspector_whatsapp import listings
from inspector_whatsapp.listings import Criteria

LISTS = ("areas", "areas_excluded", "kinds", "kinds_excluded", "amenities", "amenities_excluded")
WIDE = (("cities", "city"), ("states", "state"))  # of Criteria, and as a single one is kept
TEXTS = ("street", "listing_type", "period")
COUNTS = ("bedrooms_min", "bedrooms_max", "bathrooms_min")
PRICES = ("price_min", "price_max")


def to_json(criteria: Criteria) -> dict[str, Any]:
    """The wishes as they are kept: without those that do not matter, and without an order or a time.

    `city` and `state` beside areas tell where those lie; `cities` and `states` are places to look in as well.
    """
    kept: dict[str, Any] = {}
    looked = listings.spots(criteria)
    for name in LISTS:
        if wanted := getattr(criteria, name):
            kept[name] = sorted(set(wanted))
    for several, single in WIDE:
        apart = sorted({spot.name for spot in looked if spot.sight == single})
        beside = sorted({name for spot in looked for name in getattr(spot, several)})
        if len(beside) == 1 or (len(apart) == 1 and not criteria.areas and len(looked) == 1):
            kept[single] = (beside or apart)[0]
        elif apart:
            kept[several] = apart
    for name in TEXTS:
        if wanted := getattr(criteria, name):
            kept[name] = str(wanted)
    for name in COUNTS:
        if (count := getattr(criteria, name)) is not None:
            kept[name] = count
    for name in PRICES:
        if (price := getattr(criteria, name)) is not None:
            kept[name] = number(price)
            kept["currency"] = criteria.currency
    return kept


def from_json(kept: Mapping[str, Any]) -> Criteria:
    """The wishes that were kept; what is none of ours is left out."""
    wishes: dict[str, Any] = {}
    for name in (*LISTS, *(several for several, _single in WIDE)):
        if isinstance(several := kept.get(name), list):
            wishes[name] = tuple(one for one in several if isinstance(one, str))
    for name, single in WIDE:
        if isinstance(text := kept.get(single), str):
            wishes[name] = (text, *wishes.get(name, ()))
    for name in (*TEXTS, "currency"):
        if isinstance(text := kept.get(name), str):
            wishes[name] = text
    for name in COUNTS:
        if isinstance(count := kept.get(name), int):
            wishes[name] = count
    for name in PRICES:
        if isinstance(price := kept.get(name), int | float):
            wishes[name] = price if isinstance(price, int) else Decimal(str(price))
    return Criteria(**wishes)


def number(amount: Decimal | int) -> int | float:
    """An amount as a JSON number, which PostgreSQL compares as one; two decimals of any price survive it."""
    return int(amount) if amount == int(amount) else float(amount)
