"""Why somebody did, or did not, get a message: from what brought it about to what became of it, in order."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from inspector_whatsapp.admin.marks import visible
from inspector_whatsapp.admin.pages import in_short
from inspector_whatsapp.cloud_api.errors import explain
from inspector_whatsapp.labels import masked_email
from inspector_whatsapp.models import OutboxMessage
from inspector_whatsapp.models.outbox import WAITING_STATES, Status
from inspector_whatsapp.outbox import circuit


@dataclass(frozen=True)
class Line:
    """One line of the story. not_before: what it must have come after, whatever another's clock says."""

    at: datetime | None
    step: str
    says: str
    not_before: datetime | None = None


def told(message: OutboxMessage) -> SafeString:
    """The story of a message, with where it stands on top and its siblings on other channels below."""
    lines = format_html_join(
        "",
        '<tr><td class="when">{}</td><th scope="row">{}</th><td>{}</td></tr>',
        ((in_short(line.at) or "", line.step, visible(line.says)) for line in of(message)),
    )
    return format_html(
        '<p class="standing">{}</p><div class="scroll"><table class="story">{}</table></div>{}',
        visible(standing(message)),
        lines,
        _siblings(message),
    )


def standing(message: OutboxMessage) -> str:
    """Where it stands and why, in a sentence."""
    state, why = str(Status(message.status).label).capitalize(), message.reason
    if (
        message.error_code is not None
        and message.channel == "whatsapp"
        and message.status != Status.DELIVERED
    ):
        says = explain(message.error_code)
        why = f"{why} – {says}" if why else says
    if message.status in WAITING_STATES and (shut := _shut(message)) is not None:
        until = in_short(shut.until)
        why = _("{channel} is shut until {until}: {why}").format(
            channel=message.channel, until=until, why=shut.why
        )
    return f"{state}: {why}" if why else f"{state}."


def _shut(message: OutboxMessage) -> circuit.Shut | None:
    """What keeps its whole channel, or such messages of it, from leaving now."""
    found = circuit.shut()
    return found.get((message.channel, "")) or found.get((message.channel, message.category))


def of(message: OutboxMessage) -> list[Line]:
    """Everything that is known of it, oldest first."""
    lines = [*_beginning(message), *_steps(message), *_statuses(message)]
    return sorted(lines, key=_when)


def _when(line: Line) -> datetime:
    known = [moment for moment in (line.at, line.not_before) if moment is not None]
    return max(known, default=datetime.max.replace(tzinfo=UTC))


def _beginning(message: OutboxMessage) -> Iterator[Line]:
    cause = message.cause
    if cause is not None:
        kind = cause.kind.replace("_", " ")
        actor = cause.actor
        who = (actor.name or masked_email(actor.email)) if actor else _("nobody")
        what = _("{kind} {subject}, by {who} ({origin})")
        yield Line(
            cause.at,
            _("trigger"),
            what.format(kind=kind, subject=cause.subject, who=who, origin=cause.origin),
        )
    yield from (line for line in _told(message) if line.step == "trigger")
    text = _("written, to leave by {channel}").format(channel=message.channel)
    yield Line(message.created_at, _("message"), text)


def _steps(message: OutboxMessage) -> Iterator[Line]:
    yield from (line for line in _told(message) if line.step != "trigger")


def _told(message: OutboxMessage) -> Iterator[Line]:
    for step in message.story:
        yield Line(parse_datetime(step["at"]), step["step"], step["says"])


def _statuses(message: OutboxMessage) -> Iterator[Line]:
    known = (
        (message.accepted_at, _("accepted"), _("the provider took it: {id}").format(id=message.provider_id)),
        (message.sent_at, _("sent"), _("it left the provider")),
        (message.delivered_at, _("delivered"), _("it is on their phone")),
        (message.read_at, _("read"), _("they have seen it")),
    )
    # Providers tell times in whole seconds, by their own clocks.
    ours = message.accepted_at or message.created_at
    yield from (Line(at, step, says, not_before=ours) for at, step, says in known if at is not None)


def _siblings(message: OutboxMessage) -> SafeString | str:
    """The same on other channels, and what says it again."""
    found = {row.pk: row for row in message.repeated_by.all()}
    for channel in settings.CHANNELS:
        name, colon, _again = (message.key or "").partition(f":{channel}")
        if colon:  # it, and what says it again, on each channel
            same = Q()
            for other in settings.CHANNELS:
                same |= Q(key__startswith=f"{name}:{other}")
            found |= {row.pk: row for row in OutboxMessage.objects.filter(same).exclude(pk=message.pk)}
    if message.repeats is not None:
        found[message.repeats.pk] = message.repeats
    if not found:
        return ""
    rows = format_html_join(
        "",
        '<li><a href="{}">{}</a>: {}</li>',
        (
            (
                reverse("admin:inspector_whatsapp_outboxmessage_change", args=[row.pk]),
                row.channel,
                visible(standing(row)),
            )
            for row in found.values()
        ),
    )
    return format_html('<p>{}</p><ul class="elsewhere">{}</ul>', _("The same, elsewhere:"), rows)
