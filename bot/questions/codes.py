"""A one-time code: checked before the turn, in a transaction of its own; only the verdict is ever kept."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Self

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from bot.questions.base import FindOut, NotUnderstood, Question, Shown
from bot.said import Said
from inspector_whatsapp.words import Words, say
from linking import challenges
from linking.challenges import Verdict

NO_SOONER = 0.2  # seconds; far more than judging a code takes on a busy machine


@dataclass(frozen=True, kw_only=True)
class Code(Question[Verdict]):
    """The code of a challenge. A wrong one is asked for again; whatever ends the challenge is the answer."""

    contact_id: int
    challenge_id: int

    def briefly(self) -> Self:
        return replace(self, words=say(_("Type the code, or RESEND for a new one, or CANCEL.")))

    def before(self, said: Said) -> FindOut | None:
        if said.tap or challenges.code_in(said.text) is None:
            return None
        return FindOut(
            partial(_check, contact_id=self.contact_id, challenge_id=self.challenge_id, typed=said.text),
            secret=True,
        )

    def hear(self, said: Said, value: str | None, shown: Shown) -> Any:
        if "result" not in said.prepared:
            raise NotUnderstood(say(_("Please type the 6 digits of the code, like 123456.")))
        verdict = Verdict.from_json(said.prepared["result"])
        if verdict.is_ == "wrong":
            raise NotUnderstood(
                say(
                    ngettext_lazy(
                        "That code isn't right. {left} try left. Use the newest e-mail.",
                        "That code isn't right. {left} tries left. Use the newest e-mail.",
                        verdict.left,
                    ),
                    left=verdict.left,
                )
            )
        return verdict.to_json()

    def read(self, kept: Any) -> Verdict:
        return Verdict.from_json(kept)


def _check(keep: Callable[[Any], None], *, contact_id: int, challenge_id: int, typed: str) -> None:
    """The verdict is kept in the transaction that counts the attempt.

    One that lets nobody in takes its time: judging it is a few milliseconds more for an address that has an
    account than for one that has none.
    """
    began = time.monotonic()
    verdict = challenges.check(
        contact_id=contact_id,
        challenge_id=challenge_id,
        typed=typed,
        within=lambda verdict: keep(verdict.to_json()),
    )
    if verdict.is_ != "right":
        time.sleep(max(0.0, NO_SOONER - (time.monotonic() - began)))


def prove(words: Words, *, contact_id: int, challenge_id: int) -> Code:
    """Ask for the code of a challenge."""
    return Code(words=words, contact_id=contact_id, challenge_id=challenge_id)
