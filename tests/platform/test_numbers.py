"""Numbers in what staff read: found however they are written, and nothing else taken for one."""

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from inspector_whatsapp import marks, numbers
from inspector_whatsapp.simulator import people


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("+2348030000001", "•••0001"),
        ("2348030000001", "•••0001"),
        ("08030000001", "•••0001"),
        ("0803 000 0001", "•••0001"),
        ("0803-000-0001", "•••0001"),
        ("+234 (0) 803 000 0001", "•••0001"),
        ("+234 803 000 0001", "•••0001"),
        ("234-803-000-0001", "•••0001"),
        ("+4520123456", "•••3456"),
        ("6591234567", "•••4567"),
        ("call 08030000001, or +447911123456!", "call •••0001, or •••3456!"),
        ("wa.me/2348030000001?text=x", "wa.me/•••0001?text=x"),
        ("2348030000001@c.us", "•••0001@c.us"),
        ('{"from":"2348030000001","to":"+2348030000002"}', '{"from":"•••0001","to":"•••0002"}'),
        (r'{"body":"me:\n08030000001\u202e2348030000002"}', r'{"body":"me:\n•••0001\u202e•••0002"}'),
        ("?phone=%2B2348030000001", "?phone=%2B•••0001"),
        ("(+2348030000001)", "(•••0001)"),
        ("contact_2348030000001", "contact_•••0001"),
    ],
)
def test_a_number_is_masked_however_it_is_written(written: str, shown: str) -> None:
    assert numbers.masked_in(written) == shown


@pytest.mark.parametrize(
    "written",
    [
        "PR-1042 and IN-3107",
        "₦12,500,000 a year",
        "2026-11-27 20:37:11 +0100",
        '{"timestamp": "1764275831"}',
        "error 131026, attempt 3",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "a1234567890123b",
        "12 Admiralty Way, Lekki Phase 1",
        "wamid.test-1",
    ],
)
def test_what_is_no_number_stays(written: str) -> None:
    assert numbers.masked_in(written) == written


def test_our_own_number_and_metas_ids_of_it_are_no_secret() -> None:
    for own in (
        settings.WHATSAPP_PHONE_NUMBER,
        settings.WHATSAPP_PHONE_NUMBER.removeprefix("+"),
        settings.WHATSAPP_PHONE_NUMBER_ID,
        settings.WHATSAPP_BUSINESS_ACCOUNT_ID,
    ):
        assert numbers.masked_in(f"to {own}.") == f"to {own}."


def test_the_number_inside_of_metas_id_of_a_message_is_cut_out() -> None:
    wamid = people.wamid("2348030000001", by_person=True)
    shown = numbers.masked_in(f"the provider took it: {wamid}")
    assert shown == f"the provider took it: wamid.•••{wamid[-8:]}"


def test_within_whole_they_are_as_they_were_and_after_it_masked_again() -> None:
    with numbers.whole():
        assert numbers.masked_in("+2348030000001") == numbers.masked("+2348030000001") == "+2348030000001"
    assert numbers.masked_in("+2348030000001") == numbers.masked("+2348030000001") == "•••0001"


def test_a_cut_leaves_no_half_of_a_number_to_be_read() -> None:
    text = "x" * (marks.SHORT - 8) + " +2348030000001 and more"
    assert "23480300" not in marks.short(text)
    assert marks.short(text).startswith('<bdi class="words">' + "x" * (marks.SHORT - 8))


@given(
    number=st.from_regex(r"\+[1-9][0-9]{9,14}", fullmatch=True),
    before=st.text(st.characters(exclude_categories=["Nd", "Cs"], exclude_characters="+"), max_size=20),
    behind=st.text(st.characters(exclude_categories=["Nd", "Cs"]), max_size=20),
)
def test_no_number_in_its_one_shape_is_left_whole_wherever_it_stands(
    number: str, before: str, behind: str
) -> None:
    ours = settings.WHATSAPP_PHONE_NUMBER, f"+{settings.WHATSAPP_PHONE_NUMBER_ID}"
    if number not in ours:
        assert number[1:] not in numbers.masked_in(f"{before}{number}{behind}")
