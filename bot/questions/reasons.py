"""Why: a few reasons that can be tapped, or words of the person's own."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Self

from django.utils.translation import gettext_lazy as _

from bot import matching
from bot.questions.base import NotUnderstood, Option, Prompt, Question, Shown, no_words
from bot.questions.confirms import NO, YES
from bot.questions.texts import at_most
from bot.said import Said
from inspector_whatsapp.words import Reader, Words, say

KEPT = {"kept": True}
# Typed where a reason is asked for, these are none.
KEEPING = (
    *("keep", "keep it", "keep am", "leave it", "leave am", "leave it like that", "leave am like that"),
    *("don't", "dont", "do not", "never mind", "nevermind", "forget it", "forget am", "nothing", "wait"),
)
LONGEST = 300  # characters, as many as an inspection keeps of it


@dataclass(frozen=True, kw_only=True)
class Reason(Question["str | None"]):
    """The reason in words, of the person's own or, where one was tapped, in English; None: it is to stay.

    offered: reasons that can be tapped. keep: the button that leaves everything as it is. brief: what is
    asked when it is asked again.
    """

    offered: tuple[Words, ...]
    keep: Words
    brief: Words | None = None
    check: Callable[[str], str]

    def briefly(self) -> Self:
        return self if self.brief is None else replace(self, words=self.brief)

    def prompt(self, page: int) -> Prompt:
        options = [Option(str(place), reason) for place, reason in enumerate(self.offered)]
        return Prompt(self.words, (*options, Option("keep", self.keep, also=KEEPING)))

    def hear(self, said: Said, value: str | None, shown: Shown) -> Any:
        if not said.is_words:
            raise NotUnderstood(no_words(said))
        picked = value if value is not None else shown.exactly(said.text)
        if picked == "keep":
            return KEPT
        if picked is not None and picked.isdecimal() and int(picked) < len(self.offered):
            return self.offered[int(picked)].put(Reader())
        plain = matching.folded(said.text)
        if said.tap or len(plain) < 3 or plain in (*YES, *NO) or matching.number(plain) is not None:
            raise NotUnderstood(say(_("Please tap a reason, or type it in a few words.")))
        return self.check(said.text)

    def read(self, kept: Any) -> str | None:
        return None if kept == KEPT else str(kept)


def reason(words: Words, *offered: Words, keep: Words, brief: Words | None = None) -> Reason:
    """Ask why. keep: the button that leaves everything as it is. brief: what is asked the second time."""
    return Reason(words=words, offered=offered, keep=keep, brief=brief, check=at_most(LONGEST))
