"""What somebody says in pieces is understood as one, and answered once; order is kept."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings

from bot import conversation, inbox
from bot.models import InboundEvent, InboundState, Interpretation
from inspector_whatsapp import clock
from tests.assistant.openai_server import OpenAI, says, serving
from tests.assistant.talks import ADA, phone_of
from tests.bot import world
from tests.bot.phone import Phone

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> Phone:
    world.build()
    ada = phone_of(ADA)
    ada.says("hi")
    return ada


def text(words: str) -> dict[str, Any]:
    return {"type": "text", "text": {"body": words}}


def at_once(phone: Phone, *words: str, apart: int = 1) -> list[str]:
    """Say several things before anything is answered; the answers."""
    now = int(clock.now().timestamp()) - apart * len(words)
    for place, each in enumerate(words):
        phone.posts(phone.webhook(text(each), at=now + apart * place))
    return [answer for answer in phone.answers().split("\n---\n") if answer]


def test_fragments_that_mean_nothing_alone_are_one_wish(ada: Phone) -> None:
    answers = at_once(ada, "pls ehn", "any 3 bedroom flat", "in Lekki")
    assert "PR-1042" in answers[-1]
    assert not InboundEvent.objects.exclude(state=InboundState.DONE).exists()
    assert Interpretation.objects.filter(command__slots__areas=["Lekki"]).exists()


def test_what_is_clear_alone_is_answered_alone_and_in_order(ada: Phone) -> None:
    answers = at_once(ada, "when can I see PR-1042?", "any flat in Yaba below 1m?")
    assert len(answers) == 2
    assert "PR-1042" in answers[0]
    assert Interpretation.objects.count() == 2


def joined() -> int:
    return InboundEvent.objects.filter(prepared__understood__has_key="joined").count()


@pytest.mark.parametrize("between", ["menu", "1", "hello", "my code is 123456"])
def test_nothing_is_joined_over_what_stands_alone(ada: Phone, between: str) -> None:
    at_once(ada, "pls ehn", between, "any 3 bedroom flat in Lekki")
    assert joined() == 0


def test_what_came_long_after_is_not_joined(ada: Phone) -> None:
    at_once(ada, "pls ehn", "any 3 bedroom flat in Lekki", apart=60)
    assert joined() == 0


def test_never_more_than_three_are_one(ada: Phone) -> None:
    at_once(ada, "pls ehn", "so", "abeg", "any 3 bedroom flat in Lekki")
    for row in InboundEvent.objects.filter(prepared__understood__has_key="together"):
        assert len(row.prepared["understood"]["together"].split("\n")) <= 3


def test_every_message_ends_and_nobody_is_left_without_an_answer(ada: Phone) -> None:
    answers = at_once(ada, "abeg", "ehn", "the thing", "i dey find", "2 bedroom", "in Yaba")
    assert answers
    assert not InboundEvent.objects.exclude(state=InboundState.DONE).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM bot_conversation WHERE pending_since IS NOT NULL")
        assert cursor.fetchone() == (0,)


def test_an_answer_to_a_question_is_never_joined(ada: Phone) -> None:
    ada.says("book PR-1042")
    at_once(ada, "hmm let me see", "saturday")
    assert joined() == 0


def test_a_worker_that_died_in_between_finds_what_was_understood(ada: Phone) -> None:
    ada.posts(ada.webhook(text("pls ehn")))  # not clear: what comes next may belong to it
    inbox.drain()
    conversation.drain()
    conversation.drain_slow()
    kept = InboundEvent.objects.get(state=InboundState.PENDING).prepared["understood"]
    assert kept["text"] == "pls ehn"
    assert ada.answers()
    row = Interpretation.objects.get()
    assert row.command == kept["command"]


# --- with a language model --------------------------------------------------------------------------------
@pytest.fixture
def model(settings: Settings) -> Iterator[OpenAI]:
    with serving() as server:
        settings.ASSISTANT_MODEL = "openai:stub"
        settings.ASSISTANT_BASE_URL = server.url
        settings.ASSISTANT_API_KEY = "not-a-key"
        server.answer = says({"intent": "my_inspections"})
        yield server


def test_what_is_clear_is_no_language_models_business(ada: Phone, model: OpenAI) -> None:
    assert "PR-1042" in ada.says("any 3 bedroom flat in Lekki?")
    assert model.asked == []


def test_what_is_not_clear_is_asked_about_with_what_was_said_before(ada: Phone, model: OpenAI) -> None:
    ada.says("any 3 bedroom flat in Lekki?")
    ada.says("menu")
    ada.says("any mini flat in Yaba?")
    assert ada.says("menu")
    assert "no inspections" in ada.says("gribble snorf")
    assert len(model.asked) == 1
    row = Interpretation.objects.latest("pk")
    assert (row.source, row.model, row.command["intent"]) == (
        "language_model",
        "openai:stub",
        "my_inspections",
    )
    assert "mini flat in Yaba" not in model.words()  # the menu begins anew


@pytest.mark.django_db(transaction=True)
def test_what_comes_while_a_language_model_is_asked_is_understood_with_it(ada: Phone, model: OpenAI) -> None:
    def meanwhile(body: dict[str, Any]) -> tuple[int, bytes]:
        if len(model.asked) == 1:
            ada.posts(ada.webhook(text("wetin dey for my side")))
            inbox.drain()
            connection.close()
        return says({"intent": "my_inspections"})(body)

    model.answer = meanwhile
    assert ada.says("pls ehn").count("no inspections") == 1
    assert len(model.asked) == 2
    assert "wetin dey for my side" in str(model.asked[1])
    assert Interpretation.objects.get().text == "pls ehn\nwetin dey for my side"
    assert InboundEvent.objects.filter(state=InboundState.DONE, text="pls ehn").exists()
