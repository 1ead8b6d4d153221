"""Typed answers."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from bot.questions.base import NotUnderstood, Question, Shown
from bot.said import Said
from inspector_whatsapp.words import Words, say

LONGEST_EMAIL = 254  # RFC 5321
_ADDRESS = re.compile(r"[^\s<>(),;]+@[^\s<>(),;]+")


@dataclass(frozen=True, kw_only=True)
class Text(Question[str]):
    """Words of the person's own. `check` gives them cleaned, or raises NotUnderstood."""

    check: Callable[[str], str]

    def hear(self, said: Said, value: str | None, shown: Shown) -> Any:
        if not said.text or not said.is_words or said.tap:
            raise NotUnderstood(say(_("Please type it as a text message.")))
        return self.check(said.text)

    def read(self, kept: Any) -> str:
        return str(kept)


def text(words: Words, *, check: Callable[[str], str]) -> Text:
    """Ask for a text."""
    return Text(words=words, check=check)


def email(words: Words) -> Text:
    """Ask for an e-mail address: taken out of a sentence ("it is ada@…"), in lower case."""
    return Text(words=words, check=_an_email)


def _an_email(typed: str) -> str:
    found = _ADDRESS.findall(typed)
    address = (found[0] if len(found) == 1 else typed).strip(" .,;:!").removeprefix("mailto:").casefold()
    try:
        validate_email(address)
    except ValidationError:
        address = ""
    if not address or len(address) > LONGEST_EMAIL:
        raise NotUnderstood(
            say(_("That doesn't look like an e-mail address. It should look like ada@example.com."))
        )
    return address
