"""People's words in what leaves: line breaks, markup and length harm neither a header nor Meta's limits."""

import re
from datetime import timedelta

import pytest
from django.conf import settings as configured
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from pytest_django import Settings

from inspector_whatsapp import clock
from inspector_whatsapp.cloud_api import limits
from inspector_whatsapp.models import Contact, OutboxMessage, User
from inspector_whatsapp.outbox import channel
from inspector_whatsapp.outbox.adding import Outgoing
from notifications.channels.email import SUBJECT
from tests.factories import ContactFactory, SeekerFactory
from tests.notifications.approved import approve_all

pytest_plugins = ("tests.outbox.fixtures",)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("the_clock")]

NASTY = [
    "\r\n",
    "\r\nBcc: all@example.com\r\n\r\n",
    "\t",
    "     ",
    "*",
    "_",
    "~",
    "`",
    "\u2028",
    "\x0b",
    "\u202e",
    "{0}",
    "🏠",
]
words = some.lists(some.sampled_from(NASTY) | some.text(max_size=20), min_size=1).map("".join) | some.builds(
    lambda part, length: (part * length)[:length],
    some.sampled_from([*NASTY, "Ada ", "long"]),
    some.integers(200, 10_000),
)
odd = given(words=words.filter(lambda text: "\x00" not in text and text.isprintable() is not None))
often = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(autouse=True)
def the_kind(settings: Settings) -> None:
    settings.KINDS = (*configured.KINDS, "tests.outbox.odd_kind")


@pytest.fixture
def ada() -> User:
    account: User = SeekerFactory(email="ada@example.com")
    return account


@pytest.fixture
def contact() -> Contact:
    found: Contact = ContactFactory()
    return found


def message(
    words: str, *, channel: str, contact: Contact | None = None, account: User | None = None
) -> OutboxMessage:
    """As it stands in the table."""
    words = words.encode("utf-8", "replace").decode()
    outgoing = Outgoing(
        kind="odd", channel=channel, contact=contact, account=account, arguments={"words": words}
    )
    row = outgoing.row(clock.now())
    row.pk = 1
    return row


@often
@odd
def test_no_words_reach_the_headers_of_a_letter(ada: User, words: str) -> None:
    row = message(words, channel="email", account=ada)
    sending = channel.by_name("email").prepare(row, now=clock.now())
    letter = sending.send.args[0].message()  # type: ignore[attr-defined]
    head, _, _body = letter.as_bytes(linesep="\r\n").partition(b"\r\n\r\n")
    names = re.findall(rb"^([A-Za-z-]+):", head, re.MULTILINE)
    assert {name.decode() for name in names} == {
        *("Content-Type", "MIME-Version", "Subject", "From", "To", "Date", "Message-ID")
    }
    assert len(sending.body["subject"]) <= SUBJECT
    assert not re.search(r"[\r\n]", sending.body["subject"])


@often
@odd
@pytest.mark.parametrize("window", ["open", "closed"])
def test_no_words_break_metas_limits(contact: Contact, window: str, words: str) -> None:
    approve_all()
    hours = 1 if window == "open" else 25
    contact.last_inbound_at = clock.now() - timedelta(hours=hours)
    row = message(words, channel="whatsapp", contact=contact)
    body = channel.by_name("whatsapp").prepare(row, now=clock.now()).body
    limits.check(body)
    if window == "closed":
        (component, *_buttons) = body["template"]["components"]
        for parameter in component["parameters"]:
            assert not re.search(r"[\r\n\t]| {5}", parameter["text"])
