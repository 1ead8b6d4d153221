"""Who wrote: phone numbers, business-scoped user ids (BSUIDs), and what shows that they are one or two."""

import json
from pathlib import Path

import pytest
from django.conf import settings

from bot import conversation, inbox, webhook
from bot.models import Conversation, InboundEvent
from inspector_whatsapp import clock, contacts
from inspector_whatsapp.cloud_api.events import Sender
from inspector_whatsapp.cloud_api.signature import sign
from inspector_whatsapp.models import Contact, Link, OutboxMessage
from inspector_whatsapp.models.contacts import LinkState
from tests.at_once import at_once
from tests.bot.phone import Phone
from tests.factories import ContactFactory, LinkFactory

FOLDER = Path(__file__).parent.parent / "payloads"
PHONE, ANN, BOB = "+2348030000001", "NG.13491208655302741918", "NG.77777777777777777777"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("payload", "phone", "user_id"),
    [
        ("text", PHONE, ANN),
        ("text_from_phone_only", PHONE, None),
        ("text_from_username_with_phone", PHONE, ANN),
        ("text_from_username_without_phone", None, ANN),
        ("text_whose_from_is_a_user_id", None, ANN),
        ("text_without_contacts", PHONE, ANN),
        ("text_from_parent_user_id", None, "NG.ENT.11815799212886844830"),
    ],
)
def test_whoever_writes_is_a_contact_whatever_meta_shows_of_them(
    payload: str, phone: str | None, user_id: str | None
) -> None:
    body = json.loads((FOLDER / f"{payload}.json").read_text())
    body["entry"][0]["changes"][0]["value"]["messages"][0]["timestamp"] = str(int(clock.now().timestamp()))
    raw = json.dumps(body).encode()
    assert webhook.receive(raw, sign(raw, settings.WHATSAPP_APP_SECRETS[0])) == 200
    while inbox.drain() + conversation.drain() + conversation.drain_slow():
        pass
    contact = Contact.objects.get()
    assert (contact.phone, contact.user_id) == (phone, user_id)
    assert OutboxMessage.objects.get().contact == contact


@pytest.mark.django_db
def test_a_user_id_that_is_seen_later_joins_the_known_phone() -> None:
    link = LinkFactory(contact=ContactFactory(phone=PHONE))
    contact = contacts.identify(Sender(phone=PHONE, user_id=ANN, username="ann", name="Ann"))
    assert contact == link.contact
    contact.refresh_from_db()
    assert (contact.phone, contact.user_id, contact.username) == (PHONE, ANN, "ann")
    link.refresh_from_db()
    assert link.state == LinkState.ACTIVE


@pytest.mark.django_db
def test_a_phone_that_is_shown_later_joins_the_known_user_id() -> None:
    link = LinkFactory(contact=ContactFactory(phone=None, user_id=ANN))
    contact = contacts.identify(Sender(phone=PHONE, user_id=ANN))
    assert contact == link.contact
    assert Contact.objects.get().phone == PHONE
    link.refresh_from_db()
    assert link.state == LinkState.ACTIVE


@pytest.mark.django_db
def test_a_known_phone_with_another_user_id_is_somebody_else() -> None:
    link = LinkFactory(contact=ContactFactory(phone=PHONE, user_id=ANN))
    other = contacts.identify(Sender(phone=PHONE, user_id=BOB, name="Bob"))
    before = Contact.objects.get(pk=link.contact_id)
    assert other != before
    assert (before.phone, before.user_id) == (None, ANN)
    other.refresh_from_db()
    assert (other.phone, other.user_id, other.profile_name) == (PHONE, BOB, "Bob")
    link.refresh_from_db()
    assert (link.contact, link.state, link.current) == (before, LinkState.SUSPENDED, False)
    assert not Link.objects.filter(contact=other).exists()


@pytest.mark.django_db
def test_a_phone_that_moves_to_somebody_known_leaves_both_as_they_are_but_for_the_links() -> None:
    anns = LinkFactory(contact=ContactFactory(phone=PHONE, user_id=ANN))
    bobs = LinkFactory(contact=ContactFactory(phone=None, user_id=BOB))
    assert contacts.identify(Sender(phone=PHONE, user_id=BOB)) == bobs.contact
    anns.refresh_from_db()
    bobs.refresh_from_db()
    assert (anns.state, bobs.state) == (LinkState.SUSPENDED, LinkState.ACTIVE)
    assert Contact.objects.get(user_id=ANN).phone is None
    assert Contact.objects.get(user_id=BOB).phone == PHONE


