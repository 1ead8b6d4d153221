"""People in chats, and a mailbox to take their codes from."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from django.core.mail import EmailMessage
from django.db import transaction
from pytest_django import Settings

from inspector_whatsapp import clock, outbox
from inspector_whatsapp.models import ClockOffset, Contact, Link, User
from linking import challenges, rules
from linking.models import LinkChallenge
from tests.factories import ContactFactory, SeekerFactory

CONSENT = {"wording": "connect-1", "at": "2026-11-22T10:00:00+01:00", "wamid": "wamid.YES"}


@pytest.fixture(autouse=True)
def only_linking(settings: Settings) -> None:
    settings.KINDS = ("linking.kinds",)
    settings.CHANGE_LISTENERS = ("linking.rules.on_change",)
    settings.ROOT_URLCONF = "tests.linking.urls"
    # It warns of a folder of collected files, which tests have no need of.
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "whitenoise" not in name]


@pytest.fixture(autouse=True)
def the_clock_runs(request: pytest.FixtureRequest) -> None:
    """A test with real transactions ends by emptying every table, the clock's one row with it."""
    if request.node.get_closest_marker("django_db"):
        ClockOffset.objects.get_or_create(pk=1)


@pytest.fixture
def ada() -> User:
    return SeekerFactory(email="ada@inspector.example", phone="+2348030000001")


@pytest.fixture
def phone() -> Contact:
    """The WhatsApp of the number on Ada's account."""
    return ContactFactory(phone="+2348030000001", profile_name="Click http://evil.example")


@pytest.fixture
def stranger() -> Contact:
    return ContactFactory(phone="+2348111110099")


def begin(
    contact: Contact, email: str = "ada@inspector.example", *, now: datetime | None = None
) -> LinkChallenge:
    with transaction.atomic():
        return challenges.begin(contact=contact, email=email, now=now or clock.now())


def code_of(mail: EmailMessage) -> str:
    found = re.search(r"^(\d{3}) (\d{3})$", str(mail.body), re.MULTILINE)
    assert found, mail.body
    return found[1] + found[2]


def another(code: str) -> str:
    """A wrong one."""
    return f"{(int(code) + 1) % 10**6:06d}"


Asked = Callable[..., tuple[LinkChallenge, str]]


@pytest.fixture
def asked(mailoutbox: list[EmailMessage]) -> Asked:
    """Begins a challenge, lets the mail leave, and takes the code out of the mailbox."""

    def ask(contact: Contact, email: str = "ada@inspector.example") -> tuple[LinkChallenge, str]:
        before = len(mailoutbox)
        challenge = begin(contact, email)
        outbox.drain()
        assert len(mailoutbox) == before + 1
        return challenge, code_of(mailoutbox[-1])

    return ask


def check(contact: Contact, challenge: LinkChallenge, typed: str) -> challenges.Verdict:
    return challenges.check(contact_id=contact.pk, challenge_id=challenge.pk, typed=typed)


def connect(contact: Contact, challenge: LinkChallenge) -> Link:
    with transaction.atomic():
        return rules.connect(contact=contact, challenge_id=challenge.pk, consent=CONSENT, now=clock.now())


@pytest.fixture
def linked(asked: Asked, mailoutbox: list[EmailMessage]) -> Callable[..., Link]:
    """Links a contact to an account, all the way through the mailbox."""

    def link(contact: Contact, email: str = "ada@inspector.example") -> Link:
        challenge, code = asked(contact, email)
        assert check(contact, challenge, code).is_ == "right"
        made = connect(contact, challenge)
        outbox.drain()
        return made

    return link
