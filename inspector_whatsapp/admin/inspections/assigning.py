"""Who carries a visit out: what is asked, and what is said of it."""

from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget

from inspector_whatsapp import inspections
from inspector_whatsapp.admin.pages import in_short
from inspector_whatsapp.callers import staff
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.inspections import Day
from inspector_whatsapp.models import Inspection, Role, Slot, TimeOff, User
from inspector_whatsapp.models.inspections import LIVE_STATES
from inspector_whatsapp.words import harmless


class AssignForm(forms.Form):
    """Who is to carry an inspection out; `revision` is that of the inspection as it was shown."""

    inspector = forms.ModelChoiceField(
        queryset=User.objects.filter(role=Role.INSPECTOR, is_active=True).order_by("name", "pk"),
        label=gettext_lazy("Inspector"),
        widget=UnfoldAdminSelectWidget,
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)


@dataclass(frozen=True)
class Option:
    """An inspector to choose, with what they have then."""

    key: int
    title: str
    chosen: bool
    busy: bool


def options(day: Day, inspection: Inspection) -> list[Option]:
    """Everybody whom the visit can be given to; who is free stands first."""
    found = []
    for line in day.lines:
        person = line.inspector
        if person.role != Role.INSPECTOR or not person.is_active:
            continue
        chosen = person.pk == inspection.inspector_id
        other = None if chosen else day.in_the_way(line, inspection)
        title = named(person) if other is None else f"{named(person)} – {has(other)}"
        found.append(Option(person.pk, title, chosen, other is not None))
    return sorted(found, key=lambda option: option.busy)


def named(person: User) -> str:
    return f"{harmless(person.name, markup=False)} ({person.email})"


def has(other: Slot | Inspection | TimeOff) -> str:
    """What an inspector has already, in a few words."""
    times = f"{localtime(other.starts_at):%H:%M}–{localtime(other.ends_at):%H:%M}"
    match other:
        case Inspection():
            return _("has %(ref)s, %(times)s") % {"ref": other.ref, "times": times}
        case Slot():
            return _("has a slot of %(ref)s, %(times)s") % {"ref": other.property.ref, "times": times}
    return _("is off, %(times)s") % {"times": times}


def may_assign(request: HttpRequest) -> bool:
    return request.user.has_perm("inspector_whatsapp.change_inspection")


def is_to_come(inspection: Inspection, *, now: datetime) -> bool:
    return inspection.state in LIVE_STATES and inspection.starts_at > now


def assign(
    request: HttpRequest, inspection: Inspection, *, inspector: User, revision: int | None
) -> str | None:
    """Give the visit to somebody and say what came of it; returns that, None where it was refused."""
    try:
        inspections.assign(
            inspection=inspection,
            inspector=inspector,
            actor=staff(request),
            origin=Origin.ADMIN,
            revision=revision,
        )
    except inspections.CannotInspect as refusal:
        sentence = f"{inspection.ref}: {why_not(refusal)}"
        messages.add_message(request, messages.ERROR, sentence)
        return None
    done = _("%(ref)s: %(inspector)s carries it out, for everybody who comes at that time.")
    sentence = done % {"ref": inspection.ref, "inspector": inspector}
    messages.add_message(request, messages.SUCCESS, sentence)
    return sentence


def what_else(other: Slot | Inspection | TimeOff) -> str:
    """An inspector's other work or time off, where it is in the way."""
    match other:
        case Inspection():
            return _("That inspector has %(ref)s at that time.") % {"ref": other.ref}
        case Slot():
            return _("That inspector has a slot of %(ref)s at that time.") % {"ref": other.property.ref}
    times = {"start": in_short(other.starts_at), "end": in_short(other.ends_at)}
    return _("That inspector is off from %(start)s to %(end)s.") % times


def why_not(refusal: inspections.CannotInspect) -> str | Promise:
    """What the platform's rules refuse, in words."""
    match refusal:
        case inspections.Overlapping(other=Inspection() | Slot() as other):
            return what_else(other)
        case inspections.TimeOffThen(time_off=time_off):
            return what_else(time_off)
        case inspections.TooLate():
            return _("It has begun, is over, or was called off: nobody can be assigned any more.")
        case inspections.Changed(inspection=Inspection(inspector=User() as by)):
            return _("Somebody changed it meanwhile: %(inspector)s carries it out now. Look again.") % {
                "inspector": by
            }
    return _("Somebody changed it in the same moment. Look again.")
