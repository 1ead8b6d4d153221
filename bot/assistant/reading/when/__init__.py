"""Dates and times that a text names, told from today; and which of them, in a move, are the old and the new ones."""

from bot.assistant.reading.when.moments import Moment, read, together
from bot.assistant.reading.when.moves import move

__all__ = ["Moment", "move", "read", "together"]
