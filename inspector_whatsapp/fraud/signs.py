"""What is looked for, each as one query; the bounds are here."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

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


# Numbers that differ in at most three of 64 bits have one of four quarters in common: they are found by it.
_SAME_PHOTO = """
WITH shown AS (
    SELECT photo.id, photo.looks, photo.property_id, home.agent_id, home.area,
        ARRAY[looks >> 48 & 65535, looks >> 32 & 65535, looks >> 16 & 65535, looks & 65535] AS quarters
    FROM inspector_whatsapp_propertyphoto photo
    JOIN inspector_whatsapp_property home ON home.id = photo.property_id
    WHERE photo.looks <> 0 AND home.status IN ('live', 'pending')
), quarter AS (
    SELECT shown.*, n, quarters[n] AS bits FROM shown, generate_series(1, 4) n
)
SELECT one.property_id, other.property_id, bool_or(one.agent_id <> other.agent_id),
    array_agg(DISTINCT one.id) || array_agg(DISTINCT other.id)
FROM quarter one JOIN quarter other USING (n, bits)
WHERE one.property_id < other.property_id
    AND bit_count((one.looks # other.looks)::bit(64)) <= %s
    AND (one.agent_id <> other.agent_id OR one.area <> other.area)
GROUP BY one.property_id, other.property_id
"""


def same_photo(_now: datetime) -> Iterator[Found]:
    """One picture on listings of two agents, or of one agent in two areas. rows: photos."""
    for one, other, two_agents, photos in _asked(_SAME_PHOTO, ALIKE):
        yield Found(
            key=f"{one}:{other}",
            property=other,
            rows=tuple(sorted(photos)),
            figures={"other": one, "two_agents": two_agents},
        )


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
