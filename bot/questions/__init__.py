"""What a script can ask: a question shows itself, hears an answer, and reads a kept one again each turn."""

from bot.questions.base import Gone, NotUnderstood, Option, Prompt, Question, TurnPage, Unsure
from bot.questions.choices import Choice, choice
from bot.questions.codes import Code, prove
from bot.questions.confirms import Confirm, confirm
from bot.questions.texts import Text, email, text

__all__ = [
    "Choice",
    "Code",
    "Confirm",
    "Gone",
    "NotUnderstood",
    "Option",
    "Prompt",
    "Question",
    "Text",
    "TurnPage",
    "Unsure",
    "choice",
    "confirm",
    "email",
    "prove",
    "text",
]
