"""Figures and lists as CSV, as spreadsheets may safely open them.

RFC 4180 with every cell quoted, UTF-8 with the mark by which Excel knows it. A cell that a spreadsheet would
take for a formula begins with an apostrophe; what this service itself counted or timed is no text and is left
as it is.
"""

import csv
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from itertools import islice
from typing import Any

from django.http import StreamingHttpResponse
from django.utils.text import slugify
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from inspector_whatsapp import clock, numbers
from inspector_whatsapp.marks import plain

MOST_ROWS = 50_000  # in one file
_MARK = "\ufeff"
_AT_ONCE = 200  # rows of a piece that is sent
_FORMULA = frozenset("=+-@\u2212")


def table(
    name: str, header: Sequence[str], rows: Iterable[Sequence[Any]], *, whole: bool = False
) -> StreamingHttpResponse:
    """A file to be saved, sent while it is written. `whole`: with whole numbers, for whoever may."""
    file = f"{slugify(name) or 'table'}-{localtime(clock.now()):%Y-%m-%d}.csv"
    return StreamingHttpResponse(
        _pieces(header, rows, whole=whole),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{file}"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )


def cell(value: Any) -> str | int | float | Decimal:
    """A value as a cell: nothing in it is run, and nothing hidden."""
    match value:
        case None:
            return ""
        case bool():
            return _("yes") if value else _("no")
        case int() | float() | Decimal():
            return value
        case datetime():
            return f"{localtime(value):%Y-%m-%d %H:%M:%S}"
        case date():
            return value.isoformat()
    # One kind of line end; what else is hidden is shown by its number.
    text = plain(str(value).replace("\0", "").replace("\r\n", "\n"))
    return f"'{text}" if _is_formula(text) else text


def _is_formula(text: str) -> bool:
    """Whether a spreadsheet may run it: some drop blanks before the sign, or read its full-width form."""
    begun = text.lstrip()
    sign = unicodedata.normalize("NFKC", begun[:1])
    return text[:1] in ("\t", "\n", "\r") or any(character in _FORMULA for character in sign[:1])


def _pieces(header: Sequence[str], rows: Iterable[Sequence[Any]], *, whole: bool) -> Iterator[bytes]:
    yield (_MARK + _written([header])).encode()
    left = iter(rows)
    while True:
        # Entered anew for each piece: between two of them the thread does other things.
        with numbers.whole() if whole else nullcontext():
            piece = _written(islice(left, _AT_ONCE))
        if not piece:
            return
        yield piece.encode()


def _written(rows: Iterable[Sequence[Any]]) -> str:
    page = StringIO(newline="")
    writer = csv.writer(page, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([cell(value) for value in row] for row in rows)
    return page.getvalue()
