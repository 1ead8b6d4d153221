"""Prices as people type them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from bot.numerals import in_digits
from inspector_whatsapp import labels
from inspector_whatsapp.models import Property
from inspector_whatsapp.models.listings import ListingType, Period
from inspector_whatsapp.words import Reader, label

_AMOUNT = re.compile(
    r"(?<![\w.])(?P<sign>₦|#|ngn|n|us\$|\$|usd)?\s*(?P<whole>\d{1,3}(?:,\d{3})+(?!,?\d)"
    r"|\d+)(?P<fraction>\.\d+)?"
    r"(?:\s*-?(?P<unit>k|thousand|thousands|thou|grand|mn|m|milla|mill?|millions?|mio|bn|b(?!/)"
    r"|billions?))?(?![\w])"
    r"(?P<after>\s*(?:naira|ngn|us dollars?|usd|dollars?|bucks)\b|\s*\$)?",
    re.IGNORECASE,
)
_SPACED = re.compile(r"(?<![\d.,])\d{1,3}(?:(?: \d{3})+|(?:\.\d{3}){2,})(?![\d.,]?\d)")
LONGEST = 200  # characters that are looked at: a price is short
MOST = 10**15  # naira; what is more is no price, and no column holds it
MOST_OF_A_LISTING = 10**12  # naira; what the column of a property's price holds


@dataclass(frozen=True)
class Number:
    """A number of a text: what it may be as a price is told by what stands around it.

    value: as it is written, without its unit. unit: `k`, `m`, `b` or nothing. currency: `NGN`, `USD` or
    nothing. start, end: with sign and unit.
    """

    value: Decimal
    unit: str
    currency: str
    start: int
    end: int

    @property
    def is_plain(self) -> bool:
        """Nothing has to be guessed: it has a unit, or is written out in full."""
        return bool(self.unit) or self.value >= 1000

    def amount(self, unit: str = "") -> int:
        """The amount, in naira or in the currency it has; with another one's unit, if it has none.

        Without any, 1 to 99.9 are millions and 100 to 999 are thousands, as people speak of naira.
        """
        unit = self.unit or unit
        if unit:
            return int(self.value * _FACTORS[unit])
        return int(self.value * (1 if self.currency == "USD" else _as_spoken(self.value)))


_FACTORS = {"k": 10**3, "m": 10**6, "b": 10**9}


def numbers(text: str) -> list[Number]:
    """Every number of `text`, in its order."""
    return [_number(found) for found in _AMOUNT.finditer(_with_commas(text))]


def _number(found: re.Match[str]) -> Number:
    unit = (found["unit"] or "")[:1].lower()
    money = ((found["sign"] or "") + (found["after"] or "")).lower()
    currency = "USD" if re.search(r"[$ud]", money) else "NGN" if money else ""
    value = Decimal(found["whole"].replace(",", "") + (found["fraction"] or ""))
    start = found.start("sign") if found["sign"] else found.start("whole")
    return Number(value, "k" if unit in ("t", "g") else unit, currency, start, found.end())


def _with_commas(text: str) -> str:
    return _SPACED.sub(lambda found: re.sub(r"[ .]", ",", found[0]), text)


@dataclass(frozen=True)
class _Amount:
    """A number of a text. plain: nothing was guessed, it has a unit or is written out in full."""

    naira: int
    plain: bool
    start: int
    end: int


def _amounts(text: str) -> Iterator[_Amount]:
    for found in _AMOUNT.finditer(text):
        number = _number(found)
        yield _Amount(
            number.amount() if number.currency != "USD" else 0,
            number.is_plain,
            found.start("whole"),
            max(found.end(part) for part in ("whole", "fraction", "unit")),
        )


def _as_spoken(number: Decimal) -> int:
    if number < 100:
        return 10**6
    return 10**3 if number < 1000 else 1


def _digits(text: str) -> str:
    """The part of a text that is looked at; thousands set apart by spaces or dots get commas."""
    return _with_commas(text[:LONGEST])


@dataclass(frozen=True)
class Between:
    """Bounds of a price, in naira; None: there is none."""

    least: int | None = None
    most: int | None = None


_TO = re.compile(r"\s*(?:[-–—,]|\b(?:to|and|till|until|reach)\b)\s*(?:₦|#|ngn|n)?\s*", re.IGNORECASE)
_AT_LEAST = re.compile(
    r"\b(?:above|over|from|at least|minimum|min|more than|less than|upwards?)\b|\d\S*\s*\+", re.IGNORECASE
)
_LESS = re.compile(r"\bless than\b", re.IGNORECASE)
_NOT = re.compile(r"\b(?:no|not|never|don.?t)\b", re.IGNORECASE)


def between_in(text: str) -> Between | None:
    """The bounds that `text` names: `800k`, `1m to 2m`, `2-3m`, `above 5m`. A single amount is the most."""
    digits = _digits(in_digits(text[:LONGEST].lower()))
    found = [each for each in _amounts(digits) if 0 < each.naira < MOST]
    for one, other in pairwise(found):
        if _TO.fullmatch(digits[one.end : other.start]):
            low, high = sorted((_with_unit_of(other, one, digits), other.naira))
            return Between(low, high) if low < high else Between(most=high)
    if not found:
        return None
    amount = max(each.naira for each in found)
    # "from 1m" and "not less than 1m" set the lower end, "less than 1m" and "not above 1m" the upper one.
    is_least = _AT_LEAST.search(digits) and bool(_LESS.search(digits)) == bool(_NOT.search(digits))
    return Between(least=amount) if is_least else Between(most=amount)


def _with_unit_of(other: _Amount, one: _Amount, digits: str) -> int:
    """The first of two: "2-3m" means 2m to 3m, though "800 to 1.5m" means 800k."""
    unit = re.search(r"[a-z]+$", digits[other.start : other.end].strip(), re.IGNORECASE)
    if one.plain or unit is None:
        return one.naira
    shared = next(_amounts(digits[one.start : one.end].strip() + unit[0]), one).naira
    return shared if shared < other.naira else one.naira


# --- a price with what it is for --------------------------------------------------------------------------
@dataclass(frozen=True)
class Price:
    """What a property costs: naira, per `period`; no period for a sale."""

    amount: int
    period: str = ""

    def to_json(self) -> str:
        return f"{self.amount}.{self.period}"

    @classmethod
    def from_json(cls, kept: str) -> "Price | None":
        """None for what was never kept by us."""
        amount, _dot, period = kept.partition(".")
        if not re.fullmatch(r"[0-9]{1,12}", amount) or period not in ("", *Period.values) or not int(amount):
            return None
        return cls(int(amount), period)


@label.register(Price)
def _price(value: Price, spec: str, reader: Reader) -> str:
    return labels.price(Property(price=Decimal(value.amount), currency="NGN", period=value.period))


@dataclass(frozen=True)
class Reading:
    """What a text may name, likeliest first. sure: it is the first, and need not be read back."""

    prices: tuple[Price, ...] = ()
    sure: bool = False


_PERIODS: Sequence[tuple[Period, re.Pattern[str]]] = (
    (Period.NIGHT, re.compile(r"\bnight(?:s|ly)?\b|\bdays?\b|\bdaily\b|/\s*n\b", re.IGNORECASE)),
    (Period.MONTH, re.compile(r"\bmonth(?:s|ly)?\b|\bmths?\b|\bp\.?c?\.?m\b", re.IGNORECASE)),
    (
        Period.YEAR,
        re.compile(
            r"\byear(?:s|ly)?\b|\byrs?\b|\bannum\b|\bannual(?:ly)?\b|\bp\s?[./]?\s?a\b|/\s*y\b", re.IGNORECASE
        ),
    ),
)
_ONE = re.compile(r"\s*(?:years?|yrs?|annum|months?|mths?|nights?|days?)\b", re.IGNORECASE)
_FOREIGN = re.compile(r"[$€£]|\b(?:usd|dollars?|euros?|pounds?|gbp|cedis?)\b", re.IGNORECASE)
_WEEK = re.compile(r"\bweek", re.IGNORECASE)
# What such prices lie between, in naira: others are read back.
_USUAL: dict[tuple[str, str], tuple[int, int]] = {
    (ListingType.RENT, Period.YEAR): (30_000, 200_000_000),
    (ListingType.RENT, Period.MONTH): (5_000, 20_000_000),
    (ListingType.RENT, Period.NIGHT): (2_000, 2_000_000),
    (ListingType.SHORTLET, Period.NIGHT): (5_000, 2_000_000),
    (ListingType.SHORTLET, Period.MONTH): (50_000, 20_000_000),
    (ListingType.SHORTLET, Period.YEAR): (100_000, 200_000_000),
    (ListingType.SALE, ""): (200_000, 50_000_000_000),
}
# Where no period was named and the amount is below or above, it is as likely to be for a month.
_MONTHLY_BELOW, _MONTHLY_ABOVE = 100_000, 700_000


def price_in(text: str, offer: ListingType) -> Reading:
    """The price of a property that is offered for rent, for sale or as a shortlet.

    `3.5m`, `₦2,500,000 per annum`, `50k per night`. A rent is for a year and a shortlet for a night, unless
    it is said. Anything guessed is not sure: a unit left out, further numbers, what is far from usual.
    """
    plain = _digits(in_digits(text[:LONGEST].lower()))
    if _FOREIGN.search(plain) or _WEEK.search(plain):
        return Reading()
    found = list(_amounts(plain))
    numbers = [
        each for each in found if not (plain[each.start : each.end].strip() == "1" and _counts(plain, each))
    ]
    likely = [each for each in numbers if each.plain and not plain[each.end :].lstrip().startswith("%")]
    likely = likely or [each for each in numbers if not plain[each.end :].lstrip().startswith("%")]
    prices: dict[Price, None] = {}
    guessed = len(numbers) != 1
    for each in likely:
        if not 0 < each.naira < MOST_OF_A_LISTING:
            continue
        following = next((other.start for other in likely if other.start > each.start), len(plain))
        named = _periods(plain[each.end : following]) or _periods(plain)
        for price in _as_offered(each.naira, named, offer):
            prices[price] = None
        guessed |= not each.plain or len(named) > 1 or (offer == ListingType.SALE and bool(named))
    sure = len(prices) == 1 and not guessed and all(_is_usual(price, offer) for price in prices)
    return Reading(tuple(prices)[:3], sure)


def is_foreign(text: str) -> bool:
    """Whether another currency than the naira is named."""
    return _FOREIGN.search(text[:LONGEST]) is not None


def _as_offered(naira: int, named: Sequence[Period], offer: ListingType) -> list[Price]:
    if offer == ListingType.SALE:
        return [Price(naira)]
    if named:
        return [Price(naira, period) for period in named]
    if offer == ListingType.SHORTLET:
        monthly = [Price(naira, Period.MONTH)] if naira > _MONTHLY_ABOVE else []
        return [Price(naira, Period.NIGHT), *monthly]
    monthly = [Price(naira, Period.MONTH)] if naira < _MONTHLY_BELOW else []
    return [Price(naira, Period.YEAR), *monthly]


def _periods(text: str) -> list[Period]:
    return [period for period, words in _PERIODS if words.search(text)]


def _counts(text: str, amount: _Amount) -> bool:
    """Whether a bare number counts years or nights: "3.5m for 1 year"."""
    return _ONE.match(text, amount.end) is not None


def _is_usual(price: Price, offer: ListingType) -> bool:
    least, most = _USUAL[(offer, price.period)]
    return least <= price.amount <= most
