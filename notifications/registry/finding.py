"""Which template a message may be sent by, or why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from inspector_whatsapp import clock, doorbell, incidents
from inspector_whatsapp.cloud_api import limits
from notifications import templates
from notifications.models import MessageTemplate, TemplateStatus
from notifications.registry import shape

UNUSABLE: Final = "template_unusable"
SYNC: Final = "notifications.tasks.sync_templates"
REFUSED_FOR: Final = timedelta(hours=1)
_MOST: Final = 400  # characters of a reason


@dataclass(frozen=True, kw_only=True)
class Usable:
    """A template that may be sent now.

    template: its name at Meta. language: the one found; `fell_back` when it is not the one asked for.
    parameters: the names of its values, which may have `room` characters together. buttons: how many.
    category: what it is billed as, "utility" or "marketing"; Meta's word when it is known.
    """

    template: str
    version: int
    language: str
    fell_back: bool
    parameters: frozenset[str]
    room: int
    buttons: int
    category: str


@dataclass(frozen=True)
class Unusable:
    """There is none; `why` is a sentence, without its full stop, for the admin."""

    why: str


def find(name: str, *, language: str) -> Usable | Unusable:
    """The newest usable version of a declared template in that language, else in the fallback. One query.

    Usable is what Meta has approved, and what takes there exactly the values and has the buttons that this
    release gives. So an older version serves until a newer one is approved.
    """
    try:
        declared = templates.by_name(name)
    except KeyError:
        return Unusable(f"there is no template {name}")
    versions = MessageTemplate.objects.filter(name=name, language__in={language, templates.FALLBACK})
    faults = []
    # Sorting is stable: the newest comes first in each language.
    for row in sorted(versions.order_by("-version"), key=lambda row: row.language != language):
        if why := fault(row, declared):
            faults.append(f"{row} {why}")
            continue
        return _usable(row, asked=language)
    return Unusable("; ".join(faults)[:_MOST] or f"{name} is not in the registry")


def check(usable: Usable, given: Mapping[str, str], buttons: int) -> str:
    """What of a message does not fit its template, as a sentence for the admin; nothing when all does."""
    if given.keys() != usable.parameters:
        lacking, other = usable.parameters - given.keys(), given.keys() - usable.parameters
        parts = [f"has no {shape.named(lacking)}"] * bool(lacking)
        parts += [f"has {shape.named(other)}, which is not in it"] * bool(other)
        return f"the message for {usable.template} {' and '.join(parts)}"
    if empty := [name for name, value in given.items() if not value.strip()]:
        return f"the message for {usable.template} has nothing for {shape.named(empty)}"
    if unclean := [name for name, value in given.items() if limits.PARAMETER.search(value)]:
        return f"{shape.named(unclean)} of {usable.template} has a line break, a tab or too many blanks"
    if buttons != usable.buttons:
        return f"the message for {usable.template} has {buttons} buttons, not {usable.buttons}"
    if (length := sum(map(len, given.values()))) > usable.room:
        return f"the values for {usable.template} have {length} characters, more than {usable.room}"
    return ""


def missing(name: str, why: str) -> None:
    """A message found no usable template: a person should know, once. Closed when there is one again.

    Written in the caller's transaction: one that ends with an exception takes it along.
    """
    sentence = f"{name} goes by e-mail outside the 24-hour window, or not at all: {why}."
    incidents.report(UNUSABLE, key=name, sentence=sentence)


def refused(name_at_meta: str, why: str) -> None:
    """Meta would not take a message by a template: it is not what we know of it.

    Meta is asked anew, and until the list shows another template, or for an hour, nothing is sent by it.
    """
    row = MessageTemplate.objects.filter(name_at_meta=name_at_meta).first()
    if row is None:
        return
    MessageTemplate.objects.filter(pk=row.pk).update(refused_at=clock.now())
    missing(row.name, why)
    doorbell.ring_on_commit(SYNC)


def fault(row: MessageTemplate, declared: templates.Template) -> str:
    """Why a version cannot be sent, as what it does; nothing when it can."""
    if row.status != TemplateStatus.APPROVED:
        return standing(row)
    if row.refused_at is not None and clock.now() - row.refused_at < REFUSED_FOR:
        return "was refused by Meta a short while ago"
    text = shape.ours(row)
    if text.parameters != frozenset(declared.examples) or len(text.buttons) != len(declared.buttons):
        return "was written for another release: it has other parameters or buttons"
    return shape.unfit(text, shape.theirs(row.components)) if row.components is not None else ""


def why_not(row: MessageTemplate) -> str:
    """Why a version cannot be sent now, as a sentence for the admin; nothing when it can."""
    try:
        why = fault(row, templates.by_name(row.name))
    except KeyError:
        why = "is not used by this release"
    return f"{row} {why}." if why else ""


def difference(row: MessageTemplate) -> str:
    """How Meta's text differs from ours, as what the template does; nothing when it is the same."""
    if row.components is None:
        return ""
    text, found = shape.ours(row), shape.theirs(row.components)
    reworded = "has another wording at Meta" if shape.reworded(text, found) else ""
    return shape.unfit(text, found) or reworded


def standing(row: MessageTemplate) -> str:
    """How it stands at Meta, as what it does: `is paused by Meta for low quality`."""
    said = _STANDING[TemplateStatus(row.status)]
    return f"{said} ({row.reason})" if row.reason else said


_STANDING: Final[Mapping[TemplateStatus, str]] = {
    TemplateStatus.DRAFT: "has not been submitted",
    TemplateStatus.PENDING: "is still in review at Meta",
    TemplateStatus.APPROVED: "is approved by Meta",
    TemplateStatus.REJECTED: "was rejected by Meta",
    TemplateStatus.PAUSED: "is paused by Meta for low quality",
    TemplateStatus.DISABLED: "was disabled by Meta for good",
    TemplateStatus.IN_APPEAL: "is being appealed at Meta",
    TemplateStatus.LIMIT_EXCEEDED: "is over a limit of Meta's",
    TemplateStatus.LOCKED: "is locked by Meta",
    TemplateStatus.ARCHIVED: "was archived by Meta",
    TemplateStatus.PENDING_DELETION: "is being deleted at Meta",
    TemplateStatus.DELETED: "is no longer at Meta",
    TemplateStatus.UNKNOWN: "has a status at Meta that we do not know",
}


def _usable(row: MessageTemplate, *, asked: str) -> Usable:
    # Meta's text counts when it is known: it may be longer than ours.
    text = shape.theirs(row.components) if row.components is not None else shape.ours(row)
    return Usable(
        template=row.name_at_meta,
        version=row.version,
        language=row.language,
        fell_back=row.language != asked,
        parameters=text.parameters,
        room=text.room,
        buttons=len(text.buttons),
        category=row.category_now,
    )
