"""Messages on the home page: how many came and left, what became of them, and why some did not arrive."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from inspector_whatsapp.cloud_api.errors import explain
from inspector_whatsapp.console.home import saying
from inspector_whatsapp.console.home.looks import Look
from inspector_whatsapp.console.home.tiles import Card, Chart, Panel, Tile, Tone, counts
from inspector_whatsapp.figures.counting import REST
from inspector_whatsapp.marks import plain
from inspector_whatsapp.models.outbox import LEFT_STATES, TO_INSPECTOR, WAITING_STATES, Status

MESSAGE: Final = "inspector_whatsapp.OutboxMessage"
INBOUND: Final = "bot.InboundEvent"
ARRIVED = (Status.DELIVERED, Status.READ)
LOST = (Status.FAILED, Status.WITHHELD, Status.EXPIRED)
MOST_REASONS = 8


def tiles() -> Iterable[Tile]:
    """Of messages to people; what goes to Inspector is among the queues."""
    return (
        Tile(20, (MESSAGE,), _sent),
        Tile(30, (MESSAGE,), _delivered),
        Tile(40, (MESSAGE,), _failed),
        Tile(10, (MESSAGE, INBOUND), _traffic),
        Tile(20, (MESSAGE,), _fates),
        Tile(30, (MESSAGE,), _reasons),
    )


def _people_by(*statuses: str) -> tuple[str, ...]:
    """The labels of messages to people that stand so."""
    return tuple(f"{channel}:{status}" for channel in _channels() for status in statuses)


def _channels() -> tuple[str, ...]:
    return tuple(name for name in settings.CHANNELS if name not in TO_INSPECTOR)


def _of(*statuses: str) -> dict[str, str]:
    """The query of a list of them."""
    # One status is what the list's own filter shows as chosen.
    which = {"status__exact": statuses[0]} if len(statuses) == 1 else {"status__in": ",".join(statuses)}
    return {"channel__in": ",".join(_channels())} | which


def _sent(look: Look) -> Card:
    labels = _people_by(*LEFT_STATES)
    return Card(
        title=_("Sent"),
        today=saying.number(look.kept.total("messages", *labels, day=look.today)),
        href=look.rows(MESSAGE, _of(*LEFT_STATES), first=look.today),
        lately=saying.number(look.kept.total("messages", *labels)),
        lately_href=look.rows_of_days(MESSAGE, _of(*LEFT_STATES)),
        values=look.kept.by_day("messages", *labels),
        tone="good",
    )


def _delivered(look: Look) -> Card:
    arrived, left = _people_by(*ARRIVED), _people_by(*LEFT_STATES, Status.FAILED)
    kept = look.kept
    by_day = zip(kept.by_day("messages", *arrived), kept.by_day("messages", *left), strict=True)
    return Card(
        title=_("Delivered"),
        today=saying.share(
            kept.total("messages", *arrived, day=look.today), kept.total("messages", *left, day=look.today)
        ),
        href=look.rows(MESSAGE, _of(*ARRIVED), first=look.today),
        lately=saying.share(kept.total("messages", *arrived), kept.total("messages", *left)),
        lately_href=look.rows_of_days(MESSAGE, _of(*ARRIVED)),
        values=[some / of if of else 0 for some, of in by_day],
        tone="good",
    )


def _failed(look: Look) -> Card:
    labels = _people_by(Status.FAILED)
    return Card(
        title=_("Failed"),
        today=saying.number(look.kept.total("messages", *labels, day=look.today)),
        href=look.rows(MESSAGE, _of(Status.FAILED), first=look.today),
        lately=saying.number(look.kept.total("messages", *labels)),
        lately_href=look.rows_of_days(MESSAGE, _of(Status.FAILED)),
        values=look.kept.by_day("messages", *labels),
        tone="bad",
    )


def _traffic(look: Look) -> Chart:
    received, sent = look.kept.by_day("received"), look.kept.by_day("messages", *_people_by(*LEFT_STATES))
    return Chart(
        title=_("Messages"),
        form="beside",
        series=[
            counts(look, _("Received"), "one", received, INBOUND, where={"kind": "message"}),
            counts(look, _("Sent"), "good", sent, MESSAGE, where=_of(*LEFT_STATES)),
        ],
    )


def _fates(look: Look) -> Chart:
    waiting = (*WAITING_STATES, Status.SENDING, Status.ACCEPTED, Status.SENT, Status.UNCERTAIN)
    parts: Sequence[tuple[str, Tone, Sequence[str]]] = (
        (_("Read"), "good", (Status.READ,)),
        (_("Delivered"), "two", (Status.DELIVERED,)),
        (_("On the way"), "quiet", waiting),
        (_("Withheld"), "warn", (Status.WITHHELD, Status.EXPIRED)),
        (_("Failed"), "bad", (Status.FAILED,)),
    )
    return Chart(
        title=_("What became of them"),
        form="stacked",
        says=_("Of the messages written on each day, as they stand now."),
        series=[
            counts(
                look,
                name,
                tone,
                look.kept.by_day("messages", *_people_by(*some)),
                MESSAGE,
                where=_of(*some),
            )
            for name, tone, some in parts
        ],
    )


@dataclass(frozen=True)
class Reason:
    """Why messages did not arrive. percent: of those of the most frequent reason."""

    why: str
    status: str
    channel: str
    many: int
    tone: Tone
    href: str
    percent: float = 100

    @property
    def said(self) -> str:
        return saying.number(self.many)


def _reasons(look: Look) -> Panel:
    """Of failed, withheld and expired messages to people, the most frequent first."""
    found = [
        _reason(look, status, label, many)
        for status in LOST
        for label, many in look.kept.labels(status).items()
        if label.partition(":")[0] not in TO_INSPECTOR
    ]
    found.sort(key=lambda one: -one.many)
    return Panel(
        title=_("Why messages did not arrive"),
        template="inspector_whatsapp/home/reasons.html",
        href=look.rows_of_days(MESSAGE, _of(*LOST)),
        of=[replace(one, percent=max(one.many * 100 / found[0].many, 1)) for one in found[:MOST_REASONS]],
    )


def _reason(look: Look, status: Status, label: str, many: int) -> Reason:
    channel, _colon, why = label.partition(":") if label != REST else ("", "", "")
    where = {"status__exact": str(status)}
    if channel:
        where["channel"] = channel
    if why.isdigit():
        where["error_code"] = why
    return Reason(
        why=plain(_why(channel, why) if channel else _("other reasons")),
        status=str(status.label),
        channel=channel,
        many=many,
        tone="bad" if status == Status.FAILED else "warn",
        href=look.rows_of_days(MESSAGE, where),
    )


def _why(channel: str, why: str) -> str:
    if why.isdigit():
        says = explain(int(why)) if channel == "whatsapp" else _("The provider's code:")
        return f"{says} {why}" if says.endswith(":") else f"{says} ({why})"
    return why or _("no reason was given")
