"""The labelled records and the corpora are what they say: commands of the contract, each said once."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bot.assistant.commands import Command, Intent
from bot.assistant.context import Context

HERE = Path(__file__).parent
RECORDS = HERE / "development.jsonl"
CORPORA = HERE / "corpora"
FILES = (RECORDS, *sorted(CORPORA.glob("*.jsonl")))


def lines_of(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_every_label_is_a_command_and_every_context_can_be_held() -> None:
    for record in lines_of(RECORDS):
        Context.from_json(record["context"])
        for label in (record["expected"], *record["alts"]):
            assert Command.from_json(label).to_json() == label, record["id"]


def test_every_intent_is_asked_for_at_least_six_times() -> None:
    asked = Counter(record["expected"]["intent"] for record in lines_of(RECORDS))
    assert not [intent for intent in Intent if asked[intent] < 6]


def test_an_answer_or_a_next_page_has_something_it_answers() -> None:
    for record in lines_of(RECORDS):
        if record["expected"]["intent"] in ("confirm", "deny"):
            assert record["context"]["pending"], record["id"]
        if record["expected"]["intent"] == "more_results":
            assert record["context"]["results"], record["id"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_nothing_is_said_twice(file: Path) -> None:
    said = Counter(" ".join(record["text"].casefold().split()) for record in lines_of(file))
    assert not [text for text, times in said.items() if times > 1]


def test_what_looks_like_an_attack_has_an_intent_that_is_served() -> None:
    for line in lines_of(CORPORA / "lookalikes.jsonl"):
        assert Intent(line["intent"]) not in (Intent.UNSAFE_REQUEST, Intent.OUT_OF_SCOPE), line["text"]


def test_what_is_said_about_a_person_is_no_slot() -> None:
    for line in lines_of(CORPORA / "protected.jsonl"):
        slots = Command.from_json({"intent": "search_properties", "slots": line["slots"]}).slots
        assert slots == line["slots"], line["text"]
