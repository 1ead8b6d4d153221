"""Choosing one of several."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Generic, Self, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
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
    Unsure,
    no_words,
)
from bot.said import Said
from inspector_whatsapp.cloud_api.limits import ROWS
from inspector_whatsapp.words import Words, say

T = TypeVar("T")

PAGE = ROWS - 1  # "More" takes a row of its own
MORE = "+more"  # no value that an option might have
NEXT = ("more", "next", "show more")


@dataclass(frozen=True, kw_only=True)
class Choice(Question[T], Generic[T]):
    """One of `items`: a queryset, a sequence that is short, or what makes one when it is needed.

    option: how an item is shown; its value finds the item again (in a queryset by `field`).
    typed: finds items by words of people's own, such as a day; may raise NotUnderstood with a reason.
    gone: why a kept answer no longer holds. brief: what is asked when it is asked again, without its photo.
    """

    items: "QuerySet[Any] | Sequence[T] | Callable[[], Sequence[T]]"
    option: Callable[[T], Option]
    field: str = "pk"
    typed: Callable[[str], Sequence[T]] | None = None
    gone: Words
    hint: Words | None = None
    photo: str = ""
    brief: Words | None = None
    guesses: ClassVar[bool] = True

    def briefly(self) -> Self:
        return self if self.brief is None else replace(self, words=self.brief, photo="")

    def prompt(self, page: int) -> Prompt:
        start = page * PAGE
        items = self.items() if callable(self.items) else self.items
        found = list(items[start : start + PAGE + 2])
        if not found and page:
            return self.prompt(0)
        has_more = len(found) > PAGE + 1 or (page > 0 and len(found) > PAGE)
        shown = found[: PAGE if has_more or page else PAGE + 1]
        return Prompt(self.words, tuple(map(self.option, shown)), self.photo, page, has_more)

    def hear(self, said: Said, value: str | None, shown: Shown) -> Any:
        if value is None:
            if not said.is_words:
                raise NotUnderstood(no_words(said))
            value = self._named(said.text, shown)
        if value == MORE:
            raise TurnPage(shown.page + 1)
        return value

    def _named(self, words: str, shown: Shown) -> str:
        exact = shown.exactly(words)
        if exact is not None:
            return exact
        if matching.folded(words) in NEXT:  # on the last page: the first again
            raise TurnPage(shown.page + 1)
        found = list(self.typed(words))[:ROWS] if self.typed else []
        if len(found) == 1:
            return self.option(found[0]).value
        if found:
            raise Unsure([self.option(item) for item in found])
        match shown.pick(words):
            case str(value):
                return value
            case tuple() as several:
                known = {option.value: option for option in map(self.option, self._items(several))}
                raise Unsure([known[each.value] for each in several if each.value in known])
        spoken_of = matching.mentioned(words, [option.labels for option in shown.options])
        if isinstance(spoken_of, matching.Picked) and not matching.refuses(words):
            return shown.options[spoken_of.index].value
        raise NotUnderstood(self.hint or say(_("That isn't one of the choices. Type its number, or tap it.")))

    def _items(self, several: Sequence[Any]) -> Sequence[T]:
        found = []
        for each in several:
            try:
                found.append(self.read(each.value))
            except Gone:
                continue
        return found

    def read(self, kept: Any) -> T:
        if isinstance(self.items, QuerySet):
            try:
                item = self.items.filter(**{self.field: kept}).first()
            except (ValueError, TypeError, ValidationError, OverflowError):
                item = None  # a forged button names what no key can be
            if item is None:
                raise Gone(self.gone)
            return item  # type: ignore[no-any-return]
        for candidate in self.items() if callable(self.items) else self.items:
            if self.option(candidate).value == kept:
                return candidate
        raise Gone(self.gone)


def choice(
    words: Words,
    items: "QuerySet[Any] | Sequence[T]",
    *,
    option: Callable[[T], Option],
    field: str = "pk",
    typed: Callable[[str], Sequence[T]] | None = None,
    gone: Words | None = None,
    hint: Words | None = None,
    photo: str = "",
    brief: Words | None = None,
) -> Choice[T]:
    """Ask for one of `items`."""
    return Choice(
        words=words,
        items=items,
        option=option,
        field=field,
        typed=typed,
        gone=gone or say(_("That is no longer to be had.")),
        hint=hint,
        photo=photo,
        brief=brief,
    )
