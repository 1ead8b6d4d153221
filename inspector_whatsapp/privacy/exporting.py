"""A copy of everything that is kept of one person: made for them, fetched once, and then gone.

It is a zip with `data.json`, table by table in the words of the inventory, and the photos that are theirs.
"""

import io
import json
import secrets
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.crypto import salted_hmac

from inspector_whatsapp import clock
from inspector_whatsapp.models import Contact, PersonExport, User
from inspector_whatsapp.privacy.inventory import Holding, holdings
from inspector_whatsapp.privacy.people import Person

FOLDER = "exports/"
_ABOUT = """This is what Inspector's WhatsApp service keeps of you.

data.json   everything, table by table: what it is, why it is kept, for how long, and the rows, oldest first
photos/     photos that you sent or that show your properties and inspections

Left out are secrets that protect you: the digests of passwords, codes and links.
"""


class CannotFetch(Exception):
    """There is no such copy, or not any more."""


@dataclass(frozen=True)
class Copy:
    """What is handed out: how many rows, the data, and files by their names in the storage."""

    rows: int
    data: dict[str, Any]
    files: tuple[str, ...]


def make(
    person: Person, *, account: User | None, contact: Contact | None, by: User
) -> tuple[PersonExport, str]:
    """Make a copy, and the token by which it is fetched; only the token's digest is kept."""
    copy = collect(person)
    name = default_storage.save(f"{FOLDER}{secrets.token_urlsafe(24)}.zip", ContentFile(_zipped(copy)))
    token, now = secrets.token_urlsafe(32), clock.now()
    export = PersonExport.objects.create(
        account=account,
        contact=None if account is not None else contact,
        made_by=by,
        made_at=now,
        expires_at=now + timedelta(days=settings.RETENTION_EXPORTS_DAYS),
        token_digest=_digest(token),
        file=name,
        rows=copy.rows,
    )
    return export, token


def collect(person: Person) -> Copy:
    """Everything of theirs, and nothing of anybody else's but what was said to them."""
    tables: list[dict[str, Any]] = []
    files: list[str] = []
    many = 0
    for holding in holdings():
        rows = list(holding.export(person) if holding.export is not None else _rows(holding, person))
        if not rows:
            continue
        many += len(rows)
        files += [str(row[name]) for row in rows for name in holding.files if row.get(name)]
        tables.append(
            {
                "what": holding.what,
                "why": holding.why,
                "kept": holding.kept,
                "if erased": str(holding.fate),
                "table": holding.name,
                "rows": rows,
            }
        )
    data = {"made_at": clock.now(), "of": str(person), "tables": tables}
    return Copy(many, data, tuple(dict.fromkeys(files)))


def find(token: str) -> PersonExport:
    """The copy that may be fetched by this token. Raises CannotFetch."""
    export = PersonExport.objects.filter(
        token_digest=_digest(token), fetched_at=None, expires_at__gt=clock.now()
    ).first()
    if export is None or not export.file:
        raise CannotFetch
    return export


def fetch(token: str) -> tuple[PersonExport, bytes]:
    """The zip; a second time there is none. Raises CannotFetch."""
    export = find(token)
    mine = PersonExport.objects.filter(pk=export.pk, fetched_at=None).update(fetched_at=clock.now())
    if not mine:  # another click was quicker by a moment
        raise CannotFetch
    try:
        with default_storage.open(export.file) as file:
            content: bytes = file.read()
    except FileNotFoundError:
        raise CannotFetch from None
    _forget(export)
    return export, content


def forget() -> int:
    """Delete the files of copies that were fetched, or whose day is over; how many."""
    over = models.Q(expires_at__lte=clock.now()) | models.Q(fetched_at__isnull=False)
    old = PersonExport.objects.filter(over).exclude(file="")
    for export in old:
        _forget(export)
    return len(old)


def _forget(export: PersonExport) -> None:
    default_storage.delete(export.file)
    PersonExport.objects.filter(pk=export.pk).update(file="")


def _digest(token: str) -> str:
    return salted_hmac("privacy.export", token, algorithm="sha256").hexdigest()


def _rows(holding: Holding, person: Person) -> Iterable[Mapping[str, Any]]:
    columns = [one for one in holding.table._meta.concrete_fields if one.name not in holding.secret]
    refs = {one.name for one in columns if one.is_relation and hasattr(one.related_model, "ref")}
    for row in holding.of(person).select_related(*refs).iterator(chunk_size=1_000):
        yield {one.name: _value(row, one, by_ref=one.name in refs) for one in columns}


def _value(row: models.Model, column: "models.Field[Any, Any]", *, by_ref: bool) -> Any:
    if by_ref:
        return getattr(getattr(row, column.name), "ref", None)
    value = getattr(row, column.attname)
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(column, models.FileField):
        return value.name
    return value


def _zipped(copy: Copy) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("read-me.txt", _ABOUT)
        text = json.dumps(copy.data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
        archive.writestr("data.json", text.encode("utf-8", "backslashreplace"))
        for name in copy.files:
            try:
                with default_storage.open(name) as file:
                    archive.writestr(f"photos/{name}", file.read(), zipfile.ZIP_STORED)
            except OSError:
                continue  # it is named in the data, and is not there any more
    return made.getvalue()
