"""Who was asked whether they come, and where: they are asked again elsewhere, and then lose the place."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from inspector_whatsapp import clock, inspections, mailboxes
from inspector_whatsapp.deadlocks import retried
from inspector_whatsapp.models import Inspection, OutboxMessage, Role
from inspector_whatsapp.models.outbox import LEFT_STATES
from notifications import recipients
from notifications.answering import reached
from notifications.models import Reminder, ReminderRule
from notifications.recipients import EMAIL, WHATSAPP

TIME_TO_ANSWER = timedelta(hours=1)  # from when the second question has reached them
_KIND = "reminder"
_BUTTON = "|start|coming|"


def elsewhere(rule: ReminderRule, going: Sequence[Reminder]) -> Mapping[int, Collection[str]]:
    """By reminder of a rule that asks again: where its reader has not been asked yet.

    Who was asked on both is asked by a letter, which lies there until it is read; by both where none arrives.
    """
    asked = _asked([reminder.inspection for reminder in going])
    people = [reminder.recipient_id for reminder in going]
    reached = {WHATSAPP: set(recipients.contacts_of(people)), EMAIL: mailboxes.working(people)}
    found: dict[int, Collection[str]] = {}
    for reminder in going:
        been = {message.channel for message in asked[reminder.inspection_id]}
        ways = [channel for channel in rule.channels if reminder.recipient_id in reached[channel]]
        new = [channel for channel in ways if channel not in been]
        found[reminder.pk] = new or [channel for channel in ways if channel == EMAIL] or rule.channels
    return found


def tend() -> int:
    """Give away the places of who was asked twice, could answer, and did not; how many.

    Several may run at once.
    """
    waiting = inspections.unanswered()
    asked = _asked(waiting)
    return sum(
        retried(partial(inspections.give_away, inspection=inspection))
        for inspection in waiting
        if _had_time(asked[inspection.pk])
    )


def _asked(which: Sequence[Inspection]) -> Mapping[int, list[OutboxMessage]]:
    """By inspection: the questions that its seeker was shown, about the time that it has."""
    revisions = {inspection.pk: inspection.revision for inspection in which}
    rows = OutboxMessage.objects.filter(
        account__in=[inspection.seeker_id for inspection in which], kind=_KIND, status__in=LEFT_STATES
    ).select_related("account", "contact")
    found: dict[int, list[OutboxMessage]] = defaultdict(list)
    for message in rows.order_by("pk") if revisions else ():
        about = message.arguments["inspection"]
        is_seekers = message.arguments["role"] == Role.SEEKER
        if is_seekers and revisions.get(about) == message.arguments["revision"] and _shows(message):
            found[about].append(message)
    return found


def _shows(message: OutboxMessage) -> bool:
    """Whether it asked. On WhatsApp by its button: some are told only that there is news."""
    return message.channel != WHATSAPP or _BUTTON in json.dumps(message.body)


def _had_time(asked: Iterable[OutboxMessage]) -> bool:
    """Whether two questions, one of them by a rule that asks again, reached them long enough ago."""
    first: dict[int, datetime] = {}
    again: list[datetime] = []
    for message in asked:
        at, question = reached(message), message.arguments["reminder"]
        first[question] = min(at, first.get(question, at))
        again += [at] if message.arguments.get("again") else []
    if len(first) < 2 or not again:
        return False
    return max(min(again), sorted(first.values())[1]) + TIME_TO_ANSWER <= clock.now()
