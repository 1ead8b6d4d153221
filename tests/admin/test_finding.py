"""The console's one box: it finds anything that somebody may see, and nothing else."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from bot.models import Conversation, InboundEvent
from inspector_whatsapp.models import AuditEntry, Contact, Inspection, OutboxMessage, Property, User
from tests.admin.conftest import EVIL, World

pytestmark = pytest.mark.django_db


def found(client: Client, typed: str) -> str:
    answer = client.get("/admin/search/", {"s": typed, "extended": "1"})
    assert answer.status_code == 200
    return answer.content.decode()


def row_page(row: object) -> str:
    meta = row._meta  # type: ignore[attr-defined]
    return f"/admin/{meta.app_label}/{meta.model_name}/{row.pk}/change/"  # type: ignore[attr-defined]


def test_each_thing_is_found_by_what_names_it(world: World, staff: Client) -> None:
    User.objects.filter(pk=world[User].pk).update(name="Ada Obi", email="ada@example.com")
    Contact.objects.filter(pk=world[Contact].pk).update(profile_name="Sunshine")
    message, inspection = world[OutboxMessage], world[Inspection]
    OutboxMessage.objects.filter(pk=message.pk).update(text="The lift is broken", provider_id="wamid.ABC")
    InboundEvent.objects.update(text="is the generator loud?", key="m:wamid.DEF")
    whole = world[Contact].phone
    for typed, rows in (
        ("ada obi", (User, Contact, Conversation)),
        ("ada@example.com", (User, Contact, Conversation)),
        ("sunshine", (Contact, Conversation)),
        (whole, (Contact, Conversation)),
        (f"•••{whole[-4:]}", (Contact, Conversation)),
        (inspection.ref, (Inspection, User)),
        (world[Property].ref, (Property,)),
        ("broken lift", (OutboxMessage, Conversation)),
        ("wamid.ABC", (OutboxMessage,)),
        (f"#{message.pk}", (OutboxMessage,)),
        ("generat", (InboundEvent, Conversation)),
        ("wamid.DEF", (InboundEvent,)),
    ):
        shown = found(staff, typed)
        for model in rows:
            assert row_page(world[model]) in shown, (typed, model)
    assert "No results" in found(staff, "zebra crossing")
    assert found(staff, "") == ""


def test_numbers_are_masked_in_what_is_found(world: World, staff: Client) -> None:
    for row in (world[Contact], world[User]):
        shown = found(staff, row.phone)
        assert f"•••{row.phone[-4:]}" in shown
        assert row.phone.removeprefix("+") not in shown


def test_harmful_words_are_found_as_words(evil: World, staff: Client) -> None:
    for typed in ("onerror", EVIL, "script", "\u202e"):
        shown = found(staff, typed)
        assert not any(tag in shown for tag in ("<i x", "<script>alert", "<img src=x", "\u202e"))
    assert "[U+202E]" in found(staff, evil[Inspection].ref) + found(staff, evil[Property].ref)


def test_nobody_finds_what_they_may_not_see(world: World, visitor: Client, helper: User) -> None:
    typed = (world[Inspection].ref, world[Property].ref, world[Contact].phone, "somebody", "script")
    for each in typed:
        assert "/change/" not in found(visitor, each), each
    helper.user_permissions.add(Permission.objects.get(codename="view_property"))
    assert row_page(world[Property]) in found(visitor, world[Property].ref)
    assert "/change/" not in found(visitor, world[Contact].phone)
    # What was found before is not kept for when the right is gone.
    helper.user_permissions.clear()
    assert "/change/" not in found(visitor, world[Property].ref)


def test_strangers_find_nothing_and_a_search_is_noted_without_its_words(
    world: World, staff: Client, root: User, client: Client
) -> None:
    assert client.get("/admin/search/", {"s": "somebody", "extended": "1"}).status_code == 302
    found(staff, world[Contact].phone)
    entry = AuditEntry.objects.filter(act="searched", page="find").get()
    assert entry.actor == root
    assert entry.details["found"] >= 2
    assert world[Contact].phone not in str((entry.says, entry.details))


def test_the_navigation_is_found_by_its_names_as_before(staff: Client) -> None:
    shown = staff.get("/admin/search/", {"s": "conversat"}).content.decode()
    assert "/admin/bot/conversation/" in shown
