"""What a person should know of a template: opened as an incident, and closed when it is over."""

from typing import Final

from django.db import transaction

from inspector_whatsapp import incidents
from notifications.models import MessageTemplate, TemplateStatus
from notifications.registry import used
from notifications.registry.declaring import declared
from notifications.registry.finding import UNUSABLE, Usable, difference, find, standing

LOST: Final = "template_lost"
CATEGORY: Final = "template_category_changed"
CATEGORY_AHEAD: Final = "template_category_will_change"
EDITED: Final = "template_edited"

_NOT_LOST: Final = (TemplateStatus.DRAFT, TemplateStatus.PENDING, TemplateStatus.APPROVED)


def notice(name: str, *, language: str) -> None:
    """Open and close incidents by how its versions stand now. In the caller's transaction."""
    found = find(name, language=language)
    usable = found if isinstance(found, Usable) else None
    kept = False
    for row in MessageTemplate.objects.filter(name=name, language=language):
        in_use = declared(row) is not None  # what this release no longer has is nobody's trouble
        _tell(LOST, row, _lost(row, usable) if in_use else "")
        _tell(CATEGORY, row, _another_category(row) if in_use else "")
        _tell(EDITED, row, _edited(row) if in_use else "")
        kept = kept or in_use
    if usable is not None or not kept:
        incidents.close(UNUSABLE, key=name)


def notice_all() -> None:
    """The same for every template."""
    for name, language in MessageTemplate.objects.order_by().values_list("name", "language").distinct():
        with transaction.atomic():
            notice(name, language=language)


def category_will_change(row: MessageTemplate, category: str | None) -> None:
    """Meta says a day ahead that it will call it something else; None: there is no such news any more."""
    coming = "" if category in (None, row.category_now) else f"{row} will be {category} at Meta within a day."
    _tell(
        CATEGORY_AHEAD, row, coming and f"{coming} It is {row.category_now} now: price and rules will differ."
    )


def _lost(row: MessageTemplate, usable: Usable | None) -> str:
    if row.status in _NOT_LOST or (usable is not None and usable.version > row.version):
        return ""
    if usable is not None:
        return f"{row} {standing(row)}. {usable.template} is sent in its place."
    kinds = ", ".join(used.kinds(row)) or row.name
    return f"{row} {standing(row)}. These fall back to e-mail: {kinds}."


def _another_category(row: MessageTemplate) -> str:
    if row.category_now == row.category:
        return ""
    return f"{row} is {row.category_now} at Meta and {row.category} with us: price and rules differ."


def _edited(row: MessageTemplate) -> str:
    why = difference(row)
    return f"{row} {why}: it was edited there." if why else ""


def _tell(kind: str, row: MessageTemplate, sentence: str) -> None:
    if sentence:
        incidents.report(kind, key=str(row), sentence=sentence)
    else:
        incidents.close(kind, key=str(row))
