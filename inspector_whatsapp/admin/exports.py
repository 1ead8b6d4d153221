"""Any list of the console as CSV: its columns as they are shown, in words, and each row's key."""

from collections.abc import Iterator
from html import unescape
from itertools import islice
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import label_for_field, lookup_field
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model, QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.utils.html import strip_tags
from django.utils.safestring import SafeData
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inspector_whatsapp import audit, callers, exports
from inspector_whatsapp.audit import Act
from inspector_whatsapp.console import trail

DESCRIPTION = gettext_lazy("Export as CSV")
_READ_AT_ONCE = 1_000  # rows


def may_export(request: HttpRequest) -> bool:
    return request.user.has_perm("inspector_whatsapp.export_lists")


def export(page: Any, request: HttpRequest, chosen: QuerySet[Any]) -> StreamingHttpResponse | None:
    """The chosen rows, or all that the list's filters and search leave; no file that lacks some."""
    number = chosen[: exports.MOST_ROWS + 1].count()
    if number > exports.MOST_ROWS:
        sentence = _("More than %(most)s rows do not leave in one file: narrow the list by its filters.")
        page.message_user(request, sentence % {"most": f"{exports.MOST_ROWS:,}"}, messages.ERROR)
        return None
    whole = trail.may_see_numbers(request)
    searched = request.GET.get("q", "").strip()
    audit.record(
        Act.EXPORTED,
        actor=callers.staff(request),
        subject=page.model,
        address=callers.ip(request),
        rows=number,
        # Names of filters and what was chosen in them; words searched by their digest alone.
        filters=page.narrowed_by(request),
        numbers="whole" if whole else "masked",
        **({"digest": audit.digest(searched)} if searched else {}),
    )
    columns = [name for name in page.get_list_display(request) if name not in ("pk", "id")]
    header = ["id", *(str(label_for_field(name, page.model, page)) for name in columns)]
    return exports.table(
        str(page.opts.verbose_name_plural), header, _rows(page, chosen, columns), whole=whole
    )


def _rows(page: Any, chosen: QuerySet[Any], columns: list[Any]) -> Iterator[list[Any]]:
    left = chosen.iterator(chunk_size=_READ_AT_ONCE)
    while rows := list(islice(left, _READ_AT_ONCE)):
        page.prepare(rows)
        for row in rows:
            yield [row.pk, *(_value(page, row, column) for column in columns)]


def _value(page: Any, row: Model, column: Any) -> Any:
    """What stands in a column: the field itself, or what the page says of it without its markup."""
    name = column if isinstance(column, str) else column.__name__
    if any(field.name == name for field in page.opts.fields):
        chosen = getattr(row, f"get_{name}_display", None)
        value = chosen() if chosen is not None else getattr(row, name)
        return value if value is None or not isinstance(value, Model) else str(value)
    try:
        _field, _attribute, value = lookup_field(column, row, page)
    except ObjectDoesNotExist:
        return None
    return unescape(strip_tags(str(value))) if isinstance(value, SafeData) else value
