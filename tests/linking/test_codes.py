"""Reading a code out of what people type, and keeping it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from linking import codes
from linking.codes import Asker, code_in

# ASCII, full-width, Arabic-Indic, Persian, Devanagari.
SCRIPTS = ["".join(chr(zero + digit) for digit in range(10)) for zero in (0x30, 0xFF10, 0x660, 0x6F0, 0x966)]
CODES = st.integers(0, 999_999).map(lambda number: f"{number:06d}")
WORDS = st.text(st.characters(categories=["L", "Po", "Zs", "Ps", "Pe"]), max_size=30)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("123456", "123456"),
        ("123 456.", "123456"),
        ("123-456", "123456"),
        ("1 2 3 4 5 6", "123456"),
        ("1–2–3–4–5–6", "123456"),
        ("the code is 123456, thanks", "123456"),
        ("Code:*012345*", "012345"),
        ("\uff11\uff12\uff13\uff14\uff15\uff16", "123456"),
        ("١٢٣٤٥٦", "123456"),
        ("1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣", "123456"),
        ("\u200e123456\u200f", "123456"),
        ("123456, sent at 10:42", "123456"),
        ("12345", None),
        ("1234567", None),
        ("123456 or 654321", None),
        ("123456 654321", None),
        ("+234 803 000 0001", None),
        ("₦123,456", None),
        ("", None),
        ("hello", None),
    ],
)
def test_a_code_is_found_as_people_type_it(typed: str, code: str | None) -> None:
    assert code_in(typed) == code


@given(
    CODES,
    st.sampled_from(SCRIPTS),
    st.lists(st.sampled_from(["", " ", "-", " - ", "\u00a0", "–"]), min_size=5, max_size=5),
    WORDS,
    WORDS,
)
def test_any_script_and_spacing_among_any_words_is_read(
    code: str, script: str, gaps: list[str], before: str, after: str
) -> None:
    digits = [script[int(digit)] for digit in code]
    typed = "".join(digit + gap for digit, gap in zip(digits, [*gaps, ""], strict=True))
    assert code_in(f"{before}. {typed}. {after}") == code


@given(st.text())
def test_whatever_is_typed_the_answer_is_six_digits_or_none(text: str) -> None:
    found = code_in(text)
    assert found is None or re.fullmatch("[0-9]{6}", found)


def test_a_kept_code_is_right_for_its_challenge_asker_and_number_only(settings: Settings) -> None:
    kept = codes.digest(Asker(1, "phone:+2348030000001"), "123456")
    assert "123456" not in kept
    assert codes.matches(kept, Asker(1, "phone:+2348030000001"), "123456")
    assert not codes.matches(kept, Asker(1, "phone:+2348030000001"), "123457")
    assert not codes.matches(kept, Asker(2, "phone:+2348030000001"), "123456")
    assert not codes.matches(kept, Asker(1, "phone:+2348030000002"), "123456")
    settings.WHATSAPP_PHONE_NUMBER_ID = "another"
    assert not codes.matches(kept, Asker(1, "phone:+2348030000001"), "123456")


def test_a_code_outlives_the_rotation_of_the_secret(settings: Settings) -> None:
    asker = Asker(1, "phone:+2348030000001")
    kept = codes.digest(asker, "123456")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "the next key, long enough to be one 0123456789"
    assert codes.matches(kept, asker, "123456")
    settings.SECRET_KEY_FALLBACKS = []
    assert not codes.matches(kept, asker, "123456")


def test_where_nothing_is_kept_nothing_is_right() -> None:
    assert not codes.matches("", Asker(1, ""), "000000")
    assert not codes.matches("1$", Asker(1, ""), "000000")
