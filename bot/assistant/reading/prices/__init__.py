"""Prices that somebody wants to pay, per what, and in which currency."""

import re
from dataclasses import dataclass
from decimal import Decimal

from bot.amounts import MOST_OF_A_LISTING, Number, numbers
from bot.assistant.commands import Slots
from bot.assistant.reading.items import before, is_free
from bot.assistant.reading.prices.bounds import AROUND, BETWEEN, begins, bounds
from bot.assistant.reading.prices.money import ends, ends_a_list, is_price, may_be, stands_behind_a_home
from bot.assistant.reading.prices.periods import NIGHT, per_what
from bot.assistant.reading.text import Text

_MOST = 40  # numbers that are looked at; who names more names no price

_TO = re.compile(
    r"\s*(?:naira|per annum|yearly|only)?\s*(?P<by>-|to|and|till|until|or|max(?:imum)?"
    r"|,? and max)\s*(?:like |about |at most |not more than |maybe |even )?"
)
_NO_LIMIT = re.compile(
    r"\b(?:(?:no|without|any|whatever|forget|remove|drop|ignore|clear|cancel|never mind|nevermind"
    r"|don'?t mind|scrap|unlimited|open)"
    r"(?: the| my| a| any| about)* (?:budget|price|amount|cost|money|rent)(?: limit| range| cap| filter"
    r"| restriction)?(?! (?:of|is|na|below|under|around|about|for|between)\b)(?! ?[:₦#]?\d)"
    r"|no limit|any price|(?:price|budget|money|cost)(?: limit)? (?:no (?:matter|be (?:problem|issue"
    r"|wahala))|is (?:not|no) (?:a problem|an issue|a concern|important)|does ?n[o']t matter"
    r"|isn'?t (?:a problem|an issue)|no dey worry)"
    r"|no matter (?:the |how much |what )?(?:price|cost|budget|e cost)?)"
)


@dataclass(frozen=True)
class Read:
    """slots: bounds, period, currency. amounts: every amount of money in its order, for whoever sets a price.

    without: the wish for no limit was told.
    """

    slots: Slots
    amounts: tuple[int, ...] = ()
    without: bool = False


def read(text: Text) -> Read:
    """What is said of money. A bare figure is the most."""
    words = text.words
    if without := _NO_LIMIT.search(words):
        text.take_match(without, "price")
    found = [
        each
        for each in numbers(words)
        if is_free(text, each.start, each.end) and 0 < each.value < MOST_OF_A_LISTING
    ][:_MOST]
    slots: Slots = {}
    prices, taken = _prices(text, words, found)
    period = per_what(text, words, [number for price in prices for number in price[0]])
    for start, end in taken:
        if is_free(text, start, end):
            text.take(start, end, "price")
    least = [low for _numbers, low, _high in prices if low is not None]
    most = [high for _numbers, _low, high in prices if high is not None]
    if least:
        slots["price_min"] = min(least)
    if most:
        slots["price_max"] = max(most)
    if period:
        slots["price_period"] = period
        if period == NIGHT:
            slots["listing_type"] = "shortlet"
    if any(number.currency == "USD" for price in prices for number in price[0]):
        slots["currency"] = "USD"
    amounts = tuple(amount for numbers_, low, high in prices for amount in _said(numbers_, low, high))
    return Read(slots, amounts, without is not None)


_Found = tuple[list[Number], int | None, int | None]


def _said(found: list[Number], low: int | None, high: int | None) -> list[int]:
    if len(found) == 1:
        return [found[0].amount()]
    return [each for each in (low, high) if each is not None]


def _prices(text: Text, words: str, found: list[Number]) -> tuple[list[_Found], list[tuple[int, int]]]:
    """The amounts with the bounds they set, and which parts of the text say so."""
    prices: list[_Found] = []
    taken: list[tuple[int, int]] = []
    at = 0
    while at < len(found):
        one = found[at]
        other = found[at + 1] if at + 1 < len(found) else None
        if other and (joined := _joined(text, words, one, other)):
            prices.append(([one, other], *joined))
            taken.append((begins(words, one, (BETWEEN, AROUND)), other.end))
            at += 2
            continue
        if other and _adds(words, one, other):
            other = Number(
                one.value + other.amount() / Decimal(one.amount()) * one.value,
                one.unit,
                one.currency,
                one.start,
                other.end,
            )
            found[at + 1] = other
            at += 1
            continue
        if is_price(words, one) or ends_a_list(text, words, one):
            start, end, low, high = bounds(words, one)
            prices.append(([one], low, high))
            taken.append((start, end))
        at += 1
    return prices, taken


def _adds(words: str, one: Number, other: Number) -> bool:
    """Whether two numbers are one amount: "2m 500k"."""
    return one.unit == "m" and other.unit == "k" and not words[one.end : other.start].strip()


def _joined(text: Text, words: str, one: Number, other: Number) -> tuple[int, int] | None:
    """The bounds of a range."""
    match = _TO.fullmatch(words, one.end, other.start)
    if match is None or not may_be(words, one, first=True) or not may_be(words, other):
        return None
    said_before = before(words, one.start)
    by = match["by"]
    if by == "and" and not BETWEEN.search(said_before):
        return None
    if not (is_price(words, other) or is_price(words, one) or BETWEEN.search(said_before)) and not (
        ends(words, other) and stands_behind_a_home(text, words, one)
    ):
        return None
    currency = one.currency if one.currency == "USD" else other.currency
    one = Number(one.value, one.unit, currency, one.start, one.end)
    other = Number(other.value, other.unit, currency, other.start, other.end)
    low, high = _shared(one, other)
    return (low, high) if low < high else None


def _shared(one: Number, other: Number) -> tuple[int, int]:
    """A unit on the right covers both, unless the least would be more than the most."""
    high = other.amount()
    if not other.unit and one.unit and other.value < 1000:
        high = other.amount(one.unit) if other.amount(one.unit) > one.amount() else other.amount()
    if not one.unit and other.unit and one.value < 1000:
        low = one.amount(other.unit)
        return (low, high) if low < high else (one.amount(), high)
    return one.amount(), high
