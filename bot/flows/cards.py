"""A property's card: what it says, its photos, its place on the map, and what can be done with it."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from bot.questions import Option, choice
from bot.scripts import Last, Person, Script, again, ask, last
from inspector_whatsapp import enquiries
from inspector_whatsapp.cloud_api import messages as cloud
from inspector_whatsapp.models import Enquiry, Property, PropertyPhoto, ShareSource
from inspector_whatsapp.models.enquiries import EnquiryState
from inspector_whatsapp.models.listings import PropertyStatus
from inspector_whatsapp.sharing import link
from inspector_whatsapp.words import Address, LazyText, Words, join, put, say
from notifications.timeleft import Ago

PICTURES = 5  # that are sent when somebody wants to see more

OFF_OFFER = say(_("That property is no longer on offer."))


def show_card(person: Person, property: Property, *, saved: bool, back_to: str = "") -> Script:
    """A property with its photo, and what can be done with it.

    back_to: the question of the list that it was picked from.
    """
    low_data = person.contact.low_data
    photos = list(property.photos.order_by("position", "pk"))
    is_live = property.status == PropertyStatus.LIVE
    known = enquiries.standing(property, now=person.now)
    may_ask = enquiries.may_ask(property, person.account, known=known, now=person.now)
    options = [
        *(["book"] if is_live else []),
        "remove" if saved else "save",
        *(["still_there"] if may_ask else []),
        *(["share"] if is_live else []),
        *(["photos"] if photos else []),
        *(["map"] if property.latitude is not None and property.longitude is not None else []),
        *(["results"] if back_to else []),
    ]
    todo = yield from ask(
        "do",
        choice(
            card(property, _how_it_stands(known, person)),
            options,
            option=lambda todo: _option(todo, property, quiet=todo == "share" and may_ask),
            photo=(photos[0].image.name or "") if photos and not low_data else "",
            brief=say(_("*{property:short}* · {property:ref}"), property=property),
        ),
    )
    match todo:
        case "results":
            yield from again(back_to)
        case "share":
            yield from again(
                "do",
                because=HOW_TO_FORWARD,
                sends=(message_to_forward(property, person),),
            )
        case "photos":
            yield from again("do", because=_of_photos(photos, low_data), sends=_pictures(photos, low_data))
        case "map":
            yield from again("do", sends=(pin(property, person),))
    return _go_on_with(todo, person, property)


def _go_on_with(todo: str, person: Person, property: Property) -> Last:
    if todo == "book":
        return last(
            say(_("Let's book {property}."), property=property), then="book_inspection", argument=property.ref
        )
    words = say(_("I'll keep it for you.")) if person.account is None else say("")
    return last(words, then=todo, argument=property.ref)


def _option(todo: str, property: Property, *, quiet: bool) -> Option:
    """quiet: typed and not tapped; four buttons would make a list of them, a tap more for everybody."""
    title, also, flow = TODO[todo]
    return Option(
        todo,
        say(QUIET.get(todo, title) if quiet else title),
        also=also,
        starts=(flow, property.ref) if flow else None,
        quiet=quiet or todo in ("photos", "map", "results"),
    )


# What it says, other words for it, and the flow that it leads to.
TODO: dict[str, tuple[LazyText, tuple[str, ...], str]] = {
    "book": (_("Book"), ("book", "book an inspection", "inspect", "visit"), "book_inspection"),
    "save": (_("Save"), ("save", "keep", "interested"), "save"),
    "remove": (_("Remove"), ("remove",), "remove"),
    "still_there": (
        _("Still there?"),
        ("still there", "is it still there", "is it available"),
        "still_there",
    ),
    "share": (_("Share"), ("share", "forward", "send", "link"), "forward"),
    "photos": (_("photos"), ("photos", "photo", "pictures", "pics", "images"), ""),
    "map": (_("map"), ("map", "location", "where", "directions"), ""),
    "results": (_("results"), ("results", "list", "others", "back to results"), ""),
}


def _how_it_stands(known: Enquiry | None, person: Person) -> Words:
    """What its agent has said of whether it is still there."""
    match known.state if known else "":
        case EnquiryState.THERE:
            assert known is not None
            return say(_("✓ Confirmed {ago}"), ago=Ago(person.now, known.ended_at or person.now))
        case EnquiryState.UNANSWERED if known is not None and known.answer_by is None:
            return say(_("Not confirmed: the agent could not be reached"))
        case EnquiryState.UNANSWERED:
            return say(_("Not confirmed: the agent has not answered"))
        case EnquiryState.ASKED:
            return say(_("The agent is being asked whether it is still there"))
    return say("")


QUIET: dict[str, LazyText] = {"share": _("share")}  # as words to type


def card(property: Property, stands: Words) -> Words:
    """What a property's card says. stands: what its agent has said of it."""
    about = [
        say(_("*{property:short}* · {property:ref}"), property=property),
        say(_("{property:price} · {property:offer}"), property=property),
        say("{property:address}", property=property),
        stands,
    ]
    if property.status != PropertyStatus.LIVE:
        about.append(say(_("Not on offer now: {status}"), status=PropertyStatus(property.status).label))
    if property.amenities:
        about.append(say("{property:amenities}", property=property))
    if property.description:
        about.append(say("{text}", text=property.description[:300]))
    if property.url:
        about.append(say("{url}", url=Address(property.url)))
    return join(*about)


def property_option(property: Property) -> Option:
    """A property as a row."""
    return Option(
        property.ref,
        say("{property:kind}", property=property),
        say(_("{property:price} · {property:area} · {property:ref}"), property=property),
        also=(property.ref,),
    )


def pin(property: Property, person: Person) -> cloud.Location:
    """Where it is, on the map."""
    assert property.latitude is not None
    assert property.longitude is not None
    return cloud.Location(
        property.latitude,
        property.longitude,
        put(say("{property:short}", property=property), person.reader),
        put(say("{property:address}", property=property), person.reader),
    )


def to_forward(property: Property, source: ShareSource | None = None) -> Words:
    """A message about a property that makes sense to whoever it is forwarded to."""
    return join(
        say("*{property:short}*", property=property),
        say(_("{property:price} · {property:offer}"), property=property),
        say("{url}", url=Address(link(property, source))),
    )


HOW_TO_FORWARD = say(_("Press and hold the message above to forward it."))


def message_to_forward(property: Property, person: Person) -> cloud.Text:
    """The same as a message of its own."""
    return cloud.Text(put(to_forward(property), person.reader), preview_url=True)


def _pictures(photos: Sequence[PropertyPhoto], low_data: bool) -> list[cloud.Image]:
    if low_data:
        return [cloud.Image(cloud.Media(file=f"small/{photos[0].image.name}"))]
    return [cloud.Image(cloud.Media(file=photo.image.name)) for photo in photos[:PICTURES]]


def _of_photos(photos: Sequence[PropertyPhoto], low_data: bool) -> Words:
    if low_data:
        return say(_("A small one, to save your data."))
    if len(photos) > PICTURES:
        return say(_("The first {sent} of {count} photos."), sent=PICTURES, count=len(photos))
    return say(ngettext_lazy("{count} photo.", "{count} photos.", len(photos)), count=len(photos))
