"""What a search finds, a page at a time: each property with the next times at which it can be inspected.

Each place is looked through by itself, in the order that is wanted, and no further than the page needs:
PostgreSQL reads one index of many areas in order only when it is asked for one area at a time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Case, IntegerField, Prefetch, Q, QuerySet, When
from django.db.models.expressions import RawSQL

from inspector_whatsapp import clock
from inspector_whatsapp.inspections.free import Viewing, still_free
from inspector_whatsapp.listings.criteria import Criteria, relaxed
from inspector_whatsapp.listings.finding import ORDER, fitting_besides, live, spots_alike, within
from inspector_whatsapp.models import Property, Slot

TIMES = 3  # of a property that are shown
NEAREST = 3  # properties that are shown where nothing fits
COUNTED = 100  # what fits a relaxed search is counted no further


@dataclass(frozen=True)
class Found:
    """A property, and when it can be inspected next; soonest first."""

    property: Property
    times: tuple[Slot, ...] = ()


@dataclass(frozen=True)
class Page:
    """Some of what a search finds; whether there is more."""

    found: tuple[Found, ...] = ()
    has_more: bool = False


@dataclass(frozen=True)
class Relaxed:
    """A search without one of its wishes, and how many it finds. name: what the wish is about."""

    wish: str
    name: str
    criteria: Criteria
    count: int


def page(criteria: Criteria, *, start: int = 0, most: int = 5) -> Page:
    """What fits, from the `start`th on. Two queries."""
    sql, values = first_keys(criteria, most=start + most + 1)
    order = ORDER[criteria.sort]
    wanted = RawSQL(f"{sql} OFFSET {start:d}", values)  # noqa: S611
    found = with_times(Property.objects.filter(pk__in=wanted), criteria.viewing).order_by(*order)
    cards = [card_of(property) for property in found]
    return Page(tuple(cards[:most]), len(cards) > most)


def relax(criteria: Criteria) -> tuple[list[Relaxed], list[Found]]:
    """Where nothing fits: each wish that stands in the way by itself, and what is nearest. Two queries.

    What is asked for is all asked at once; of each relaxed search the first few come with the count.
    """
    asked = list(relaxed(criteria))
    if not asked:
        return [], []
    columns, values = [], []
    for _wish, _name, other in asked:
        sql, given = first_keys(other, most=COUNTED)
        columns.append(f"(SELECT array_agg(near.id) FROM ({sql}) near)")  # noqa: S608
        values += given
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)}", values)
        firsts = [each or [] for each in cursor.fetchone()]
    relaxations = [Relaxed(*each, len(first)) for each, first in zip(asked, firsts, strict=True) if first]
    if len(relaxations) > 1 and relaxations[-1].wish == "all":
        relaxations.pop()  # a single wish is enough
    nearest = list(dict.fromkeys(key for first in firsts for key in first[:NEAREST]))[:NEAREST]
    near = with_times(live().filter(pk__in=nearest), criteria.viewing, strictly=False) if nearest else ()
    return relaxations, sorted(map(card_of, near), key=lambda found: nearest.index(found.property.pk))


def with_times(
    properties: QuerySet[Property], viewing: Viewing | None = None, *, strictly: bool = True
) -> QuerySet[Property]:
    """Each with its next free times: of all of them in one query. strictly: only those that are asked for."""
    free, then = still_free(clock.Now()), viewing.starts() if viewing else Q()
    if then and not strictly:
        first = Case(When(then, then=0), default=1, output_field=IntegerField())
        free = free.order_by(first, "starts_at", "pk")
    else:
        free = free.filter(then).order_by("starts_at", "pk")
    return properties.prefetch_related(Prefetch("slots", queryset=free[:TIMES], to_attr="times"))


def card_of(property: Property) -> Found:
    times: list[Slot] = getattr(property, "times", [])
    for slot in times:
        slot.property = property
    return Found(property, tuple(sorted(times, key=lambda slot: (slot.starts_at, slot.pk))))


def first_keys(criteria: Criteria, *, most: int) -> tuple[str, list[Any]]:
    """The keys of the first that fit, in order, as SQL."""
    order = ", ".join(
        f"{name.removeprefix('-').replace('pk', 'id')} {'DESC' if name.startswith('-') else 'ASC'}"
        for name in ORDER[criteria.sort]
    )
    parts, values = [], []
    for sql, given in _by_spot(criteria, most):
        parts.append(f"({sql})")
        values += given
    # UNION: what lies in two of the places is found once.
    either = " UNION ".join(parts) or "SELECT NULL::bigint, NULL::timestamptz, NULL::numeric WHERE false"
    columns = "found (id, published_at, price)"
    return f"SELECT found.id FROM ({either}) {columns} ORDER BY {order} LIMIT {most:d}", values  # noqa: S608


def _by_spot(criteria: Criteria, most: int) -> Iterator[tuple[str, list[Any]]]:
    for like, names in spots_alike(criteria):
        here = Q()
        # A street is looked up by itself: once, not for each area.
        if like.sight and criteria.street:
            here = Q(**{f"{like.sight}__in": names})
        elif like.sight:
            here = Q(**{like.sight: RawSQL("looked.name", [])})
        fits = live().filter(here, within(like), fitting_besides(criteria)).order_by(*ORDER[criteria.sort])
        inner, given = fits.values_list("pk", "published_at", "price")[:most].query.sql_with_params()
        if not like.sight or criteria.street:
            yield inner, list(given)
        else:
            each = f"SELECT near.* FROM unnest(%s::text[]) looked (name) CROSS JOIN LATERAL ({inner}) near"  # noqa: S608
            yield each, [names, *given]
