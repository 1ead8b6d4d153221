"""Alerts: searches that are kept, and tell a seeker of new properties that fit."""

from collections.abc import Generator, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from bot.flows.cards import OFF_OFFER
from bot.flows.looking import LOOK_ON
from bot.flows.shorthand import criteria_of
from bot.flows.wanted import ask_wanted, where
from bot.questions import Choice, Option, choice, confirm
from bot.scripts import Last, Person, Script, Suggestion, again, ask, flow, last, once
from inspector_whatsapp import listings, searches
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.listings import Criteria
from inspector_whatsapp.models import Property, SavedSearch
from inspector_whatsapp.models.listings import Frequency
from inspector_whatsapp.words import LazyText, Words, join, say
from notifications.models import Alert

LEFT_OUT = 5  # that are shown with an alert
MY_ALERTS = Suggestion(say(_("My alerts")), "alerts")
OFTEN: dict[Frequency, tuple[LazyText, tuple[str, ...]]] = {
    Frequency.INSTANT: (_("At once"), ("instant", "immediately", "sharp sharp")),
    Frequency.DAILY: (_("Once a day"), ("daily", "every day", "every morning")),
}


@flow("alerts")
def alerts(person: Person) -> Script:
    """A seeker looks after their alerts."""
    mine = searches.of(person.user)
    search = mine.filter(pk=person.argument).first() if person.argument.isdecimal() else None
    by_list = search is None
    if search is None:
        search = yield from ask("which", _which(list(mine)))
    if search is None:
        wanted = yield from ask_wanted(person, for_later=True)
        if isinstance(wanted, Property):
            return last(say(""), then="property", argument=wanted.ref)
        return (yield from _save(person, wanted[0]))
    todo = yield from ask("do", _todo(search, by_list=by_list))
    if todo == "list":
        yield from again("which")
    if todo == "delete":
        return (yield from _delete(person, search))
    if todo == "again":
        return (yield from _again(person, search))
    return _changed(person, search, todo)


@flow("save_alert")
def save_alert(person: Person) -> Script:
    """A seeker keeps the search that they have just made."""
    described = yield from once("wanted", dict)  # as a saved search keeps it; more than an argument holds
    criteria = searches.from_json(described) if described else criteria_of(person.argument)
    if criteria is None:
        return last(say(_("I don't know that search any more. Please look again.")), LOOK_ON)
    if not searches.names_a_place(searches.to_json(criteria)):
        place = yield from ask("where", where(person, anywhere=False))
        if place.property is not None:
            return last(say(""), then="property", argument=place.property.ref)
        criteria = place.within(criteria)
    return (yield from _save(person, criteria))


def _save(person: Person, criteria: Criteria) -> Generator[Any, Any, Last]:
    described = searches.describe(criteria)
    often = yield from ask(
        "how_often",
        choice(
            join(
                say("*{search}*", search=described),
                say(_("I'll tell you when one like this comes. How soon?")),
            ),
            list(Frequency),
            option=lambda often: Option(often.value, say(OFTEN[often][0]), also=OFTEN[often][1]),
        ),
    )
    searches.save(seeker=person.user, criteria=criteria, frequency=often, origin=Origin.CHAT)
    return last(join(say(_("Alert saved: {search}."), search=described), _promise(often)), MY_ALERTS, LOOK_ON)


def _promise(often: Frequency) -> Words:
    if often == Frequency.DAILY:
        return say(_("When there are new ones, I'll write at 8:00 in the morning."))
    return say(_("I'll write as soon as one comes."))


def _which(mine: Sequence[SavedSearch]) -> Choice[SavedSearch | None]:
    """One of their alerts; None: a new one."""
    words = (
        say(_("Your alerts. Pick one to change it."))
        if mine
        else say(_("You have no alerts yet. An alert tells you when a property comes that you look for."))
    )
    return choice(
        words,
        [*mine, None],
        option=_alert_option,
        gone=say(_("That alert is no longer there.")),
    )


def _alert_option(search: SavedSearch | None) -> Option:
    if search is None:
        return Option("new", say(_("New alert")), also=("new", "another", "make one", "add"))
    return Option(str(search.pk), searches.describe(searches.from_json(search.criteria)), _standing(search))


def _standing(search: SavedSearch) -> Words:
    return say(OFTEN[Frequency(search.frequency)][0]) if search.is_active else say(_("paused"))


