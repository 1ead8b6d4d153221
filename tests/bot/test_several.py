"""Choosing any number of several, typed in one go or tapped one at a time."""

from dataclasses import dataclass
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import rendering
from bot.questions import NotUnderstood, Option, TurnPage, Unfinished, Unsure
from bot.questions.base import Shown
from bot.questions.several import FINISH, Several, several
from bot.said import Said
from inspector_whatsapp.cloud_api.events import MediaSent, TextSaid
from inspector_whatsapp.cloud_api.messages import Buttons, List, Message
from inspector_whatsapp.words import Reader, say

WORDS = {
    "parking": ("car park",),
    "security": ("gateman",),
    "power": ("24-hour power", "light"),
    "solar or inverter": ("solar", "inverter"),
    "water": ("borehole",),
    "pool": ("swimming pool",),
    "furnished": (),
    "unfurnished": ("not furnished",),
    "no flooding": ("no flood",),
    "gym": (),
    "garden": (),
    "front yard": (),
    "back yard": (),
}


@dataclass
class Talk:
    """A talk about amenities, as the engine would lead it."""

    question: Several[str]
    page: int = 0

    @classmethod
    def begun(cls, *chosen: str) -> "Talk":
        return cls(
            several(
                say("What does it have?"),
                list(WORDS),
                option=lambda word: Option(word, say("{word}", word=word), also=WORDS[word]),
                chosen=chosen,
            )
        )

    @property
    def shown(self) -> Shown:
        return self._rendered()[1]

    @property
    def read(self) -> str:
        message = self._rendered()[0]
        assert isinstance(message, Buttons | List)
        return message.body

    def _rendered(self) -> tuple[Message, Shown]:
        return rendering.render(self.question.prompt(self.page), question="x.y", reader=Reader())

    def says(self, words: str, value: str | None = None) -> list[str] | None:
        """What was chosen, once it is all; None: it goes on."""
        try:
            kept = self.question.hear(Said(TextSaid(words), words), value, self.shown)
        except TurnPage as turned:
            self.page = turned.page
            return None
        self.page = 0
        try:
            return self.question.read(kept)
        except Unfinished as so_far:
            self.question = cast(Several[str], so_far.question)
            return None

    def taps(self, title: str) -> list[str] | None:
        option = next(option for option in self.shown.options if option.labels[0] == title)
        return self.says(title, option.value)

    @property
    def chosen(self) -> tuple[str, ...]:
        return self.question.chosen


@pytest.mark.parametrize(
    ("typed", "chosen"),
    [
        ("1, 3 and 5", ("parking", "power", "water")),
        ("1 3 5", ("parking", "power", "water")),
        ("1.3.5", ("parking", "power", "water")),
        ("2-4", ("security", "power", "solar or inverter")),
        ("parking, water", ("parking", "water")),
        ("Parking & swimming pool\nlight", ("parking", "pool", "power")),
        ("it has a borehole and light dey", ("water", "power")),
        ("1, gym", ("parking", "gym")),  # the gym is on the second page
        ("solar or inverter", ("solar or inverter",)),
        ("no flood", ("no flooding",)),
        ("not furnished", ("unfurnished",)),
        ("secuirty", ("security",)),
        ("parking, parking, car park", ("parking",)),
    ],
)
def test_several_are_named_in_one_go(typed: str, chosen: tuple[str, ...]) -> None:
    talk = Talk.begun()
    assert talk.says(typed) is None
    assert talk.chosen == chosen


def test_they_are_tapped_one_at_a_time_and_what_is_chosen_is_shown() -> None:
    talk = Talk.begun()
    assert "9. None of these" in talk.read
    talk.taps("parking")
    talk.taps("water")
    assert talk.read.startswith("So far: parking, water.\nAdd more, or tap *Done*.")
    assert "1. ✓ parking" in talk.read
    assert talk.taps("Done") == ["parking", "water"]


def test_a_second_tap_takes_it_out_and_so_do_words() -> None:
    talk = Talk.begun("parking", "water", "gym")
    talk.taps("✓ parking")
    talk.says("no water")
    assert talk.chosen == ("gym",)


def test_naming_what_is_chosen_already_leaves_it_chosen() -> None:
    talk = Talk.begun("parking")
    talk.says("car park, parking")
    talk.says("parking")
    assert talk.chosen == ("parking",)


def test_an_old_row_adds_and_never_takes_out() -> None:
    talk = Talk.begun("parking")
    talk.says("parking", "parking")
    assert talk.chosen == ("parking",)


def test_the_page_stays_where_it_was_when_something_is_picked() -> None:
    talk = Talk.begun()
    talk.taps("More")
    assert "3. garden" in talk.read
    talk.taps("garden")
    assert "3. ✓ garden" in talk.read
    talk.says("more")
    assert "1. parking" in talk.read


def test_words_that_name_nothing_are_said() -> None:
    talk = Talk.begun()
    talk.says("parking, helipad, 77")
    assert "I don't know: helipad, 77." in talk.read
    with pytest.raises(NotUnderstood):
        talk.says("helipad")
    assert talk.says("done") == ["parking"]


def test_what_may_be_several_is_offered() -> None:
    with pytest.raises(Unsure) as unsure:
        Talk.begun().says("yard")
    assert [option.value for option in unsure.value.options] == ["front yard", "back yard"]


@pytest.mark.parametrize("words", ["none", "done", "skip", "None of these", "9"])
def test_nothing_may_be_chosen(words: str) -> None:
    assert Talk.begun().says(words) == []


def test_a_list_may_end_with_done() -> None:
    assert Talk.begun().says("1, 2, done") == ["parking", "security"]


def test_a_photo_is_no_choice() -> None:
    with pytest.raises(NotUnderstood):
        Talk.begun().question.hear(Said(MediaSent("image", "1")), None, Shown())


says = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from([*WORDS, "1", "9", "10", "no", "and", ",", "more", "done", "-"]), max_size=6
    ).map(" ".join),
    st.tuples(st.integers(-1, 40), st.integers(-1, 40)).map(lambda pair: f"{pair[0]}-{pair[1]}"),
)


@given(st.lists(says, max_size=8))
def test_whatever_is_said_it_goes_on_or_ends_with_items_once_each(lines: list[str]) -> None:
    talk = Talk.begun()
    for line in lines:
        before = talk.chosen
        try:
            ended = talk.says(line)
        except (NotUnderstood, Unsure):
            assert talk.chosen == before
            continue
        chosen = talk.chosen if ended is None else ended
        assert len(set(chosen)) == len(chosen)
        assert set(chosen) <= set(WORDS)
        assert len(talk.shown.options) <= 10
        if ended is not None:
            return
    assert talk.says("Done", FINISH) == list(talk.chosen)
