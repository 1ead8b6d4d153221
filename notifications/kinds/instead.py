"""What else a seeker may see who wanted a property that is gone: similar ones, with times to tap."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from inspector_whatsapp import listings
from inspector_whatsapp.listings import Found
from inspector_whatsapp.models import Property
from inspector_whatsapp.models.listings import PropertyStatus
from inspector_whatsapp.words import Address, Words, join, say
from notifications.kind import Row
from notifications.kinds.about import page, times

TIMES = 2  # of each


def of(property: Property) -> Sequence[Found]:
    """Nothing while it is on offer itself, or nothing is like it and free to see."""
    return () if property.status == PropertyStatus.LIVE else listings.similar_to_see(property)


def listed(found: Sequence[Found]) -> Words:
    homes = (say("• {line}", line=_line(each)) for each in found)
    return join(say(SIMILAR), *homes, say(_("Pick a time below to book it.")))


def rows(found: Sequence[Found]) -> tuple[Row, ...]:
    """A time each, which books it."""
    return tuple(
        Row(
            f"v1|start|book_inspection|{each.property.ref}.{slot.pk}",
            say("{slot:when}", slot=slot),
            say("{property:ref} · {property:short}, {property:price}", property=each.property),
        )
        for each in found
        for slot in each.times[:TIMES]
    )


def paragraphs(found: Sequence[Found]) -> Sequence[Words]:
    """For a letter."""
    if not found:
        return ()
    return (
        say(SIMILAR),
        *(
            join(
                _line(each),
                say(_("Free times: {times}."), times=times(each.times[:TIMES])),
                say("{page}", page=Address(page(each.property))),
            )
            for each in found
        ),
    )


SIMILAR = _("Similar homes that you can see:")


def _line(found: Found) -> Words:
    return say("{property}, {property:price}", property=found.property)
