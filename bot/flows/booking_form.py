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
from inspector_whatsapp.models import Property
from inspector_whatsapp.words import say

Days = Sequence[tuple[date, int]]
Day = tuple[date, int] | None
Times = dict[date, list[dict[str, str]]]

NOTHING = "none"  # where a form has room for more days than there are


def is_offered(days: Days) -> bool:
    """Whether there is a form, and more times than a list shows."""
    return bool(settings.WHATSAPP_BOOKING_FLOW_ID) and sum(count for _day, count in days) > limits.ROWS


def before(listed: Choice[Day], person: Person, property: Property, days: Days) -> Formed[Day]:
    """The form, where it is offered, in front of the list of days. It answers which slot as well.

    Without it the answer of one that was shown is taken: times may have gone since.
    """
    if not is_offered(days):
        return Formed(words=listed.words, list=listed, of=property.ref, then="slot", form=None)
    words = say(
        _(
            "Choose a day and a time: tap the button, or type a day like *Saturday*."
            " If nothing opens, type *list*."
        )
    )
    form = partial(_form, person, property)
    return Formed(words=words, list=listed, of=property.ref, then="slot", form=form)


def _form(person: Person, property: Property) -> Form | None:
    free = _by_day(person, property)
    shown = list(free)[: forms.DAYS]
    if not shown:
        return None
    first, last = shown[0], shown[-1]
    later = len(free) > len(shown)
    texts = {
        "property": say("{property}", property=property),
        "pick_day": say(_("Which day?")),
        "help": say(_("Later days: type one in the chat.") if later else _("Days with free times only.")),
        "send": say(_("Choose this time")),
    }
    between = (first + timedelta(days=ahead) for ahead in range((last - first).days))
    data: dict[str, object] = {name: clip(words.put(person.reader), 80) for name, words in texts.items()}
    data |= {
        "first": first.isoformat(),
        "last": last.isoformat(),
        "closed": [day.isoformat() for day in between if day not in free],
    }
    for place in range(1, forms.DAYS + 1):
        day = shown[place - 1] if place <= len(shown) else None
        label = say(_("Free on {day}"), day=day).put(person.reader) if day else NOTHING
        data[f"day_{place}"] = day.isoformat() if day else NOTHING
        data[f"label_{place}"] = clip(label, limits.FLOW_OPTION_TITLE)
        data[f"options_{place}"] = free[day] if day else [{"id": NOTHING, "title": NOTHING}]
    return Form(say(_("Choose day and time")), forms.SCREEN, data, property.ref)


def _by_day(person: Person, property: Property) -> Times:
    """What can be chosen, by day; the id of each has its time in it, for whoever reads the answer."""
    found: Times = {}
    for key, at in inspections.free_slots(property, now=person.now).values_list("pk", "starts_at"):
        here = at.astimezone(person.reader.tz)
        options = found.setdefault(here.date(), [])
        if len(options) < limits.FLOW_OPTIONS:
            title = say("{at:time}", at=at).put(person.reader)
            options.append({"id": f"{here:%Y-%m-%dT%H:%M}.{key}", "title": title})
    return found
