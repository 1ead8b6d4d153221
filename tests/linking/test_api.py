"""The doors of linking: what the website and the backend may ask for, and whose it is."""

import base64
import uuid
from collections import Counter
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

from inspector_whatsapp import clock
from inspector_whatsapp.models import Answer, Contact, Link, OutboxMessage, User
from inspector_whatsapp.models.contacts import LinkState
from linking import intents, rules
from linking.models import IntentState, LinkIntent
from tests.api.inspector import person, service
from tests.at_once import at_once
from tests.factories import ContactFactory, LinkFactory, SeekerFactory
from tests.linking.test_intents import send

pytest_plugins = ("tests.api.fixtures",)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inspectors_keys")]

INTENTS = "/api/v1/links/intents"
LINKS = "/api/v1/links"


def begin(client: APIClient, *, key: str = "", **more: Any) -> Any:
    return client.post(
        INTENTS, more or None, format="json", headers={"Idempotency-Key": key or str(uuid.uuid4())}
    )


@pytest.fixture
def website(ada: User) -> APIClient:
    """Ada's browser, as the website calls for it."""
    return person(ada, sid="tab-1")


def begun(client: APIClient) -> tuple[str, LinkIntent]:
    """The address of a new intent, and its row."""
    answer = begin(client)
    assert answer.status_code == 201, answer.json()
    return f"{INTENTS}/{answer.json()['id']}", LinkIntent.objects.get(public_id=answer.json()["id"])


def test_pressing_connect_gives_a_deep_link_and_its_qr_code(website: APIClient, settings: Settings) -> None:
    answer = begin(website)
    assert answer.status_code == 201
    shown = answer.json()
    assert set(shown) == {"id", "state", "deep_link", "text", "number", "qr", "expires_at"}
    intent = LinkIntent.objects.get()
    assert shown["text"] == f"LINK {intents.token(intent)}"
    assert shown["deep_link"] == intents.deep_link(intent)
    assert shown["number"] == settings.WHATSAPP_PHONE_NUMBER
    assert unquote(shown["qr"]["svg"]).startswith("data:image/svg+xml;charset=utf-8,<svg")
    kind, _, picture = shown["qr"]["png"].partition(",")
    assert kind == "data:image/png;base64"
    assert base64.b64decode(picture).startswith(b"\x89PNG")


def test_the_same_wish_gets_the_same_answer_of_which_no_token_is_kept(
    website: APIClient, phone: Contact
) -> None:
    first = begin(website, key="one")
    intent = LinkIntent.objects.get()
    send(phone, intent)
    again = begin(website, key="one")
    assert first.json() == again.json()
    assert LinkIntent.objects.count() == 1
    assert Answer.objects.get().body == {"id": str(intent.public_id)}


def test_another_session_does_not_get_the_answer_by_the_key(website: APIClient, ada: User) -> None:
    begin(website, key="one")
    assert begin(person(ada, sid="tab-2"), key="one").status_code == 404


def test_a_wish_needs_a_key_and_takes_no_field(website: APIClient) -> None:
    assert website.post(INTENTS).json()["code"] == "idempotency_key_missing"
    assert begin(website, account="somebody").json()["errors"][0]["pointer"] == "/account"
    assert not LinkIntent.objects.exists()


def test_twenty_a_day_and_then_when_to_come_again(website: APIClient, ada: User) -> None:
    for _ in range(20):
        assert begin(website).status_code == 201
    answer = begin(website)
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_intents")
    assert 86_000 < int(answer["Retry-After"]) <= 86_400


def test_an_account_with_staff_rights_is_connected_to_nothing(ada: User) -> None:
    User.objects.filter(pk=ada.pk).update(is_staff=True)
    answer = begin(person(ada))
    assert (answer.status_code, answer.json()["code"]) == (403, "not_for_this_account")


def test_polling_says_nothing_until_something_happens(website: APIClient, phone: Contact) -> None:
    address, intent = begun(website)
    first = website.get(address)
    assert (first.json()["state"], first.json()["whatsapp"]) == ("open", None)
    seen = {"If-None-Match": first["ETag"]}
    unchanged = website.get(address, headers=seen)
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    send(phone, intent)
    changed = website.get(address, headers=seen)
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]
    shown = changed.json()
    assert shown["state"] == "claimed"
    assert shown["whatsapp"] == {
        "number_ending": "0001",
        "username": None,
        "description": "the WhatsApp number ending 0001",
    }
    assert shown["claimed_at"]
    assert (shown["differs_from_account_phone"], shown["replaces"], shown["link"]) == (False, False, None)
    assert shown["question"].startswith("Connect this WhatsApp to the account a•••@i•••.example?")
    for secret in (phone.phone, "evil", intents.token(intent)):
        assert str(secret) not in changed.content.decode()


