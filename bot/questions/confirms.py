"""Yes or no, to exactly what was on the screen."""

import hashlib
import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from bot import matching, menus
from bot.questions.base import Gone, NotUnderstood, Option, Prompt, Question, Shown
from bot.said import Said
from inspector_whatsapp.words import Reader, Words, say

YES = (
    *("yes", "y", "yeah", "yea", "yep", "yess", "ok", "okay", "sure", "correct", "confirm", "go ahead"),
    *("oya", "na so", "👍"),
)
NO = ("no", "n", "nope", "nah", "not now", "no o", "never", "abeg no", "👎")
_AGREES = re.compile(r"\b(?:yes|yeah|ok|okay|oya|wahala|problem|1)\b")
_POLITE = {"please", "pls", "plz", "abeg", "o", "oo", "oh", "sir", "ma", "thanks", "thank", "you", "now"}


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
        picked = value if value is not None else self._meant(said.text, shown) if said.is_words else None
        if picked is None or not picked.startswith(("yes.", "no.")):
            raise NotUnderstood(say(_("Please answer *yes* or *no*.")))
        word, _dot, digest = picked.partition(".")
        return {"yes": word == "yes", "of": digest}

    def _meant(self, text: str, shown: Shown) -> str | None:
        """A yes is never guessed: "no book am" is as near to "Yes, book am" as a typing error would be."""
        plain = matching.folded(text)
        if plain in menus.COMMANDS:  # "cancel", asked whether to cancel: either may be meant
            return None
        exact = shown.exactly(text)
        if plain in YES or not matching.refuses(plain):
            return exact or self._wordy(plain, shown)
        if _AGREES.search(plain):
            return None
        return next((option.value for option in shown.options if option.value.startswith("no.")), None)

    def _wordy(self, plain: str, shown: Shown) -> str | None:
        """ "yes please", "oya book am", "book it now": a yes, or words of the option's title, politely."""
        words = [word for word in re.findall(r"[^\s,.!]+", plain) if word not in _POLITE]
        if len(words) > 1 and words[0] in YES:
            words = words[1:]
        rest = " ".join(words)
        if len(rest) < 2:
            return None
        titles = [
            o.value for o in shown.options if o.labels and matching.has(matching.folded(o.labels[0]), rest)
        ]
        return shown.exactly(rest) or (titles[0] if len(titles) == 1 else None)

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
