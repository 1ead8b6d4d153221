"""Why somebody did, or did not, get a message: from what brought it about to what became of it, in order."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from django.apps import apps
from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from inspector_whatsapp import clock, outbox
from inspector_whatsapp.admin.pages import in_short, masked
from inspector_whatsapp.cloud_api.errors import explain
from inspector_whatsapp.labels import masked_email
from inspector_whatsapp.marks import short, visible
from inspector_whatsapp.models import Contact, Inspection, OutboxMessage, Property
from inspector_whatsapp.models.outbox import WAITING_STATES, Status
from inspector_whatsapp.outbox import circuit

MOST = 20  # messages that are the same elsewhere


@dataclass(frozen=True)
class Line:
    """One line of the story. not_before: what it must have come after, whatever another's clock says.
    page: where more of it is.
    """

    at: datetime | None
    step: str
    says: str
    not_before: datetime | None = None
    page: str = ""


# How a step looks: its icon, and whether it is good news or bad. Steps are names of ours; others look plain.
_LOOKS = {
    "trigger": ("bolt", ""),
    "message": ("edit_note", ""),
    "consent": ("handshake", ""),
    "preference": ("tune", ""),
    "reachable": ("do_not_disturb_on", "bad"),
    "quiet hours": ("bedtime", ""),
    "window": ("schedule", ""),
    "template": ("description", ""),
    "category": ("sell", ""),
    "route": ("alt_route", ""),
    "whatsapp": ("smartphone", ""),
    "attempt": ("replay", "warn"),
    "circuit": ("electric_bolt", "warn"),
    "again": ("replay", "warn"),
    "instead": ("mail", ""),
    "replay": ("replay", ""),
    "uncertain": ("help", "warn"),
    "failed": ("error", "bad"),
    "withheld": ("block", "bad"),
    "expired": ("timer_off", "bad"),
    "accepted": ("check", ""),
    "sent": ("check", "good"),
    "delivered": ("done_all", "good"),
    "read": ("done_all", "read"),
}
_STANDS = {
    Status.FAILED: "bad",
    Status.EXPIRED: "bad",
    Status.WITHHELD: "bad",
    Status.UNCERTAIN: "warn",
    Status.WAITING: "warn",
    Status.DELIVERED: "good",
    Status.READ: "good",
}


def told(message: OutboxMessage) -> SafeString:
    """The story of a message, with where it stands on top and what belongs to it below."""
    lines = format_html_join("", "{}", ((_line(line),) for line in of(message)))
    return format_html(
        '<p class="standing tone-{}">{}</p><ol class="timeline">{}</ol>{}',
        _STANDS.get(Status(message.status), "plain"),
        visible(standing(message)),
        lines,
        _around(message),
    )


def _line(line: Line) -> SafeString:
    icon, tone = _LOOKS.get(line.step, ("circle", ""))
    more = format_html(' <a href="{}">{}</a>', line.page, _("look")) if line.page else ""
    return format_html(
        '<li class="tone-{}"><span class="material-symbols-outlined" aria-hidden="true">{}</span>'
        '<div><span class="step">{}</span> <time>{}</time><p>{}{}</p></div></li>',
        tone or "plain",
        icon,
        visible(line.step),
        in_short(line.at) or "",
        visible(line.says),
        more,
    )


def said(message: OutboxMessage) -> SafeString:
    """What it said; or, while that is not settled, what it would say if it left now, or why it would not."""
    settled = message.kind == "reply" or message.status not in WAITING_STATES
    if message.text and settled:
        return visible(message.text)
    if message.status == Status.SENDING:
        return visible(_("It is being put into words."))
    rehearsal = outbox.rehearse(message, now=clock.now())
    if rehearsal.until is not None:
        sentence = _("It would be held until {until}.").format(until=in_short(rehearsal.until))
    elif rehearsal.withheld:
        sentence = _("If it left now, it would not: {why}").format(why=rehearsal.withheld)
    else:
        sentence = _("If it left now, it would say:")
    return format_html('<p class="would">{}</p>{}', visible(sentence), visible(rehearsal.text))


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
            page=reverse("admin:inspector_whatsapp_change_change", args=[cause.pk]),
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


def _around(message: OutboxMessage) -> SafeString:
    """What belongs to it: the person, the chat at that time, what it is about, and the same elsewhere."""
    about = format_html_join("", '<li>{}: <a href="{}">{}</a></li>', _about(message))
    same = format_html_join(
        "",
        '<li><a href="{}">{}</a>: {}</li>',
        ((_page("outboxmessage", row.pk), row.channel, visible(standing(row))) for row in _siblings(message)),
    )
    parts = []
    if about:
        parts.append(format_html('<ul class="elsewhere">{}</ul>', about))
    if same:
        title = _("The same, elsewhere:")
        parts.append(format_html('<p class="same">{}</p><ul class="elsewhere">{}</ul>', title, same))
    return format_html_join("", "{}", ((part,) for part in parts))


def _about(message: OutboxMessage) -> Iterator[tuple[str, str, SafeString]]:
    if message.account is not None:
        yield (
            _("account"),
            _page("user", message.account.pk),
            short(message.account.name or f"{message.account.pk}"),
        )
    if message.contact is not None:
        yield _("WhatsApp"), _page("contact", message.contact.pk), short(masked(message.contact) or "")
        talk = _talk(message.contact)
        if talk is not None:
            until = urlencode({"until": (message.created_at + timedelta(minutes=1)).isoformat()})
            page = reverse("admin:bot_conversation_change", args=[talk])
            yield _("chat"), f"{page}?{until}", short(_("as it was then"))
    if (event := _answered(message)) is not None:
        page = reverse("admin:bot_inboundevent_change", args=[event])
        yield _("answers"), page, short(_("what they wrote"))
    for title, model in ((_("inspection"), Inspection), (_("property"), Property)):
        name = str(model._meta.model_name)
        number = message.arguments.get(name) if isinstance(message.arguments, dict) else None
        if not isinstance(number, int):
            continue
        ref = model._default_manager.filter(pk=number).values_list("ref", flat=True).first()
        if ref is not None:
            yield title, _page(name, number), short(ref)
    template = message.body.get("template") if isinstance(message.body, dict) else None
    if isinstance(template, dict) and template.get("name"):
        wanted = urlencode({"q": template["name"]})
        page = reverse("admin:notifications_messagetemplate_changelist")
        yield _("template"), f"{page}?{wanted}", short(str(template["name"]))


def _answered(message: OutboxMessage) -> int | None:
    """What came in and brought an answer about: its key says so."""
    what, _colon, rest = (message.key or "").partition(":")
    number = rest.partition(":")[0]
    if what != "reply" or not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    events = apps.get_model("bot", "InboundEvent")._default_manager
    return int(number) if events.filter(pk=int(number)).exists() else None


def _page(model: str, pk: int) -> str:
    return reverse(f"admin:inspector_whatsapp_{model}_change", args=[pk])


def _talk(contact: Contact) -> int | None:
    """Of an app above this one, so by its name."""
    talks = apps.get_model("bot", "Conversation")._default_manager.filter(contact=contact)
    return talks.values_list("pk", flat=True).first()


def _siblings(message: OutboxMessage) -> Iterable[OutboxMessage]:
    """The same on other channels, what it says again, and what says it again."""
    found = {row.pk: row for row in message.repeated_by.all()}
    if (again := outbox.again_of(message)) is not None:
        found[again.pk] = again
    for channel in settings.CHANNELS:
        name, colon, _again = (message.key or "").partition(f":{channel}")
        if colon:  # it, and what says it again, on each channel
            same = Q()
            for other in settings.CHANNELS:
                same |= Q(key__startswith=f"{name}:{other}")
            found |= {row.pk: row for row in OutboxMessage.objects.filter(same).exclude(pk=message.pk)[:MOST]}
    if message.repeats is not None:
        found[message.repeats.pk] = message.repeats
    return [row for pk, row in sorted(found.items()) if pk != message.pk]
