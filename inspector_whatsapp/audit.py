"""The audit: who of the staff saw, exported or did what. Appended to, never changed."""

import re
from datetime import timedelta
from typing import Any

from django.db.models import Model
from django.utils.crypto import salted_hmac

from inspector_whatsapp import clock, contacts
from inspector_whatsapp.labels import masked_email, masked_phone
from inspector_whatsapp.models.accounts import User
from inspector_whatsapp.models.audit import Act, AuditEntry

__all__ = ["Act", "digest", "record", "saw", "searched"]

# A page that is opened again, or that asks for news by itself, is one look for so long.
A_LOOK = timedelta(minutes=10)
_REF = re.compile(r"(?:PR|IN)-\d{1,12}", re.IGNORECASE)


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


def saw(row: Model, *, actor: User | None, address: str | None = None) -> None:
    """Note that somebody looked at a row; once for as long as they may still be looking."""
    looks = AuditEntry.objects.filter(
        actor=actor, act=Act.SAW, page=row._meta.label_lower, object_id=str(row.pk)
    )
    if not looks.filter(at__gt=clock.now() - A_LOOK).exists():
        record(Act.SAW, actor=actor, subject=row, address=address)


def searched(
    where: type[Model] | str, words: str, *, found: int, actor: User | None, address: str | None = None
) -> None:
    """Note a search, of a list or by a page's name, and how much it found.

    Of the words a digest is kept, by which a number can be known.
    """
    record(
        Act.SEARCHED,
        actor=actor,
        subject=None if isinstance(where, str) else where,
        page=where if isinstance(where, str) else "",
        says=_masked(words),
        address=address,
        digest=digest(words),
        found=found,
    )


def digest(words: str) -> str:
    """The same for the same number or words; nobody reads them from it who has not the service's secret."""
    same = contacts.e164(words) or " ".join(words.split()).casefold()
    return salted_hmac("inspector_whatsapp.audit.searched", same, algorithm="sha256").hexdigest()[:32]


def _masked(words: str) -> str:
    """What kind of thing was looked for: a ref in full, the end of a number or of an address, no words."""
    words = words.strip()
    if _REF.fullmatch(words):
        return words.upper()
    if (phone := contacts.e164(words)) is not None:
        return masked_phone(phone)
    return masked_email(words) if "@" in words and " " not in words else ""
