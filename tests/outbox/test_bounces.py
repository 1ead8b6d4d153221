"""Mail services tell us what became of letters: their own words over HTTP, behind a secret."""

import importlib
import json
from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import clear_url_caches
from pytest_django import Settings

from config import urls
from inspector_whatsapp import mailboxes
from inspector_whatsapp.models import Change, Mailbox, OutboxMessage
from inspector_whatsapp.models.mailboxes import Trouble
from inspector_whatsapp.models.outbox import Status
from tests.admin.conftest import log_in
from tests.factories import SeekerFactory, UserFactory
from tests.outbox import scenes

pytest_plugins = ("tests.outbox.fixtures",)
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("the_clock"),
    pytest.mark.filterwarnings("ignore::anymail.exceptions.AnymailNotSupportedWarning"),  # SendGrid
]

SECRET = "mail:8d1f6c"
ADA = "Ada@Example.com"
Says = tuple[str, Any]  # a service's address, and what it posts there


@pytest.fixture(autouse=True)
def mounted(settings: Settings) -> Iterator[None]:
    """As with EMAIL_WEBHOOK_SECRET in the environment."""
    settings.EMAIL_WEBHOOK_SECRET = SECRET
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET, "MAILGUN_WEBHOOK_SIGNING_KEY": None}
    importlib.reload(urls)
    clear_url_caches()
    yield
    settings.EMAIL_WEBHOOK_SECRET = ""
    importlib.reload(urls)
    clear_url_caches()


def post(says: Says, *, secret: str = SECRET) -> int:
    service, body = says
    basic = {"HTTP_AUTHORIZATION": "Basic " + b64encode(secret.encode()).decode()} if secret else {}
    answer = Client().post(
        f"/webhooks/mail/{service}/tracking/",
        json.dumps(body),
        "application/json",
        **basic,  # type: ignore[arg-type]
    )
    return answer.status_code


def sendgrid(event: str, id: str = "m1", **more: object) -> Says:
    return "sendgrid", [
        {
            "email": ADA,
            "timestamp": 1461095250,
            "anymail_id": id,
            "smtp-id": "<wrfRRvF7Q0GgwUo2CvDmEA@example.com>",
            "event": event,
            "sg_event_id": "G6NRn4zC5sGxoV2Hoz7gpw",
            "sg_message_id": "wrfRRvF7Q0GgwUo2CvDmEA.filter0425p1mdw1.13037.57168B4A1D.0",
            **more,
        }
    ]


def postmark(kind: str, id: str = "m1") -> Says:
    return "postmark", {
        "RecordType": "Bounce" if kind != "SpamComplaint" else "SpamComplaint",
        "ID": 901542550,
        "Type": kind,
        "TypeCode": 1,
        "ServerID": 23,
        "MessageID": id,
        "Description": "The server was unable to deliver your message (ex: unknown user).",
        "Details": "smtp;550 5.1.1 The email account that you tried to reach does not exist.",
        "Email": ADA,
        "From": "no-reply@inspector.example",
        "BouncedAt": "2016-04-27T16:28:50.3963933-04:00",
        "Inactive": True,
        "Subject": "Inspection booked",
    }


def resend(kind: str, id: str = "m1") -> Says:
    return "resend", {
        "type": "email.bounced",
        "created_at": "2023-11-24T00:00:00.000Z",
        "data": {
            "email_id": id,
            "created_at": "2023-11-24T00:00:00.000Z",
            "to": [ADA],
            "from": "no-reply@inspector.example",
            "subject": "Inspection booked",
            "bounce": {"message": "The mailbox is full.", "type": kind, "subType": "General"},
        },
    }


def letter(id: str = "m1") -> OutboxMessage:
    """One that the service took."""
    message = scenes.letter()
    OutboxMessage.objects.filter(pk=message.pk).update(status=Status.ACCEPTED, provider_id=id)
    return message


