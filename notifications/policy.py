"""Whether and how a notification leaves, decided in one place.

    consent → preference → reachability → quiet hours → window → template

Nothing here asks the database: `facts.py` gathers what is known when a message is about to leave, the
channels follow the decision and keep its steps, each with its reason, on the message (decision record 7).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from inspector_whatsapp.models.outbox import Category, Status
from inspector_whatsapp.outbox import Step
from notifications.kind import Topic, Urgency
from notifications.registry import Unusable, Usable


@dataclass(frozen=True, kw_only=True)
class About:
    """What is to be said. essential: no preference turns it off. answers: its reader brought it about.

    one_way: nobody has written a letter of it besides.
    """

    topic: Topic
    category: Category
    urgency: Urgency
    essential: bool = False
    answers: bool = False
    one_way: bool = False
    expires_at: datetime | None = None

    @property
    def is_offer(self) -> bool:
        return self.category == Category.MARKETING

    @property
    def is_security(self) -> bool:
        return self.topic == Topic.SECURITY


@dataclass(frozen=True, kw_only=True)
class OnWhatsApp:
    """What is known of somebody on WhatsApp.

    trouble: why Meta cannot reach them. quiet_until: when the quiet hours end that are on now. template: what
    the kind has for a closed window; None when it has none.
    """

    stopped: bool = False
    offers_stopped: bool = False
    wanted: bool = True
    trouble: str = ""
    quiet_until: datetime | None = None
    window_open: bool = True
    template: Usable | Unusable | None = None


@dataclass(frozen=True, kw_only=True)
class InMailbox:
    """What is known of somebody's mailbox. trouble: why letters do not reach it."""

    stopped: bool = False
    offers_stopped: bool = False
    wanted: bool = True
    trouble: str = ""


@dataclass(frozen=True)
class SayFreely:
    """In our words: the window is open, or it is a letter."""


@dataclass(frozen=True)
class SayByTemplate:
    """By the template, in the language that was found."""

    template: Usable


@dataclass(frozen=True)
class Hold:
    """Not before then."""

    until: datetime


@dataclass(frozen=True)
class SayByMail:
    """Not on WhatsApp: a letter takes its place."""

    why: str


@dataclass(frozen=True)
class Drop:
    """Not at all."""

    why: str
    status: Status = Status.WITHHELD


Route = SayFreely | SayByTemplate | Hold | SayByMail | Drop


@dataclass(frozen=True)
class Decision:
    """Where a message goes, and the steps that led there."""

    route: Route
    steps: tuple[Step, ...] = field(default=())


def on_whatsapp(about: About, person: OnWhatsApp) -> Decision:
    """What becomes of a message to somebody on WhatsApp."""
    return _decided(_whatsapp_steps(about, person))


def in_mailbox(about: About, person: InMailbox) -> Decision:
    """What becomes of a letter."""
    return _decided(_mail_steps(about, person))


_Steps = Iterable[tuple[str, str, Route | None]]


def _decided(steps: _Steps) -> Decision:
    """Go through the steps until one decides; the last one does."""
    taken: list[Step] = []
    for name, says, route in steps:
        taken.append(Step(name, says))
        if route is not None:
            return Decision(route, tuple(taken))
    raise AssertionError("the last step decides")


def _whatsapp_steps(about: About, person: OnWhatsApp) -> _Steps:
    yield _consent(about, person)
    yield _preference(about, SayByMail if about.one_way else Drop, wanted=person.wanted, where="on WhatsApp")
    if person.trouble:
        yield "reachable", person.trouble, SayByMail(person.trouble)
    yield _quiet_hours(about, person.quiet_until)
    if person.window_open:
        yield "window", "open: said in our words", SayFreely()
    yield "window", "closed: only a template may be said", None
    match person.template:
        case None:
            why = "this kind has no template"
            yield "template", why, SayByMail(why)
        case Unusable(why):
            yield "template", why, SayByMail(why)
        case Usable() as usable if usable.category == Category.MARKETING and person.offers_stopped:
            why = f"they stopped offers, and Meta counts {usable.template} as one"
            yield "category", why, SayByMail(why)
        case Usable() as usable:
            fell_back = ", there is none in their language" if usable.fell_back else ""
            says = f"{usable.template} ({usable.language}){fell_back}"
            yield "template", says, SayByTemplate(usable)


def _mail_steps(about: About, person: InMailbox) -> _Steps:
    if person.stopped and not about.is_security:
        why = "they stopped everything but security news"
        yield "consent", why, Drop(why)
    if person.offers_stopped and about.is_offer:
        why = "they stopped offers by e-mail"
        yield "consent", why, Drop(why)
    yield "consent", "given", None
    yield _preference(about, Drop, wanted=person.wanted, where="by e-mail")
    if person.trouble:
        yield "reachable", person.trouble, Drop(person.trouble)
    yield "route", "by e-mail, at any hour", SayFreely()


def _consent(about: About, person: OnWhatsApp) -> tuple[str, str, Route | None]:
    if person.stopped:
        why = "they stopped everything on WhatsApp"
        return "consent", why, SayByMail(why) if about.is_security else Drop(why)
    if person.offers_stopped and about.is_offer:
        why = "they stopped offers on WhatsApp"
        return "consent", why, SayByMail(why)
    return "consent", "given", None


def _preference(
    about: About, unwanted: type[SayByMail | Drop], *, wanted: bool, where: str
) -> tuple[str, str, Route | None]:
    if wanted:
        return "preference", f"wanted {where}", None
    if about.essential:
        return "preference", f"not wanted {where}, but this cannot be turned off", None
    why = f"they do not want it {where}: {about.topic}"
    return "preference", why, unwanted(why)


def _quiet_hours(about: About, until: datetime | None) -> tuple[str, str, Route | None]:
    if until is None:
        return "quiet hours", "none now", None
    if about.urgency == Urgency.NOW:
        return "quiet hours", "on, but this is said at any hour", None
    if about.answers:
        return "quiet hours", "on, but this answers what they have just done", None
    if about.expires_at is None or about.expires_at > until:
        return "quiet hours", f"held until {until:%H:%M} ({until.tzinfo})", Hold(until)
    if about.essential:
        return "quiet hours", "on, but this cannot wait for their end", None
    why = "too late to be of use once the quiet hours are over"
    return "quiet hours", why, Drop(why, Status.EXPIRED)
