"""An agent's share links: of a property, by a source of its own for each group, and what came of them."""

import re
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from bot.flows.cards import to_forward
from bot.questions import NotUnderstood, Option, Prompt, Question, choice, no_words
from bot.questions.base import Shown
from bot.said import Said
from bot.scripts import Last, Person, Script, Suggestion, ask, flow, last
from inspector_whatsapp import listings, sharing
from inspector_whatsapp.cloud_api import messages as cloud
from inspector_whatsapp.cloud_api.limits import ROWS
from inspector_whatsapp.models import Property, Role, ShareSource
from inspector_whatsapp.models.listings import PropertyStatus
from inspector_whatsapp.words import Words, join, put, say

UPLOAD = Suggestion(say(_("Upload a property")), "upload_property")
OTHERS = Suggestion(say(_("Share a property")), "share")
RESULTS = Suggestion(say(_("Link results")), "share_results")
LONGEST_NAME = 60  # characters of a group's
MOST_RESULTS = 10


@flow("share", roles=(Role.AGENT,))
def share(person: Person) -> Script:
    """An agent gets the link and the QR code of a property of theirs."""
    property = yield from _pick(person)
    if isinstance(property, Last):
        return property
    return last(
        say(_("Press and hold the picture above to forward it. It has the link, and its QR code to scan.")),
        Suggestion(say(_("For a group")), "share_group", property.ref),
        RESULTS,
        Suggestion(say(_("Share another")), "share"),
        sends=(_picture(person, property, sharing.of_agent(person.user)),),
    )


@flow("share_group", roles=(Role.AGENT,))
def share_group(person: Person) -> Script:
    """An agent gets a link for one group, to see later what came of it."""
    property = yield from _pick(person)
    if isinstance(property, Last):
        return property
    groups = tuple(sharing.groups_of(person.user)[:ROWS])
    name = yield from ask("group", Group(words=_which(groups), groups=groups))
    return last(
        say(_("This link is for *{group}*: post it there, and I count who comes by it."), group=name),
        Suggestion(say(_("Another group")), "share_group", property.ref),
        RESULTS,
        OTHERS,
        sends=(_picture(person, property, sharing.of_group(person.user, name)),),
    )


@flow("share_results", roles=(Role.AGENT,))
def share_results(person: Person) -> Script:
    """An agent sees how many came by each of their links, wrote to us, and booked."""
    yield from ()
    sources = sharing.results_of(person.user)[:MOST_RESULTS]
    if not sources:
        return last(say(_("You have not shared a link yet.")), OTHERS)
    return last(
        join(
            say(_("By link: opened it → wrote here → booked")),
            *(_result(source) for source in sources),
            say(_("Everybody counts once a day. A booking counts up to 30 days after they wrote.")),
        ),
        OTHERS,
    )


def _pick(person: Person) -> Generator[Any, Any, Property | Last]:
    """One of their live properties: the one named, or the one they pick; or why there is none."""
    own = listings.of(person.user)
    live = own.filter(status=PropertyStatus.LIVE)
    if person.argument:
        ref = listings.ref_in(person.argument)
        property = own.filter(ref=ref).first()
        if property is None:
            return last(say(_("That is not one of your properties.")), OTHERS)
        if property.status != PropertyStatus.LIVE:
            return last(
                say(_("{property} is not live, so there is nothing to share yet."), property=property), OTHERS
            )
        return property
    if not live[:1]:
        return last(say(_("You have no live property to share yet.")), UPLOAD)
    picked: Property = yield from ask(
        "property",
        choice(
            say(_("Which property do you want to share?")),
            live,
            option=_option,
            field="ref",
            gone=say(_("That property is not live any more.")),
        ),
    )
    return picked


@dataclass(frozen=True, kw_only=True)
class Group(Question[str]):
    """The name of a group: one that they have a link for, or a new one."""

    groups: tuple[ShareSource, ...]

    def prompt(self, page: int) -> Prompt:
        return Prompt(
            self.words,
            tuple(Option(group.code, say("{name}", name=group.label)) for group in self.groups),
        )

    def hear(self, said: Said, value: str | None, shown: Shown) -> str:
        if not said.is_words:
            raise NotUnderstood(no_words(said))
        known = {group.code: group.label for group in self.groups}
        picked = value if value is not None else shown.exactly(said.text)
        if picked in known:
            return known[picked]
        if value is not None or said.tap or "://" in said.text or not re.search(r"\w\w", said.text):
            raise NotUnderstood(say(_("Please type the group's name.")))
        name = re.sub(r"\s+", " ", said.text)
        if len(name) > LONGEST_NAME:
            raise NotUnderstood(
                say(
                    _("That is too long: {length} of {most} characters."), length=len(name), most=LONGEST_NAME
                )
            )
        return next((each for each in known.values() if each.casefold() == name.casefold()), name)

    def read(self, kept: Any) -> str:
        return str(kept)


def _which(groups: Sequence[ShareSource]) -> Words:
    if groups:
        return say(_("For which group? Pick one, or type the name of a new one."))
    return say(_("What is the group called? Only you see the name."))


def _picture(person: Person, property: Property, source: ShareSource) -> cloud.Image:
    caption = put(to_forward(property, source), person.reader)
    return cloud.Image(cloud.Media(file=sharing.qr_name(property, source)), caption)


def _result(source: Any) -> Words:
    name = say("{name}", name=source.label) if source.label else say(_("Your own link"))
    return say(
        _("*{name}*: {opened} → {chats} → {bookings}"),
        name=name,
        opened=source.opened,
        chats=source.chatted,
        bookings=source.booked,
    )


def _option(property: Property) -> Option:
    return Option(
        property.ref,
        say("{property:kind}", property=property),
        say(_("{property:price} · {property:area} · {property:ref}"), property=property),
        also=(property.ref,),
    )
