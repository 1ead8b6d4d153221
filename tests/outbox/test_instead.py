"""What is said in a message's place when it will never arrive; once, whoever says so and how often."""

from datetime import datetime, timedelta

import pytest
from pytest_django import Settings

from inspector_whatsapp import clock, outbox
from inspector_whatsapp.cloud_api.errors import (
    CloudError,
    NotAllowed,
    Refused,
    TryLater,
    Unreachable,
    from_code,
)
from inspector_whatsapp.models import Incident, OutboxMessage
from inspector_whatsapp.models.outbox import IfUncertain, Status
from inspector_whatsapp.outbox import Outgoing, Uncertain
from inspector_whatsapp.outbox.statuses import News, moved
from tests.factories import ContactFactory
from tests.outbox import fake, scenes
from tests.outbox.fake import provider

pytest_plugins = ("tests.outbox.fixtures",)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("the_clock")]


@pytest.fixture(autouse=True)
def only_the_fake(settings: Settings) -> None:
    settings.CHANNELS = {"fake": fake.PATH}
    fake.reset()
    provider.instead = True


def written(*, expires_at: datetime | None = None, unsure: IfUncertain = IfUncertain.RESEND) -> OutboxMessage:
    contact = ContactFactory()
    message = Outgoing(
        kind="note", channel="fake", contact=contact, key="note", expires_at=expires_at, if_uncertain=unsure
    )
    outbox.add(message)
    return OutboxMessage.objects.get()


def instead() -> "list[OutboxMessage]":
    return list(OutboxMessage.objects.filter(kind="instead"))


def meets(error: Exception | None) -> None:
    provider.error = error
    outbox.drain()


def fails(message: OutboxMessage, code: int) -> None:
    """Its provider had taken it, and says now that it failed."""
    news = News(status="failed", at=None, error=from_code(code, "no"))
    assert moved(news, id=message.pk, provider_id=f"fake.{message.pk}")


@pytest.mark.parametrize("error", [Unreachable("no WhatsApp", 131026), Refused("paused", 132015)])
def test_what_is_refused_for_good_is_said_otherwise(error: CloudError) -> None:
    message = written()
    meets(error)
    message.refresh_from_db()
    assert message.status == Status.FAILED
    assert len(instead()) == 1


@pytest.mark.parametrize("code", [131026, 132015, 131050])
def test_what_fails_after_it_was_taken_is_said_otherwise_and_once(code: int) -> None:
    message = written()
    meets(None)
    for _ in range(3):
        fails(message, code)
    message.refresh_from_db()
    assert len(instead()) == 1
    assert [step["says"] for step in message.story if step["step"] == "failed"] == [f"(#{code}) no"]


def test_what_meta_holds_back_after_it_was_taken_goes_out_a_day_later() -> None:
    message = written()
    meets(None)
    for _ in range(2):
        fails(message, 131049)
    again = OutboxMessage.objects.exclude(pk=message.pk).get()
    assert again.not_before >= clock.now() + timedelta(hours=23, minutes=59)
    scenes.passes(hours=25)
    outbox.drain()
    assert provider.taken == [message.pk, again.pk]


def test_what_would_be_held_back_for_too_long_is_said_otherwise() -> None:
    message = written(expires_at=clock.now() + timedelta(hours=20))
    meets(None)
    fails(message, 131049)
    assert len(instead()) == 1
    assert OutboxMessage.objects.count() == 2


def test_an_account_that_is_locked_after_it_took_a_message_shuts_the_channel_and_loses_nothing() -> None:
    message = written()
    meets(None)
    fails(message, 131042)
    assert outbox.drain() == 0
    assert Incident.objects.filter(kind="token_refused").exists()
    scenes.passes(minutes=2)
    outbox.drain()
    assert len(provider.taken) == 2


@pytest.mark.parametrize("error", [NotAllowed("locked", 131031), TryLater("down", 131016, 30)])
def test_what_becomes_too_late_while_it_waits_for_the_provider_is_said_otherwise(error: CloudError) -> None:
    message = written(expires_at=clock.now() + timedelta(minutes=5))
    meets(error)
    scenes.passes(minutes=6)
    outbox.sweep()
    outbox.drain()
    message.refresh_from_db()
    assert message.status == Status.EXPIRED
    assert len(instead()) == 1


def test_what_is_too_late_because_we_were_is_not() -> None:
    message = written(expires_at=clock.now() + timedelta(minutes=5))
    scenes.passes(minutes=6)
    outbox.sweep()
    outbox.drain()
    message.refresh_from_db()
    assert (message.status, instead()) == (Status.EXPIRED, [])


def unheard(message: OutboxMessage) -> None:
    meets(Uncertain("no answer"))
    scenes.passes(minutes=10, seconds=1)
    for _ in range(2):
        outbox.sweep()
    message.refresh_from_db()


def test_what_may_not_have_arrived_is_said_otherwise_where_it_is_to_be() -> None:
    message = written(unsure=IfUncertain.EMAIL)
    unheard(message)
    assert message.status == Status.FAILED
    assert len(instead()) == 1
    assert OutboxMessage.objects.filter(repeats=message).count() == 0


def test_where_there_is_no_other_way_a_person_decides() -> None:
    provider.instead = False
    message = written(unsure=IfUncertain.EMAIL)
    unheard(message)
    assert message.status == Status.FAILED
    assert Incident.objects.filter(kind="message_uncertain", key=str(message.pk)).exists()


def test_a_status_that_comes_in_time_settles_it() -> None:
    message = written(unsure=IfUncertain.EMAIL)
    meets(Uncertain("no answer"))
    assert moved(News(status="sent", at=None), id=message.pk, provider_id="fake.1")
    scenes.passes(minutes=11)
    outbox.sweep()
    message.refresh_from_db()
    assert (message.status, instead()) == (Status.SENT, [])


def test_what_is_said_once_more_stays_what_it_was() -> None:
    message = written()
    OutboxMessage.objects.update(category="marketing", priority=2)
    unheard(message)
    again = message.repeated_by.get()
    assert (again.category, again.priority, again.story[0]["step"]) == ("marketing", 2, "again")
