"""Long lists: how many rows there are is counted so far as people turn pages, and no further."""

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

MOST = 10_000


class Capped(Paginator):  # type: ignore[type-arg]
    """Pages of a list, of its first rows. Whoever looks for an older one searches or filters."""

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        return rows.order_by()[:MOST].count() if isinstance(rows, QuerySet) else len(rows)
