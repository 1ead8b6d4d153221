"""A rule: words that tell of an intent, and how much."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from bot.assistant.commands import Intent
from inspector_whatsapp.models import Role


@dataclass(frozen=True)
class Rule:
    """Words that tell of an intent.

    weight: how much likelier it is where they stand, as a logarithm. unless: words beside which they tell
    nothing. roles: of whom; empty, of all. one: whether one property or inspection has to be named, or must
    not be; None, no matter.
    """

    intent: Intent
    weight: float
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None = None
    roles: frozenset[Role] = frozenset()
    one: bool | None = None

    def tells(self, words: str, *, role: Role, names_one: bool) -> bool:
        if (self.roles and role not in self.roles) or self.one not in (None, names_one):
            return False
        return bool(self.pattern.search(words)) and not (self.unless and self.unless.search(words))


def rule(
    intent: Intent,
    weight: float,
    pattern: str,
    *,
    unless: str = "",
    roles: Collection[Role] = (),
    one: bool | None = None,
) -> Rule:
    """A rule of patterns as text; each stands where a word begins and ends where one ends."""
    return Rule(
        intent,
        weight,
        re.compile(rf"(?<!\w)(?:{pattern})(?!\w)"),
        re.compile(rf"(?<!\w)(?:{unless})(?!\w)") if unless else None,
        frozenset(roles),
        one,
    )


# --- words that many rules speak of -----------------------------------------------------------------------
VISIT = (
    r"(?:inspections?|viewings?|visits?|tours?|appointments?|appts?|bookings?|showings?|inspection dates?)"
)
HOME = (
    r"(?:propert(?:y|ies)|houses?|flats?|apartments?|places?|homes?|lands?|plots?|shops?|offices?|"
    r"listings?|duplex(?:es)?|bungalows?|rooms?|self ?con\w*|studios?|warehouses?|penthouses?|units?|"
    r"mini ?flats?|bqs?|maisonettes?|terraces?|ads?|adverts?)"
)
AGENT = (
    r"(?:agents?|owners?|landlords?|landlady|caretakers?|lister|realtors?|sellers?|house ?owner|"
    r"(?:person|guy|man|woman|oga) (?:wey|who|that|in charge)(?: \w+)*)"
)
SUPPORT = (
    r"(?:humans?|(?:real |actual |live )?persons?|representatives?|reps?|customer (?:care|service|"
    r"support|rep\w*)|"
    r"support(?: team| staff)?|staff|operators?|somebody real|real (?:person|human|somebody|someone)|"
    r"(?:live|human|customer\w*|support) agents?|team member|manager|supervisor|your (?:team|"
    r"office|oga|boss|people)|"
    r"(?:some(?:one|body)|person) (?:from|for|in|at|wey dey) (?:your|the|una|inspector|support|"
    r"office)\w*(?: \w+)?)"
)
SPEAK = (
    r"(?:speak|talk|chat|yarn|discuss|connect|transfer|link|hook|pass|put|reach|contact|call|get|give|follow)"
)
