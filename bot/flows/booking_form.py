"""The form of WhatsApp's in which a day and a time are chosen at once, where there are many."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from bot import forms
from bot.questions import Choice, Form, Formed
from bot.scripts import Person
from inspector_whatsapp import inspections
from inspector_whatsapp.cloud_api import limits
from inspector_whatsapp.cloud_api.messages import clip
from inspector_whatsapp.models import Property, Slot
from inspector_whatsapp.words import say

FEW = 10  # as many times as a list shows
Days = Sequence[tuple[date, int]]
Day = tuple[date, int] | None

NOTHING = "none"  # where a form has room for more days than there are


def is_offered(days: Days) -> bool:
    """Whether there is a form, and more times than a list shows."""
    return bool(settings.WHATSAPP_BOOKING_FLOW_ID) and sum(count for _day, count in days) > FEW


def before(listed: Choice[Day], person: Person, property: Property, days: Days) -> Formed[Day]:
    """The form in front of the list of days. It answers which slot as well."""
    words = say(
        _(
            "Choose a day and a time: tap the button, or type a day like *Saturday*."
            " If nothing opens, type *list*."
        )
    )
    form = partial(_form, person, property, days)
    return Formed(words=words, list=listed, of=property.ref, then="slot", form=form)


def _form(person: Person, property: Property, days: Days) -> Form:
    shown = [day for day, _count in days[: forms.DAYS]]
    first, last = shown[0], shown[-1]
    help = (
        _("Later days: type one in the chat.") if len(days) > len(shown) else _("Days with free times only.")
    )
    texts = {
        "property": say("{property}", property=property),
        "pick_day": say(_("Which day?")),
        "help": say(help),
        "send": say(_("Choose this time")),
    }
    between = (first + timedelta(days=ahead) for ahead in range((last - first).days))
    data: dict[str, object] = {name: clip(words.put(person.reader), 80) for name, words in texts.items()}
    data |= {
        "first": first.isoformat(),
        "last": last.isoformat(),
        "closed": [day.isoformat() for day in between if day not in shown],
    }
    free = _by_day(person, property, last)
    for place in range(1, forms.DAYS + 1):
        day = shown[place - 1] if place <= len(shown) else None
        label = say(_("Free on {day}"), day=day).put(person.reader) if day else NOTHING
        data[f"day_{place}"] = day.isoformat() if day else NOTHING
        data[f"label_{place}"] = clip(label, limits.FLOW_OPTION_TITLE)
        data[f"options_{place}"] = (
            [_option(person, slot) for slot in free[day]][: limits.FLOW_OPTIONS]
            if day
            else [{"id": NOTHING, "title": NOTHING}]
        )
    return Form(say(_("Choose day and time")), forms.SCREEN, data, property.ref)


def _by_day(person: Person, property: Property, last: date) -> dict[date, list[Slot]]:
    found: dict[date, list[Slot]] = {}
    for slot in inspections.free_slots(property, now=person.now):
        day = slot.starts_at.astimezone(person.reader.tz).date()
        if day > last:
            break
        found.setdefault(day, []).append(slot)
    return found


def _option(person: Person, slot: Slot) -> dict[str, str]:
    """The id has the time in it, for whoever reads the answer."""
    here = slot.starts_at.astimezone(person.reader.tz)
    return {
        "id": f"{here:%Y-%m-%dT%H:%M}.{slot.pk}",
        "title": say("{slot:time}", slot=slot).put(person.reader),
    }
