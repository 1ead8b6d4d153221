"""Yes or no, to exactly what was on the screen."""

import hashlib
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from bot.questions.base import Gone, NotUnderstood, Option, Prompt, Question, Shown
from bot.said import Said
from inspector_whatsapp.words import Reader, Words, say

YES = ("yes", "y", "yeah", "yep", "ok", "okay", "sure", "confirm", "oya", "na so", "👍")
NO = ("no", "n", "nope", "nah", "no o", "👎")


@dataclass(frozen=True, kw_only=True)
class Confirm(Question[bool]):
    """Yes or no. The answer holds only while the question would still read the same.

    changed: what to say when it would not.
    """

    yes: Words
    no: Words
    changed: Words
    photo: str = ""

    @property
    def digest(self) -> str:
        """Stands for the values shown, in any language."""
        return hashlib.sha256(self.words.put(Reader()).encode()).hexdigest()[:10]

    def prompt(self, page: int) -> Prompt:
        return Prompt(
            self.words,
            (
                Option(f"yes.{self.digest}", self.yes, also=YES),
                Option(f"no.{self.digest}", self.no, also=NO),
            ),
            self.photo,
        )

    def hear(self, said: Said, value: str | None, shown: Shown) -> Any:
        picked = value if value is not None else shown.pick(said.text) if said.is_words else None
        if not isinstance(picked, str) or not picked.startswith(("yes.", "no.")):
            raise NotUnderstood(say(_("Please answer *yes* or *no*.")))
        word, _dot, digest = picked.partition(".")
        return {"yes": word == "yes", "of": digest}

    def read(self, kept: Any) -> bool:
        if not isinstance(kept, dict) or kept.get("of") != self.digest:
            raise Gone(self.changed)
        return bool(kept["yes"])


def confirm(
    words: Words,
    *,
    yes: Words | None = None,
    no: Words | None = None,
    changed: Words | None = None,
    photo: str = "",
) -> Confirm:
    """Ask for a yes to `words`. A yes to other words than those shown counts for nothing."""
    return Confirm(
        words=words,
        yes=yes or say(_("Yes")),
        no=no or say(_("No")),
        changed=changed or say(_("This has changed since I asked. Please look again.")),
        photo=photo,
    )
