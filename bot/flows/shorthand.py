"""A search as the argument of a flow, so that a button can begin with it at any later time.

`Lekki Phase 1;apartment;3-3;1m-2500k`: a place, a kind, bedrooms, naira; what does not matter is empty.
"""

import re
from dataclasses import replace

from inspector_whatsapp.listings import Criteria
from inspector_whatsapp.models.listings import Kind

CITY = "city:"
LONGEST = 64  # characters: what a flow takes as its argument
_BOUNDS = re.compile(r"(\d{0,12}[km]?)-(\d{0,12}[km]?)")
MOST_BEDROOMS, MOST_NAIRA = 99, 10**12  # a forged button may name more than a column holds
# Of a search that is kept neither the order nor a time counts.
_HELD = ("bedrooms_min", "bedrooms_max", "price_min", "price_max", "sort", "viewing")
_UNITS = (("m", 10**6), ("k", 10**3))


def argument_of(criteria: Criteria) -> str:
    """The search in short; empty when it is too long for that, or has wishes that this does not hold."""
    c = criteria
    if c != replace(
        Criteria(),
        **{name: getattr(c, name) for name in _HELD},
        areas=c.areas[:1] if not c.cities else (),
        cities=c.cities[:1],
        kinds=c.kinds[:1],
    ):
        return ""
    place = next((f"{CITY}{city}" for city in c.cities), "") or next(iter(c.areas), "")
    short = ";".join(
        (
            place,
            next(iter(c.kinds), ""),
            _bounds(c.bedrooms_min, c.bedrooms_max),
            _bounds(c.price_min, c.price_max),
        )
    )
    return short if len(short) <= LONGEST and place.count(";") == 0 else ""


def criteria_of(argument: str) -> Criteria | None:
    """The search that `argument` stands for; None when it stands for none."""
    parts = argument.split(";")
    if len(parts) != 4:
        return None
    place, kind, bedrooms, prices = parts
    rooms, money = _read(bedrooms, MOST_BEDROOMS), _read(prices, MOST_NAIRA)
    if rooms is None or money is None or kind not in ("", *Kind.values) or not place.isprintable():
        return None
    is_city = place.startswith(CITY)
    return Criteria(
        areas=() if is_city or not place else (place,),
        cities=(place.removeprefix(CITY),) if is_city else (),
        kinds=(kind,) if kind else (),
        bedrooms_min=rooms[0],
        bedrooms_max=rooms[1],
        price_min=money[0],
        price_max=money[1],
    )


def _bounds(least: object, most: object) -> str:
    return "" if least is None and most is None else f"{_number(least)}-{_number(most)}"


def _number(value: object) -> str:
    if value is None:
        return ""
    whole = int(str(value))
    for unit, size in _UNITS:
        if whole and whole % size == 0:
            return f"{whole // size}{unit}"
    return str(whole)


def _read(bounds: str, most: int) -> tuple[int | None, int | None] | None:
    """Both ends; None for what we never wrote."""
    if not bounds:
        return None, None
    found = _BOUNDS.fullmatch(bounds)
    ends = (_value(found[1]), _value(found[2])) if found else (most + 1, None)
    return ends if all(end is None or end <= most for end in ends) else None


def _value(written: str) -> int | None:
    digits = written.rstrip("km")
    return int(digits) * dict(_UNITS).get(written[-1], 1) if digits else None
