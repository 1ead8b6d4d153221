"""Odd words: typed, as a name, as a caption, over the API, and in the console's searches and pages."""

import json
import uuid
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from bot.models import Conversation, InboundEvent, InboundState
from inspector_whatsapp import clock
from inspector_whatsapp.cloud_api import limits
from inspector_whatsapp.models import Contact
from tests.admin.conftest import OURS, address, log_in
from tests.api.inspector import person
from tests.api.world import undone
from tests.bot import world
from tests.bot.phone import Phone
from tests.factories import ContactFactory, InspectionFactory, PropertyFactory, UserFactory
from tests.fuzz.often import examples
from tests.fuzz.words import HARM, WORDS

pytest_plugins = ("tests.api.fixtures",)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inspectors_keys")]

assert len(WORDS) >= 515
assert len(HARM) >= 100
PLACES: dict[str, tuple[str, ...]] = {"an area": ("book",), "an e-mail": ("connect",)}
words = given(word=st.sampled_from([*WORDS, *HARM]))


@pytest.fixture
def phones() -> dict[str, tuple[Phone, dict[str, Any]]]:
    """Of each place a phone whose talk has come there, and how the talk stands."""
    world.build()
    found = {}
    for place, said in PLACES.items():
        phone = Phone("+2348111000001" if place == "an e-mail" else world.linked("ada@inspector.example"))
        for text in said:
            phone.says(text)
        stand = Conversation.objects.filter(contact__phone=phone.phone)
        found[place] = (
            phone,
            dict(stand.values("flow", "argument", "answers", "shown", "aside", "wish").get()),
        )
    return found


@examples(20, 2_000)
@words
def test_are_answered_wherever_they_are_typed(
    word: str, phones: dict[str, tuple[Phone, dict[str, Any]]]
) -> None:
    for phone, stand in phones.values():
        said: tuple[dict[str, Any], ...] = (
            {"type": "text", "text": {"body": word}},
            {"type": "image", "image": {"id": "1", "mime_type": "image/png", "caption": word}},
        )
        for message in said:
            clock.move(timedelta(seconds=3))  # as fast as people type
            Conversation.objects.filter(contact__phone=phone.phone).update(
                **stand, human_since=None, human_until=None
            )
            answer = phone.sends(message)
            assert "Something went wrong" not in answer
            assert len(answer) <= limits.TEXT_BODY
    assert not InboundEvent.objects.filter(
        state__in=[InboundState.QUARANTINED, InboundState.PENDING]
    ).exists()


@examples(30, 5_000)
@words
def test_do_no_harm_as_the_name_of_somebody(word: str) -> None:
    with undone():
        phone = Phone("+2348111000077", name=word)
        assert phone.says("hi")
        contact = Contact.objects.get(phone=phone.phone)
        assert "\x00" not in contact.profile_name
        assert len(contact.profile_name) <= Contact._meta.get_field("profile_name").max_length  # type: ignore[operator]


@examples(30, 5_000)
@words
def test_are_taken_or_refused_by_the_api(word: str) -> None:
    with undone():
        inspection = InspectionFactory()
        caller = person(inspection.seeker)
        place = f"/api/v1/inspections/{inspection.ref}"
        tag = caller.get(place)["ETag"]
        more = {"If-Match": tag, "Idempotency-Key": str(uuid.uuid4())}
        answer = caller.patch(place, *_json(state="cancelled", why=word), headers=more)
        assert answer.status_code in (200, 400, 409, 422), answer.content
        for odd in (
            caller.get("/api/v1/properties/" + _segment(word)),
            caller.get("/api/v1/inspections", {"cursor": word, "state": word}),
            caller.post("/api/v1/inspections", *_json(slot=word), headers={"Idempotency-Key": _line(word)}),
        ):
            assert odd.status_code in (200, 400, 404, 405, 422), odd.content
            if odd.status_code != 200:
                assert odd["Content-Type"] == "application/problem+json"


def _json(**body: str) -> tuple[str, None, str]:
    return json.dumps(body), None, "application/json"  # lone halves of a pair escaped


def _segment(word: str) -> str:
    return quote(word.encode("utf-8", "replace"), safe="") or "-"


def _line(word: str) -> str:
    return "".join(letter for letter in word if 32 < ord(letter) < 127)[:200]


@pytest.fixture
def staff() -> Client:
    return log_in(Client(), UserFactory(email="root@example.com", is_staff=True, is_superuser=True))


@examples(8, 5_000)
@words
def test_find_nothing_or_something_in_the_console(word: str, staff: Client) -> None:
    asked = word.encode("utf-8", "replace").decode()[:2_000]
    for model in OURS[sum(map(ord, word)) % 3 :: 3]:
        page = staff.get(address(model), {"q": asked})
        assert page.status_code in (200, 302), address(model)
    assert staff.get("/admin/search/", {"q": asked}).status_code in (200, 302, 404)


class Shape(HTMLParser):
    """The elements of a page with the names of their attributes, without what it says."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[tuple[str, tuple[str, ...]]] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add((tag, tuple(sorted(name for name, _ in attrs))))
        for name, value in attrs:
            link = "".join((value or "").split()).lower() if name in ("href", "src", "action") else ""
            assert not link.startswith(("javascript:", "data:text/html")), value


def said(talk: Conversation, number: int) -> InboundEvent:
    """Something that was said in this conversation, and answered."""
    now, key = clock.now(), f"m:wamid.{number}"
    content = {"is": "MessageReceived", "content": {"is": "TextSaid", "body": ""}}
    row = {"conversation": talk, "contact": talk.contact, "state": InboundState.DONE, "kind": "message"}
    return InboundEvent.objects.create(key=key, content=content, said_at=now, received_at=now, **row)


def test_markup_becomes_no_element_of_any_page(staff: Client) -> None:
    """Pages full of harmful words have the elements and attributes that they have with harmless ones."""
    talk = Conversation.objects.create(contact=ContactFactory())
    rows: tuple[list[Any], ...] = (
        [PropertyFactory() for _ in HARM],
        [ContactFactory() for _ in HARM],
        [said(talk, number) for number, _ in enumerate(HARM)],
    )
    preview = Client(headers={"user-agent": "WhatsApp/2.23"})

    def pages(of: list[str]) -> list[set[tuple[str, tuple[str, ...]]]]:
        for column, each in zip(("title", "profile_name", "text"), rows, strict=True):
            for row, word in zip(each, of, strict=True):
                setattr(row, column, word[:100])
            type(each[0])._default_manager.bulk_update(each, [column])
        looked = [staff.get(address(talk, "change"))]
        looked += [staff.get(address(type(each[0])), {"p": page}) for each in rows for page in (1, 2)]
        looked += [preview.get(f"/p/{row.ref}") for row in rows[0]]
        assert [page.status_code for page in looked] == [200] * len(looked)
        return [Shape(page.content.decode()).found for page in looked]

    harm = [word.replace("\x00", "\ufffd") for word in HARM]
    for number, (before, after) in enumerate(
        zip(pages(["harmless\u200b words"] * len(HARM)), pages(harm), strict=True)
    ):
        assert after <= before, (number, after - before)
