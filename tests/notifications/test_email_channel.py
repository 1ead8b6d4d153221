"""E-mail, through the outbox, to a mail server that takes it, refuses it, or goes away."""

import email
import socket
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from pytest_django import Settings

from inspector_whatsapp import outbox
from inspector_whatsapp.models import ChannelState, Incident, OutboxMessage, User
from inspector_whatsapp.models.outbox import Status
from tests.factories import AgentFactory, PropertyFactory, SeekerFactory
from tests.notifications import scenes
from tests.ports import free_port

pytestmark = pytest.mark.django_db


class Mailbox:
    """A mail server's manners: what it answers, and what it took."""

    def __init__(self) -> None:
        self.letters: list[tuple[list[str], EmailMessage]] = []
        self.to_sender = self.to_recipient = self.to_data = "250 OK"
        self.cuts = False

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.to_sender

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.to_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.cuts:
            assert server.transport is not None
            server.transport.close()
        if self.to_data.startswith("250"):
            assert isinstance(envelope.content, bytes)
            letter = email.message_from_bytes(envelope.content, policy=default)
            assert isinstance(letter, EmailMessage)
            self.letters.append((list(envelope.rcpt_tos), letter))
        return self.to_data


@pytest.fixture
def port(settings: Settings) -> int:
    settings.EMAIL_BACKEND = "notifications.channels.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    return int(settings.EMAIL_PORT)


@pytest.fixture
def mailbox(port: int) -> Iterator[Mailbox]:
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield mailbox
    controller.stop()


def sent_to(seeker: User) -> OutboxMessage:
    """The confirmation of a booking, after the outbox was drained."""
    scenes.book(seeker=seeker, inspector=None)
    OutboxMessage.objects.exclude(account=seeker).delete()
    outbox.drain()
    return OutboxMessage.objects.get()


def test_a_letter_arrives_with_text_html_link_and_calendar(mailbox: Mailbox) -> None:
    ada = SeekerFactory(name="Ada Obi")
    message = sent_to(ada)
    assert message.status == Status.ACCEPTED
    ((to, letter),) = mailbox.letters
    assert to == [ada.email]
    assert letter["Subject"].startswith("Inspection booked: 3-bedroom flat, Lekki Phase 1, ")
    assert letter["Message-ID"] == message.provider_id
    kinds = [part.get_content_type() for part in letter.walk() if not part.is_multipart()]
    assert kinds == ["text/plain", "text/html", "text/calendar"]
    plain = letter.get_body(preferencelist=("plain",))
    assert plain is not None
    assert "Your inspection is booked." in plain.get_content()
    assert "/p/PR-" in plain.get_content()


@pytest.mark.parametrize(
    ("to_recipient", "to_data", "status", "code"),
    [
        ("451 try later", "250 OK", Status.WAITING, 451),
        ("550 no such user", "250 OK", Status.FAILED, 550),
        ("250 OK", "452 out of space", Status.WAITING, 452),
        ("250 OK", "554 spam", Status.FAILED, 554),
    ],
)
def test_4xx_is_tried_again_and_5xx_is_not(
    mailbox: Mailbox, to_recipient: str, to_data: str, status: Status, code: int
) -> None:
    mailbox.to_recipient, mailbox.to_data = to_recipient, to_data
    message = sent_to(SeekerFactory())
    assert (message.status, message.error_code) == (status, code)
    assert mailbox.letters == []


def test_a_server_that_is_not_there_is_tried_again(port: int) -> None:
    message = sent_to(SeekerFactory())
    assert message.status == Status.WAITING
    state = ChannelState.objects.get(channel="email")
    assert state.shut_until is not None
    assert state.shut_until > message.created_at


def test_a_server_that_hangs_up_at_once_has_been_handed_nothing(port: int) -> None:
    with socket.create_server(("127.0.0.1", port)) as listener:
        guard = threading.Thread(target=lambda: listener.accept()[0].close())
        guard.start()
        message = sent_to(SeekerFactory())
        guard.join()
    assert message.status == Status.WAITING


def test_a_line_cut_after_the_letter_leaves_its_fate_unknown(mailbox: Mailbox) -> None:
    mailbox.cuts = True
    message = sent_to(SeekerFactory())
    assert message.status == Status.UNCERTAIN
    assert len(mailbox.letters) == 1


def test_a_wrong_password_stops_the_channel_and_costs_no_message(port: int, settings: Settings) -> None:
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "us", "wrong"
    mailbox = Mailbox()
    controller = Controller(
        mailbox,
        hostname="127.0.0.1",
        port=port,
        authenticator=lambda *_: AuthResult(success=False, handled=False),
        auth_require_tls=False,
    )
    controller.start()
    try:
        message = sent_to(SeekerFactory())
    finally:
        controller.stop()
    assert (message.status, message.attempts) == (Status.WAITING, 0)
    assert Incident.objects.filter(kind="token_refused", key="email").exists()


def test_a_server_that_does_not_take_us_as_a_sender_stops_the_channel_and_costs_no_message(
    mailbox: Mailbox,
) -> None:
    mailbox.to_sender = "530 authentication required"
    message = sent_to(SeekerFactory())
    assert (message.status, message.attempts, message.error_code) == (Status.WAITING, 0, 530)
    assert Incident.objects.filter(kind="token_refused", key="email").exists()


@pytest.mark.parametrize("field", ["name", "area", "title"])
def test_peoples_words_cannot_add_headers(mailbox: Mailbox, field: str) -> None:
    evil = "Ada\r\nBcc: eve@example.com\r\n\r\nBody"
    agent = AgentFactory()
    ada = SeekerFactory(name=evil if field == "name" else "Ada")
    home = PropertyFactory(agent=agent, **({field: evil} if field != "name" else {}))
    scenes.book(seeker=ada, property=home, inspector=None)
    outbox.drain()
    assert {status for (status,) in OutboxMessage.objects.values_list("status")} == {Status.ACCEPTED}
    assert sorted(to for to, _ in mailbox.letters) == sorted([[ada.email], [agent.email]])
    for _, letter in mailbox.letters:
        assert letter["Bcc"] is None
        assert "\n" not in letter["Subject"]


def test_a_second_attempt_is_the_same_letter(mailbox: Mailbox) -> None:
    mailbox.to_data = "451 later"
    message = sent_to(SeekerFactory())
    mailbox.to_data = "250 OK"
    OutboxMessage.objects.update(not_before=message.created_at)
    outbox.drain()
    ((_, letter),) = mailbox.letters
    assert letter["Message-ID"].startswith(f"<outbox-{message.pk}@")


def test_an_account_that_is_switched_off_gets_no_letter(mailbox: Mailbox) -> None:
    message = sent_to(SeekerFactory(is_active=False))
    assert message.status == Status.WITHHELD
    assert mailbox.letters == []
