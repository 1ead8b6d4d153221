"""What a worker logs says what it was about, and nothing of what was said."""

import json
import logging
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest

from bot.models import InboundEvent, InboundState
from bot.questions import text
from bot.said import start_id
from bot.scripts import Person, Script, ask, flow
from inspector_whatsapp import clock, outbox
from inspector_whatsapp.models import OutboxMessage
from inspector_whatsapp.words import say
from tests.bot import world
from tests.bot.phone import Phone
from tests.config.test_lines import JSON
from tests.factories import ContactFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def logged() -> Iterator[StringIO]:
    """What production would have written."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JSON)
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


def error(logged: StringIO) -> dict[str, Any]:
    lines = [json.loads(line) for line in logged.getvalue().splitlines()]
    (found,) = [line for line in lines if line["level"] == "ERROR"]
    return dict(found)


def test_a_failing_turn_names_the_message_and_the_chat_and_repeats_no_word(logged: StringIO) -> None:
    @flow("test_fails", needs_account=False)
    def fails(person: Person) -> Script:
        word = yield from ask("word", text(say("Word?"), check=str))
        raise ValueError(f"what is {word}")

    world.build()
    phone = Phone("+2348111000001")
    phone.says("hi")
    phone.taps_id(start_id("test_fails", ""))
    phone.says("umbrella street")
    failed = InboundEvent.objects.get(state=InboundState.QUARANTINED)
    line = error(logged)
    assert (line["inbound"], line["conversation"]) == (failed.pk, failed.conversation_id)
    assert line["webhook"] == failed.body_id
    assert "ValueError" in line["exception"]
    assert "umbrella" not in logged.getvalue()


def test_a_message_that_cannot_be_put_into_words_is_named_with_what_it_answers(logged: StringIO) -> None:
    now = clock.now()
    broken = OutboxMessage.objects.create(
        kind="unheard_of",
        channel="whatsapp",
        contact=ContactFactory(),
        lane="x",
        key="reply:77",
        created_at=now,
        not_before=now,
    )
    outbox.drain()
    line = error(logged)
    assert (line["message"], line["inbound"]) == (broken.pk, 77)
    assert "KeyError" in line["exception"]
