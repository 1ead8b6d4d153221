"""What somebody has coming up or behind them, and what came of it."""

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from bot.assistant.answers.asked_times import AskedTimes
from bot.assistant.answers.changing import lines, mine_of
from bot.assistant.answers.meant import MOST, Own, names_one, narrowed, own_inspections
from bot.assistant.commands import NEXT, Slots
from bot.assistant.context import Context
from bot.assistant.outcomes import Begin, Outcome, Tell
from bot.flows.agenda import LATELY
from bot.flows.inspections import details
from bot.flows.properties import NOT_YOURS
from bot.scripts import Person, Suggestion
from bot.visits import visits
from inspector_whatsapp import inspections, listings
from inspector_whatsapp.models import Inspection, Role
from inspector_whatsapp.models.inspections import LIVE_STATES, InspectionState
from inspector_whatsapp.words import join, say

LONGEST_NOTE = 400  # characters of it that are shown
BEHIND = timedelta(days=400)  # how far back one looks for what somebody names


def mine(slots: Slots, *, person: Person, context: Context) -> Outcome:
    """Their schedule; of a day, of a property, or one inspection where that is named."""
    if person.account is None:
        return Begin("my_inspections")
    asked, every = AskedTimes.of(slots, person.reader.tz), own_inspections(person)
    own = next((each for each in every if each.inspections), every[0])
    if not asked and not names_one(slots):
        return Begin(mine_of(own.role).flow)
    for each in every:
        found = narrowed(each.inspections, slots, asked, person=person)
        if found:
            return _shown(each.role, found, asked)
    over = _over(slots, asked, person)
    if len(over) == 1:
        return Tell(details(over[0], person), (mine_of(own.role),))
    if over:
        return Tell(join(*lines(over[:MOST], person.user.role_here)), (mine_of(own.role),))
    ref = slots.get("property_ref", "")
    if ref and own.role == Role.AGENT and not listings.of(person.user).filter(ref=ref).exists():
        return Tell(NOT_YOURS, (mine_of(own.role),))
    return _nothing(slots, own, asked)


def _shown(role: Role, found: Sequence[Inspection], asked: AskedTimes) -> Outcome:
    """One is shown with what can be done with it; several in a line each."""
    if role == Role.INSPECTOR:
        theirs = visits(found)
        if len(theirs) == 1:
            return Begin("my_assignments", answers={"visit": theirs[0].key})
    elif len(found) == 1:
        return Begin(mine_of(role).flow, answers={"inspection": found[0].ref})
    left = len(found) - MOST
    more = [say(_("and {count} more"), count=left)] if left > 0 else []
    count = ngettext_lazy("{count} inspection {then}:", "{count} inspections {then}:", len(found))
    words = say(count, count=len(found), then=asked.put()) if asked else say(_("These are yours:"))
    return Tell(join(words, *lines(found[:MOST], role), *more), (mine_of(role),))


def _over(slots: Slots, asked: AskedTimes, person: Person) -> list[Inspection]:
    """What is behind them of what they name, the latest first; of a ref, in any state."""
    own = inspections.of(person.user)
    if slots.get("inspection_ref", NEXT) != NEXT:
        return list(own.filter(ref=slots["inspection_ref"]))
    past = own.filter(starts_at__lte=person.now, starts_at__gt=person.now - BEHIND)
    latest = list(past.order_by("-starts_at", "-pk")[:100])
    return narrowed(latest, slots, asked, person=person) if asked or names_one(slots) else []


def _nothing(slots: Slots, own: Own, asked: AskedTimes) -> Tell:
    if slots.get("inspection_ref", NEXT) != NEXT:
        return Tell(say(_("I can't find that inspection among yours.")), (mine_of(own.role),))
    none = (
        say(_("You have no inspections {then}."), then=asked.put())
        if asked
        else say(_("You have no such inspection coming up."))
    )
    if not own.inspections:
        return Tell(none, (mine_of(own.role),))
    following = join(say(_("The next one:")), *lines(own.inspections[:1], own.role))
    return Tell(join(none, following, separator="\n\n"), (mine_of(own.role),))


