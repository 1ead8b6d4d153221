"""A text as the readers of a search read it, with the platform's own places."""

from bot.assistant.commands import Slots
from bot.assistant.gazetteer import of_platform
from bot.assistant.reading import search
from bot.assistant.reading.spelling import corrected
from bot.assistant.reading.text import Text

GAZETTEER = of_platform()


def sought(said: str) -> search.Sought:
    text = Text(said)
    text.words = corrected(text.words, GAZETTEER)
    return search.sought(text, GAZETTEER)


def read(said: str) -> Slots:
    return sought(said).slots
