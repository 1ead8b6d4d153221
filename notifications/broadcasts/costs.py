"""What a broadcast costs by Meta's prices, against the month's budget."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db.models import Q, Sum

from inspector_whatsapp import prices
from inspector_whatsapp.models import PriceCategory
from inspector_whatsapp.models.jobs import OPEN_STATES
from inspector_whatsapp.models.outbox import WAITING_STATES, Status
from notifications import registry, templates
from notifications.models import Broadcast, BroadcastRecipient
from notifications.registry import Unusable

_TO_BE_WRITTEN = Q(message=None, broadcast__job__state__in=OPEN_STATES)


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What a broadcast to so many costs at most: each message delivered, and charged.

    price, total: None where no price of the category is kept. spent: this month so far. bound: by broadcasts
    that are on their way. budget: of a month; 0 is none.
    """

    people: int
    category: str
    price: Decimal | None
    currency: str
    spent: Decimal
    bound: Decimal
    budget: int

    @property
    def total(self) -> Decimal | None:
        return None if self.price is None else self.price * self.people

    @property
    def left(self) -> Decimal:
        """Of the budget, before it."""
        return Decimal(self.budget) - self.spent - self.bound

    @property
    def too_much(self) -> bool:
        return bool(self.budget) and self.total is not None and self.total > self.left

    @property
    def unknown(self) -> bool:
        """Whether there is a budget, and nobody can say whether it is kept."""
        return bool(self.budget) and self.price is None


def cost_of(of: Broadcast, people: int, *, now: datetime) -> Cost:
    """What it would cost to say it to so many."""
    usable = registry.find(of.kind, language=templates.FALLBACK)
    declared = templates.by_name(of.kind).category.lower()
    category = declared if isinstance(usable, Unusable) else usable.category
    price = PriceCategory.objects.filter(category=category).first()
    return Cost(
        people=people,
        category=category,
        price=price.price if price else None,
        currency=price.currency if price else "",
        spent=prices.spent(now),
        bound=_sum(_on_the_way(now) | _TO_BE_WRITTEN),
        budget=settings.WHATSAPP_MONTHLY_BUDGET,
    )


def affordable(of: Broadcast, *, now: datetime) -> int | None:
    """How many more may be written within the month's budget; None where nothing says so."""
    if not settings.WHATSAPP_MONTHLY_BUDGET or not of.price:
        return None
    left = Decimal(settings.WHATSAPP_MONTHLY_BUDGET) - prices.spent(now) - _sum(_on_the_way(now))
    return max(int(left // of.price), 0)


def _on_the_way(now: datetime) -> Q:
    """Messages of this month that Meta may charge, and that are in no sum yet."""
    under_way = (*WAITING_STATES, Status.SENDING, Status.ACCEPTED, Status.SENT, Status.UNCERTAIN)
    arrived = Q(message__status__in=(Status.DELIVERED, Status.READ), message__counted=False)
    return Q(Q(message__status__in=under_way) | arrived, message__created_at__gte=prices.month_of(now))


def _sum(which: Q) -> Decimal:
    rows = BroadcastRecipient.objects.filter(which, broadcast__confirmed_at__isnull=False)
    return rows.aggregate(sum=Sum("broadcast__price"))["sum"] or Decimal(0)


def money(sum: Decimal, currency: str) -> str:
    """`1,234.50 USD`"""
    return f"{sum:,.2f} {currency}".strip()
