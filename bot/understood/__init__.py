"""What a message that was understood makes of a conversation: it is done, offered, asked about, or let go.

The menu and the question on the screen come first: turn.py asks here only for what they do not take.
"""

from bot.understood.doing import OPEN, carry_out, chosen
from bot.understood.meaning import awaits_code
from bot.understood.menu import at_the_menu
from bot.understood.midway import before_a_guess, not_an_answer

__all__ = [
    "OPEN",
    "at_the_menu",
    "awaits_code",
    "before_a_guess",
    "carry_out",
    "chosen",
    "not_an_answer",
]