# --- what came of it --------------------------------------------------------------------------------------
def report(slots: Slots, *, person: Person, context: Context) -> Outcome:
    """What the inspector reported of one of their inspections: the latest, where none is named."""
    if person.account is None:
        return Begin("my_inspections")
    asked = AskedTimes.of(slots, person.reader.tz)
    if not names_one(slots) and not asked and context.focus_inspection:
        slots = {"inspection_ref": context.focus_inspection}
    reported = Q(state__in=[InspectionState.COMPLETED, InspectionState.NO_SHOW])
    begun = reported | Q(state__in=LIVE_STATES, starts_at__lte=person.now)
    past = inspections.of(person.user).order_by("-starts_at", "-pk")
    if slots.get("inspection_ref", NEXT) == NEXT:
        slots = {name: value for name, value in slots.items() if name != "inspection_ref"}
        found = narrowed(list(past.filter(begun)[:100]), slots, asked, person=person)
        found = [each for each in found if each.outcome] or found
    else:
        found = list(past.filter(ref=slots["inspection_ref"]))
    button = mine_of(_role_in(found[0], person) if found else person.user.role_here)
    if not found:
        return Tell(say(_("I can't find a report on an inspection of yours.")), (button,))
    return _reported(found[0], person, button)


def _reported(inspection: Inspection, person: Person, mine: Suggestion) -> Tell:
    head = say(
        _("*{property:short}* · {inspection}, {inspection:when}"),
        property=inspection.property,
        inspection=inspection,
    )
    if not inspection.outcome:
        if inspection.state in LIVE_STATES:
            nothing = say(
                _("The inspector has not said yet how it went.")
                if inspection.starts_at <= person.now
                else _("It has not taken place yet.")
            )
        else:
            nothing = say(_("State: {inspection:state}"), inspection=inspection)
        return Tell(join(head, nothing), (mine,))
    words = [head, say(_("Outcome: {outcome}"), outcome=inspection.get_outcome_display())]
    role = _role_in(inspection, person)
    if role == Role.INSPECTOR:
        # What the inspector wrote is for Inspector's people: seekers and agents read the outcome only.
        if inspection.notes:
            words.append(say(_("Note: {note}"), note=inspection.notes[:LONGEST_NOTE]))
        photos = inspection.photos.count()
        if photos:
            words.append(say(ngettext_lazy("{count} photo", "{count} photos", photos), count=photos))
        return Tell(join(*words), (Suggestion(say(_("Correct it")), "complete_visit", inspection.ref), mine))
    if role == Role.SEEKER and inspection.state == InspectionState.COMPLETED:
        feedback = Suggestion(say(_("Say how it was")), "feedback", inspection.ref)
        return Tell(join(*words), (feedback, mine))
    return Tell(join(*words), (mine,))


def _role_in(inspection: Inspection, person: Person) -> Role:
    """What somebody is in an inspection that they may see."""
    user = person.user
    if inspection.inspector_id == user.pk and user.role_here == Role.INSPECTOR:
        return Role.INSPECTOR
    if inspection.property.agent_id == user.pk and user.role_here == Role.AGENT:
        return Role.AGENT
    return Role.SEEKER


def submit(slots: Slots, *, person: Person, context: Context) -> Outcome:
    """An inspector says what came of a visit; others are told how they say it."""
    if person.account is None:
        return Begin("confirm_completion")
    role = person.user.role_here
    if role == Role.INSPECTOR:
        return _to_report(slots, person, context)
    return _only_inspectors(role, person)


def _to_report(slots: Slots, person: Person, context: Context) -> Outcome:
    asked = AskedTimes.of(slots, person.reader.tz)
    if not names_one(slots) and not asked and context.focus_inspection:
        slots = {"inspection_ref": context.focus_inspection}
    ref = slots.get("inspection_ref", NEXT)
    if ref != NEXT:
        return Begin("complete_visit", ref)
    slots = {name: value for name, value in slots.items() if name != "inspection_ref"}
    if not slots:
        return Begin("confirm_completion")
    due = inspections.to_report(person.user, now=person.now).filter(inspector=person.user)
    found = visits(narrowed(list(due), slots, asked, person=person))
    if len(found) == 1:
        return Begin("complete_visit", found[0].first.ref)
    return Begin("confirm_completion")


def _only_inspectors(role: Role, person: Person) -> Tell:
    words = say(_("Only the inspector who was there reports on an inspection."))
    seen = inspections.of(person.user).filter(
        seeker=person.user, state=InspectionState.COMPLETED, starts_at__gt=person.now - LATELY
    )
    last = seen.order_by("-starts_at", "-pk").first()
    if last is None:
        return Tell(words, (mine_of(role),))
    how = say(_("You can say how yours was: {property:short}."), property=last.property)
    return Tell(join(words, how), (Suggestion(say(_("Say how it was")), "feedback", last.ref), mine_of(role)))
