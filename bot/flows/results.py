"""What a search found, a page at a time: cards with the next free times, and what can be done from there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from itertools import groupby
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from bot.assistant.commands import Slots
from bot.assistant.criteria import criteria_of, filters, is_over, let_go, place_slots
from bot.flows.cards import OFF_OFFER
from bot.flows.shorthand import argument_of
from bot.flows.wanted import by_ref
from bot.questions import Choice, Gone, NotUnderstood, Option, Prompt
from bot.questions.base import Shown, ShownOption
from bot.questions.choices import MORE
from bot.scripts import Last, Person, last
from inspector_whatsapp import listings, searches
from inspector_whatsapp.cloud_api import limits
from inspector_whatsapp.cloud_api.messages import clip
from inspector_whatsapp.listings import Criteria, Found, Relaxed, gazetteer
from inspector_whatsapp.models import Property, Slot
from inspector_whatsapp.models.listings import AMENITY_WORDS, Kind, ListingType
from inspector_whatsapp.words import LazyText, Words, join, put, say

PAGE = 5  # cards in one message
FARTHEST = 100  # pages that anybody turns
LONGEST = 160  # characters of the filters as they are said back
AREA = 32  # characters of an area's name on a card
ROOM = limits.INTERACTIVE_BODY - 240  # characters for filters and cards; the rest is for buttons and words

ALERT = "alert"  # the values of answers are kept with conversations: they never change meaning
BOOK = "book:"
CHANGE = "change:"
RELAX = "relax:"
AT = "at:"


@dataclass(frozen=True)
class Picked:
    """What somebody made of what was found. Exactly one of these is set."""

    property: Property | None = None
    book: str = ""  # the argument of a booking
    alert: bool = False
    change: str = ""  # the wish that they would like to change
    slots: Slots | None = None  # what they look for instead
    shown: ShownOption | None = None  # one of several that may have been meant


@dataclass(frozen=True, kw_only=True)
class Results(Choice[Picked]):
    """Properties that fit the slots; one that is named by its ref may be any other.

    first: the page that is shown at first. asks_where: nothing is known yet but that they look for a home.
    """

    person: Person
    slots: Slots
    first: int = 0
    asks_where: bool = False

    @cached_property
    def criteria(self) -> Criteria:
        return criteria_of(self.slots, zone=self.person.reader.tz)

    def prompt(self, page: int) -> Prompt:
        page = page or self.first
        found = listings.page(self.criteria, start=min(page, FARTHEST) * PAGE, most=PAGE)
        if not found.found and page:
            top = replace(self, first=0).prompt(0)
            over = say(_("That was all. From the first one again:"))
            return replace(top, words=join(over, top.words, separator="\n\n"))
        if not found.found:
            return self._nothing()
        options = [
            *self._cards(found.found),
            *self._buttons(found.found, has_more=found.has_more),
            *_changes(),
        ]
        words = [self._filters(), *([] if found.has_more or not page else [say(_("These are the last."))])]
        return Prompt(join(*words), tuple(options), page=page)

    def _filters(self) -> Words:
        if not self.slots:
            where = _("Here are the newest homes. Where shall it be?")
            return say(where if self.asks_where else _("The newest first:"))
        said = put(filters(self.slots), self.person.reader)
        return say("_{filters}_", filters=said if len(said) <= LONGEST else f"{said[: LONGEST - 1]}…")

    def _cards(self, found: Sequence[Found]) -> list[Option]:
        """With as many times each as there is room for."""
        reader = self.person.reader
        room = ROOM - len(put(self._filters(), reader))
        for times in range(listings.TIMES, -1, -1):
            cards = [_option(each, times) for each in found]
            if sum(len(put(option.card or "", reader)) + len("\n\n5. ") for option in cards) <= room:
                break
        return cards

    def _buttons(self, found: Sequence[Found], *, has_more: bool) -> Iterator[Option]:
        if self.asks_where:
            areas = [area for area, _many in listings.areas_with_counts() if len(area) <= limits.BUTTON_TITLE]
            for area in areas[: limits.BUTTONS - (1 if has_more else 0)]:
                yield Option(f"{AT}{area}", say("{area}", area=area))
        else:
            first = next((each for each in found if each.times), None)
            if first is not None:
                yield self._book(first.property, first.times[0])
        if has_more:
            yield Option(MORE, say(_("More")), also=("next", "show more"))
        if not self.asks_where:
            yield self._alert(say(_("Save this search")))

    def _book(self, property: Property, slot: Slot) -> Option:
        argument = f"{property.ref}.{slot.pk}"
        soon = slot.starts_at - self.person.now < timedelta(days=6)
        words = _("Book {slot:weekday}") if soon else _("Book {slot:date}")
        return Option(
            f"{BOOK}{argument}", say(words, slot=slot), also=("book",), starts=("book_inspection", argument)
        )

    def _alert(self, title: Words) -> Option:
        argument = argument_of(self.criteria)
        also = ("alert", "alert me", "notify me", "save", "save search")
        return Option(ALERT, title, also=also, starts=("save_alert", argument) if argument else None)

    def _nothing(self) -> Prompt:
        """Nothing fits: what stands in the way, and what is nearest."""
        relaxations, near = listings.relax(self.criteria)
        words = [say(_("Nothing is on offer for this now:")), self._filters()]
        if is_over(self.slots, now=self.person.now, zone=self.person.reader.tz):
            words.insert(0, say(_("Those days are over.")))
        if relaxations:
            words.append(
                say(_("This would find some:") if not near else _("This would find some, like these:"))
            )
        options = [_option(each, 1) for each in near]
        options += [_relaxation(each) for each in relaxations[: limits.BUTTONS - 1]]
        options.append(self._alert(say(_("Tell me of new ones"))))
        return Prompt(join(*words), (*options, *_changes()))

    def read(self, kept: Any) -> Picked:
        value = str(kept)
        if value == ALERT:
            return Picked(alert=True)
        if value.startswith(BOOK):
            return Picked(book=value.removeprefix(BOOK))
        if value.startswith(CHANGE):
            return Picked(change=value.removeprefix(CHANGE))
        if value.startswith(RELAX):
            return Picked(slots=let_go(self.slots, value.removeprefix(RELAX)))
        if value.startswith(AT):
            return Picked(slots=dict(place_slots(value.removeprefix(AT))))
        property = listings.by_ref(value, viewer=self.person.account)
        if property is None:
            raise Gone(self.gone)
        return Picked(property)

    def _items(self, several: Sequence[Any]) -> Sequence[Picked]:
        return [Picked(shown=each) for each in several]

    def _named(self, words: str, shown: Shown) -> str:
        """The name of a place alone is where to look, and not the one home on the screen that is there."""
        if shown.exactly(words) is None and gazetteer.is_place(words):
            raise NotUnderstood(self.hint or say(""))
        return super()._named(words, shown)


def results(person: Person, slots: Slots, *, first: int = 0, asks_where: bool = False) -> Results:
    """Show what fits, and ask what to do with it."""
    return Results(
        words=say(""),
        items=(),
        option=_named,
        typed=lambda words: [Picked(each) for each in by_ref(words, person)],
        gone=OFF_OFFER,
        hint=say(_("Type the number of a home to see it, or tap a button.")),
        person=person,
        slots=slots,
        first=first,
        asks_where=asks_where,
    )


def lead_on(picked: Picked, slots: Slots, person: Person) -> Last | None:
    """What the answer leads to; None for a property, or a wish to change, which is the flow's."""
    if picked.book:
        return last(say(""), then="book_inspection", argument=picked.book)
    if picked.slots is not None:
        return last(say(""), then="find", answers={"wanted": picked.slots})
    if picked.alert:
        criteria = criteria_of(slots, zone=person.reader.tz)
        argument = argument_of(criteria)
        kept = {} if argument else {"wanted": searches.to_json(criteria)}
        return last(say(""), then="save_alert", argument=argument, answers=kept)
    return None


