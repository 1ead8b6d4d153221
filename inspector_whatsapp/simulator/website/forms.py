"""What the forms of the stand-in's pages say, read field by field; what cannot be read raises No."""

import base64
import binascii
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final
from urllib.parse import quote

from inspector_whatsapp.simulator.config import Json

SAMPLE: Final = Path(__file__).parent.parent / "static" / "sample.jpg"


class No(Exception):
    """It cannot be done; the message tells why."""


def text(said: Json, name: str) -> str:
    found = said.get(name)
    if not isinstance(found, str) or not found.strip():
        raise No(f"{name.replace('_', ' ').capitalize()} is missing.")
    return found.strip()


def part(said: Json, name: str) -> str:
    """A part of an address."""
    return quote(text(said, name), safe="")


def one_of(said: Json, name: str, known: tuple[str, ...]) -> str:
    found = text(said, name)
    if found not in known:
        raise No(f"{name.replace('_', ' ').capitalize()} must be one of {', '.join(known)}.")
    return found


def number(said: Json, name: str) -> int:
    found = text(said, name)
    if not found.isascii() or not found.isdecimal() or len(found) > 12:
        raise No(f"{name.capitalize()} must be a number.")
    return int(found)


def price(said: Json) -> str:
    try:
        amount = Decimal(text(said, "price").replace(",", "").removeprefix("₦"))
    except InvalidOperation:
        raise No("The price must be an amount in naira.") from None
    if not amount.is_finite() or not 0 < amount < Decimal(10) ** 12:
        raise No("The price must be above 0.")
    return str(amount)


def photo(said: Json) -> bytes:
    if not said.get("photo"):
        return SAMPLE.read_bytes()
    try:
        return base64.b64decode(text(said, "photo"), validate=True)
    except binascii.Error:
        raise No("That is no photo.") from None
