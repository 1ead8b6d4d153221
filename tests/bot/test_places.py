"""Where a property is: areas as people type them, and location pins."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.questions import Gone, NotUnderstood, Unsure
from bot.questions.base import Shown, ShownOption
from bot.questions.places import Spot, where
from bot.said import Said
from inspector_whatsapp.cloud_api.events import LocationSent, MediaSent, TextSaid
from inspector_whatsapp.listings import Place
from inspector_whatsapp.words import Reader, say
from tests.factories import PropertyFactory

ASKED = where(say("Which area?"))
YABA = Place("Yaba", "Lagos", "Lagos")


def typed(words: str, *shown: str) -> Spot:
    options = tuple(ShownOption(value, (value.partition("|")[0],), "") for value in shown)
    return ASKED.read(ASKED.hear(Said(TextSaid(words), words), None, Shown("x", options)))


def offered(words: str) -> list[Place]:
    with pytest.raises(Unsure) as unsure:
        typed(words)
    return [Place(*option.value.split("|")) for option in unsure.value.options]


def pinned(latitude: float, longitude: float) -> Spot:
    return ASKED.read(ASKED.hear(Said(LocationSent(latitude, longitude)), None, Shown()))


@pytest.mark.parametrize(
    ("words", "area"),
    [
        ("yaba", "Yaba"),
        ("it is in Yaba", "Yaba"),
        ("Yaba, Lagos", "Yaba"),
        ("yaba lagos state", "Yaba"),
        ("VI", "Victoria Island"),
        ("Bodija Ibadan", "Bodija"),
        ("Independence Layout, Enugu", "Independence Layout"),
        ("Mowe, Ogun", "Mowe"),
    ],
)
def test_an_area_is_found_however_it_is_typed(words: str, area: str) -> None:
    place = typed(words).place
    assert place is not None
    assert place.area == area


def test_a_spelling_mistake_is_read_back() -> None:
    assert offered("Surulare") == [Place("Surulere", "Lagos", "Lagos")]


def test_a_wide_name_offers_its_parts() -> None:
    areas = [place.area for place in offered("Lekki")]
    assert areas[0] == "Lekki"
    assert "Lekki Phase 1" in areas
    assert len(areas) <= 10


def test_an_area_of_no_gazetteer_counts_with_its_city_and_is_read_back() -> None:
    assert offered("itoikin, lagos") == [Place("Itoikin", "Lagos", "Lagos")]
    assert offered("New Layout Port Harcourt") == [Place("New Layout", "Port Harcourt", "Rivers")]
    assert offered("Ilaro, Ogun state") == [Place("Ilaro", "Ilaro", "Ogun")]


def test_what_was_offered_is_taken_by_its_number_and_a_no_asks_again() -> None:
    shown = ("Lekki|Lagos|Lagos", "Lekki Phase 1|Lagos|Lagos")
    assert typed("2", *shown).place == Place("Lekki Phase 1", "Lagos", "Lagos")
    with pytest.raises(NotUnderstood) as why:
        typed("no", *shown)
    assert why.value.words.put(Reader()) == "Then please type it once more."


@pytest.mark.parametrize("words", ["qqqqqq", "🏠", "...", ", Lagos", "12345 67890", "x" * 4000])
def test_what_is_no_area_is_said_so(words: str) -> None:
    with pytest.raises((NotUnderstood, Unsure)):
        typed(words)


@pytest.mark.django_db
def test_a_pin_finds_the_area_around_it_and_is_kept() -> None:
    PropertyFactory(area="Yaba", latitude=6.51, longitude=3.37)
    assert pinned(6.512, 3.372) == Spot(YABA, (6.512, 3.372))


@pytest.mark.django_db
def test_a_pin_where_no_area_is_known_is_kept_by_itself() -> None:
    assert pinned(9.0, 7.0) == Spot(None, (9.0, 7.0))


@pytest.mark.parametrize("pin", [(51.5, -0.12), (0.0, 0.0), (float("nan"), 3.0), (6.5, 181.0)])
def test_a_pin_that_is_not_in_nigeria_is_refused(pin: tuple[float, float]) -> None:
    with pytest.raises(NotUnderstood):
        pinned(*pin)


def test_a_voice_note_is_no_area() -> None:
    with pytest.raises(NotUnderstood):
        ASKED.hear(Said(MediaSent("audio", "1")), None, Shown())


@pytest.mark.parametrize("forged", ["", "Yaba", "|Lagos|Lagos", "a|b|c|d", "x" * 90 + "|Lagos|Lagos"])
def test_a_forged_button_is_no_area(forged: str) -> None:
    with pytest.raises(NotUnderstood):
        ASKED.hear(Said(TextSaid("x"), "x", tap="x"), forged, Shown())


@pytest.mark.parametrize("kept", [None, [], "Yaba", {"area": "Yaba"}, {"pin": [1]}, {"pin": "xy"}])
def test_a_kept_answer_of_another_shape_is_asked_again(kept: Any) -> None:
    with pytest.raises(Gone):
        ASKED.read(kept)


@given(st.text(max_size=300) | st.sampled_from(["Lekki,", "a, Lagos", "Lagos Lagos Lagos", "- , Ogun"]))
def test_any_text_is_read_read_back_or_refused(words: str) -> None:
    try:
        place = typed(words).place
        places = [place] if place else []
    except NotUnderstood:
        return
    except Unsure as unsure:
        places = [Place(*option.value.split("|")) for option in unsure.options]
    assert 1 <= len(places) <= 10
    for place in places:
        assert all(0 < len(part) <= 60 for part in (place.area, place.city, place.state))