def change(picked: Picked, slots: Slots) -> Last:
    """Another flow's search goes on where wishes are changed one by one."""
    return last(say(""), then="find", answers={"wanted": slots, "property": f"{CHANGE}{picked.change}"})


def _named(picked: Picked) -> Option:
    if picked.shown is not None:
        title, *also = picked.shown.labels
        return Option(picked.shown.value, say("{title}", title=title), also=tuple(also))
    assert picked.property is not None
    return _option(Found(picked.property), 0)


def _option(found: Found, times: int) -> Option:
    """A property as a card, with so many of its next times; 0: nothing is said of them."""
    property = found.property
    return Option(
        property.ref,
        say("{property:kind}", property=property),
        say(_("{property:price} · {property:area} · {property:ref}"), property=property),
        also=(property.ref,),
        card=join(
            say(_("*{property:kind}* · {property:ref}"), property=property),
            say(
                _("{property:price} · {property:offer} · {area}")
                if property.listing_type == ListingType.SALE
                else _("{property:price} · {area}"),
                property=property,
                area=clip(property.area, AREA),
            ),
            _free(found.times[:times]) if times else "",
        ),
    )


def _free(times: Sequence[Slot]) -> Words:
    """`Free: Fri 27 Nov 10 am · Sat 28 Nov 2 pm, 3 pm`; the days are told in the reader's zone."""
    return ByDay(_("Free: {times}"), {"slots": tuple(times)}) if times else say(_("No free times yet"))


