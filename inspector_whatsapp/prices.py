"""What Meta charges: delivered messages counted by day and category, and the month's sum watched."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings
from django.db import connection
from django.db.models import Sum
from django.db.models.functions import TruncMonth
from django.utils.timezone import localtime

from inspector_whatsapp import clock, incidents
from inspector_whatsapp.models import Incident, PriceCategory, PriceCount

WARN_AT = (80, 100)  # per cent of the month's budget
AT_ONCE = 5_000  # messages

# Apart from the statuses, which come in any order and by many at once: here each is counted by one statement
# that marks it, and nobody waits for a day's row. A category that comes without a word on its price counts.
_COUNT = """
WITH counted AS (
    UPDATE inspector_whatsapp_outboxmessage SET counted = true
    WHERE id IN (
        SELECT id FROM inspector_whatsapp_outboxmessage
        WHERE status IN ('delivered', 'read') AND NOT counted AND price_category <> ''
        ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
    RETURNING (LEAST(delivered_at, read_at) AT TIME ZONE %s)::date AS day, price_category,
              COALESCE(billable, true) AS billable)
INSERT INTO inspector_whatsapp_pricecount AS known (day, category, billable, count)
SELECT day, price_category, billable, count(*) FROM counted GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
ON CONFLICT (day, category, billable) DO UPDATE SET count = known.count + EXCLUDED.count
"""


@dataclass(frozen=True)
class Line:
    """A month's messages of a category. cost: None where no price is known."""

    month: date
    category: str
    delivered: int
    charged: int
    cost: Decimal | None
    currency: str


def count() -> None:
    """Count what was delivered since, and tell a person when the month becomes dear."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [AT_ONCE, settings.TIME_ZONE])
        found = cursor.rowcount
    if found:
        _watch(clock.now())


def months(*, most: int = 12) -> list[Line]:
    """The last months with their sums, newest first."""
    prices = {price.category: price for price in PriceCategory.objects.all()}
    by_month = PriceCount.objects.annotate(month=TruncMonth("day")).values("month", "category", "billable")
    sums: dict[tuple[date, str], dict[bool, int]] = {}
    for row in by_month.annotate(all=Sum("count")).order_by("-month", "category"):
        sums.setdefault((row["month"], row["category"]), {})[row["billable"]] = row["all"]
    lines = [
        _line(month, category, charged.get(True, 0), charged.get(False, 0), prices.get(category))
        for (month, category), charged in sums.items()
    ]
    wanted = sorted({line.month for line in lines}, reverse=True)[:most]
    return [line for line in lines if line.month in wanted]


def of_days(*spans: tuple[date, date]) -> list[list[Line]]:
    """The messages of each span of days by category, as lines of a month that begins with its first day."""
    known = {price.category: price for price in PriceCategory.objects.all()}
    whole = (min(first for first, _last in spans), max(last for _first, last in spans))
    rows = list(PriceCount.objects.filter(day__range=whole).order_by("category"))
    return [_lines([row for row in rows if span[0] <= row.day <= span[1]], span[0], known) for span in spans]


def _lines(rows: list[PriceCount], first: date, known: dict[str, PriceCategory]) -> list[Line]:
    sums: dict[str, dict[bool, int]] = {}
    for row in rows:
        charged = sums.setdefault(row.category, {True: 0, False: 0})
        charged[row.billable] += row.count
    return [
        _line(first, category, charged[True], charged[False], known.get(category))
        for category, charged in sums.items()
    ]


def _line(month: date, category: str, charged: int, free: int, price: PriceCategory | None) -> Line:
    cost = price.price * charged if price else None
    return Line(month, category, charged + free, charged, cost, price.currency if price else "")


def total(lines: Iterable[Line], month: date) -> Decimal:
    """What that month's messages cost, as far as prices are known."""
    return sum((line.cost for line in lines if line.month == month and line.cost), Decimal(0))


def month_of(now: datetime) -> datetime:
    """When the month began."""
    return localtime(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def spent(now: datetime) -> Decimal:
    """What this month's messages have cost so far, as far as they are counted."""
    return total(months(most=1), month_of(now).date())


def _watch(now: datetime) -> None:
    if not settings.WHATSAPP_MONTHLY_BUDGET:
        return
    month = month_of(now)
    so_far = spent(now)
    for percent in WARN_AT:
        key = f"{month:%Y-%m}:{percent}"
        # Once a month: one that was closed is not opened again.
        if so_far * 100 < settings.WHATSAPP_MONTHLY_BUDGET * percent or _told(key):
            continue
        incidents.report(
            "monthly_budget",
            key=key,
            sentence=f"WhatsApp cost {so_far:.2f} in {month:%B %Y}: {percent} % of the budget is used up.",
        )


def _told(key: str) -> bool:
    return Incident.objects.filter(kind="monthly_budget", key=key).exists()
