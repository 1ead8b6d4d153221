"""Whatever people send, from wherever they stand: a reply in plain words, never an accident."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bot.menus import COMMANDS
from bot.models import Conversation, InboundEvent, InboundState
from inspector_whatsapp import clock
from inspector_whatsapp.cloud_api import limits
from inspector_whatsapp.models import Inspection, OutboxMessage
from tests.bot import world
from tests.bot.phone import Phone

pytestmark = pytest.mark.django_db

PLACES: Mapping[str, tuple[str, ...]] = {
    "a stranger's menu": (),
    "the menu": ("hi",),
    "an area": ("book",),
    "a price": ("book", "anywhere", "any", "any"),
    "a yes": ("book", "lekki phase 1", "any", "any", "any", "PR-1042", "saturday", "2"),
    "an e-mail": ("connect",),
    "a code": ("connect", "ada@inspector.example"),
}
MENU, MIDDLE = "What would you like to do?", "Which area?"


def text(words: str) -> dict[str, Any]:
    return {"type": "text", "text": {"body": words}}


WORDS = {
    "4,096 characters": "long " * 819 + "!",
    "far too many characters": "x" * 60_000,
    "emoji only": "😀👩‍👩‍👧‍👦🇳🇬",
    "NUL": "\x00",
    "NUL in words": "bo\x00ok",
    "lone surrogates": "\ud800 \udfff",
    "right-to-left override": "\u202e1 snoitcepsni yM",
    "zalgo": "h" + "\u0335\u0321\u0322" * 300 + "i",
    "65,000 line breaks": "\n" * 65_000,
    "blanks only": " \t\u00a0\u200b ",
    "nothing": "",
    "homoglyphs": "СТОР",
    "markup": "*_~```{property} {0} %s %(x)s <b>",
    "SQL": "'; DROP TABLE bot_conversation; --",
    "a number of 5,000 digits": "9" * 5_000,
    "superscript": "²",
    "infinity": "infinity",
    "a number with an exponent": "1e400",
}
OTHERS: dict[str, dict[str, Any]] = {
    "sticker": {"type": "sticker", "sticker": {"id": "1", "mime_type": "image/webp"}},
    "voice note": {"type": "audio", "audio": {"id": "1", "mime_type": "audio/ogg", "voice": True}},
    "picture": {"type": "image", "image": {"id": "1", "mime_type": "image/png", "caption": "2"}},
    "poll": {"type": "unsupported", "unsupported": {"type": "poll"}, "errors": [{"code": 131051}]},
    "edit": {
        "type": "edit",
        "edit": {"original_message_id": "wamid.x", "message": {"type": "text", "text": {"body": "2"}}},
    },
    "unknown type": {"type": "hologram", "hologram": {"id": "1"}},
    "no type": {},
    "text without words": {"type": "text"},
    "location": {"type": "location", "location": {"latitude": 6.45, "longitude": 3.47, "name": "Lekki"}},
    "contact card": {"type": "contacts", "contacts": [{"phones": [{"phone": "+2348030000009"}]}]},
    "order": {"type": "order", "order": {"product_items": []}},
}
SILENT: dict[str, dict[str, Any]] = {
    "reaction": {"type": "reaction", "reaction": {"message_id": "wamid.x", "emoji": "👍"}},
    "reaction taken back": {"type": "reaction", "reaction": {"message_id": "wamid.x", "emoji": ""}},
    "revoke": {"type": "revoke", "revoke": {"original_message_id": "wamid.x"}},
}


def at(place: str) -> Phone:
    """A phone whose talk has come to that place."""
    world.build()
    alone = place in ("a stranger's menu", "an e-mail", "a code")
    phone = Phone("+2348111000001" if alone else world.linked("ada@inspector.example"))
    for words in PLACES[place]:
        phone.says(words)
    return phone


def check(phone: Phone, answer: str, what: str) -> None:
    assert answer.strip(), f"no answer to {what}"
    assert "Something went wrong" not in answer, what
    assert len(answer) <= limits.TEXT_BODY, what
    fresh = phone.read[-len(answer.split("\n---\n")) :]
    # An answer may be several messages (photos, then the question again), of one turn.
    assert len({(row.key or "").split(":")[1] for row in fresh}) == 1, f"{what} was answered twice"
    assert not InboundEvent.objects.filter(state=InboundState.QUARANTINED).exists(), what


def stand(phone: Phone) -> dict[str, Any]:
    here = Conversation.objects.filter(contact__phone=phone.phone)
    found = here.values("flow", "argument", "answers", "shown", "aside", "wish").first()
    return dict(found) if found else {}


@pytest.mark.parametrize("place", PLACES)
def test_bad_words_are_answered_with_good_ones(place: str) -> None:
    phone = at(place)
    here = stand(phone)
    for what, words in WORDS.items():
        check(phone, phone.says(words), what)
        Conversation.objects.update(**here)
    assert not Inspection.objects.exists()


@pytest.mark.parametrize("place", PLACES)
def test_what_is_no_text_is_answered_with_a_sentence_and_the_question_again(place: str) -> None:
    phone = at(place)
    here = stand(phone)
    for what, message in OTHERS.items():
        answer = phone.sends(message)
        check(phone, answer, what)
        assert any(hint in answer for hint in HINTS), (what, answer)
        Conversation.objects.update(**here)
    assert not Inspection.objects.exists()


HINTS = (
    "I can only read text and taps here.",
    "Please type it.",
    "please type it.",
    "Please type it as a text message.",
    "Please answer *yes* or *no*.",
    "I couldn't read that as a price.",
    "Please type the 6 digits of the code",
    "Type an area instead.",
)


@pytest.mark.parametrize("place", PLACES)
def test_what_expects_no_answer_gets_none_and_moves_nothing(place: str) -> None:
    phone = at(place)
    before = stand(phone)
    for what, message in SILENT.items():
        assert phone.sends(message) == "", what
    assert stand(phone) == before
    assert not InboundEvent.objects.filter(state=InboundState.QUARANTINED).exists()


def test_words_of_theirs_come_back_harmless() -> None:
    phone = at("the menu")
    phone.says("book")
    for words in ("*bold* \u202e_x_ {price}", "```code```"):
        assert words not in phone.says(words)


@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_words_from_anywhere_get_an_answer(data: st.DataObject, walker: Phone) -> None:
    """One long talk: each word leads somewhere, and from there the next one is said."""
    words = data.draw(
        st.one_of(
            st.text(max_size=60),
            st.sampled_from([*COMMANDS, *(word for place in PLACES.values() for word in place)]),
            st.integers(-1, 11).map(str),
        )
    )
    clock.move(timedelta(seconds=3))  # as fast as people type
    Conversation.objects.update(human_since=None, human_until=None)  # whoever answers them gives them back
    before = OutboxMessage.objects.count()
    answer = walker.says(words)
    check(walker, answer, repr(words))
    assert OutboxMessage.objects.count() >= before + 1


@pytest.fixture
def walker(db: None) -> Phone:
    return at("the menu")
