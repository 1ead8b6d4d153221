"""The home page's tiles of the talk: what came in, how long its answers took, and what waits."""

from collections.abc import Iterable
from typing import Final

from django.db.models import Count, Min
from django.utils.translation import gettext as _

from bot.models import BodyState, Conversation, WebhookBody
from inspector_whatsapp.console.home import saying
from inspector_whatsapp.console.home.looks import Look
from inspector_whatsapp.console.home.tiles import Card, Chart, Queue, Series, Tile, Tone

INBOUND: Final = "bot.InboundEvent"


def tiles() -> Iterable[Tile]:
    """The bot's."""
    return (
        Tile(10, (INBOUND,), _received),
        Tile(50, (INBOUND,), _reply_time),
        Tile(30, (INBOUND,), _reply_times),
        Tile(1, ("bot.WebhookBody",), _bodies),
        Tile(2, ("bot.Conversation",), _conversations),
    )


def _received(look: Look) -> Card:
    return Card(
        title=_("Received"),
        today=saying.number(look.kept.total("received", day=look.today)),
        href=look.rows(INBOUND, {"kind": "message"}, first=look.today),
        lately=saying.number(look.kept.total("received")),
        lately_href=look.rows_of_days(INBOUND, {"kind": "message"}),
        values=look.kept.by_day("received"),
    )


def _reply_time(look: Look) -> Card:
    def both(**of: object) -> str:
        half, most = (look.kept.seconds("reply_time", percent, **of) for percent in (50, 95))  # type: ignore[arg-type]
        return _("{half} · p95 {most}").format(half=saying.seconds(half), most=saying.seconds(most))

    return Card(
        title=_("Reply time"),
        today=saying.seconds(look.kept.seconds("reply_time", 50, day=look.today)),
        href=look.rows(INBOUND, {"kind": "message"}, first=look.today),
        lately=both(),
        lately_href=look.rows_of_days(INBOUND, {"kind": "message"}),
        values=[look.kept.seconds("reply_time", 50, day=day) or 0 for day in look.days],
        more=_("p95 {most}").format(most=saying.seconds(look.kept.seconds("reply_time", 95, day=look.today))),
    )


def _reply_times(look: Look) -> Chart:
    lines: tuple[tuple[str, Tone, int], ...] = ((_("Half within"), "one", 50), (_("95 % within"), "warn", 95))
    hrefs = [look.rows(INBOUND, {"kind": "message"}, first=day) for day in look.days]
    series = []
    for name, tone, percent in lines:
        values = [look.kept.seconds("reply_time", percent, day=day) for day in look.days]
        series.append(Series(name, tone, values, [saying.seconds(one) for one in values], hrefs))
    return Chart(
        title=_("Reply time"),
        form="lines",
        unit="s",
        says=_("From our receipt of a message until Meta has taken its answer."),
        series=series,
    )


def _bodies(look: Look) -> Queue:
    new = WebhookBody.objects.filter(state=BodyState.NEW).aggregate(
        depth=Count("pk"), oldest=Min("received_at")
    )
    return Queue(
        name=_("Webhooks to read"),
        depth=new["depth"],
        oldest=new["oldest"],
        href=look.rows("bot.WebhookBody", {"state__exact": BodyState.NEW}),
    )


def _conversations(look: Look) -> Queue:
    at_work = Conversation.objects.filter(pending_since__isnull=False)
    found = at_work.aggregate(depth=Count("pk"), oldest=Min("pending_since"))
    return Queue(
        name=_("Conversations to answer"),
        depth=found["depth"],
        oldest=found["oldest"],
        href=look.rows("bot.Conversation", {"pending_since__isnull": "False"}),
    )
