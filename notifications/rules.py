"""Reminder rules are made, changed and deleted here, each with its entry in the schedules."""

import json

from django.db import transaction
from django_celery_beat.models import PeriodicTask

from inspector_whatsapp import clock
from notifications import reminders, schedules
from notifications.models import Reminder, ReminderRule, ReminderState
from notifications.schedules import When


def save(rule: ReminderRule, *, enabled: bool, when: When) -> None:
    """Save a rule and its entry, and plan anew what is to come. Raises ValidationError by `when`."""
    when.check()
    with transaction.atomic():
        if rule._state.adding:
            rule.schedule = PeriodicTask(task=schedules.TICK, expire_seconds=schedules.EXPIRES)
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


def _forget_overdue(rule: ReminderRule) -> None:
    """While it was switched off nothing was to go: what is of no use any more was not missed."""
    overdue = Reminder.objects.filter(rule=rule, state=ReminderState.PLANNED, useful_until__lte=clock.Now())
    overdue.update(state=ReminderState.CANCELLED)
