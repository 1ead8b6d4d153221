"""Filters that several lists of the console have."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin

from inspector_whatsapp.marks import SHORT, plain


class ValuesFilter(admin.AllValuesFieldListFilter):
    """Every value there is, as staff may safely read it."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield {**choice, "display": plain(str(choice["display"]), most=SHORT)}
