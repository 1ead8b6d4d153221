"""Measuring how much is understood: the figures, and files that are not as they should be."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from bot.assistant import evaluation
from bot.assistant.commands import Command, Intent
from bot.assistant.evaluation import Answer
from bot.assistant.gazetteer import Gazetteer
from bot.assistant.interpreter import Understood

NOW = "2026-11-25T10:00:00+01:00"
PLACES = {
    "groups": {},
    "areas": {"Lagos": ["Yaba", "Ikeja"]},
    "cities": ["Lagos"],
    "states": ["Ogun"],
    "aliases": {},
}


def line(**changed: Any) -> dict[str, Any]:
    return {
        "id": "A1",
        "text": "hello",
        "role": "seeker",
        "now": NOW,
        "history": [],
        "context": None,
        "expected": {"intent": "smalltalk", "slots": {}},
        "alts": [],
        "tags": ["greeting"],
    } | changed


@pytest.fixture
def file(tmp_path: Path) -> Any:
    def written(*lines: Any) -> Path:
        path = tmp_path / "items.jsonl"
        path.write_text("\n".join(each if isinstance(each, str) else json.dumps(each) for each in lines))
        return path

    return written


@pytest.fixture
def places(tmp_path: Path) -> Path:
    path = tmp_path / "places.json"
    path.write_text(json.dumps(PLACES))
    return path


def says(intent: str, **slots: Any) -> Any:
    return lambda text, **_: Understood(Command(Intent(intent), slots), 1.0, "grammar")


def measured(path: Path, interpret: Any) -> list[evaluation.Result]:
    items, bad = evaluation.items_of(path)
    assert not bad
    return evaluation.results_of(items, gazetteer=Gazetteer(), interpret=interpret)


def test_lists_are_compared_as_sets() -> None:
    one = Answer("search_properties", {"areas": ["Yaba", "Ikeja"]})
    assert one.is_same(Answer("search_properties", {"areas": ["Ikeja", "Yaba"]}))
    assert not one.is_same(Answer("search_properties", {"areas": ["Yaba"]}))


def test_what_is_empty_is_as_what_is_absent() -> None:
    assert Answer("search_properties", {"areas": [], "street": None}).is_same(Answer("search_properties", {}))


def test_a_number_is_not_its_digits() -> None:
    assert not Answer("search_properties", {"price_max": 5}).is_same(
        Answer("search_properties", {"price_max": "5"})
    )


def test_another_reading_that_is_fine_is_right(file: Any) -> None:
    path = file(
        line(
            expected={"intent": "contact_agent", "slots": {"property_ref": "PR-1001"}},
            alts=[{"intent": "contact_agent", "slots": {}}],
        )
    )
    (result,) = measured(path, says("contact_agent"))
    assert result.is_exact
    assert evaluation.figures([result]) == evaluation.Figures(1, 1.0, 1.0, 1.0)


def test_slots_count_even_where_the_intent_is_wrong(file: Any) -> None:
    path = file(line(expected={"intent": "list_slots", "slots": {"property_ref": "PR-1001"}}))
    got = evaluation.figures(measured(path, says("book_inspection", property_ref="PR-1001")))
    assert (got.intent, got.exact, got.f1) == (0.0, 0.0, 1.0)


def test_f1_counts_each_value_of_a_list(file: Any) -> None:
    path = file(line(expected={"intent": "search_properties", "slots": {"areas": ["Yaba", "Ikeja"]}}))
    got = evaluation.figures(measured(path, says("search_properties", areas=["Yaba"])))
    assert got.f1 == pytest.approx(2 / 3)


def test_an_item_counts_for_each_of_its_tags(file: Any) -> None:
    path = file(line(tags=["pidgin", "typo"]), line(id="A2", tags=[]))
    groups = evaluation.by_tag(measured(path, says("smalltalk")))
    assert {tag: len(results) for tag, results in groups.items()} == {"(none)": 1, "pidgin": 1, "typo": 1}


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ("{not json", "Line 2 is no JSON"),
        ("[1, 2]", "Line 2 is no object."),
        (line(text=5), "Line 2 has no text."),
        (line(role="king"), "Line 2 has an unknown role: 'king'."),
        (line(now="soon"), "Line 2 has no time in now"),
        (line(context={"last_intent": "fly"}), "Line 2 has a context that cannot be read."),
        (line(context=[1]), "Line 2 has a context that cannot be read."),
        (line(expected=None), "Line 2 expects nothing that has an intent and slots."),
        (line(expected={"intent": "fly", "slots": {}}), "Line 2 expects an unknown intent: 'fly'."),
        (line(alts=[{"intent": "fly"}]), "Line 2 expects an unknown intent: 'fly'."),
        (line(alts=3), "Line 2 has alts that are no list."),
    ],
)
def test_a_bad_line_is_told_with_its_number_and_the_others_are_measured(
    file: Any, places: Path, bad: Any, sentence: str
) -> None:
    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError, match="1 of the lines could not be read"):
        call_command("evaluate_assistant", file(line(), bad), gazetteer=places, stdout=out, stderr=err)
    assert sentence in err.getvalue()
    assert "1 items" in out.getvalue()


def test_the_command_says_what_was_missed(file: Any, places: Path) -> None:
    out = StringIO()
    expected = {"intent": "my_account", "slots": {}}
    call_command("evaluate_assistant", file(line(expected=expected)), gazetteer=places, stdout=out)
    said = out.getvalue()
    assert "A1: 'hello'" in said
    assert "expected my_account {}" in said
    assert "got      smalltalk {}" in said
    assert "intent accuracy 0.000" in said


def test_fewer_misses_are_listed_on_demand(file: Any, places: Path) -> None:
    out = StringIO()
    wrong = {"intent": "my_account", "slots": {}}
    path = file(line(expected=wrong), line(id="A2", expected=wrong))
    call_command("evaluate_assistant", path, gazetteer=places, misses=1, stdout=out)
    assert "A1: " in out.getvalue()
    assert "A2: " not in out.getvalue()
    assert "… and 1 more misses." in out.getvalue()


@pytest.mark.parametrize("figure", ["min_intent", "min_exact"])
def test_too_little_understood_fails(file: Any, places: Path, figure: str) -> None:
    path = file(line(), line(id="A2", expected={"intent": "my_account", "slots": {}}))
    call_command("evaluate_assistant", path, gazetteer=places, stdout=StringIO(), **{figure: 0.5})
    with pytest.raises(CommandError, match=r"0\.500 is below 0\.6"):
        call_command("evaluate_assistant", path, gazetteer=places, stdout=StringIO(), **{figure: 0.6})


def test_an_empty_file_is_told(file: Any, places: Path) -> None:
    with pytest.raises(CommandError, match="has no item that can be read"):
        call_command("evaluate_assistant", file(), gazetteer=places)


def test_a_file_that_is_not_there_is_told(tmp_path: Path, places: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("evaluate_assistant", tmp_path / "none.jsonl", gazetteer=places)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("evaluate_assistant", places, gazetteer=tmp_path / "none.json")


def test_a_file_of_other_things_is_no_file_of_places(file: Any, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text('{"cities": 3}')
    with pytest.raises(CommandError, match="no file of places"):
        call_command("evaluate_assistant", file(line()), gazetteer=other)


@pytest.mark.django_db
def test_places_are_those_of_the_database_unless_a_file_is_named(file: Any) -> None:
    out = StringIO()
    call_command("evaluate_assistant", file(line()), stdout=out)
    assert "exact match     1.000" in out.getvalue()
