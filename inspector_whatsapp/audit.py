"""The audit: who of the staff saw, exported or did what. Appended to, never changed."""

from typing import Any

from django.db.models import Model

from inspector_whatsapp import clock
from inspector_whatsapp.models.accounts import User
from inspector_whatsapp.models.audit import Act, AuditEntry

__all__ = ["Act", "record"]


def record(
    act: Act,
    *,
    actor: User | None,
    subject: Model | type[Model] | None = None,
    page: str = "",
    says: str = "",
    address: str | None = None,
    **details: Any,
) -> AuditEntry:
    """Note one act. `subject` is the row, or for a list its model; `page` names what is neither.

    `says` and `details` (plain JSON) hold ids, counts and names of fields: nobody's words, no number.
    """
    row = subject if isinstance(subject, Model) else None
    return AuditEntry.objects.create(
        at=clock.now(),
        actor=actor,
        act=act,
        page=subject._meta.label_lower if subject is not None else page,
        object_id=str(row.pk) if row is not None else "",
        says=says[:500],
        details=details,
        address=address,
    )
