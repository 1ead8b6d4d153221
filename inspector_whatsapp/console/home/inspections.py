"""Inspections on the home page, and the way to them from a shared link."""

from collections.abc import Iterable
from typing import Final

from django.utils.translation import gettext as _

from inspector_whatsapp.console.home import saying
from inspector_whatsapp.console.home.looks import Look
from inspector_whatsapp.console.home.tiles import Card, Chart, Panel, Tile, Tone, counts

INSPECTION: Final = "inspector_whatsapp.Inspection"
SOURCE: Final = "inspector_whatsapp.ShareSource"
NO_SHOW: Final = {"state__exact": "no_show"}


def tiles() -> Iterable[Tile]:
    """Of inspections and shared links."""
    return (
        Tile(70, (INSPECTION,), _booked),
        Tile(80, (INSPECTION,), _no_shows),
        Tile(40, (INSPECTION,), _visits),
        Tile(20, (SOURCE,), _funnel),
    )


def _booked(look: Look) -> Card:
    return Card(
        title=_("Bookings"),
        today=saying.number(look.kept.total("booked", day=look.today)),
        href=look.rows(INSPECTION, first=look.today),
        lately=saying.number(look.kept.total("booked")),
        lately_href=look.rows_of_days(INSPECTION),
        values=look.kept.by_day("booked"),
    )


def _no_shows(look: Look) -> Card:
    return Card(
        title=_("No-shows"),
        today=saying.number(look.kept.total("no_show", day=look.today)),
        href=look.rows(INSPECTION, NO_SHOW, first=look.today, on="reported_at"),
        lately=saying.number(look.kept.total("no_show")),
        lately_href=look.rows_of_days(INSPECTION, NO_SHOW, on="reported_at"),
        values=look.kept.by_day("no_show"),
        tone="warn",
    )


def _visits(look: Look) -> Chart:
    kept = look.kept
    parts: tuple[tuple[str, Tone, str, str, dict[str, str]], ...] = (
        (_("Booked"), "one", "booked", "created_at", {}),
        (_("Completed"), "good", "completed", "reported_at", {"state__exact": "completed"}),
        (_("No-shows"), "warn", "no_show", "reported_at", NO_SHOW),
    )
    return Chart(
        title=_("Inspections"),
        form="beside",
        series=[
            counts(look, name, tone, kept.by_day(figure), INSPECTION, on=on, where=where)
            for name, tone, figure, on, where in parts
        ],
    )


def _funnel(look: Look) -> Panel:
    """From a shared link to a visit: people per day, people, inspections."""
    steps = (
        ("opened", _("opened a shared link")),
        ("asked", _("tapped “Ask in WhatsApp”")),
        ("chatted", _("wrote in the chat")),
        ("booked", _("booked an inspection")),
    )
    totals = [look.kept.total("shared", step) for step, _says in steps]
    most = max(*totals, 1)
    lines = [
        {
            "says": says,
            "many": saying.number(total),
            "percent": total * 100 / most,
            "of_before": saying.share(total, totals[place - 1]) if place and totals[place - 1] else "",
        }
        for place, ((_step, says), total) in enumerate(zip(steps, totals, strict=True))
    ]
    return Panel(
        title=_("From a link to a booking"),
        template="inspector_whatsapp/home/funnel.html",
        says=_("By links of agents, groups and campaigns; whoever opens one on two days counts twice."),
        href=look.rows(SOURCE),
        of=lines if any(totals) else [],
    )