@pytest.mark.parametrize(
    ("contact", "shown"),
    [
        (
            {"phone": None, "user_id": "NG.1", "username": "ann"},
            {"number_ending": None, "username": "ann", "description": "the WhatsApp account @ann"},
        ),
        (
            {"phone": None, "user_id": "NG.1"},
            {
                "number_ending": None,
                "username": None,
                "description": "a WhatsApp account that hides its number",
            },
        ),
    ],
)
def test_a_whatsapp_without_a_number_is_shown_as_far_as_it_shows_itself(
    website: APIClient, contact: dict[str, Any], shown: dict[str, Any]
) -> None:
    address, intent = begun(website)
    send(ContactFactory(**contact), intent)
    seen = website.get(address).json()
    assert seen["whatsapp"] == shown
    assert seen["differs_from_account_phone"] is True


def test_a_strangers_number_is_shown_with_a_warning_and_taken_by_its_maker_only(
    website: APIClient, ada: User, phone: Contact, stranger: Contact
) -> None:
    LinkFactory(account=ada, contact=phone)
    address, intent = begun(website)
    send(stranger, intent)
    shown = website.get(address).json()
    assert shown["whatsapp"]["number_ending"] == "0099"
    assert (shown["differs_from_account_phone"], shown["replaces"]) == (True, True)
    for other in (person(ada, sid="tab-2"), person(ada), person(SeekerFactory(), sid="tab-1")):
        assert other.get(address).status_code == 404
        assert other.post(f"{address}/confirm").status_code == 404
        assert other.delete(address).status_code == 404
    assert LinkIntent.objects.get().state == IntentState.CLAIMED
    assert website.delete(address).status_code == 204
    assert website.delete(address).status_code == 204
    assert website.get(address).json()["state"] == "cancelled"
    assert website.post(f"{address}/confirm").status_code == 410
    assert rules.current(phone) is not None


def test_made_without_a_session_any_of_the_persons_sessions_may_confirm_it(ada: User, phone: Contact) -> None:
    address, intent = begun(person(ada))
    send(phone, intent)
    assert person(ada, sid="later").post(f"{address}/confirm").status_code == 200


def test_the_yes_of_its_maker_connects_once_however_often_it_is_said(
    website: APIClient, ada: User, phone: Contact
) -> None:
    address, intent = begun(website)
    early = website.post(f"{address}/confirm")
    assert (early.status_code, early.json()["code"]) == (409, "not_claimed")
    send(phone, intent)
    first, again = website.post(f"{address}/confirm"), website.post(f"{address}/confirm")
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json() == website.get(address).json()
    link = Link.objects.get()
    assert (first.json()["state"], first.json()["link"]) == ("confirmed", link.pk)
    assert (link.account, link.contact) == (ada, phone)
    assert website.delete(address).json()["code"] == "already_confirmed"


@pytest.mark.django_db(transaction=True)
def test_said_many_times_at_once_the_yes_connects_once(website: APIClient, phone: Contact) -> None:
    address, intent = begun(website)
    send(phone, intent)
    answers = at_once(*[lambda: website.post(f"{address}/confirm")] * 8)
    assert Counter(answer.status_code for answer in answers) == {200: 8}
    assert len({answer.content for answer in answers}) == 1
    assert Link.objects.count() == 1


@pytest.mark.parametrize("claimed", [False, True])
def test_after_ten_minutes_it_is_expired(website: APIClient, phone: Contact, claimed: bool) -> None:
    address, intent = begun(website)
    if claimed:
        send(phone, intent)
    clock.move(timedelta(minutes=10))
    # Inspector's tokens go by the real time, our affairs by the clock.
    assert website.get(address).json()["state"] == "expired"
    late = website.post(f"{address}/confirm")
    assert (late.status_code, late.json()["code"]) == (410, "intent_over")
    assert not Link.objects.exists()


def test_sent_from_the_connected_chat_there_is_nothing_to_confirm(
    website: APIClient, ada: User, phone: Contact
) -> None:
    LinkFactory(account=ada, contact=phone)
    address, intent = begun(website)
    assert send(phone, intent) == "already"
    shown = website.get(address).json()
    assert (shown["state"], shown["question"]) == ("already", None)


# --- links ------------------------------------------------------------------------------------------------


