"""An agent describes a property and hands it in."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from bot import drafts
from bot.flows.described import ITEMS, MOST_PHOTOS, Item, Sketch, named, preview, titles
from bot.flows.foretold import NOTHING, SAID, begun_with, is_begun, said_of
from bot.models import Draft
from bot.questions import Choice, Option, Prompt, choice
from bot.scripts import Person, Script, Suggestion, ask, flow, last, once
from inspector_whatsapp import listings
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Role
from inspector_whatsapp.models.listings import Kind
from inspector_whatsapp.words import Words, join, say


@flow("upload_property", roles=(Role.AGENT,))
def upload(person: Person) -> Script:
    """An agent uploads a property: a new one, or goes on with one that is unfinished."""
    draft = drafts.of(person.user, "describe_property", now=person.now)
    if draft is None or not is_begun(draft.answers):
        yield from ()
        return last(say(""), then="describe_property")
    todo, _title = yield from ask(
        "draft",
        choice(
            say(
                _("You have an unfinished property: *{about}*, last worked on {at:when}. Finish it?"),
                about=_about(draft),
                at=draft.touched_at,
            ),
            [
                ("go_on", say(_("Finish it"))),
                ("anew", say(_("Start a new one"))),
                ("throw_away", say(_("Throw it away"))),
            ],
            option=lambda pair: Option(pair[0], pair[1], also=DRAFT_WORDS[pair[0]]),
        ),
    )
    if todo == "go_on":
        return last(say(""), then="describe_property")
    drafts.throw_away(person.user, "describe_property")
    if todo == "anew":
        return last(say(_("The unfinished one is thrown away.")), then="describe_property")
    return last(say(_("Thrown away.")), Suggestion(say(_("Upload a property")), "upload_property"))


DRAFT_WORDS = {
    "go_on": ("finish", "yes"),
    "anew": ("new", "new one", "start anew", "start again", "fresh"),
    "throw_away": ("throw away", "delete", "remove", "forget it", "no"),
}


def _about(draft: Draft) -> Words:
    """What an unfinished property is, as far as it has been said."""
    said = draft.answers.get(SAID) or {}
    kind, spot = ((draft.answers.get(name) or said.get(name)) for name in ("kind", "area"))
    if kind not in Kind.values:
        return say(_("a property"))
    if not isinstance(spot, dict) or "area" not in spot:
        return say("{kind}", kind=Kind(kind).label)
    return say(_("{kind}, {area}"), kind=Kind(kind).label, area=spot["area"])


@flow("describe_property", roles=(Role.AGENT,), draft=True)
def describe(person: Person) -> Script:
    """An agent describes a property, changes what is wrong, and hands it in."""
    said = yield from once(SAID, dict)  # before it was asked for
    sketch = yield from _complete(person, begun_with(said), "", said)
    # A change is one more answer after the others, so that none of them is forgotten.
    for turn in count(1):
        todo = yield from ask(f"review_{turn}", _review(sketch))
        if todo == "submit":
            break
        item = next((item for item in ITEMS if item.name == todo), None)
        if item is None:
            item = yield from ask(f"which_{turn}", _which(sketch))
        sketch = yield from _change(person, sketch, item, turn)
        sketch = yield from _complete(person, sketch, f"_{turn}")
    property = listings.submit(
        agent=person.user,
        fields=sketch.submission(),
        photos=[(photo.file, photo.digest) for photo in sketch.photos],
        origin=Origin.CHAT,
    )
    return last(
        join(
            say(_("Sent to Inspector: {property}."), property=property),
            say(_("They look at it now. I'll tell you here when it is live.")),
        ),
        Suggestion(say(_("Upload another")), "upload_property"),
    )


Described = Generator[Any, Any, Sketch]


def _complete(person: Person, sketch: Sketch, suffix: str, said: Mapping[str, Any] = NOTHING) -> Described:
    """Ask for every item that is still to be said."""
    for item in ITEMS:
        if item.name not in sketch.given and item.fits(sketch):
            known = said_of(item, said, person, sketch)
            if known is None:
                known = yield from ask(item.name + suffix, item.question(person, sketch))
            sketch = sketch.having(item.name, known)
    return sketch


def _change(person: Person, sketch: Sketch, item: Item, turn: int) -> Described:
    if item.name == "photos" and sketch.photos:
        todo, _title = yield from ask(f"photos_there_{turn}", _photos_there(len(sketch.photos)))
        if todo == "keep":
            return sketch
        if todo == "other":
            sketch = replace(sketch, photos=[])
    value = yield from ask(f"{item.name}_{turn}", item.question(person, sketch))
    return sketch.having(item.name, value)


def _photos_there(many: int) -> Choice[tuple[str, Words]]:
    """What becomes of the photos that were sent before."""
    more = [("add", say(_("Add more")))] if many < MOST_PHOTOS else []
    return choice(
        say(ngettext_lazy("There is {count} photo.", "There are {count} photos.", many), count=many),
        [*more, ("other", say(_("Send other photos"))), ("keep", say(_("Keep them")))],
        option=lambda pair: Option(pair[0], pair[1], also=PHOTO_WORDS[pair[0]]),
    )


PHOTO_WORDS = {
    "add": ("more", "add"),
    "other": ("other", "others", "new", "replace"),
    "keep": ("keep", "no", "leave"),
}


# --- looking it over --------------------------------------------------------------------------------------
@dataclass(frozen=True, kw_only=True)
class Review(Choice[str]):
    """Send it in, or change something; what to change can be typed at once."""

    def prompt(self, page: int) -> Prompt:
        return replace(super().prompt(0), options=tuple(map(self.option, SHOWN)), has_more=False)


SHOWN = ("submit", "change")


def _review(sketch: Sketch) -> Review:
    items = _changeable(sketch)
    return Review(
        words=join(say(_("This is how it will look. Send it in?")), preview(sketch), separator="\n\n"),
        items=[*SHOWN, *(item.name for item in items)],
        option=_review_option,
        typed=lambda words: [item.name for item in _named(words, items)],
        gone=say(_("Please look at it again.")),
        hint=say(_("Tap *Send it in*, or type what to change, like *price* or *photos*.")),
        photo=sketch.photos[0].file if sketch.photos else "",
        brief=say(_("Send it in?")),
    )


def _review_option(name: str) -> Option:
    match name:
        case "submit":
            return Option(
                name, say(_("Send it in")), also=("send", "submit", "yes", "ok", "okay", "oya", "post it")
            )
        case "change":
            return Option(name, say(_("Change something")), also=("change", "edit", "no"))
    return Option(name, next(item.title for item in ITEMS if item.name == name))


def _which(sketch: Sketch) -> Choice[Item]:
    items = _changeable(sketch)
    return choice(
        say(_("What shall we change? The rest stays as it is.")),
        items,
        option=lambda item: Option(item.name, item.title, also=item.also),
        typed=lambda words: _named(words, items),
    )


def _changeable(sketch: Sketch) -> list[Item]:
    """The items of this property; the name of an area is changed with the area."""
    return [item for item in ITEMS if item.fits(sketch) and item.name != "area_name"]


def _named(words: str, items: list[Item]) -> list[Item]:
    return named(words, items, lambda item: (*titles(item.title), *item.also))
