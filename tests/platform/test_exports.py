"""CSV that a spreadsheet may open: what stands in it is read, and never run."""

import csv
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_whatsapp import exports
from tests.factories import at

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "\0")


def read(rows: list[list[Any]], **more: Any) -> list[list[str]]:
    """As another program reads it back, without its header."""
    answer = exports.table("figures", ["name"], rows, **more)
    text = b"".join(answer).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(StringIO(text.removeprefix("\ufeff"), newline=""), strict=True))[1:]


pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("sign", DANGEROUS)
@pytest.mark.parametrize("before", ["", " ", "\u00a0", "\ufeff", "\u200b", "\n "])
def test_nothing_begins_as_a_formula(before: str, sign: str) -> None:
    [[shown]] = read([[f'{before}{sign}HYPERLINK("http://evil.example","x")']])
    assert not shown.lstrip().startswith(DANGEROUS)


@given(st.text())
def test_no_text_begins_as_a_formula_or_loses_the_file_its_shape(text: str) -> None:
    shown = exports.cell(text)
    assert isinstance(shown, str)
    assert "\0" not in shown
    assert not shown.startswith(DANGEROUS)
    assert unicodedata.normalize("NFKC", shown.lstrip()[:1]) not in ("=", "+", "-", "@")
    page = StringIO(newline="")
    csv.writer(page, quoting=csv.QUOTE_ALL).writerow([shown, "next"])
    assert next(csv.reader(StringIO(page.getvalue(), newline=""), strict=True)) == [shown, "next"]


def test_quotes_commas_lines_and_every_letter_come_back() -> None:
    words = 'He said "₦5,000; fine"\nand left, Ọlá 😀'
    assert read([[words, "b"]]) == [[words, "b"]]
    assert read([["one\r\ntwo"]]) == [["one\ntwo"]]


def test_what_nobody_sees_is_written_by_its_number() -> None:
    assert read([["a\u202eb\u200bc"]]) == [["a[U+202E]b[U+200B]c"]]


def test_what_the_service_counted_is_left_a_number() -> None:
    assert read([[-3, Decimal("-0.50"), 2.5, True, None]]) == [["-3", "-0.50", "2.5", "yes", ""]]
    assert read([[at(10)]])[0][0] == at(10).strftime("%Y-%m-%d") + " 10:00:00"


def test_a_number_is_text_and_masked_unless_it_may_be_seen() -> None:
    assert read([["+2348030000001"]]) == [["•••0001"]]
    assert read([["+2348030000001"]], whole=True) == [["'+2348030000001"]]
    assert read([["+2348030000001"]]) == [["•••0001"]]


def test_a_file_is_written_while_it_is_sent() -> None:
    made = []

    def rows() -> Iterator[list[int]]:
        for number in range(100_000):
            made.append(number)
            yield [number]

    answer = exports.table("Figures by day", ["n"], rows())
    assert answer["Content-Disposition"].startswith('attachment; filename="figures-by-day-')
    pieces = iter(answer)
    next(pieces)
    next(pieces)
    assert len(made) < 1_000
