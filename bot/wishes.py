"""What people want besides answering: a line of the menu in their own words, or in the middle of a flow."""

import re
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from bot import commands, matching
from bot.models import Conversation
from bot.questions import Option
from bot.questions.base import Shown
from bot.said import Said
from bot.scripts import Person
from inspector_whatsapp.words import Words, say


def wish(text: str, options: Sequence[Option], person: Person) -> matching.Picked | matching.Unsure | None:
    """Which item of a menu is meant, by its name or in a sentence. Beginning a flow does no harm."""
    labels = [_labels(option, person) for option in options]
    return matching.exactly(text, labels) or matching.mentioned(text, labels) or matching.pick(text, labels)


def near(text: str, options: Sequence[Option], person: Person) -> int | None:
    """Which item is meant by its name alone, typed in haste: no more words than the name has, or nearly that.

    A sentence with more in it says more than the name of a line does.
    """
    match matching.pick(text, [_labels(option, person) for option in options]):
        case matching.Picked(index):
            names = _labels(options[index], person)
            short = _says_no_more(text, names)
            return index if short or any(matching.is_like(text, name) for name in names) else None
    return None


def _says_no_more(text: str, names: Sequence[str]) -> bool:
    """Whether a text is as short as the names, and has no word that is none of theirs, such as a day."""
    words = matching.folded(text).split()
    of_names = " ".join(map(matching.folded, names)).split()
    own = [word for word in words if len(word) > 3 and word not in _POLITE]
    if len(own) > 1 and not any(matching.is_like(" ".join(own), name) for name in names):
        return False  # "cancel my inspection" is one thing, "Change or cancel an inspection" another
    return len(words) <= max(len(name.split()) for name in names) and all(
        any(matching.is_like(word, name) or name.startswith(word) for name in of_names) for word in own
    )


_POLITE = frozenset(["please", "abeg", "want", "would", "like", "could"])
_LINK = re.compile(r"\S*/\S*")
_BESIDE = re.compile(
    r"\b(?:please|pls|abeg|hi|hello|good|morning|afternoon|evening|property|ref|number|no|this|one|is|it"
    r"|see|show|me|the|link|listing|i|saw|here)\b"
)


def names_only(text: str, ref: str) -> bool:
    """Whether a message names a property and says no more: its ref, or a link to it, politely."""
    digits = ref.partition("-")[2]
    rest = re.sub(rf"\bPR\W*{digits}\b", " ", _LINK.sub(" ", text), flags=re.IGNORECASE)
    return re.search(r"\w", _BESIDE.sub(" ", matching.folded(rest))) is None


def of_a_stray_code(person: Person) -> Words:
    """Of six digits that nothing waits for: a code that is over, or was typed twice."""
    if person.account is None:
        return say(_("That code has expired or was already used. Tap *Connect* to start again."))
    return say(_("No code is awaited: this chat is connected already."))


def in_the_middle(said: Said, flow: str, options: Sequence[Option], person: Person) -> tuple[str, str] | None:
    """A line of the menu, word for word, typed in the middle of another flow.

    Of more than one word: "house" or "book" may as well answer what was asked.
    """
    return _named(said, flow, options, [_sayings(option, person) for option in options])


def instead(said: Said, flow: str, options: Sequence[Option], person: Person) -> tuple[str, str] | None:
    """A line of the menu by its name alone ("settings"), which is no answer to what was asked."""
    return _named(said, flow, options, [[option.title.put(person.reader)] for option in options])


def _named(
    said: Said, flow: str, options: Sequence[Option], labels: Sequence[Sequence[str]]
) -> tuple[str, str] | None:
    if said.tap or not said.is_words or matching.number(said.text) is not None:
        return None
    match matching.exactly(said.text, labels):
        case matching.Picked(index) if options[index].value != flow:
            return options[index].value, ""
    return None


def offers(shown: Shown, flow: str, text: str) -> bool:
    """Whether one of the answers to the question on the screen has these words in it."""
    labels = [label for option in shown.options for label in option.labels]
    return shown.question.startswith(f"{flow}.") and any(
        matching.has(matching.folded(label), matching.folded(text)) for label in labels
    )


def hello(talk: Conversation, person: Person) -> tuple[Words, ...]:
    """What a stranger's first message is answered with, before what they asked for."""
    return (commands.introduction(),) if person.account is None and not talk.turns else ()


def _labels(option: Option, person: Person) -> tuple[str, ...]:
    return (option.title.put(person.reader), *option.also)


def _sayings(option: Option, person: Person) -> list[str]:
    """Those of its names that have more than one word."""
    return [label for label in _labels(option, person) if " " in label]
