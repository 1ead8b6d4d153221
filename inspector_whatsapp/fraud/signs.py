"""What is looked for; the bounds are here."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple

from django.db import connection

from inspector_whatsapp.models.fraud import SignKind

ALIKE: Final = 3  # bits of 64 in which two photos of one picture differ at most
FAR_UNDER: Final = 0.5  # of the usual price
COMPARED: Final = 5  # listings at least that make a usual price
ACCOUNTS: Final = 4  # on one number: families and offices share phones as well
LATELY: Final = timedelta(days=90)  # in which these were linked
GONE: Final = 3  # times that a home went while somebody had an inspection of it
WITHIN: Final = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Found:
    """A sign as it is now. rows: keys, of what the kind says; figures: for its sentence."""

    key: str
    rows: tuple[int, ...]
    property: int | None = None
    account: int | None = None
    contact: int | None = None
    figures: Mapping[str, Any] = field(default_factory=dict)


_LOOKS = """
SELECT photo.looks, photo.id, photo.property_id, home.agent_id, home.area
FROM inspector_whatsapp_propertyphoto photo
JOIN inspector_whatsapp_property home ON home.id = photo.property_id
WHERE photo.looks <> 0 AND home.status IN ('live', 'pending') ORDER BY photo.id
"""


def same_photo(_now: datetime) -> Iterator[Found]:
    """One picture on listings of several agents, or of one agent in several areas. rows: photos."""
    shown: dict[int, list[_Shown]] = defaultdict(list)
    for looks, *photo in _asked(_LOOKS):
        shown[looks].append(_Shown(*photo))
    for alike in _alike(shown):
        photos = sorted((photo for looks in alike for photo in shown[looks]), key=lambda photo: photo.id)
        homes, agents, areas = ({getattr(photo, of) for photo in photos} for of in ("home", "agent", "area"))
        if len(homes) > 1 and (len(agents) > 1 or len(areas) > 1):
            yield Found(
                key=str(photos[0].id),
                property=photos[-1].home,
                rows=tuple(photo.id for photo in photos),
                figures={"homes": len(homes), "agents": len(agents), "areas": len(areas)},
            )


_BITS = (1 << 64) - 1  # PostgreSQL's numbers have a sign


class _Shown(NamedTuple):
    id: int
    home: int
    agent: int
    area: str


def _alike(fingerprints: Iterable[int]) -> list[set[int]]:
    """Fingerprints in groups of those that are alike, each with one other at least.

    Numbers that differ in at most three of 64 bits have one of four quarters in common: they are found by it.
    """
    groups = {looks: {looks} for looks in fingerprints}
    quarters: dict[tuple[int, int], list[int]] = defaultdict(list)
    for looks in groups:
        for shift in (0, 16, 32, 48):
            for other in quarters[shift, looks >> shift & 0xFFFF]:
                if ((looks ^ other) & (1 << 64) - 1).bit_count() <= ALIKE and groups[looks] is not groups[
                    other
                ]:
                    groups[other] |= groups[looks]
                    for each in groups[looks]:
                        groups[each] = groups[other]
            quarters[shift, looks >> shift & 0xFFFF].append(looks)
    return list({id(group): group for group in groups.values()}.values())


_LOW_PRICE = """
WITH priced AS (
    SELECT id, price, currency, area, city, listing_type, period, kind, bedrooms
    FROM inspector_whatsapp_property WHERE status IN ('live', 'pending') AND price > 0
), usual AS (
    SELECT currency, area, city, listing_type, period, kind, bedrooms,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY price) AS price, count(*) AS many
    FROM priced GROUP BY currency, area, city, listing_type, period, kind, bedrooms HAVING count(*) >= %s
)
SELECT priced.id, priced.price, usual.price, usual.many
FROM priced JOIN usual USING (currency, area, city, listing_type, period, kind)
WHERE usual.bedrooms IS NOT DISTINCT FROM priced.bedrooms
    AND priced.price < usual.price * %s
"""


def low_price(_now: datetime) -> Iterator[Found]:
    """A price under half of the median of its like in the same area. rows: the property."""
    for home, price, usual, many in _asked(_LOW_PRICE, COMPARED, FAR_UNDER):
        figures = {"price": str(price), "usual": str(Decimal(usual).quantize(Decimal(1))), "many": many}
        yield Found(key=str(home), property=home, rows=(home,), figures=figures)


_MANY_ACCOUNTS = """
SELECT contact_id, array_agg(DISTINCT account_id) FROM inspector_whatsapp_link
WHERE made_at > %s GROUP BY contact_id HAVING count(DISTINCT account_id) >= %s
"""


def many_accounts(now: datetime) -> Iterator[Found]:
    """One WhatsApp that was linked with many accounts lately. rows: accounts."""
    for contact, accounts in _asked(_MANY_ACCOUNTS, now - LATELY, ACCOUNTS):
        yield Found(key=str(contact), contact=contact, rows=tuple(accounts), figures={"many": len(accounts)})


_GONE_AGAIN = """
SELECT home.agent_id, array_agg(DISTINCT gone.id)
FROM inspector_whatsapp_change gone
JOIN inspector_whatsapp_property home ON home.ref = gone.subject
WHERE gone.kind = 'availability_changed' AND gone.at > %s
    AND gone.data ->> 'before' = 'live' AND gone.data ->> 'after' <> 'live'
    AND EXISTS (
        SELECT FROM inspector_whatsapp_inspection visit
        WHERE visit.property_id = home.id AND visit.created_at < gone.at AND visit.starts_at > gone.at
    )
GROUP BY home.agent_id HAVING count(DISTINCT gone.id) >= %s
"""


def gone_again(now: datetime) -> Iterator[Found]:
    """An agent whose homes go while people have inspections of them. rows: the changes that took them off."""
    for agent, changes in _asked(_GONE_AGAIN, now - WITHIN, GONE):
        yield Found(key=str(agent), account=agent, rows=tuple(changes), figures={"many": len(changes)})


FINDERS: Final[Mapping[SignKind, Callable[[datetime], Iterator[Found]]]] = {
    SignKind.SAME_PHOTO: same_photo,
    SignKind.LOW_PRICE: low_price,
    SignKind.MANY_ACCOUNTS: many_accounts,
    SignKind.GONE_AGAIN: gone_again,
}


def _asked(sql: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
