"""The one way from an utterance to what the model is trained on: as the interpreter hears it."""

from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from bot.assistant import hearing
from bot.assistant.context import NOTHING
from bot.assistant.gazetteer import Gazetteer, of_platform
from bot.assistant.heard import Heard

# Any day will do: which one "tomorrow" is stands in no skeleton. A fixed one gives the same model every time.
_NOW = datetime(2026, 11, 25, 10, tzinfo=ZoneInfo("Africa/Lagos"))


def heard(said: str) -> Heard:
    """The words, and the same with names in place of slots."""
    return hearing.hear(said, now=_NOW, gazetteer=_places(), context=NOTHING)


@cache
def _places() -> Gazetteer:
    return of_platform()
