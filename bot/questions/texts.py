"""Typed answers."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from bot import matching
from bot.questions.base import NotUnderstood, Option, Prompt, Question, Shown, no_words
from bot.said import Said
from inspector_whatsapp.words import Words, say

LONGEST_EMAIL = 254  # RFC 5321
_ADDRESS = re.compile(r"[^\s<>(),;]+@[^\s<>(),;]+")


SKIP = {"skipped": True}


@dataclass(frozen=True, kw_only=True)
class Text(Question[str]):
    """Words of the person's own. `check` gives them cleaned, or raises NotUnderstood."""

    check: Callable[[str], str]

    def hear(self, said: Said, value: str | None, shown: Shown) -> Any:
        if not said.is_words:
            raise NotUnderstood(no_words(said))
        if not said.text or said.tap:
            raise NotUnderstood(say(_("Please type it as a text message.")))
        return self.check(said.text)

    def read(self, kept: Any) -> str:
        return str(kept)


def text(words: Words, *, check: Callable[[str], str]) -> Text:
    """Ask for a text."""
    return Text(words=words, check=check)


@dataclass(frozen=True, kw_only=True)
class OptionalText(Question["str | None"]):
    """Words of the person's own, or None when they have nothing to say."""

    check: Callable[[str], str]
    skip: Words

    def prompt(self, page: int) -> Prompt:
        return Prompt(self.words, (Option("skip", self.skip, also=("skip", "no", "none", "nothing")),))

    def hear(self, said: Said, value: str | None, shown: Shown) -> Any:
        if not said.is_words:
            raise NotUnderstood(no_words(said))
        if value == "skip" or (value is None and shown.exactly(said.text) is not None):
            return SKIP
        return self.check(said.text)

    def read(self, kept: Any) -> str | None:
        return None if kept == SKIP else str(kept)


def optional_text(words: Words, *, check: Callable[[str], str], skip: Words | None = None) -> OptionalText:
    """Ask for a text that may be left out."""
    return OptionalText(words=words, check=check, skip=skip or say(_("Skip")))


def at_most(most: int) -> Callable[[str], str]:
    """A check for texts of up to so many characters."""

    def check(typed: str) -> str:
        if len(typed) > most:
            raise NotUnderstood(
                say(_("That is too long: {length} of {most} characters."), length=len(typed), most=most)
            )
        return typed

    return check


@dataclass(frozen=True, kw_only=True)
class Number(Question[int]):
    """A whole number, in digits or words; those in `offered` can be tapped, and a digit means itself."""

    least: int
    most: int
    offered: tuple[int, ...] = ()
    guesses: ClassVar[bool] = True

    def prompt(self, page: int) -> Prompt:
        return Prompt(self.words, tuple(Option(str(each), say("{n}", n=each)) for each in self.offered))

    def hear(self, said: Said, value: str | None, shown: Shown) -> Any:
        if not said.is_words:
            raise NotUnderstood(no_words(said))
        typed = int(value) if value is not None and value.isdecimal() else matching.number(said.text)
        if typed is None:
            found = re.findall(r"\d+", said.text[:100])
            typed = int(found[0]) if len(found) == 1 and len(found[0]) < 6 else None
        if typed is None or not self.least <= typed <= self.most:
            raise NotUnderstood(
                say(_("Please type a number from {least} to {most}."), least=self.least, most=self.most)
            )
        return typed

    def read(self, kept: Any) -> int:
        return int(kept)


def number(words: Words, *, least: int = 0, most: int = 20, offered: tuple[int, ...] = ()) -> Number:
    """Ask for a whole number."""
    return Number(words=words, least=least, most=most, offered=offered)


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
            say(
                _(
                    "That doesn't look like an e-mail address. It should look like ada@example.com. "
                    "To do something else, type *menu*."
                )
            )
        )
    return address
