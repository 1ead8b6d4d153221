"""What Meta's messages cost: this month against the budget, and by category."""

from decimal import Decimal
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from inspector_whatsapp import prices
from inspector_whatsapp.console.home import saying
from inspector_whatsapp.console.home.looks import Look
from inspector_whatsapp.console.home.tiles import Panel

COUNT: Final = "inspector_whatsapp.PriceCount"


def cost(look: Look) -> Panel:
    """By Meta's categories, of the days shown; the month as far as it has come."""
    first = look.today.replace(day=1)
    lines, month = prices.of_days((look.days[0], look.today), (first, look.today))
    currency = next((line.currency for line in (*lines, *month) if line.currency), "")
    spent = prices.total(month, first)
    budget = settings.WHATSAPP_MONTHLY_BUDGET
    return Panel(
        title=_("What Meta charges"),
        template="inspector_whatsapp/home/cost.html",
        href=look.rows_of_days(COUNT),
        of={
            "month_href": look.rows(COUNT, first=first, last=look.today),
            "spent": _money(spent, currency),
            "budget": _money(Decimal(budget), currency) if budget else "",
            "percent": min(float(spent) * 100 / budget, 100) if budget else 0,
            "used": f"{float(spent) * 100 / budget:.0f} %" if budget else "",
            "tone": _tone(float(spent) * 100 / budget) if budget else "one",
            "lines": [
                {
                    "category": line.category,
                    "delivered": saying.number(line.delivered),
                    "charged": saying.number(line.charged),
                    "cost": _money(line.cost, line.currency) if line.cost is not None else _("no price"),
                    "href": look.rows_of_days(COUNT, {"category": line.category}),
                }
                for line in sorted(lines, key=lambda line: (-(line.cost or 0), -line.charged, line.category))
            ],
            "total": _money(sum((line.cost for line in lines if line.cost), Decimal(0)), currency),
            "prices_href": look.rows("inspector_whatsapp.PriceCategory"),
            "unpriced": any(line.cost is None and line.charged for line in lines),
        },
    )


def _tone(percent: float) -> str:
    first, last = prices.WARN_AT
    return "bad" if percent >= last else "warn" if percent >= first else "one"


def _money(sum: Decimal, currency: str) -> str:
    return f"{sum:,.2f} {currency}".strip()
