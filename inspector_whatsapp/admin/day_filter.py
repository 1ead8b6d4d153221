"""A filter by days, of the service's zone."""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import DateField
from django.http import HttpRequest
from django.utils.timezone import get_default_timezone

if TYPE_CHECKING:  # the theme's classes have no types
    from django.contrib.admin import FieldListFilter as RangeDateFilter
else:
    from unfold.contrib.filters.admin import RangeDateFilter


class DayFilter(RangeDateFilter):
    """`<field>_from` and `<field>_to`: from the first moment of one day to the last of the other.

    The theme's own ends with the first moment of the last day, and leaves that day out.
    """

    parameter_name: str

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        start, last = (self._day(end) for end in ("from", "to"))
        if start is not None:
            queryset = queryset.filter(**{f"{self.parameter_name}__gte": beginning(start)})
        if last is not None and last < date.max:
            until = beginning(last + timedelta(days=1))
            queryset = queryset.filter(**{f"{self.parameter_name}__lt": until})
        return queryset

    def _day(self, end: str) -> date | None:
        """What is no day filters nothing."""
        typed: Any = self.used_parameters.get(f"{self.parameter_name}_{end}")
        try:
            day: date | None = DateField(required=False).clean(typed)
        except ValidationError:
            return None
        return day


def beginning(day: date) -> datetime:
    """The first moment of a day, by the service's clock."""
    return datetime.combine(day, time(), get_default_timezone())
