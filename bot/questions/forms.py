"""A form of WhatsApp's in front of a list: whoever can't open it gets the list."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Generic, Self, TypeVar

from django.utils.translation import gettext_lazy as _

from bot import matching
from bot.questions.base import Answers, Form, NotUnderstood, Prompt, Question, Shown, TurnPage
from bot.questions.choices import Choice
from bot.said import Said
from inspector_whatsapp.words import say

T = TypeVar("T")

LIST = frozenset(["list", "the list", "show list", "show the list", "no form", "without form"])


@dataclass(frozen=True, kw_only=True)
class Formed(Question[T], Generic[T]):
    """A choice that a form answers, and the question after it too: `then`.

    of: what it is about; the answer of a form about something else is none. form: made when it is shown;
    without it the list is. The form is page 0, so the list's own pages begin at 1.
    """

    list: Choice[T]
    of: str
    then: str
    form: Callable[[], Form | None] | None
    guesses: ClassVar[bool] = True

    def briefly(self) -> Self:
        return replace(self, form=None, words=self.list.words)

    def prompt(self, page: int) -> Prompt:
        listed = self.list.prompt(max(page - 1, 0))
        form = self.form() if self.form is not None and not page else None
        if form is None:
            return replace(listed, page=listed.page + 1)
        # What the list has can be typed; a digit means nothing, as no line has a number.
        return Prompt(self.words, listed.options, form=form)

    def hear(self, said: Said, value: str | None, shown: Shown) -> Any:
        if value is None and said.is_words and matching.folded(said.text) in LIST:
            raise TurnPage(1)
        of, bar, picked = (value or "").partition("|")
        if not bar:
            return self.list.hear(said, value, shown)
        if of != self.of:
            raise NotUnderstood(say(_("That form is for another property.")))
        day, _bar, slot = picked.partition("|")
        return Answers(day, {self.then: slot} if slot else {})

    def read(self, kept: Any) -> T:
        return self.list.read(kept)
