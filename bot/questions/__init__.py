"""What a script can ask: a question shows itself, hears an answer, and reads a kept one again each turn."""

from bot.questions.base import (
    Answers,
    FindOut,
    Form,
    Gone,
    NotUnderstood,
    Option,
    Prompt,
    Question,
    TurnPage,
    Unfinished,
    Unsure,
    no_words,
)
from bot.questions.choices import Choice, choice
from bot.questions.codes import Code, prove
from bot.questions.confirms import Confirm, confirm
from bot.questions.forms import Formed
from bot.questions.photos import Gather, gather
from bot.questions.texts import Number, OptionalText, Text, at_most, email, number, optional_text, text

__all__ = [
    "Answers",
    "Choice",
    "Code",
    "Confirm",
    "FindOut",
    "Form",
    "Formed",
    "Gather",
    "Gone",
    "NotUnderstood",
    "Number",
    "Option",
    "OptionalText",
    "Prompt",
    "Question",
    "Text",
    "TurnPage",
    "Unfinished",
    "Unsure",
    "at_most",
    "choice",
    "confirm",
    "email",
    "gather",
    "no_words",
    "number",
    "optional_text",
    "prove",
    "text",
]
