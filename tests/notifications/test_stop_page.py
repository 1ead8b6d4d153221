"""Offers by e-mail are stopped from the mail itself: by its page, or by the mail program's own button."""

import pytest
from django.test import Client
from pytest_django import Settings

from inspector_whatsapp import outbox
from inspector_whatsapp.models import OutboxMessage, User
from inspector_whatsapp.models.outbox import Status
from notifications import pages, preferences
from notifications.models import ConsentEntry
from tests.factories import SeekerFactory
from tests.notifications import scenes, ways
from tests.outbox.witness import Meta

pytest_plugins = ("tests.outbox.fixtures",)
pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return SeekerFactory(name="Ada Obi", email="ada@example.com")


def path(account: User, settings: Settings) -> str:
    return pages.address(account).removeprefix(settings.PUBLIC_URL)


def test_looking_at_the_page_changes_nothing(ada: User, client: Client, settings: Settings) -> None:
    for _ in range(3):
        page = client.get(path(ada, settings))
    text = page.content.decode()
    assert "a•••@e•••.com" in text
    assert "ada@" not in text
    assert page["Cache-Control"].startswith("max-age=0")
    assert not preferences.of(ada).mail_offers_stopped
    assert not ConsentEntry.objects.exists()


@pytest.mark.parametrize(("body", "how"), [({}, "page"), ({"List-Unsubscribe": "One-Click"}, "one_click")])
def test_the_button_of_the_page_and_of_the_mail_program_stop_offers(
    ada: User, settings: Settings, body: dict[str, str], how: str
) -> None:
    program = Client(enforce_csrf_checks=True)
    page = program.post(path(ada, settings), body)
    assert "No more offers by e-mail" in page.content.decode()
    assert preferences.of(ada).mail_offers_stopped
    entry = ConsentEntry.objects.get()
    assert (entry.account, entry.scope, entry.given, entry.how) == (ada, "marketing", False, how)


def test_an_address_that_was_tampered_with_does_nothing(
    ada: User, client: Client, settings: Settings
) -> None:
    other = SeekerFactory()
    forged = path(ada, settings).replace(f"/{ada.pk}:", f"/{other.pk}:")
    assert client.post(forged).status_code == 404
    assert not preferences.of(other).mail_offers_stopped


def test_an_offer_has_the_way_out_and_news_of_ones_own_affairs_has_not(meta: Meta, ada: User) -> None:
    ways.an_offer(ada, linked=False)
    scenes.book(seeker=ada)
    outbox.drain()
    mails = {
        mail["subject"].split(":")[0]: mail["headers"] for mail in meta.mails() if "ada@" in str(mail["to"])
    }
    offer, booked = mails["New for your alert"], mails["Inspection booked"]
    assert offer["List-Unsubscribe"].strip() == f"<{pages.address(ada)}>"
    assert offer["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "List-Unsubscribe" not in booked
    kept = OutboxMessage.objects.get(kind="search_match", channel="email")
    assert "No more offers by e-mail: [link]" in kept.text
    assert pages.address(ada) not in str(kept.body)


def test_once_stopped_an_offer_goes_nowhere_and_says_why(meta: Meta, ada: User, client: Client) -> None:
    client.post(pages.address(ada))
    ways.an_offer(ada, linked=False)
    outbox.drain()
    row = OutboxMessage.objects.get(kind="search_match")
    assert (row.status, row.reason) == (Status.WITHHELD, "they stopped offers by e-mail")
    assert not [mail for mail in meta.mails() if "ada@example.com" in mail["to"]]
