"""Reminder rules are made, changed and deleted here, each with its entry in the schedules."""

import json
from collections.abc import Iterable

from django.db import transaction
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_celery_beat.models import PeriodicTask

from inspector_whatsapp import clock
from inspector_whatsapp.models import Role
from inspector_whatsapp.models.listings import ListingType
from notifications import reminders, schedules
from notifications.models import Reminder, ReminderRule, ReminderState
from notifications.recipients import EMAIL, WHATSAPP
from notifications.schedules import When


def save(rule: ReminderRule, *, enabled: bool, when: When) -> None:
    """Save a rule and its entry, and plan anew what is to come. Raises ValidationError by `when`."""
    when.check()
    with transaction.atomic():
        if rule._state.adding:
            rule.schedule = PeriodicTask(task=schedules.TICK)
        entry = rule.schedule
        was_off = PeriodicTask.objects.filter(pk=entry.pk, enabled=False).exists()
        entry.name, entry.enabled = rule.name, enabled
        when.apply(entry)
        entry.save()
        rule.schedule = entry  # it has a key by now
        rule.save()
        entry.kwargs = json.dumps({"rule": rule.pk})
        entry.save()
        reminders.replan_rule(rule)
        if enabled and was_off:
            _forget_overdue(rule)


def delete(rule: ReminderRule) -> None:
    """Delete a rule, its reminders and its entry; messages that have not left find their reminder gone."""
    with transaction.atomic():
        entry = rule.schedule
        rule.delete()
        entry.delete()


def in_words(rule: ReminderRule) -> str:
    """What a rule says, as a sentence for whoever edits it."""
    sentence = _("To %(people)s, %(channels)s, %(when)s; %(until)s.") % {
        "people": _listed(_PEOPLE[Role(role)] for role in rule.roles),
        "channels": _listed(_CHANNELS[channel] for channel in rule.channels),
        **_times(rule),
    }
    if rule.unanswered_only:
        again = _(
            "Only who has not said that they are coming, on the one of these where they were not asked."
        )
        sentence = f"{sentence} {again}"
    if not rule.listing_types:
        return sentence
    kinds = _listed(ListingType(kind).label for kind in rule.listing_types)
    only = _("Only homes %(kinds)s.") % {"kinds": kinds}
    return f"{sentence} {only}"


_PEOPLE = {
    Role.SEEKER: gettext_lazy("seekers"),
    Role.AGENT: gettext_lazy("agents"),
    Role.INSPECTOR: gettext_lazy("inspectors"),
}
_CHANNELS = {WHATSAPP: gettext_lazy("on WhatsApp"), EMAIL: gettext_lazy("by e-mail")}


def _times(rule: ReminderRule) -> dict[str, str]:
    if rule.at_time is None:
        return {
            "when": _("%(span)s before") % {"span": _span(rule.minutes_before or 0)},
            "until": _("no later than %(span)s before") % {"span": _span(rule.useful_until or 0)},
        }
    return {
        "when": _("at %(time)s %(day)s")
        % {"time": f"{rule.at_time:%H:%M}", "day": _day(rule.days_before or 0)},
        "until": _("not after %(time)s") % {"time": f"{rule.not_after:%H:%M}"},
    }


def _day(before: int) -> str:
    match before:
        case 0:
            return _("on the day itself")
        case 1:
            return _("the day before")
    return ngettext("%(count)d day before", "%(count)d days before", before) % {"count": before}


def _span(minutes: int) -> str:
    """The largest unit that says it whole."""
    if minutes and minutes % 1440 == 0:
        return ngettext("%(count)d day", "%(count)d days", minutes // 1440) % {"count": minutes // 1440}
    if minutes and minutes % 60 == 0:
        return ngettext("%(count)d hour", "%(count)d hours", minutes // 60) % {"count": minutes // 60}
    return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}


def _listed(words: Iterable[object]) -> str:
    return get_text_list([str(word) for word in words], _("and"))


def _forget_overdue(rule: ReminderRule) -> None:
    """While it was switched off nothing was to go: what is of no use any more was not missed."""
    overdue = Reminder.objects.filter(rule=rule, state=ReminderState.PLANNED, useful_until__lte=clock.Now())
    overdue.update(state=ReminderState.CANCELLED)
