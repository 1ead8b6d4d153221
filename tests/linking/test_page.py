"""The page that ends a link from a mail."""

import re
from collections.abc import Callable

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from time_machine import travel

from inspector_whatsapp.models import Contact, Link, User
from inspector_whatsapp.models.contacts import LinkState
from linking import pages
from tests.factories import LinkFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(ada: User, phone: Contact) -> Link:
    return LinkFactory(account=ada, contact=phone)


def path(link: Link, settings: Settings) -> str:
    address = pages.address(link)
    assert address.startswith(settings.PUBLIC_URL + "/unlink/")
    return address.removeprefix(settings.PUBLIC_URL)


def state(link: Link) -> str:
    link.refresh_from_db()
    return link.state


def test_looking_at_the_page_changes_nothing_however_often_a_mail_scanner_does(
    link: Link, client: Client, settings: Settings
) -> None:
    for _ in range(3):
        page = client.get(path(link, settings))
        client.head(path(link, settings))
    text = page.content.decode()
    assert "a•••@i•••.example" in text
    assert "•••0001" in text
    assert "ada@" not in text
    assert "+234" not in text
    assert page["Cache-Control"].startswith("max-age=0")
    assert state(link) == LinkState.ACTIVE


def test_the_button_ends_the_link_and_needs_its_token(link: Link, settings: Settings) -> None:
    browser = Client(enforce_csrf_checks=True)
    assert browser.post(path(link, settings)).status_code == 403
    assert state(link) == LinkState.ACTIVE
    form = browser.get(path(link, settings)).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    assert token
    page = browser.post(path(link, settings), {"csrfmiddlewaretoken": token[1]})
    assert "Disconnected" in page.content.decode()
    assert state(link) == LinkState.ENDED
    assert link.ended_why == "mail"


def test_a_second_visit_says_that_it_is_done(link: Link, client: Client, settings: Settings) -> None:
    client.post(path(link, settings))
    assert "Already disconnected" in client.get(path(link, settings)).content.decode()
    assert client.post(path(link, settings)).status_code == 200


def test_after_seven_days_the_page_says_what_else_to_do(
    link: Link, client: Client, settings: Settings
) -> None:
    where = path(link, settings)
    with travel(timezone.now() + pages.LIFE * 1.01):
        page = client.post(where)
    assert page.status_code == 410
    assert "expired" in page.content.decode()
    assert state(link) == LinkState.ACTIVE


@pytest.mark.parametrize("change", [lambda token: token[:-1], lambda token: "1" + token, lambda token: "x"])
def test_a_token_that_was_not_signed_here_does_nothing(
    link: Link, client: Client, settings: Settings, change: Callable[[str], str]
) -> None:
    token = path(link, settings).split("/")[2]
    page = client.post(f"/unlink/{change(token)}/")
    assert page.status_code == 404
    assert "does not work" in page.content.decode()
    assert state(link) == LinkState.ACTIVE


def test_the_address_in_the_mail_leads_to_the_page(
    ada: User,
    phone: Contact,
    linked: Callable[..., Link],
    client: Client,
    settings: Settings,
    mailoutbox: list[EmailMessage],
) -> None:
    link = linked(phone)
    address = re.search(r"http\S+/unlink/\S+", str(mailoutbox[-1].body))
    assert address
    client.post(address[0].removeprefix(settings.PUBLIC_URL))
    assert state(link) == LinkState.ENDED


def test_a_page_for_somebody_who_reads_pidgin_opens(link: Link, client: Client, settings: Settings) -> None:
    User.objects.update(language="pcm")
    assert client.get(path(link, settings)).status_code == 200