@pytest.mark.django_db
def test_whoever_comes_with_another_number_proves_themselves_again() -> None:
    link = LinkFactory(contact=ContactFactory(phone=PHONE, user_id=ANN))
    contact = contacts.identify(Sender(phone="+2348099999999", user_id=ANN))
    assert contact == link.contact
    assert Contact.objects.get().phone == "+2348099999999"
    link.refresh_from_db()
    assert link.state == LinkState.SUSPENDED


@pytest.mark.django_db
@pytest.mark.parametrize("linked", ["neither", "phone", "user id"])
def test_two_contacts_that_are_shown_to_be_one_become_one_with_its_link(linked: str) -> None:
    by_phone = ContactFactory(phone=PHONE)
    by_id = ContactFactory(phone=None, user_id=ANN)
    link = {"neither": None, "phone": by_phone, "user id": by_id}[linked]
    if link is not None:
        LinkFactory(contact=link)
    contacts.identify(Sender(phone=PHONE, user_id=ANN))
    one = Contact.objects.get()
    assert (one.phone, one.user_id) == (PHONE, ANN)
    assert [(each.contact, each.state, each.current) for each in Link.objects.all()] == (
        [(one, LinkState.ACTIVE, True)] if link is not None else []
    )


@pytest.mark.django_db
def test_where_both_are_linked_the_one_known_by_phone_proves_itself_again() -> None:
    by_phone = LinkFactory(contact=ContactFactory(phone=PHONE))
    by_id = LinkFactory(contact=ContactFactory(phone=None, user_id=ANN))
    contacts.identify(Sender(phone=PHONE, user_id=ANN))
    one = Contact.objects.get()
    by_phone.refresh_from_db()
    by_id.refresh_from_db()
    assert (by_phone.contact, by_phone.state, by_phone.current) == (one, LinkState.SUSPENDED, False)
    assert (by_id.contact, by_id.state, by_id.current) == (one, LinkState.ACTIVE, True)


@pytest.mark.django_db
def test_who_asked_us_to_stop_is_left_in_peace_after_two_contacts_became_one() -> None:
    ContactFactory(phone=PHONE, stopped_at=clock.now())
    ContactFactory(phone=None, user_id=ANN)
    contacts.identify(Sender(phone=PHONE, user_id=ANN))
    assert Contact.objects.get().stopped_at is not None


@pytest.mark.django_db
def test_what_both_have_said_is_one_talk_when_they_become_one() -> None:
    phone = Phone(PHONE)
    assert phone.says("hello")
    alone = json.loads(phone.webhook({"type": "text", "text": {"body": "me again"}}))
    of_change = alone["entry"][0]["changes"][0]["value"]
    of_change["contacts"] = [{"user_id": ANN, "profile": {"name": "Ann", "username": "ann"}}]
    of_change["messages"][0] |= {"from": ANN, "from_user_id": ANN}
    phone.posts(json.dumps(alone).encode())
    phone.answers()
    assert (Contact.objects.count(), Conversation.objects.count()) == (2, 2)
    of_change["contacts"][0]["wa_id"] = PHONE.removeprefix("+")
    of_change["messages"][0] |= {"from": PHONE.removeprefix("+"), "id": "wamid.both"}
    phone.posts(json.dumps(alone).encode())
    assert phone.answers()
    talk = Conversation.objects.get()
    assert talk.contact == Contact.objects.get()
    assert InboundEvent.objects.filter(contact=talk.contact, conversation=talk).count() == 3


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["system_number_changed", "system_user_id_changed"])
def test_whoever_meta_says_has_changed_proves_themselves_again(name: str) -> None:
    body = json.loads((FOLDER / f"{name}.json").read_text())
    message = body["entry"][0]["changes"][0]["value"]["messages"][0]
    message["timestamp"] = str(int(clock.now().timestamp()))
    link = LinkFactory(contact=ContactFactory(phone=PHONE, user_id=ANN))
    raw = json.dumps(body).encode()
    assert webhook.receive(raw, sign(raw, settings.WHATSAPP_APP_SECRETS[0])) == 200
    inbox.drain()
    link.refresh_from_db()
    assert link.state == LinkState.SUSPENDED


@pytest.mark.django_db(transaction=True)
def test_somebody_new_who_is_looked_up_many_times_at_once_is_one_contact() -> None:
    for number in range(10):
        sender = Sender(phone=f"+23481110000{number:02}", user_id=f"NG.5000000000000000000{number}")
        found = at_once(*[lambda sender=sender: contacts.identify(sender) for _ in range(4)])
        assert len({contact.pk for contact in found}) == 1
    assert Contact.objects.count() == 10
