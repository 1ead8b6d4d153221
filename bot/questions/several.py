"""Choosing any number of several: typed in one go, tapped one at a time, or both."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from django.utils.translation import gettext_lazy as _

from bot import matching
from bot.questions.base import (
    Gone,
    NotUnderstood,
    Option,
    Prompt,
    Question,
    Shown,
    TurnPage,
    Unfinished,
    Unsure,
    no_words,
)
from bot.questions.choices import MORE, NEXT
from bot.questions.photos import DONE
from bot.said import Said
from inspector_whatsapp.cloud_api.limits import ROWS
from inspector_whatsapp.models import Language
from inspector_whatsapp.words import Reader, Words, join, say

T = TypeVar("T")

PAGE = ROWS - 2  # "More" and "Done" take rows of their own
FINISH, WITHOUT = "done", "-"  # the value of "Done"; before the value of what is chosen and can be taken out
NONE = ("none", "none of these", "nothing", "no", "skip")
_APART = re.compile(r"[,;\n&+•]|\band\b", re.IGNORECASE)
_RANGE = re.compile(r"(\d{1,2})\s*(?:-|–|to)\s*(\d{1,2})", re.IGNORECASE)
_NO = re.compile(r"^(?:no|not|without|remove|minus|except|comot)\s+", re.IGNORECASE)
_FILLERS = re.compile(
    r"^(?:it |e |we )?(?:has|have|get|dey|with|also|plus|a|an|the)\s+|\s+dey$", re.IGNORECASE
)


@dataclass(frozen=True, kw_only=True)
class Several(Question[list[T]], Generic[T]):
    """Any number of `items`, until the person says that these are all.

    option: how an item is shown; its value finds it again. example: what could be typed. none: the button
    that chooses nothing. chosen: the values so far. unknown: words that named no item.
    """

    items: Sequence[T]
    option: Callable[[T], Option]
    none: Words
    chosen: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    page: int = 0
    options: dict[str, Option] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        shown = map(self.option, self.items)
        object.__setattr__(self, "options", {option.value: option for option in shown})

    def prompt(self, page: int) -> Prompt:
        every = list(self.options.values())
        pages = -(-len(every) // PAGE) if len(every) > ROWS - 1 else 1
        start = ((page or self.page) % pages) * PAGE
        there = every[start : start + PAGE] if pages > 1 else every
        finish = Option(FINISH, say(_("Done")) if self.chosen else self.none, also=(*DONE, *NONE))
        return Prompt(
            self._asked(), (*map(self._row, there), finish), page=page or self.page, has_more=pages > 1
        )

    def _row(self, option: Option) -> Option:
        if option.value not in self.chosen:
            return option
        title = say("✓ {title}", title=option.title)
        return replace(option, value=WITHOUT + option.value, title=title)

    def _asked(self) -> Words:
        if not self.chosen:
            return join(self._not_known(), self.words)
        return join(
            say(_("So far: {chosen}."), chosen=self._names()),
            self._not_known(),
            say(_("Add more, or tap *Done*. To take one out, tap it again.")),
        )

    def _names(self) -> Words:
        return join(*(self.options[value].title for value in self.chosen), separator=", ")

    def _not_known(self) -> Words:
        if not self.unknown:
            return say("")
        return say(_("I don't know: {words}."), words=", ".join(self.unknown))

    def hear(self, said: Said, value: str | None, shown: Shown) -> Any:
        if not said.is_words:
            raise NotUnderstood(no_words(said))
        if value is None and matching.folded(said.text) in NEXT:
            value = MORE
        if value is None and matching.folded(said.text) in (*DONE, *NONE):
            value = FINISH
        if value is not None:
            return self._after([value], (), shown)
        return self._after(*self._read_words(said.text, shown), shown)

    def _after(self, values: Sequence[str], unknown: Sequence[str], shown: Shown) -> Any:
        """What is kept once these were added or taken out."""
        if list(values) == [MORE]:
            raise TurnPage(shown.page + 1)
        chosen = dict.fromkeys(self.chosen)
        for value in values:
            if value in self.options:
                chosen[value] = None
            elif value.startswith(WITHOUT):
                chosen.pop(value.removeprefix(WITHOUT), None)
        is_done = FINISH in values and not unknown
        return {"chosen": list(chosen), "unknown": list(unknown), "page": shown.page, "done": is_done}

    def _read_words(self, text: str, shown: Shown) -> tuple[list[str], list[str]]:
        """The values that a text names, and the words of it that name none."""
        values: list[str] = []
        unknown: list[str] = []
        near: list[str] = []
        for piece in _pieces(text):
            match self._meant(piece, shown):
                case str(value):
                    values.append(value)
                case None:
                    unknown.append(piece[:40])
                case may_be:
                    near += may_be
                    unknown.append(piece[:40])
        if values:
            return values, unknown
        if near:
            raise Unsure([self.options[value] for value in dict.fromkeys(near)][:ROWS])
        raise NotUnderstood(say(_("I don't know that. Type numbers or words from the list, or *done*.")))

    def _meant(self, piece: str, shown: Shown) -> str | list[str] | None:
        """The value that a piece of text names; several when unsure; None when it names none."""
        exact = shown.exactly(piece)
        if matching.number(piece) is not None:
            return exact
        if exact is not None:  # what is chosen goes by a tap or its number; named again, it stays
            return exact.removeprefix(WITHOUT)
        if matching.folded(piece) in DONE:
            return FINISH
        known = list(self.options)
        labels = [_labels(option) for option in self.options.values()]
        whole = matching.exactly(piece, labels)
        if whole is not None:  # "no flooding" is nothing to be taken out
            return known[whole.index]
        out, words = (WITHOUT, _NO.sub("", piece)) if _NO.match(piece) else ("", _FILLERS.sub("", piece))
        match matching.pick(words, labels) or matching.mentioned(words, labels):
            case matching.Picked(index):
                return out + known[index]
            case matching.Unsure(indexes):
                return [known[index] for index in indexes]
        return None

    def read(self, kept: Any) -> list[T]:
        known = [value for value in kept["chosen"] if value in self.options]
        if not kept["done"]:
            unknown = tuple(map(str, kept.get("unknown", ())))
            raise Unfinished(
                replace(self, chosen=tuple(known), unknown=unknown, page=int(kept.get("page", 0)))
            )
        if len(known) < len(kept["chosen"]):
            raise Gone(say(_("Some of these are no longer to be had. Please choose again.")))
        by_value = {self.option(item).value: item for item in self.items}
        return [by_value[value] for value in known]


def _labels(option: Option) -> tuple[str, ...]:
    """What an option can be called, in every language: it need not be on the screen."""
    titles = (option.title.put(Reader(language=language)) for language in Language.values)
    return (*dict.fromkeys(titles), *option.also)


def _pieces(text: str) -> Iterator[str]:
    """What a text lists: "1, 3 and 5", "1 3 5", "1-3", "parking, water & gym"."""
    plain = " ".join(text[:500].split(" ")).strip()
    if re.fullmatch(r"[\d\s,.]+", plain):
        plain = re.sub(r"[\s.]+", ",", plain)
    for piece in _APART.split(plain):
        words = piece.strip(" \t.")
        span = _RANGE.fullmatch(words)
        if span and 0 < int(span[2]) - int(span[1]) < ROWS:
            yield from map(str, range(int(span[1]), int(span[2]) + 1))
        elif words:
            yield words


def several(
    words: Words,
    items: Sequence[T],
    *,
    option: Callable[[T], Option],
    chosen: Sequence[str] = (),
    none: Words | None = None,
) -> Several[T]:
    """Ask for any number of `items`. chosen: the values to begin with."""
    return Several(
        words=words,
        items=items,
        option=option,
        none=none or say(_("None of these")),
        chosen=tuple(chosen),
    )
