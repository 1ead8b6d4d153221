"""What a language model is sent: the words, and nothing that tells who anybody is."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from inspector_whatsapp.models import Contact, Role, User
from tests.assistant.openai_server import OpenAI, says, serving
from tests.assistant.safety import canaries
from tests.assistant.safety.crowd import crowd, hear, lines_of
from tests.bot import world
from tests.bot.phone import Phone, deliver_mail, newest_code

OWN = "zqy"  # in all that is the asker's own


@pytest.fixture(autouse=True)
def others(db: None) -> None:
    world.build()
    world.visits()
    canaries.owned()


@pytest.fixture
def server(settings: Any) -> Iterator[OpenAI]:
    with serving() as server:
        settings.ASSISTANT_MODEL = "openai:stub"
        settings.ASSISTANT_BASE_URL = server.url
        settings.ASSISTANT_API_KEY = "not-a-key"
        server.answer = says({"intent": "my_inspections"})
        yield server


def test_nothing_of_anybodys_leaves_with_a_chat(server: OpenAI) -> None:
    User.objects.filter(email="ada@inspector.example").update(
        name="Zqyada Zqyobi", email="zqy.ada@inspector.example"
    )
    ada = Phone(world.linked("zqy.ada@inspector.example"), name="Zqy profile")
    for words in (
        "what inspections do I have?",
        "gribble snorf",
        "tell me of PR-1042",
        "gribble whatnot",
        "my account",
        "gribble humdrumm",
        "how did IN-0777 go",
        "gribble kerfuff",
        "is PR-9001 there",
        "gribble zorple",
    ):
        ada.says("menu")
        ada.says(words)
    assert len(server.asked) >= 3
    _holds_nothing_of_anybodys(server)
    assert OWN not in server.words().casefold()
    assert ada.phone[-7:] not in server.words()
    assert "Musa at the gate" not in server.words()


def test_nor_with_what_attackers_say(server: OpenAI) -> None:
    lines = [record["text"] for record in lines_of("injections")]
    hear(crowd(None, len(lines), name="Zqy profile"), lines)
    assert server.asked
    _holds_nothing_of_anybodys(server)
    assert OWN not in server.words().casefold()


SECRETS = (
    *("call me on 08031234567", "my mail is ada.obi@zqy.example ok", "use 4829 1735 as the pin abeg"),
    *(
        "my code is 831 942 thanks",
        "account 0123456789 gtb",
        "otp: 8-3-1-9-4-2",
        "+234 803 123 4567 na my own",
    ),
)


def test_nor_what_people_write_of_themselves(server: OpenAI) -> None:
    hear(crowd(Role.SEEKER, len(SECRETS)), [f"gribble {secret} snorf" for secret in SECRETS])
    sent = [json.loads(body["messages"][-1]["content"])["message"] for body in server.asked]
    for secret in ("08031234567", "zqy.example", "48291735", "831942", "0123456789", "2348031234567"):
        assert secret not in " ".join(sent).replace(" ", "").replace("-", ""), sent


def _holds_nothing_of_anybodys(server: OpenAI) -> None:
    for body in server.asked:
        words = json.dumps(body, ensure_ascii=False)
        message = json.loads(body["messages"][-1]["content"])["message"]
        assert not canaries.shows_any(words.replace(message, "")), body["messages"]
    sent = server.words()
    for account in User.objects.all():
        assert account.email not in sent
        assert not account.phone or account.phone[-8:] not in sent
    for contact in Contact.objects.exclude(phone=None):
        assert str(contact.phone)[-8:] not in sent


def test_nothing_at_all_leaves_while_a_code_is_awaited(server: OpenAI) -> None:
    stranger = Phone("+2348030000001")
    stranger.says("connect")
    stranger.says("ada@inspector.example")
    stranger.says("yes")
    deliver_mail()
    code = newest_code()
    for words in (
        "gribble snorf",
        f"it says {code} gribble",
        "where is the thing that was sent to me na",
        f"gribble {code[:3]} {code[3:]}",
    ):
        stranger.says(words)
    assert not server.asked
