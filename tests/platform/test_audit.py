"""The audit: what was written once stays."""

import pytest
from django.db import DatabaseError, transaction

from inspector_whatsapp import audit
from inspector_whatsapp.audit import Act
from inspector_whatsapp.models import AuditEntry, Contact
from tests.factories import ContactFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_an_act_names_its_row_and_its_page() -> None:
    contact, actor = ContactFactory(), UserFactory()
    of_row = audit.record(Act.REVEALED, actor=actor, subject=contact)
    of_list = audit.record(Act.EXPORTED, actor=actor, subject=Contact, rows=3)
    assert (of_row.page, of_row.object_id) == ("inspector_whatsapp.contact", str(contact.pk))
    assert (of_list.page, of_list.object_id, of_list.details) == (
        "inspector_whatsapp.contact",
        "",
        {"rows": 3},
    )


def test_nobody_changes_or_deletes_what_was_written() -> None:
    entry = audit.record(Act.SAW, actor=None, page="home")
    entries = AuditEntry.objects.filter(pk=entry.pk)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        entries.update(says="nothing happened")
    with pytest.raises(DatabaseError, match="kept for 365 days"), transaction.atomic():
        entries.delete()
    assert entries.get().says == ""
