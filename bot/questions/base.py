"""What every question is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Generic, Self, TypeVar

from django.utils.translation import gettext_lazy as _

from bot import matching
from bot.said import Said
from inspector_whatsapp.cloud_api import events
from inspector_whatsapp.words import Words, say

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True)
class FindOut:
    """What has to be found out before a turn. `run(keep)` does it, and passes its result to `keep` once.

    secret: what was said must not be kept any longer once the result is. under: by which name it is kept: a
    message may be found out about as an answer, and as what the assistant understands.
    """

    run: Callable[[Callable[[Any], None]], None]
    secret: bool = False
    under: str = "result"


class NotUnderstood(Exception):
    """An answer that is none; the words say why, and the question is asked again."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self.words = words


class Unsure(Exception):
    """An answer that may have meant one of several: they are offered."""

    def __init__(self, options: "Sequence[Option]") -> None:
        super().__init__()
        self.options = tuple(options)


class TurnPage(Exception):
    """The person wants to see more of what there is to choose from."""

    def __init__(self, page: int) -> None:
        super().__init__()
        self.page = page


class Gone(Exception):
    """A kept answer that no longer holds; the words say why."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self.words = words


class Unfinished(Exception):
    """An answer that goes on, such as one photo of several: it is kept, and `question` is asked."""

    def __init__(self, question: "Question[Any]") -> None:
        super().__init__()
        self.question = question


@dataclass(frozen=True)
class Option:
    """Something to choose. `value` is what is kept; `also` are other words for it.

    starts: the flow and argument that it leads to: its button does so at any later time. quiet: it has no
    button and no line; its title is a word that can be typed, and one line names all of these. card: what
    stands in the text in the place of its line; it has no button then, which are those of the other options.
    """

    value: str
    title: Words
    description: Words | None = None
    also: tuple[str, ...] = ()
    starts: tuple[str, str] | None = None
    quiet: bool = False
    card: Words | None = None


@dataclass(frozen=True)
class Form:
    """A form of WhatsApp's: what its button says, and what it is opened with. of: what it is about."""

    label: Words
    screen: str
    data: Mapping[str, object]
    of: str


@dataclass(frozen=True)
class Answers:
    """An answer that answers questions after it too, by their names; all are read again like others."""

    own: Any
    others: Mapping[str, Any]


@dataclass(frozen=True)
class Prompt:
    """A question as it is about to be shown. `photo` is a storage name of ours."""

    words: Words
    options: tuple[Option, ...] = ()
    photo: str = ""
    page: int = 0
    has_more: bool = False
    form: Form | None = None


@dataclass(frozen=True)
class ShownOption:
    """An option as the person saw it: its value, every text that names it, the id of its button."""

    value: str
    labels: tuple[str, ...]
    id: str


@dataclass(frozen=True)
class Shown:
    """What the person saw last; digits and labels are read against it.

    lines: how many of the options have a number (all, if it is None); those after them can only be typed.
    """

    question: str = ""
    options: tuple[ShownOption, ...] = ()
    page: int = 0
    lines: int | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "question": self.question,
            "options": [[option.value, list(option.labels), option.id] for option in self.options],
            "page": self.page,
            "lines": self.lines,
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Shown":
        options = tuple(
            ShownOption(value, tuple(labels), id) for value, labels, id in kept.get("options", [])
        )
        return cls(kept.get("question", ""), options, kept.get("page", 0), kept.get("lines"))

    def tapped(self, id: str) -> str | None:
        """The value behind a button that was among these."""
        return next((option.value for option in self.options if option.id == id), None)

    def exactly(self, text: str) -> str | None:
        """The value of the option that `text` names with nothing left to guess."""
        named = matching.exactly(text, [option.labels for option in self._meant(text)])
        return None if named is None else self.options[named.index].value

    def _meant(self, text: str) -> "tuple[ShownOption, ...]":
        """The options that may be meant: a digit means a line."""
        return self.options if matching.number(text) is None else self.options[: self.lines]

    def pick(self, text: str) -> str | tuple[ShownOption, ...] | None:
        """The value that `text` names; several options when unsure; None when it names none."""
        match matching.pick(text, [option.labels for option in self._meant(text)]):
            case matching.Picked(index):
                return self.options[index].value
            case matching.Unsure(indexes):
                return tuple(self.options[index] for index in indexes)
        return None


@dataclass(frozen=True, kw_only=True)
class Question(Generic[T_co]):
    """Base of all questions.

    words: what is asked. note: a sentence that comes first, such as why it is asked again. guesses: whether
    it takes a sentence by one word in it, so that the sentence may mean something else altogether.
    """

    words: Words
    note: Words | None = None
    guesses: ClassVar[bool] = False

    def prompt(self, page: int) -> Prompt:
        """What to show."""
        return Prompt(self.words)

    def hear(self, said: Said, value: str | None, shown: Shown) -> Any:
        """The answer to keep (plain JSON, or Answers) from what was said. `value` is that of a tapped button.

        Raises NotUnderstood, Unsure or TurnPage. Never writes.
        """
        raise NotImplementedError

    def read(self, kept: Any) -> T_co:
        """The value of a kept answer; raises Gone when it no longer holds. Never writes."""
        raise NotImplementedError

    def gathers(self, said: Said) -> bool:
        """Whether this message is one of several that come together and are answered once."""
        return False

    def before(self, said: Said) -> FindOut | None:
        """What is slow, secret, or must survive a rollback, and has to be found out before the turn.

        Runs outside the turn's transaction, once, and hands its result (plain JSON) to be kept; the turn
        finds it in `said.prepared["result"]`.
        """
        return None

    def briefly(self) -> Self:
        """The same question, as it is asked again after an answer that was none."""
        return self

    def because(self, why: Words) -> Self:
        """The same question, with a reason first."""
        return replace(self, note=why)


def no_words(said: Said) -> Words:
    """What to say to a message without words where words are needed."""
    match said.content:
        case events.MediaSent(kind="audio"):
            return say(_("I can't listen to voice notes. Please type it."))
        case events.MediaSent(kind="sticker"):
            return say(_("Nice sticker! I need words though: please type it."))
        case events.MediaSent(kind="document"):
            return say(_("I can't open files here. Please type it."))
        case events.MediaSent(kind="image"):
            return say(_("I can't use a photo here. Please type it."))
        case events.MediaSent():
            return say(_("I can't watch videos. Please type it."))
        case events.LocationSent():
            return say(_("I can't use a location here. Please type it."))
        case events.ContactsSent():
            return say(_("I can't use a contact card here. Please type it."))
    return say(_("I can only read text and taps here."))