def test_a_person_sees_their_own_links_and_a_service_everybodys(
    website: APIClient, ada: User, phone: Contact
) -> None:
    paused = LinkFactory(account=ada, contact=ContactFactory(), proof={"how": "code"})
    rules.suspend(link=paused, why="silent", now=clock.now())
    link = LinkFactory(account=ada, contact=phone, proof={"how": "web"})
    ended = LinkFactory()
    rules.unlink(link=ended, why="chat", now=clock.now())
    other = LinkFactory()
    mine = website.get(LINKS).json()
    assert mine["next"] is None
    assert [(each["id"], each["state"], each["how"], each["why"]) for each in mine["results"]] == [
        (link.pk, "active", "web", None),
        (paused.pk, "suspended", "code", "silent"),
    ]
    assert mine["results"][0]["whatsapp"]["number_ending"] == "0001"
    ada.refresh_from_db()
    all_of_them = service("read").get(LINKS).json()["results"]
    assert {each["id"] for each in all_of_them} == {link.pk, paused.pk, other.pk}
    of_ada = service("read").get(LINKS, {"user": str(ada.platform_id)}).json()["results"]
    assert of_ada == mine["results"]
    assert service("read").get(LINKS, {"user": "nobody"}).json()["results"] == []
    assert website.get(LINKS, {"user": "nobody"}).json()["code"] == "not_yours"
    assert service("read").get(LINKS, {"user": "\x00"}).status_code == 400
    assert service("sync events notify").get(LINKS).status_code == 403


def test_links_come_in_pages() -> None:
    for _ in range(3):
        LinkFactory()
    first = service("read").get(LINKS, {"limit": 2}).json()
    rest = service("read").get(first["next"]).json()
    assert (len(first["results"]), len(rest["results"]), rest["next"]) == (2, 1, None)


def test_disconnecting_is_told_to_both_sides_and_done_once(
    website: APIClient, ada: User, phone: Contact
) -> None:
    link = LinkFactory(account=ada, contact=phone)
    for _ in range(2):
        assert website.delete(f"{LINKS}/{link.pk}").status_code == 204
    link.refresh_from_db()
    assert (link.state, link.ended_why, link.proof["ended_by"]) == (LinkState.ENDED, "web", ada.pk)
    assert Counter(OutboxMessage.objects.values_list("channel", flat=True)) == {"email": 1, "whatsapp": 1}


def test_a_persons_token_ends_no_link_of_anybody_else(website: APIClient, phone: Contact) -> None:
    link = LinkFactory(contact=phone)
    assert website.delete(f"{LINKS}/{link.pk}").status_code == 404
    assert website.post(f"{LINKS}/{link.pk}/switch").status_code == 404
    assert website.delete(LINKS).status_code == 204
    link.refresh_from_db()
    assert link.state == LinkState.ACTIVE


def test_all_of_mine_end_at_once(website: APIClient, ada: User, phone: Contact) -> None:
    paused = LinkFactory(account=ada, contact=ContactFactory())
    rules.suspend(link=paused, why="silent", now=clock.now())
    LinkFactory(account=ada, contact=phone)
    shared = LinkFactory(contact=phone, current=False)
    assert website.delete(LINKS).status_code == 204
    assert set(Link.objects.filter(account=ada).values_list("state", flat=True)) == {"ended"}
    assert rules.current(phone) == shared


def test_the_backend_ends_a_link_of_anybody_with_the_scope_for_it(phone: Contact) -> None:
    link = LinkFactory(contact=phone)
    assert service("read events notify").delete(f"{LINKS}/{link.pk}").status_code == 403
    assert service("sync").delete(f"{LINKS}/{link.pk}").status_code == 204
    link.refresh_from_db()
    assert (link.state, link.ended_why) == (LinkState.ENDED, "host")
    assert service("sync").delete(LINKS).status_code == 403


def test_of_two_accounts_on_a_phone_the_website_chooses_its_own(
    website: APIClient, ada: User, phone: Contact
) -> None:
    mine = LinkFactory(account=ada, contact=phone)
    eve = LinkFactory(contact=phone, current=False)
    rules.switch(contact=phone, account=eve.account)
    answer = website.post(f"{LINKS}/{mine.pk}/switch")
    assert (answer.status_code, answer.json()["current"]) == (200, True)
    assert rules.current(phone) == mine
    rules.unlink(link=mine, why="web", now=clock.now())
    gone = website.post(f"{LINKS}/{mine.pk}/switch")
    assert (gone.status_code, gone.json()["code"]) == (409, "not_active")


@pytest.mark.parametrize(
    "address", [f"{LINKS}/{2**70}", f"{INTENTS}/0b6f1f6e-6a53-4c42-9a4e-5c3f3f9f2f10", f"{LINKS}/0/switch"]
)
def test_what_is_not_there_is_not_found(website: APIClient, address: str) -> None:
    answer = website.post(address) if address.endswith("switch") else website.delete(address)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_service_connects_nobody(website: APIClient) -> None:
    address, _ = begun(website)
    backend = service("sync events notify read")
    assert begin(backend).status_code == 403
    assert backend.get(address).status_code == 403
    assert backend.post(f"{address}/confirm").status_code == 403
