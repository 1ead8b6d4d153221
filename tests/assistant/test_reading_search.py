"""Words in which nothing is sought, and what a reading tells beside slots."""

import pytest

from bot.assistant.commands import SEARCH_SLOTS
from bot.assistant.gazetteer import of_platform
from bot.assistant.reading import search
from bot.assistant.reading.text import GONE, Text
from tests.assistant.reading import read, sought


@pytest.mark.parametrize(
    "said",
    [
        "this is a challenge for me",
        "2 days ago",
        "kitchen island",
        "is there security deposit",
        "is it safe to pay",
        "looking for house close to the express road",
        "price no matter",
        "no budget limit",
        "remove the price",
        "bigger ones please",
        "coming from enugu",
        "i want independence",
        "give me that one",
        "show me 5 houses",
        "2 people",
        "need for 5 people",
        "is it for rent or for sale",
        "high end expensive house",
        "steady light no be by force",
        "no need for generator",
        "i don't mind upstairs",
        "gym or pool not a must",
        "house in a quiet neighbourhood",
        "bad road",
        "fence and gate",
        "real estate agent",
        "Hi",
        "ok",
        "yes",
        "thank you very much",
        "how do I book an inspection",
        "cancel my inspection tomorrow",
        "I want to see the second one",
        "PR-1042 is it available",
        "my account is not working",
        "the agent did not show up",
        "what documents do i need",
        "help me write an essay",
        "house in ojuelegba",
        "leaving from Ikeja",
        "not necessarily furnished",
        "furnished not compulsory",
        "I don't mind if it's not furnished",
        "with or without bq",
    ],
)
def test_what_names_nothing_is_nothing(said: str) -> None:
    assert read(said) == {}


@pytest.mark.parametrize(
    ("said", "hints"),
    [
        ("also Yaba", {"append"}),
        ("add Surulere", {"append"}),
        ("Yaba as well", {"append"}),
        ("what about Yaba", set()),
        ("no budget limit", {"no_price"}),
        ("any price", {"no_price"}),
        ("cheaper ones", {"cheaper"}),
        ("bigger ones", {"bigger"}),
        ("anywhere in Abuja", {"anywhere"}),
    ],
)
def test_what_a_follow_up_needs_is_told_beside_the_slots(said: str, hints: set[str]) -> None:
    assert sought(said).hints == hints


@pytest.mark.parametrize(
    ("said", "amounts"),
    [
        ("reduce it from 3m to 2.5m", (3_000_000, 2_500_000)),
        ("the rent is now 900k", (900_000,)),
        ("2m 500k", (2_500_000,)),
        ("2 bedroom in Yaba", ()),
    ],
)
def test_every_amount_is_told_in_its_order(said: str, amounts: tuple[int, ...]) -> None:
    assert sought(said).amounts == amounts


@pytest.mark.parametrize(
    ("said", "skeleton"),
    [
        ("any self con for rent in Yaba under 800k?", "any <kind> <offer> in <area> <price> ?"),
        ("I want to sell my duplex in Jabi", "i want to sell my <kind> in <area>"),
        ("abeg 2 bed for Ibadan wey get light 24/7", "abeg <rooms> for <city> wey get <amenity>"),
    ],
)
def test_intents_are_told_by_what_is_left(said: str, skeleton: str) -> None:
    text = Text(said)
    search.read(text, of_platform())
    assert text.skeleton == skeleton


def test_what_was_taken_before_is_not_read_again() -> None:
    text = Text("2 bed in Yaba on 25/12 at 4")
    text.take(17, 22, "date")
    text.take(23, 27, "time")
    assert search.read(text, of_platform()) == {"bedrooms_min": 2, "bedrooms_max": 2, "areas": ["Yaba"]}
    assert GONE in text.words


@pytest.mark.parametrize(
    "said", ["", "🙂🙂", "x" * 4096, "2 bed " * 700, "0", "1" * 400, "9" * 16 + " naira", "\x00\x0e"]
)
def test_any_text_is_read(said: str) -> None:
    slots = read(said)
    assert set(slots) <= SEARCH_SLOTS
    assert all(slots.get(name, 1) < 10**12 for name in ("price_min", "price_max"))
