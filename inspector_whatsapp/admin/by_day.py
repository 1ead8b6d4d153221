"""Lists of a span of days: what the home page's figures lead to."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.http import HttpRequest
from unfold.utils import parse_date_str

from inspector_whatsapp.figures.days import ONE, Day

if TYPE_CHECKING:  # the theme's classes have no types
    from django.contrib.admin import FieldListFilter as RangeDateFilter
else:
    from unfold.contrib.filters.admin import RangeDateFilter


class ByDay(RangeDateFilter):
    """From one day to another, both included, by the service's time zone: `<column>_from`, `<column>_to`.

    The theme's own ends at the midnight with which the last day begins.
    """

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        first, last = self._day("from"), self._day("to")
        moments = isinstance(self.field, models.DateTimeField)
        if first is not None:
            queryset = queryset.filter(**{f"{self.field_path}__gte": Day(first).start if moments else first})
        if last is not None and moments:
            return queryset.filter(**{f"{self.field_path}__lt": Day(last).end})
        return queryset.filter(**{f"{self.field_path}__lte": last}) if last is not None else queryset

    def _day(self, end: str) -> date | None:
        """None where nothing is given, or nothing that is a day with midnights in UTC."""
        found: date | None = parse_date_str(str(self.used_parameters.get(f"{self.field_path}_{end}", "")))
        return found if found is not None and date.min + ONE < found < date.max - ONE else None
