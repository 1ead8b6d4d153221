"""Who looks at the home page, at which days, and which lists they may open from there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.contrib import admin
from django.db.models import Count, Window
from django.http import HttpRequest
from django.urls import reverse

from inspector_whatsapp import figures
from inspector_whatsapp.models import Incident

MOST_INCIDENTS = 6  # on the page


@dataclass(frozen=True)
class Look:
    """One look. now: the clock's time; days: those shown, today last."""

    request: HttpRequest
    now: datetime
    days: tuple[date, ...]

    @property
    def today(self) -> date:
        return self.days[-1]

    @cached_property
    def kept(self) -> figures.Kept:
        """The figures of these days."""
        return figures.read(self.days)

    @cached_property
    def incidents(self) -> tuple[list[Incident], int]:
        """The latest open incidents, and how many there are in all."""
        still = Incident.objects.filter(closed_at=None).annotate(of_all=Window(Count("*")))
        latest: list[Any] = list(still.order_by("-last_at")[:MOST_INCIDENTS])
        return latest, latest[0].of_all if latest else 0

    def may(self, name: str) -> bool:
        """Whether they may see rows of a model, by its name."""
        model = apps.get_model(name)
        page = admin.site._registry.get(model)
        return page is not None and page.has_view_permission(self.request)

    def rows(
        self,
        name: str,
        where: Mapping[str, str] | None = None,
        *,
        first: date | None = None,
        last: date | None = None,
        on: str = "",
    ) -> str:
        """The address of a model's list; empty when they may not open it.

        first, last: only of these days, by the column `on`, or else by that of BY_DAY; without `last` of one.
        """
        if not self.may(name):
            return ""
        query = dict(where or {})
        if first is not None:
            column = on or BY_DAY[name]
            query |= {f"{column}_from": str(first), f"{column}_to": str(last or first)}
        return _list(name) + (f"?{urlencode(query)}" if query else "")

    def rows_of_days(self, name: str, where: Mapping[str, str] | None = None, *, on: str = "") -> str:
        """The same of all days shown."""
        return self.rows(name, where, first=self.days[0], last=self.today, on=on)


# The column by which a list is cut into days, where there is but one that matters.
BY_DAY = {
    "inspector_whatsapp.OutboxMessage": "created_at",
    "inspector_whatsapp.Inspection": "created_at",
    "inspector_whatsapp.Link": "made_at",
    "inspector_whatsapp.PriceCount": "day",
    "bot.InboundEvent": "received_at",
}


def _list(name: str) -> str:
    return reverse(f"admin:{name.lower().replace('.', '_')}_changelist")
