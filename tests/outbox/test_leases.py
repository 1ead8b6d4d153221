"""A claimed message is its process's own for as long as that lives."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from inspector_whatsapp.models import OutboxMessage
from inspector_whatsapp.outbox import leases
from inspector_whatsapp.outbox.claiming import Room, claim
from tests.factories import ContactFactory
from tests.outbox import scenes

pytestmark = pytest.mark.django_db


def seconds_left(message: OutboxMessage) -> float:
    left = OutboxMessage.objects.annotate(now=Now()).get(pk=message.pk)
    assert left.lease_until is not None
    return (left.lease_until - left.now).total_seconds()


def claimed() -> OutboxMessage:
    scenes.reply(ContactFactory())
    (message,) = claim([Room("whatsapp", most=1, bulk=1)])
    return message


def test_whoever_died_while_sending_is_noticed_within_a_minute() -> None:
    assert 20 < seconds_left(claimed()) < 45


def test_what_takes_longer_than_a_lease_is_kept_by_whoever_lives() -> None:
    message = claimed()
    OutboxMessage.objects.update(lease_until=Now() + timedelta(seconds=1))
    leases.renew([message])
    assert seconds_left(message) > 20


def test_what_somebody_else_has_given_up_on_is_left_to_them() -> None:
    message = claimed()
    OutboxMessage.objects.update(lease_token=None, lease_until=None, status="uncertain")
    leases.renew([message])
    assert OutboxMessage.objects.get().lease_until is None
