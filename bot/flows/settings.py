"""How the bot talks to this chat: language, photos, times, and for which account."""

from collections.abc import Generator
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from bot.commands import help_words
from bot.flows.connecting import CONNECT
from bot.questions import Choice, Gone, Option, choice
from bot.scripts import Last, Person, Script, Suggestion, ask, flow, last
from bot.zones import city_of, zones_named
from inspector_whatsapp import changes
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Language, Link
from inspector_whatsapp.words import Words, join, say
from linking import rules

SETTINGS = Suggestion(say(_("Settings")), "settings")
ZONES = ("Africa/Lagos", "Europe/London", "America/New_York", "America/Toronto", "Asia/Dubai")


@flow("settings", needs_account=False)
def settings(person: Person) -> Script:
    """Somebody sets how the bot talks to this chat."""
    what = yield from ask(
        "what",
        choice(
            say(_("Settings of this chat. What do you want to change?")),
            ["language", "low_data", "zone", "accounts", *(["notifications"] if person.account else [])],
            option=lambda what: _setting(what, person),
        ),
    )
    match what:
        case "low_data":
            return (yield from _low_data(person))
        case "zone":
            return (yield from _zone(person))
        case "accounts":
            return (yield from _accounts(person))
    return last(say(""), then=what)


def _setting(what: str, person: Person) -> Option:
    """A setting and how it stands."""
    match what:
        case "notifications":
            words = say(_("what I write about, and when"))
            also = ("notifications", "messages", "quiet", "quiet hours", "reminders")
            return Option(what, say(_("Notifications")), words, also=also, starts=("notifications", ""))
        case "language":
            name = Language(person.reader.language).label
            return Option(what, say(_("Language")), say("{name}", name=name), starts=("language", ""))
        case "low_data":
            standing = _("on") if person.contact.low_data else _("off")
            return Option(what, say(_("Low-data mode")), say(standing), also=("low data", "data", "photos"))
        case "zone":
            zone = person.reader.zone
            now = say("{city}, {clock}", city=city_of(zone), clock=_clock(zone, person))
            return Option(what, say(_("Time zone")), now, also=("time", "zone", "clock"))
    count = rules.links(person.contact).count()
    accounts = say("{account}", account=person.account) if person.account else say(_("none"))
    if count > 1:
        accounts = say(_("{account} and {others} more"), account=person.account or "", others=count - 1)
    return Option(what, say(_("Accounts on this phone")), accounts, also=("accounts", "account", "switch"))


# --- low-data mode ----------------------------------------------------------------------------------------
def _low_data(person: Person) -> Generator[Any, Any, Last]:
    is_on = person.contact.low_data
    chosen = yield from ask(
        "low_data",
        choice(
            join(
                say(_("Low-data mode is on.")) if is_on else say(_("Low-data mode is off.")),
                say(
                    _("When it is on, I send no photos by myself. Type *photos* at a home for one small one.")
                ),
            ),
            ["off", "keep"] if is_on else ["on", "keep"],
            option=_low_data_option,
        ),
    )
    if chosen == "keep":
        return last(say(_("Nothing was changed.")), SETTINGS)
    person.contact.low_data = chosen == "on"
    person.contact.save(update_fields=["low_data"])
    if chosen == "on":
        return last(say(_("Done. Low-data mode is on: photos only when you ask, and small.")), SETTINGS)
    return last(say(_("Done. Low-data mode is off.")), SETTINGS)


def _low_data_option(chosen: str) -> Option:
    titles = {
        "on": (_("Turn it on"), ("on", "yes")),
        "off": (_("Turn it off"), ("off", "yes")),
        "keep": (_("Leave it"), ("no", "keep", "leave it")),
    }
    title, also = titles[chosen]
    return Option(chosen, say(title), also=also)


# --- time zone --------------------------------------------------------------------------------------------
@dataclass(frozen=True, kw_only=True)
class Zone(Choice[str]):
    """A time zone, by its IANA name; any, not only those that are shown."""

    def read(self, kept: Any) -> str:
        if str(kept) not in zones_named(str(kept)):
            raise Gone(self.gone)
        return str(kept)


def _zone(person: Person) -> Generator[Any, Any, Last]:
    zone = yield from ask(
        "zone",
        Zone(
            words=say(
                _("By which city's clock shall I write times? Pick one, or type a city, like *Houston*.")
            ),
            items=list(ZONES),
            option=lambda zone: Option(
                zone, say("{city}", city=city_of(zone)), say("{clock}", clock=_clock(zone, person))
            ),
            typed=zones_named,
            gone=say(_("I don't know that time zone.")),
            hint=say(_("I don't know that city. Type a big one near you, like *London* or *Accra*.")),
        ),
    )
    person.contact.time_zone = zone
    person.contact.save(update_fields=["time_zone"])
    changes.record(
        "contact_changed", person.contact, actor=person.account, origin=Origin.CHAT, fields=["time_zone"]
    )
    return last(
        say(
            _("Done. I'll write all times by the clock of {city}: it is {clock} there."),
            city=city_of(zone),
            clock=_clock(zone, person),
        ),
        SETTINGS,
    )


def _clock(zone: str, person: Person) -> str:
    """The time there now."""
    return say("{now:time}", now=person.now).put(replace(person.reader, zone=zone))


# --- accounts ---------------------------------------------------------------------------------------------
def _accounts(person: Person) -> Generator[Any, Any, Last]:
    links = list(rules.links(person.contact))
    if not links:
        return last(say(_("This chat is not connected to any account.")), CONNECT)
    todo = yield from ask(
        "accounts",
        choice(
            join(say(_("This phone speaks for:")), *(_account(link) for link in links)),
            [*(["switch"] if len(links) > 1 else []), "connect", "unlink"],
            option=_account_option,
        ),
    )
    return last(say(""), then=todo)


def _account(link: Link) -> Words:
    if link.current:
        return say(_("• {account} ({account:email}), now"), account=link.account)
    return say("• {account} ({account:email})", account=link.account)


def _account_option(todo: str) -> Option:
    titles = {
        "switch": (_("Switch"), ("switch", "change")),
        "connect": (_("Connect another"), ("connect", "add", "another")),
        "unlink": (_("Disconnect"), ("unlink", "remove")),
    }
    title, also = titles[todo]
    return Option(todo, say(title), also=also, starts=(todo, ""))


@flow("language", needs_account=False)
def language(person: Person) -> Script:
    """Somebody chooses the language that the bot talks in."""
    code = yield from ask(
        "language",
        choice(
            say(_("Which language?")),
            list(Language.values),
            option=lambda code: Option(code, say("{name}", name=Language(code).label), also=ALSO[code]),
        ),
    )
    person.contact.language = code
    person.contact.save(update_fields=["language"])
    return last(say(_("Done. I'll write in {name}."), name=Language(code).label))


ALSO = {"en": ("english", "oyinbo"), "pcm": ("pidgin", "naija", "broken")}


@flow("help", needs_account=False)
def help(person: Person) -> Script:
    """Somebody wants to know what they can do."""
    yield from ()
    return last(help_words())