def _todo(search: SavedSearch, *, by_list: bool) -> Choice[str]:
    """What to do with an alert: three buttons, and the way back to the list."""
    other = Frequency.DAILY if search.frequency == Frequency.INSTANT else Frequency.INSTANT
    # One of before every alert named a place stays paused.
    usable = searches.names_a_place(search.criteria)
    left_out = list(search.less.order_by("-pk"))
    changes = ["pause" if search.is_active else "resume", other.value] if usable else []
    return choice(
        join(
            say("*{search}*", search=searches.describe(searches.from_json(search.criteria))),
            say("{standing}", standing=_standing(search)),
            *([join(say(_("Left out:")), *map(searches.in_words, left_out[:LEFT_OUT]))] if left_out else []),
            "" if usable else say(_("It names no place. Please make a new one for an area or a city.")),
        ),
        [*changes, "delete", *(["again"] if left_out else []), *(["list"] if by_list else [])],
        option=_todo_option,
    )


def _todo_option(todo: str) -> Option:
    title, also = OFTEN[Frequency(todo)] if todo in Frequency.values else TODO[todo]
    return Option(todo, say(title), also=also, quiet=todo == "list")


TODO: dict[str, tuple[LazyText, tuple[str, ...]]] = {
    "pause": (_("Pause"), ("stop it", "hold")),
    "resume": (_("Resume"), ("resume", "go on with it")),
    "delete": (_("Delete"), ("remove", "cancel it")),
    "again": (_("Show more again"), ("again", "show them again", "more", "left out")),
    "list": (_("list"), ("list", "others")),
}


def _changed(person: Person, search: SavedSearch, todo: str) -> Last:
    described = searches.describe(searches.from_json(search.criteria))
    match todo:
        case "pause":
            searches.pause(search=search, actor=person.user, origin=Origin.CHAT)
            return last(say(_("Paused: {search}."), search=described), MY_ALERTS)
        case "resume":
            searches.resume(search=search, actor=person.user, origin=Origin.CHAT)
            return last(
                join(say(_("Resumed: {search}."), search=described), _promise(Frequency(search.frequency))),
                MY_ALERTS,
            )
    often = Frequency(todo)
    searches.set_frequency(search=search, frequency=often, actor=person.user, origin=Origin.CHAT)
    return last(join(say(_("Changed: {search}."), search=described), _promise(often)), MY_ALERTS)


def _again(person: Person, search: SavedSearch) -> Generator[Any, Any, Last]:
    """What it leaves out is told of again, one by one."""
    left_out = list(search.less.select_related("search").order_by("-pk"))
    less = yield from ask(
        "less",
        choice(
            say(_("Which of these shall I tell you of again?")),
            left_out,
            option=lambda each: Option(str(each.pk), say("{area}", area=each.area), searches.band(each)),
            gone=say(_("I tell you of that already.")),
        ),
    )
    searches.show_again(less=less, actor=person.user, origin=Origin.CHAT)
    return last(say(_("I tell you of these again: {homes}."), homes=searches.in_words(less)), MY_ALERTS)


@flow("show_less")
def show_less(person: Person) -> Script:
    """A seeker wants fewer alerts like the one of a property."""
    yield from ()
    property = listings.by_ref(person.argument, viewer=person.user)
    if property is None:
        return last(OFF_OFFER, MY_ALERTS)
    told = Alert.objects.filter(seeker=person.user, property=property).values_list("searches", flat=True)
    mine = list(searches.of(person.user).filter(pk__in=[pk for keys in told for pk in keys]))
    if not mine:
        return last(say(_("I can't find the alert that it came by.")), MY_ALERTS)
    less = searches.show_less(searches=mine, property=property, actor=person.user, origin=Origin.CHAT)
    return last(
        join(
            say(_("All right. From now on I leave these out:")),
            say("*{homes}*", homes=searches.in_words(less[0])),
            say(_("You see that under *My alerts*, and can take it back there.")),
        ),
        Suggestion(say(_("Take it back")), "show_again", property.ref),
        MY_ALERTS,
    )


@flow("show_again")
def show_again(person: Person) -> Script:
    """A seeker takes back that they want fewer alerts like the one of a property."""
    yield from ()
    property = listings.by_ref(person.argument, viewer=person.user)
    less = list(searches.leaving_out(person.user, property)) if property is not None else []
    if not less:
        return last(say(_("I tell you of that already.")), MY_ALERTS)
    for each in less:
        searches.show_again(less=each, actor=person.user, origin=Origin.CHAT)
    homes = searches.in_words(less[0])
    return last(say(_("I tell you of these again: {homes}."), homes=homes), MY_ALERTS)


def _delete(person: Person, search: SavedSearch) -> Generator[Any, Any, Last]:
    described = searches.describe(searches.from_json(search.criteria))
    yes = yield from ask(
        "sure",
        confirm(
            join(say(_("Delete this alert?")), say("*{search}*", search=described)),
            yes=say(_("Yes, delete it")),
            no=say(_("No, keep it")),
        ),
    )
    if not yes:
        return last(say(_("Kept: {search}."), search=described), MY_ALERTS)
    searches.delete(search=search, actor=person.user, origin=Origin.CHAT)
    return last(say(_("Deleted: {search}."), search=described), MY_ALERTS)
