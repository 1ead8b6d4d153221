"""Nothing that can hold words of people's escapes the inventory."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

from inspector_whatsapp.privacy import harmless
from inspector_whatsapp.privacy.inventory import Fate, holdings, mentions
from inspector_whatsapp.privacy.tables import table as documented

WORDS = (
    *(models.CharField, models.TextField, models.JSONField, models.BinaryField, models.FileField),
    *(models.GenericIPAddressField, models.UUIDField, ArrayField),
)


def columns_of_words() -> Iterator[tuple[str, str]]:
    """Every column of every table that can hold what somebody wrote, or a file or number of theirs."""
    for model in apps.get_models(include_auto_created=True):
        for column in model._meta.concrete_fields:
            numbers = isinstance(column, ArrayField) and isinstance(column.base_field, models.IntegerField)
            if isinstance(column, WORDS) and not column.choices and not numbers:
                yield model._meta.label, column.name


def declared(label: str) -> set[str]:
    ours = [one for one in holdings() if one.table._meta.label == label]
    return {name for one in ours for name in (*one.columns, *one.record, *one.secret)}


@pytest.mark.parametrize(("label", "column"), list(columns_of_words()), ids=str)
def test_every_column_that_can_hold_words_is_declared(label: str, column: str) -> None:
    personal, nobodys = column in declared(label), column in harmless.of(label)
    assert personal or nobodys, f"say in a privacy.py, or in privacy/harmless.py, what {label}.{column} holds"
    assert not (personal and nobodys), f"{label}.{column} is declared twice"


def test_nothing_is_declared_that_is_not_there() -> None:
    there = {(model._meta.label, column.name) for model in apps.get_models() for column in model._meta.fields}
    for label in harmless.COLUMNS:
        if apps.is_installed(label.partition(".")[0]) or label.partition(".")[0] in OURS:
            assert {(label, name) for name in harmless.of(label)} <= there
    for one in holdings():
        label = one.table._meta.label
        assert {(label, name) for name in (*one.columns, *one.record, *one.secret, *one.files)} <= there
        assert not one.at or (label, one.at) in there
    for mention in mentions():
        assert {(mention.table._meta.label, name) for name in mention.columns} <= there


OURS = {"inspector_whatsapp", "bot", "linking", "notifications"}


def test_every_table_that_leads_to_somebody_is_in_it() -> None:
    """A key to an account or a WhatsApp makes a row somebody's, unless it is about the staff."""
    people = {"inspector_whatsapp.User", "inspector_whatsapp.Contact"}
    staff = {
        *("inspector_whatsapp.User_groups", "inspector_whatsapp.User_user_permissions"),
        *("inspector_whatsapp.Incident", "inspector_whatsapp.Job", "notifications.Broadcast"),
        *("inspector_whatsapp.AuditEntry", "otp_totp.TOTPDevice", "otp_static.StaticDevice"),
        *(
            "inspector_whatsapp.SearchPlace",
            "inspector_whatsapp.Slot",
        ),  # without words; they go, or are freed
    }
    known = {one.table._meta.label for one in holdings()} | staff
    for model in apps.get_models(include_auto_created=True):
        leads = [one for one in model._meta.concrete_fields if one.is_relation]
        if any(one.related_model._meta.label in people for one in leads):  # type: ignore[union-attr]
            assert model._meta.label in known, f"say in a privacy.py what becomes of {model._meta.label}"


def test_what_stays_says_why() -> None:
    for one in holdings():
        assert all((one.what, one.why, one.kept)), one.model
        assert bool(one.stays) == (one.fate != Fate.DELETED), one.model


def test_the_document_has_the_table_of_the_inventory() -> None:
    text = (Path(__file__).parents[2] / "docs" / "privacy.md").read_text()
    assert documented() in text, "run `manage.py describe_privacy`"
