"""Dates and times that a text names, told from today; and, of a move, which are old and which are new."""

from bot.assistant.reading.when.moments import Moment, read, together
from bot.assistant.reading.when.moves import move

__all__ = ["Moment", "move", "read", "together"]
