"""A copy holds everything that is kept of somebody, and nothing of anybody else; it is fetched once."""

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from inspector_whatsapp import clock
from inspector_whatsapp.models import PersonExport, User
from inspector_whatsapp.privacy import exporting
from inspector_whatsapp.privacy.inventory import holdings
from tests.privacy.person import Somebody

pytestmark = pytest.mark.django_db


def opened(content: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(content))


def made(of: Somebody, by: User) -> tuple[PersonExport, str]:
    return exporting.make(of.person, account=of.account, contact=None, by=by)


def test_every_declared_column_is_found_in_it_and_nothing_of_another(
    both: tuple[Somebody, Somebody], boss: User
) -> None:
    ada, other = both
    _export, token = made(ada, boss)
    _row, content = exporting.fetch(token)
    archive = opened(content)
    text = archive.read("data.json").decode()
    secret = {f"{one.table._meta.label}.{name}" for one in holdings() for name in one.secret}
    assert [name for name, word in ada.words.items() if word not in text and name not in secret] == []
    for name in secret & set(ada.words):
        place = text.find(ada.words[name])
        assert place < 0, f"{name}: …{text[max(0, place - 200) : place + 20]}"
    for shaped in (
        ada.account.email,
        ada.phone,
        ada.wamid,
        "Zqxwjarea",
        "Zqxwjdraft",
        "Zqxwjnotes",
        "Zqxwj says hello",
    ):
        assert shaped in text, shaped
    for word in (other.mark, other.digits, other.book):
        assert word not in text, word
    photos = {name for name in archive.namelist() if name.startswith("photos/")}
    assert photos == {f"photos/uploads/{ada.digits}.jpg"} | {
        f"photos/{folder}/{ada.book}.jpg" for folder in ("properties", "inspections")
    }
    data = json.loads(text)
    assert all(table["what"] and table["why"] and table["kept"] for table in data["tables"])
    for table in data["tables"]:
        keys = [row["id"] for row in table["rows"]]
        assert keys == sorted(keys)


def test_a_link_works_once_and_its_file_goes_with_it(both: tuple[Somebody, Somebody], boss: User) -> None:
    export, token = made(both[0], boss)
    path = Path(settings.MEDIA_ROOT) / export.file
    assert path.exists()
    assert token not in path.name
    exporting.fetch(token)
    assert not path.exists()
    with pytest.raises(exporting.CannotFetch):
        exporting.fetch(token)
    with pytest.raises(exporting.CannotFetch):
        exporting.fetch("guessed")


def test_after_its_day_it_is_gone(both: tuple[Somebody, Somebody], boss: User) -> None:
    export, token = made(both[0], boss)
    path = Path(settings.MEDIA_ROOT) / export.file
    clock.move(timedelta(hours=23))
    assert exporting.find(token) == export
    exporting.forget()
    assert path.exists()
    clock.move(timedelta(hours=2))
    with pytest.raises(exporting.CannotFetch):
        exporting.fetch(token)
    exporting.forget()
    assert not path.exists()