def _changes() -> list[Option]:
    """The wishes that can be changed, as words to type."""
    names = ["area", "price", "bedrooms", "kind", "days"]
    return [
        Option(
            f"{CHANGE}{name}",
            say(CHANGES[name]),
            say(_("to change it")) if name == names[-1] else None,
            also=(name, f"change {name}", f"change the {name}", *_ALSO[name]),
            quiet=True,
        )
        for name in names
    ]


CHANGES: dict[str, LazyText] = {
    "area": _("area"),
    "price": _("price"),
    "bedrooms": _("bedrooms"),
    "kind": _("kind"),
    "days": _("days"),
}
_ALSO = {
    "area": ("place", "change place", "another area", "the area"),
    "price": ("budget", "change budget", "the budget", "change amount"),
    "bedrooms": ("rooms", "bedroom", "change rooms", "the bedrooms"),
    "kind": ("type", "change type", "the kind"),
    "days": ("day", "dates", "change day", "change date", "change dates", "another day"),
}


def _relaxation(relaxed: Relaxed) -> Option:
    count = relaxed.count
    many = (
        say(_("{count} or more"), count=count)
        if count >= listings.COUNTED
        else say(ngettext_lazy("{count} property", "{count} properties", count), count=count)
    )
    title = RELAXED[relaxed.wish][1 if relaxed.name else 0]
    named: object = relaxed.name
    if relaxed.wish.startswith("amenities"):
        named = AMENITY_WORDS.get(relaxed.name, relaxed.name)
    elif relaxed.wish == "kinds_excluded" and relaxed.name in Kind.values:
        named = Kind(relaxed.name).label
    return Option(f"{RELAX}{relaxed.wish}:{relaxed.name}", say(title, name=named), many)


# What a search without a wish is called; with a name, where the wish is about one thing.
RELAXED: dict[str, tuple[LazyText, LazyText]] = {
    "price": (_("Any price"), _("Any price")),
    "period": (_("Paid in any way"), _("Paid in any way")),
    "days": (_("Any day"), _("Any day")),
    "area": (_("Anywhere"), _("All of {name}")),
    "city": (_("Anywhere there"), _("All of {name}")),
    "place": (_("Anywhere"), _("Anywhere")),
    "street": (_("Any street"), _("Any street")),
    "bedrooms": (_("Any bedrooms"), _("Any bedrooms")),
    "bathrooms": (_("Any bathrooms"), _("Any bathrooms")),
    "kind": (_("Any kind"), _("Any kind")),
    "kinds_excluded": (_("Every kind"), _("Also {name}")),
    "offer": (_("Rent, sale, shortlet"), _("Rent, sale, shortlet")),
    "amenities": (_("Without the extras"), _("Without {name}")),
    "amenities_excluded": (_("Whatever it has"), _("Also with {name}")),
    "areas_excluded": (_("Those areas too"), _("Also in {name}")),
    "all": (_("Everything there"), _("Everything in {name}")),
}


@dataclass(frozen=True)
class ByDay(Words):
    """Times with their days, each day once, in the reader's zone."""

    def put(self, reader: Any) -> str:
        slots: tuple[Slot, ...] = self.values["slots"]  # type: ignore[assignment]
        days = groupby(slots, key=lambda slot: slot.starts_at.astimezone(reader.tz).date())
        spelt = [
            say(
                "{day} {hours}",
                day=day,
                hours=join(*(say("{slot:hour}", slot=slot) for slot in own), separator=", "),
            )
            for day, own in days
        ]
        return say(self.message, times=join(*spelt, separator=" · ")).put(reader)
