"""From what the code declares to rows, and from an admin's wording to a new version."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from inspector_whatsapp.cloud_api import limits
from notifications import templates
from notifications.models import MessageTemplate, TemplateStatus
from notifications.registry import shape
from notifications.templates import Template


def declare(*, model: type[MessageTemplate] = MessageTemplate) -> int:
    """Make a row of each template that the code declares and no version says; how many were made.

    Called after every `migrate`, so that a release's new wordings are there to be submitted; harmless to run
    again. `model`: as a migration sees it.
    """
    versions: dict[tuple[str, str], list[MessageTemplate]] = {}
    for row in model._default_manager.order_by("version"):
        versions.setdefault((row.name, row.language), []).append(row)
    fresh = []
    for template in templates.TEMPLATES:
        known = versions.get((template.name, template.language), [])
        if not any(says(row, template) for row in known):
            fresh.append(_version(template, known[-1].version + 1 if known else 1, model=model))
    return len(model._default_manager.bulk_create(fresh, ignore_conflicts=True))


def says(row: MessageTemplate, template: Template) -> bool:
    """Whether a version has the text and the category that the code declares."""
    return (row.body, tuple(row.buttons), row.category) == (
        template.body,
        template.buttons,
        template.category.lower(),
    )


def declared(row: MessageTemplate) -> Template | None:
    """What the code declares under the row's name; None when it does no more."""
    try:
        return templates.by_name(row.name)
    except KeyError:
        return None


def definition(row: MessageTemplate) -> dict[str, object]:
    """The version as Meta's message_templates takes it."""
    return Template(
        name=row.name_at_meta,
        body=row.body,
        examples=row.examples,
        buttons=tuple(row.buttons),
        language=row.language,
        category=row.category.upper(),
    ).definition()


def reworded(row: MessageTemplate, *, body: str, buttons: Sequence[str]) -> Template:
    """The template in another wording.

    Raises ValidationError, in words, for what Meta or this release would not take.
    """
    template = declared(row)
    if template is None:
        raise ValidationError(_("This release does not use that template any more."))
    wording = Template(
        name=row.name,
        body=body.replace("\r\n", "\n").strip(),
        examples=template.examples,
        buttons=tuple(buttons),
        language=row.language,
        category=row.category.upper(),
    )
    _check(wording, template)
    return wording


def edit(row: MessageTemplate, *, body: str, buttons: Sequence[str]) -> MessageTemplate:
    """Another wording: written into a draft of an admin's, else a new version. Gives the row that has it.

    Raises ValidationError as `reworded` does.
    """
    wording = reworded(row, body=body, buttons=buttons)
    if says(row, wording):
        return row
    with transaction.atomic():
        return _written(row, wording)


def _check(wording: Template, template: Template) -> None:
    """Values and buttons are the code's: what fills and follows them is written there."""
    given = frozenset(limits.VARIABLE.findall(wording.body))
    if given != frozenset(template.examples):
        wanted = shape.named(template.examples) or _("none")
        raise ValidationError(_("It must have exactly these variables: %(names)s."), params={"names": wanted})
    if len(wording.buttons) != len(template.buttons):
        raise ValidationError(
            _("It must have %(count)d buttons, one per line."), params={"count": len(template.buttons)}
        )
    try:
        limits.check_template(wording.definition())
    except limits.BrokenTemplate as broken:
        raise ValidationError(broken.details) from broken


def _written(row: MessageTemplate, wording: Template) -> MessageTemplate:
    versions = MessageTemplate.objects.filter(name=row.name, language=row.language).order_by("version")
    # Whoever comes second waits here, and counts the version of the first in a statement of its own.
    now = {version.pk: version for version in versions.select_for_update()}[row.pk]
    if now.status == TemplateStatus.DRAFT and not says(now, templates.by_name(row.name)):
        now.body, now.buttons, now.reason = wording.body, list(wording.buttons), ""
        now.save(update_fields=["body", "buttons", "reason"])
        return now
    newest = versions.reverse().values_list("version", flat=True)[0]
    fresh = _version(wording, newest + 1, model=MessageTemplate)
    fresh.save(force_insert=True)
    return fresh


def _version(template: Template, number: int, *, model: type[MessageTemplate]) -> MessageTemplate:
    return model(
        name=template.name,
        version=number,
        language=template.language,
        name_at_meta=template.name if number == 1 else f"{template.name}_v{number}",
        category=template.category.lower(),
        body=template.body,
        buttons=list(template.buttons),
        examples=dict(template.examples),
    )