HARD = [
    sendgrid("bounce", type="bounce", status="5.0.0", reason="550 5.1.1 The email account does not exist."),
    postmark("HardBounce"),
    postmark("BadEmailAddress"),
]
SOFT = [
    sendgrid("bounce", type="blocked", status="4.7.1", reason="554 5.7.1 Try again later"),
    postmark("SoftBounce"),
    resend("Transient"),
]


@pytest.mark.parametrize("says", HARD)
def test_a_mailbox_that_does_not_exist_is_marked_and_its_letter_failed(says: Says) -> None:
    message = letter()
    assert post(says) == 200
    message.refresh_from_db()
    assert message.status == Status.FAILED
    assert Mailbox.objects.get().why in (Trouble.BOUNCED, Trouble.REJECTED)
    assert mailboxes.trouble(ADA.upper()) == mailboxes.trouble(ADA) != ""


@pytest.mark.parametrize("says", SOFT)
def test_a_mailbox_that_may_take_the_next_letter_is_not_marked(says: Says) -> None:
    message = letter()
    assert post(says) == 200
    message.refresh_from_db()
    assert message.status == Status.FAILED
    assert mailboxes.trouble(ADA) == ""


@pytest.mark.parametrize("says", [sendgrid("deferred", response="400 Try again"), postmark("Transient")])
def test_what_is_only_delayed_has_not_failed(says: Says) -> None:
    message = letter()
    assert post(says) == 200
    message.refresh_from_db()
    assert message.status == Status.ACCEPTED
    assert mailboxes.trouble(ADA) == ""


def test_a_letter_that_arrived_is_delivered() -> None:
    message = letter()
    assert post(sendgrid("delivered", response="250 OK")) == 200
    message.refresh_from_db()
    assert message.status == Status.DELIVERED
    assert message.delivered_at is not None


@pytest.mark.parametrize("says", [sendgrid("spamreport"), postmark("SpamComplaint")])
def test_who_calls_it_spam_is_marked_and_the_account_hears_of_it_once(says: Says) -> None:
    account = SeekerFactory(email=ADA.lower())
    for _ in range(2):
        assert post(says) == 200
    assert "spam" in mailboxes.trouble(ADA)
    changes = Change.objects.filter(kind="mailbox_complained")
    assert [change.subject for change in changes] == [str(account.pk)]


def test_a_complaint_outlives_a_bounce() -> None:
    post(sendgrid("spamreport"))
    post(postmark("HardBounce"))
    mailbox = Mailbox.objects.get()
    assert (mailbox.why, mailbox.times) == (Trouble.COMPLAINED, 2)


def test_what_comes_back_for_no_letter_of_ours_marks_the_mailbox_all_the_same() -> None:
    assert post(postmark("HardBounce", id="not ours")) == 200
    assert mailboxes.trouble(ADA)


@pytest.mark.parametrize("secret", ["", "mail:wrong", "other:8d1f6c"])
def test_who_does_not_know_the_secret_is_refused(secret: str) -> None:
    message = letter()
    assert post(postmark("HardBounce"), secret=secret) == 400
    message.refresh_from_db()
    assert message.status == Status.ACCEPTED
    assert not Mailbox.objects.exists()


def test_without_a_secret_there_is_no_such_address(settings: Settings) -> None:
    settings.EMAIL_WEBHOOK_SECRET = ""
    importlib.reload(urls)
    clear_url_caches()
    assert post(postmark("HardBounce")) == 404


def test_an_admin_clears_a_mailbox(client: Client) -> None:
    post(postmark("HardBounce"))
    log_in(client, UserFactory(is_staff=True, is_superuser=True))
    chosen = {"action": "clear", "_selected_action": [Mailbox.objects.get().pk]}
    page = client.post("/admin/inspector_whatsapp/mailbox/", chosen, follow=True).content.decode()
    assert "1 mailbox was cleared" in page
    assert mailboxes.trouble(ADA) == ""


def test_the_list_does_not_show_whole_addresses(client: Client) -> None:
    post(postmark("HardBounce"))
    log_in(client, UserFactory(is_staff=True, is_superuser=True))
    assert ADA.lower() not in client.get("/admin/inspector_whatsapp/mailbox/").content.decode()
