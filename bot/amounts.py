"""Prices as people type them."""

import re
from decimal import Decimal

_AMOUNT = re.compile(
    r"(?<![\w.])(?:₦|#|ngn|n)?\s*(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?\s*(k|thousand|m|mil|million|b|billion)?(?![\w])",
    re.IGNORECASE,
)
LONGEST = 200  # characters that are looked at: a price is short
MOST = 10**15  # naira; what is more is no price, and no column holds it
_UNITS = {"k": 10**3, "t": 10**3, "m": 10**6, "b": 10**9}


def amount_in(text: str) -> int | None:
    """The largest amount named in `text`, in naira: `2.5m`, `₦800k`, `1,200,000`.

    Without a unit, 1 to 99.9 are millions and 100 to 999 are thousands, as people speak of prices.
    """
    amounts = [_value(*match) for match in _AMOUNT.findall(text[:LONGEST])]
    amounts = [amount for amount in amounts if amount < MOST]
    return max(amounts, default=None) or None


def _value(whole: str, fraction: str, unit: str) -> int:
    number = Decimal(whole.replace(",", "") + fraction)
    if unit:
        return int(number * _UNITS[unit[0].lower()])
    if number < 100:
        return int(number * 10**6)
    if number < 1000:
        return int(number * 10**3)
    return int(number)
