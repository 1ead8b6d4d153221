"""Whoever comes to the chat by a shared link gets the property, wherever they are; the source is kept."""

import pytest

from inspector_whatsapp.models import ShareChat, ShareSource, User
from tests.bot import world
from tests.bot.phone import Phone
from tests.factories import GroupFactory, PropertyFactory

ASKS = "Hello, I'd like to know more about PR-1042 (s-bcdf2345)"
CARD = "*3-bedroom flat, Lekki Phase 1* · PR-1042"


@pytest.fixture
def ada(db: None) -> Phone:
    world.build()
    GroupFactory(code="bcdf2345", agent=User.objects.get(email="bola@inspector.example"))
    return Phone(world.linked("ada@inspector.example"))


def came() -> list[tuple[str, str]]:
    return list(ShareChat.objects.values_list("source__code", "property__ref"))


@pytest.mark.parametrize(
    "before",
    [
        (),
        ("look around",),
        ("book", "PR-1042"),
        ("report a problem", "PR-1044", "1"),
        ("settings",),
        ("share",),
        ("connect",),
    ],
    ids=str,
)
def test_the_message_of_a_link_shows_the_property_in_the_middle_of_anything(
    before: tuple[str, ...], ada: Phone
) -> None:
    for words in before:
        ada.says(words)
    assert CARD in ada.says(ASKS)
    assert came() == [("bcdf2345", "PR-1042")]


@pytest.mark.parametrize(
    "words", [ASKS.replace("(s-bcdf2345)", ""), "PR-1042?", "http://x.example/p/PR-1042"]
)
def test_without_a_source_the_property_is_shown_all_the_same(words: str, ada: Phone) -> None:
    assert CARD in ada.says(words)
    assert came() == []


def test_words_around_it_keep_the_source(ada: Phone) -> None:
    assert CARD in ada.says(f"good morning. {ASKS} is it still there abeg")
    assert CARD in ada.says("http://127.0.0.1:8000/p/PR-1042?s=bcdf2345")
    assert came() == [("bcdf2345", "PR-1042")]


def test_a_code_that_is_none_shows_the_property(ada: Phone) -> None:
    assert CARD in ada.says(ASKS.replace("bcdf2345", "zzzzzzz9"))
    assert came() == []


def test_a_flow_that_was_left_for_it_can_be_gone_on_with(ada: Phone) -> None:
    ada.says("look around")
    ada.says("lekki phase 1")
    ada.says(ASKS)
    assert "kind" in ada.says("go on").lower()


def test_whoever_waits_for_a_person_is_counted_and_left_alone(ada: Phone) -> None:
    ada.says("human")
    assert ada.says(ASKS) == ""
    assert came() == [("bcdf2345", "PR-1042")]


def test_a_photos_caption_names_no_source(ada: Phone) -> None:
    ada.sends({"type": "image", "image": {"id": "1", "mime_type": "image/jpeg", "caption": ASKS}})
    assert came() == []


def test_only_agents_get_links_and_only_for_their_own(ada: Phone) -> None:
    for flow in ("share", "share_group", "share_results"):
        assert "Only agents can do that." in ada.taps_id(f"v1|start|{flow}|PR-1042")
    other = PropertyFactory()
    bola = Phone(world.linked("bola@inspector.example"))
    for flow in ("share", "share_group"):
        assert bola.taps_id(f"v1|start|{flow}|{other.ref}").startswith("That is not one of your properties.")
    assert ShareSource.objects.count() == 1


def test_a_group_that_somebody_else_named_is_not_offered(ada: Phone) -> None:
    GroupFactory(label="Chika's group")
    bola = Phone(world.linked("bola@inspector.example"))
    asked = bola.taps_id("v1|start|share_group|PR-1042")
    assert "Chika" not in asked
    forged = ShareSource.objects.get(label="Chika's group").code
    assert bola.taps_id(f"v1|ask|share_group.group|{forged}").startswith("Please type the group's name.")
    for wrong in ("😀", "x", "y" * 61):
        assert "This link is for" not in bola.says(wrong)
    assert "This link is for" in bola.says("Mums 😀 of Yaba")
