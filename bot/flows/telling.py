"""What somebody is told by itself, by which channel, and when they are left in peace."""

import re
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any

from django.utils.translation import gettext_lazy as _

from bot.days import readings
from bot.flows.settings import SETTINGS
from bot.questions import Choice, Gone, Option, choice
from bot.scripts import Last, Person, Script, ask, flow, last
from inspector_whatsapp.words import LazyText, Words, say
from notifications import consent, preferences
from notifications import kind as kinds
from notifications.kind import Topic
from notifications.preferences import Quiet, Wishes
from notifications.recipients import EMAIL, WHATSAPP

WAYS: dict[str, tuple[tuple[str, ...], LazyText]] = {
    "both": ((WHATSAPP, EMAIL), _("WhatsApp and e-mail")),
    "whatsapp": ((WHATSAPP,), _("WhatsApp only")),
    "email": ((EMAIL,), _("E-mail only")),
    "none": ((), _("Not at all")),
}
QUIET = "quiet"
NEVER = "never"
OFFERED = ("21:00-07:00", "22:00-06:00", "20:00-08:00", NEVER)
_RANGE = re.compile(
    r"(\d{1,2})(?:[:.](\d{2}))?\s*([ap]m)?\s*(?:-|–|to|till|until)\s*(\d{1,2})(?:[:.](\d{2}))?\s*([ap]m)?"
)


@flow("notifications")
def notifications(person: Person) -> Script:
    """Somebody says what they want to be told, how, and when not."""
    wishes = preferences.of(person.user)
    what = yield from ask(
        "what",
        choice(
            say(_("What shall I write to you about? Pick one to change it.")),
            [*_topics(person), QUIET],
            option=lambda what: _shown(what, wishes),
        ),
    )
    if what == QUIET:
        return (yield from _quiet(person, wishes))
    topic = Topic(what)
    way = yield from ask(
        "way",
        choice(
            say(_("{topic}: how shall I tell you?"), topic=_title(topic)),
            list(WAYS),
            option=lambda way: Option(way, say(WAYS[way][1]), also=ALSO[way]),
        ),
    )
    channels, name = WAYS[way]
    preferences.choose(account=person.user, topic=topic, channels=channels)
    if EMAIL in channels and topic in preferences.OFFERS:
        consent.resume_mail_offers(account=person.user, topic=topic, how="settings", at=person.now)
    done = say(_("Done. {topic}: {way}."), topic=_title(topic), way=name)
    if topic in (Topic.INSPECTIONS, Topic.REMINDERS) and way != "both":
        today = say(_("What concerns an inspection of the same day always comes by both."))
        return last(say("{done} {today}", done=done, today=today), SETTINGS)
    return last(done, SETTINGS)


ALSO = {
    "both": ("both", "all"),
    "whatsapp": ("whatsapp", "chat", "here"),
    "email": ("email", "mail", "letter"),
    "none": ("none", "nothing", "no", "off"),
}


def _topics(person: Person) -> list[Topic]:
    """What somebody of this role is ever told about, in the order of their list."""
    theirs = {kind.topic for kind in kinds.every() if person.user.role_here in kind.recipients}
    return [topic for topic in preferences.CHOOSABLE if topic in theirs]


def _shown(what: str, wishes: Wishes) -> Option:
    if what == QUIET:
        hours = _hours(wishes.quiet) if wishes.quiet else say(_("none"))
        return Option(QUIET, say(_("Quiet hours")), hours, also=("quiet", "night", "hours"))
    topic = Topic(what)
    channels = tuple(channel for channel in (WHATSAPP, EMAIL) if wishes.wants(topic, channel))
    way = next(name for own, name in WAYS.values() if own == channels)
    return Option(topic, _title(topic), say(way), also=(str(topic),))


def _title(topic: Topic) -> Words:
    return say("{topic}", topic=topic.label)


# --- quiet hours ------------------------------------------------------------------------------------------
@dataclass(frozen=True, kw_only=True)
class Hours(Choice[str]):
    """From when to when, as `22:00-06:00`; any, not only those that are shown."""

    def read(self, kept: Any) -> str:
        if kept != NEVER and _quiet_of(str(kept)) is None:
            raise Gone(self.gone)
        return str(kept)


def _quiet(person: Person, wishes: Wishes) -> Generator[Any, Any, Last]:
    if wishes.quiet is None:
        standing = say(_("You have no quiet hours: I write at any hour."))
    else:
        standing = say(_("From {hours} I don't write by myself."), hours=_hours(wishes.quiet))
    hours = yield from ask(
        "hours",
        Hours(
            words=say(
                _("{standing} When shall I be quiet? Pick one, or type it, like *10pm to 6am*."),
                standing=standing,
            ),
            items=list(OFFERED),
            option=_offered,
            typed=_typed,
            gone=say(_("Those are no hours.")),
            hint=say(_("Type from when to when, like *10pm to 6am*.")),
        ),
    )
    quiet = None if hours == NEVER else _quiet_of(hours)
    preferences.set_quiet(account=person.user, quiet=quiet)
    if quiet is None:
        return last(say(_("Done. I write at any hour.")), SETTINGS)
    return last(
        say(
            _("Done. I keep quiet from {hours}. Codes, security news and what can't wait come all the same."),
            hours=_hours(quiet),
        ),
        SETTINGS,
    )


def _offered(hours: str) -> Option:
    if hours == NEVER:
        return Option(NEVER, say(_("Never quiet")), also=("never", "none", "off"))
    quiet = _quiet_of(hours)
    return Option(hours, _hours(quiet) if quiet else say("{hours}", hours=hours))


def _hours(quiet: Quiet) -> Words:
    start, end = (f"{clock:%I:%M %p}".lstrip("0").lower() for clock in (quiet.start, quiet.end))
    return say(_("{start} to {end}"), start=start, end=end)


def _typed(words: str) -> Sequence[str]:
    """The hours that words name: the evening where a start may be two, the morning where an end may."""
    found = _RANGE.search(words.casefold())
    if found is None:
        return ()
    starts, ends = _readings(found[1], found[2], found[3]), _readings(found[4], found[5], found[6])
    if not starts or not ends or max(starts) == min(ends):
        return ()
    return (f"{max(starts):%H:%M}-{min(ends):%H:%M}",)


def _readings(hour: str, minute: str | None, half: str | None) -> list[time]:
    """`10` may be of the morning or the evening; `06` and `00` are by a clock of 24 hours."""
    found = readings(int(hour), int(minute or 0), (half or "")[:1])
    return found[:1] if hour.startswith("0") else found


def _quiet_of(hours: str) -> Quiet | None:
    try:
        start, end = (time.fromisoformat(part) for part in hours.split("-"))
    except ValueError:
        return None
    return Quiet(start, end) if start != end else None
