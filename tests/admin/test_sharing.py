"""Staff see what links brought, and begin campaigns."""

import re

import pytest
from django.test import Client

from inspector_whatsapp import sharing
from inspector_whatsapp.models import ShareSource
from inspector_whatsapp.models.sharing import SourceKind, Step
from tests.admin.conftest import address
from tests.factories import ContactFactory, GroupFactory, PropertyFactory

pytestmark = pytest.mark.django_db


def test_a_list_says_what_each_source_brought(staff: Client) -> None:
    source, property = GroupFactory(label="Lekki homes"), PropertyFactory()
    for n in range(3):
        visitor = sharing.Visitor(f"102.89.1.{n}", "Mozilla/5.0 (Linux; Android 10; K) Chrome/139.0.0.0")
        sharing.count(visitor, property, source, Step.OPENED)
    sharing.arrived(ContactFactory(), f"{property.ref} (s-{source.code})")
    shown = staff.get(address(ShareSource)).content.decode()
    for column, count in (("opened", 3), ("asked", 0), ("chatted", 1), ("booked", 0)):
        assert re.search(rf'<td class="field-{column} [^>]*>\s*{count}\s*</td>', shown)


def test_a_campaign_is_begun_with_a_code_of_its_own(staff: Client) -> None:
    add = address(ShareSource, "add/")
    assert staff.post(add, {"label": " Radio "}).status_code == 302
    made = ShareSource.objects.get()
    assert (made.kind, made.label, made.agent) == (SourceKind.CAMPAIGN, "Radio", None)
    assert sharing.known(made.code) == made
    assert made.code in staff.get(address(made, "change")).content.decode()
    for wrong in ("radio", "", "   "):
        assert "errorlist" in staff.post(add, {"label": wrong}).content.decode()
    assert ShareSource.objects.count() == 1


def test_a_source_is_neither_changed_nor_deleted(staff: Client) -> None:
    source = GroupFactory(label="Lekki homes")
    assert staff.post(address(source, "change"), {"label": "x"}).status_code == 403
    assert staff.post(address(source, "delete"), {"post": "yes"}).status_code == 403
    assert ShareSource.objects.get().label == "Lekki homes"
