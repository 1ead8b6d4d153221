"""The page of a message: why somebody did, or did not, get it, in one look."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from inspector_whatsapp import outbox
from inspector_whatsapp.admin import story
from inspector_whatsapp.models import (
    OutboxMessage,
    User,
)
from inspector_whatsapp.models.outbox import Status
from notifications import preferences
from notifications.kind import Topic
from tests.admin.conftest import log_in
from tests.factories import SeekerFactory, UserFactory
from tests.notifications import scenes, ways
from tests.notifications.scenes import one
from tests.outbox.witness import Meta

pytest_plugins = ("tests.outbox.fixtures",)
pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(meta: Meta) -> User:
    return ways.reached(meta, SeekerFactory(name="Ada Obi"))


def test_an_admin_reads_on_one_page_why_somebody_did_not_get_it(
    meta: Meta, ada: User, client: Client
) -> None:
    preferences.choose(account=ada, topic=Topic.INSPECTIONS, channels=["email"])
    inspection = scenes.book(seeker=ada, hours=50)
    outbox.drain()
    page = _page(client, one("inspection_booked", ada))
    assert "Withheld: they do not want it on WhatsApp: inspections" in page
    assert f"inspection booked {inspection.ref}, by Ada Obi (api)" in page
    assert "consent" in page
    letter = one("inspection_booked", ada, "email")
    assert f'<a href="/admin/inspector_whatsapp/outboxmessage/{letter.pk}/change/">email</a>' in page
    assert "by e-mail, at any hour" in _page(client, letter)


def test_while_a_channel_is_shut_the_page_says_until_when_and_why(
    meta: Meta, ada: User, client: Client
) -> None:
    scenes.book(seeker=ada, hours=50)
    meta.fault("error", status=401, code=190, times=None)
    outbox.drain()
    scenes.book(seeker=ada, hours=60)
    outbox.drain()
    page = _page(client, one("inspection_booked", ada))
    assert "Pending: whatsapp is shut until" in page
    assert "(#190)" in page


def test_a_mail_that_was_refused_is_not_blamed_on_meta(meta: Meta, ada: User, client: Client) -> None:
    meta.fault("reject", on="mail", status=550)
    scenes.book(seeker=ada, hours=50)
    outbox.drain()
    failed = OutboxMessage.objects.get(channel="email", status=Status.FAILED)
    page = _page(client, failed)
    assert "the mail server said 550" in page
    assert "Meta" not in story.standing(failed)


def test_the_story_is_told_in_the_order_in_which_it_must_have_been(meta: Meta, ada: User) -> None:
    scenes.book(seeker=ada, hours=50)
    outbox.drain()
    meta.statuses_come_in()
    message = one("inspection_booked", ada)
    # Meta's clock is a little behind ours.
    for name in ("sent_at", "delivered_at", "read_at"):
        setattr(message, name, getattr(message, name) - timedelta(seconds=2))
    steps = [line.step for line in story.of(message)]
    first = ["trigger", "message", "consent", "preference", "quiet hours", "window"]
    assert steps == [*first, "accepted", "sent", "delivered", "read"]


@pytest.mark.parametrize("wanted", ["ada@example.com", "+2348030000001", "0803 000 0001", "Ada Obi"])
def test_somebodys_messages_are_found_by_who_they_are(meta: Meta, client: Client, wanted: str) -> None:
    ada = SeekerFactory(name="Ada Obi", email="ada@example.com", phone="+2348030000001")
    scenes.book(seeker=ada, hours=50)
    scenes.book(seeker=SeekerFactory(name="Tobi"), hours=60)
    root = UserFactory(is_staff=True, is_superuser=True)
    address = reverse("admin:inspector_whatsapp_outboxmessage_changelist")
    page = log_in(client, root).get(address, {"q": wanted}).content.decode()
    mine = OutboxMessage.objects.filter(account=ada).values_list("pk", flat=True)
    shown = {int(found) for found in re.findall(r"/outboxmessage/(\d+)/change/", page)}
    assert shown == set(mine)


def test_an_unlinked_persons_letter_says_why_there_is_nothing_on_whatsapp(client: Client) -> None:
    ada = SeekerFactory(name="Ada Obi")
    scenes.book(seeker=ada)
    assert "no WhatsApp is connected to this account" in _page(client, one("inspection_booked", ada, "email"))


def _page(client: Client, message: OutboxMessage) -> Any:
    root = UserFactory(is_staff=True, is_superuser=True)
    answer = log_in(client, root).get(
        reverse("admin:inspector_whatsapp_outboxmessage_change", args=[message.pk])
    )
    assert answer.status_code == 200
    return answer.content.decode()
