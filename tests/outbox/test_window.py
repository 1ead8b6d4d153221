"""Meta's 24 hours after somebody's last message: then only templates, by our clock or by Meta's."""

from datetime import timedelta

import pytest
from django.conf import settings

from inspector_whatsapp import clock, outbox
from inspector_whatsapp.cloud_api import signature
from inspector_whatsapp.models import OutboxMessage
from inspector_whatsapp.models.outbox import Status
from tests.factories import ContactFactory
from tests.outbox import scenes
from tests.outbox.witness import Meta

pytest_plugins = ("tests.outbox.fixtures",)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("the_clock")]


def doubts_pass() -> None:
    """Both times that a message is tried again because Meta may be wrong."""
    outbox.drain()
    for seconds in (11, 31):
        scenes.passes(seconds=seconds)
        outbox.drain()


@pytest.mark.usefixtures("templates")
def test_when_the_window_is_closed_the_template_is_used(meta: Meta) -> None:
    message = scenes.told(last_inbound_at=clock.now() - timedelta(hours=24))
    outbox.drain()
    meta.statuses_come_in()
    message.refresh_from_db()
    (sent,) = meta.sent()
    assert (sent["type"], sent["template"]["name"]) == ("template", "inspection_booked")
    assert message.status == Status.READ


def test_until_the_last_second_of_the_window_words_are_free(meta: Meta) -> None:
    message = scenes.told(meta)
    scenes.passes(hours=23, minutes=59, seconds=50)
    outbox.drain()
    (sent,) = meta.sent(message.contact)
    assert sent["type"] == "interactive"


def test_an_answer_does_not_leave_after_the_window(meta: Meta) -> None:
    message = scenes.reply(scenes.listener(meta))
    scenes.passes(hours=24, minutes=1)
    outbox.drain()
    message.refresh_from_db()
    assert message.status == Status.WITHHELD
    assert meta.requests() == []


@pytest.mark.usefixtures("templates")
def test_if_meta_finds_the_window_closed_the_template_goes_out_once(meta: Meta) -> None:
    message = scenes.told()  # nobody wrote, as far as Meta knows
    doubts_pass()
    message.refresh_from_db()
    assert [request["body"]["type"] for request in meta.requests()] == ["interactive"] * 3 + ["template"]
    assert message.status == Status.ACCEPTED
    assert len(meta.sent()) == 1


@pytest.mark.usefixtures("templates")
def test_if_meta_finds_it_closed_after_taking_the_message_the_template_goes_out_once(meta: Meta) -> None:
    meta.control("switches", {"window": "async"})
    message = scenes.told(last_inbound_at=clock.now() - timedelta(hours=23, minutes=55))
    outbox.drain()
    meta.settle()
    (failed,) = [raw for raw, _ in meta.door.posts if b'"failed"' in raw]
    meta.statuses_come_in()
    outbox.drain()
    again_in_other_bytes = failed + b"\n"
    meta.door.let_in(
        again_in_other_bytes, signature.sign(again_in_other_bytes, settings.WHATSAPP_APP_SECRETS[0])
    )
    meta.statuses_come_in()
    outbox.drain()
    meta.statuses_come_in()
    assert [sent["type"] for sent in meta.sent()] == ["interactive", "template"]
    message.refresh_from_db()
    assert (message.status, message.error_code) == (Status.FAILED, 131047)
    again = OutboxMessage.objects.exclude(pk=message.pk).get()
    assert again.status == Status.READ


@pytest.mark.usefixtures("templates")
def test_if_our_clock_says_the_same_meta_is_believed_at_once(meta: Meta) -> None:
    message = scenes.told(last_inbound_at=clock.now() - timedelta(hours=23, minutes=51))
    outbox.drain()
    message.refresh_from_db()
    assert [request["body"]["type"] for request in meta.requests()] == ["interactive", "template"]


def test_a_window_that_meta_wrongly_takes_for_closed_needs_no_template(meta: Meta) -> None:
    message = scenes.told(meta)
    meta.fault("error", code=131047, times=2)
    doubts_pass()
    message.refresh_from_db()
    assert [request["body"]["type"] for request in meta.requests()] == ["interactive"] * 3
    assert message.status == Status.ACCEPTED


def test_nothing_is_tried_again_before_its_time(meta: Meta) -> None:
    scenes.told(meta)
    meta.fault("error", code=131047, times=2)
    outbox.drain()
    scenes.passes(seconds=9)
    assert outbox.drain() == 0
    scenes.passes(seconds=2)
    assert outbox.drain() == 1
    scenes.passes(seconds=28)
    assert outbox.drain() == 0


@pytest.mark.usefixtures("templates")
def test_if_meta_fails_it_afterwards_although_the_window_is_open_it_is_doubted_as_well(meta: Meta) -> None:
    meta.control("switches", {"window": "async"})
    first = scenes.told()
    for _ in range(3):
        outbox.drain()
        meta.statuses_come_in()
        scenes.passes(seconds=31)
    outbox.drain()
    assert [sent["type"] for sent in meta.sent()] == ["interactive"] * 3 + ["template"]
    first.refresh_from_db()
    assert (first.status, first.story[-1]["step"]) == (Status.FAILED, "failed")
    assert "131047" in first.story[-1]["says"]


def test_an_answer_that_meta_says_comes_too_late_is_tried_twice_more_and_no_more(meta: Meta) -> None:
    message = scenes.reply(ContactFactory())
    doubts_pass()
    message.refresh_from_db()
    assert (message.status, message.error_code) == (Status.FAILED, 131047)
    assert len(meta.requests()) == 3
