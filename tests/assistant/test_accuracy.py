"""How much is understood of utterances that nobody who wrote the interpreter has tuned it to."""

from pathlib import Path

import pytest

from bot.assistant import evaluation, gazetteer
from bot.assistant.evaluation import Result
from bot.assistant.interpreter import interpret

HERE = Path(__file__).parent
FILE = HERE / "held_apart.jsonl"
PLACES = HERE / "places.json"
MOST_BEHIND = 0.05  # of Pidgin and of typing errors, behind all the rest


@pytest.fixture(scope="module")
def results() -> list[Result]:
    items, bad = evaluation.items_of(FILE)
    assert not bad
    places = gazetteer.of_file(PLACES) if PLACES.exists() else gazetteer.of_platform()
    return evaluation.results_of(items, gazetteer=places, interpret=interpret)


def test_enough_is_understood(results: list[Result]) -> None:
    got = evaluation.figures(results)
    assert got.intent >= 0.85
    assert got.exact >= 0.70
    assert got.f1 >= 0.92


@pytest.mark.parametrize("tag", ["pidgin", "typo"])
def test_nobody_is_understood_much_less(results: list[Result], tag: str) -> None:
    theirs = evaluation.figures([each for each in results if tag in each.item.tags])
    rest = evaluation.figures([each for each in results if tag not in each.item.tags])
    assert theirs.intent >= rest.intent - MOST_BEHIND
    assert theirs.exact >= rest.exact - MOST_BEHIND
    assert theirs.f1 >= rest.f1 - MOST_BEHIND
