"""What a reader has found: a value for a slot, and where it stood."""

from dataclasses import dataclass

from bot.assistant.reading.text import GONE, Text


@dataclass(frozen=True)
class Item:
    """A value of a slot, read between two places of a text."""

    start: int
    end: int
    slot: str
    value: str


def is_free(text: Text, start: int, end: int) -> bool:
    """Whether nothing has been taken there."""
    return GONE not in text.words[start:end]


def before(words: str, start: int, most: int = 60) -> str:
    """What stands before a place of a text; its last characters."""
    return words[max(0, start - most) : start]
