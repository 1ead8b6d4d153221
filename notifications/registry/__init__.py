"""Which message templates can be used: found by name and language."""

from collections.abc import Mapping
from dataclasses import dataclass

from notifications import templates


@dataclass(frozen=True)
class Usable:
    """A template that may be sent: its name and language at Meta, and what it takes."""

    template: str
    language: str
    fell_back: bool
    parameters: frozenset[str]
    buttons: int
    category: str


@dataclass(frozen=True)
class Unusable:
    """Why a template cannot be sent, for an admin."""

    why: str


def find(name: str, *, language: str) -> Usable | Unusable:
    """The template to use for somebody who reads `language`; the fallback language where there is none."""
    declared = templates.by_name(name)
    return Usable(
        template=name,
        language=declared.language,
        fell_back=language != declared.language,
        parameters=frozenset(declared.examples),
        buttons=len(declared.buttons),
        category=declared.category.lower(),
    )


def check(usable: Usable, given: Mapping[str, str], buttons: int) -> str:
    """What does not fit the template; empty when all does."""
    wrong = usable.parameters.symmetric_difference(given)
    if wrong:
        return f"{usable.template} takes other values: {', '.join(sorted(wrong))}"
    if buttons != usable.buttons:
        return f"{usable.template} has {usable.buttons} buttons, not {buttons}"
    return ""


def missing(name: str, why: str) -> None:
    """A kind could not use its template."""
