"""Finding a property by what somebody said: what fits, and each wish to change."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from bot.assistant.commands import Slots
from bot.assistant.criteria import changed, checked, place_slots
from bot.days import days_named, week_named
from bot.flows.cards import show_card
from bot.flows.looking import is_saved
from bot.flows.results import lead_on, results
from bot.flows.wanted import ANY, Budget, Place, ask_bedrooms, ask_kind, fixed_bedrooms, where
from bot.questions import Choice, Gone, Option
from bot.scripts import Last, Person, Script, ask, flow, last, once
from inspector_whatsapp.words import LazyText, Words, say


@flow("find", needs_account=False)
def find(person: Person) -> Script:
    """Somebody said what they look for.

    `wanted`, the slots, and `page`, the page to begin with, are known when it begins.
    """
    slots = checked((yield from once("wanted", dict)))
    first = yield from once("page", int)
    picked = yield from ask("property", results(person, slots, first=first, asks_where=not slots))
    following = lead_on(picked, slots, person)
    if following is not None:
        return following
    if picked.property is not None:
        saved = is_saved(person, picked.property)
        return (yield from show_card(person, picked.property, saved=saved, back_to="property"))
    return (yield from _change(person, slots, picked.change))


def _change(person: Person, slots: Slots, wish: str) -> Generator[Any, Any, Last]:
    """Ask for one wish anew, and look again."""
    match wish:
        case "area":
            place = yield from ask("where", where(person, anywhere=True))
            if place.property is not None:
                return last(say(""), then="property", argument=place.property.ref)
            slots = changed(slots, "place", dict(place_slots(place.name)))
        case "price":
            budget = yield from ask("budget", Budget(words=say(BUDGET)))
            kept = slots.get("price_period")
            bounds = {"price_min": budget.least, "price_max": budget.most, "price_period": kept}
            slots = changed(slots, "price", bounds)
        case "bedrooms":
            number = yield from ask("bedrooms", ask_bedrooms())
            least, most = fixed_bedrooms(number)
            slots = changed(slots, "bedrooms", {"bedrooms_min": least, "bedrooms_max": most})
        case "kind":
            areas = slots.get("areas") or slots.get("cities") or [""]
            kind = yield from ask("kind", ask_kind(Place(areas[0]) if len(areas) == 1 else Place()))
            slots = changed(slots, "kind", {"property_types": [kind] if kind else None})
        case "days":
            days = yield from ask("days", _days(person))
            slots = changed(slots, "days", _named(days) if days else {})
    return last(say(""), then="find", answers={"wanted": slots})


BUDGET = _("What is your budget? Type it like *2.5m*, *800k* or *1m to 2m*.")


# --- days -------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Days:
    """Some days one after the other."""

    first: date
    last: date
    title: LazyText = ""


@dataclass(frozen=True, kw_only=True)
class WhichDays(Choice["Days | None"]):
    """Days on which somebody could come; None: any."""

    def read(self, kept: Any) -> Days | None:
        if kept == ANY:
            return None
        first, _dots, end = str(kept).partition("..")
        try:
            return Days(date.fromisoformat(first), date.fromisoformat(end))
        except ValueError:
            raise Gone(self.gone) from None


def _days(person: Person) -> WhichDays:
    today = person.now.astimezone(person.reader.tz).date()

    def typed(words: str) -> Sequence[Days]:
        week = week_named(words, today=today)
        if week:
            return [Days(week[0], week[-1])]
        return [Days(day, day) for day in days_named(words, today=today)[:1]]

    saturday = today + timedelta(days=(5 - today.weekday()) % 7)
    monday = today + timedelta(days=7 - today.weekday())
    offered: list[Days | None] = [
        Days(today + timedelta(days=1), today + timedelta(days=1), _("Tomorrow")),
        Days(saturday, saturday + timedelta(days=1), _("This weekend")),
        Days(monday, monday + timedelta(days=6), _("Next week")),
        None,
    ]
    if today.weekday() == 6:  # a Sunday's weekend is as good as over
        offered.pop(1)
    return WhichDays(
        words=say(_("When could you come and see it? Pick or type a day, like *Saturday* or *28 Nov*.")),
        items=offered,
        option=_option,
        typed=typed,
        gone=say(_("Please say once more when you could come.")),
        hint=say(_("I can't read that as a day. Type it like *Saturday*, *28 Nov* or *next week*.")),
    )


def _option(days: Days | None) -> Option:
    if days is None:
        return Option(ANY, say(_("Any day")), also=("any", "any time", "no matter"))
    return Option(
        f"{days.first.isoformat()}..{days.last.isoformat()}",
        say(days.title) if days.title else say("{day}", day=days.first),
        _spelt(days) if days.title else None,
    )


def _spelt(days: Days) -> Words:
    if days.first == days.last:
        return say("{day}", day=days.first)
    return say(_("{first} to {last}"), first=days.first, last=days.last)


def _named(days: Days) -> dict[str, str]:
    return {"date_from": days.first.isoformat(), "date_to": days.last.isoformat()}
