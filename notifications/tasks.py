"""Celery's doors to notifications and the schedules: each may run twice, and may be lost."""

from celery import shared_task

from inspector_whatsapp import enquiries as questions
from inspector_whatsapp.alone import CATCH_UP, TICK, alone
from notifications import (
    alerts,
    asks,
    attendance,
    catching_up,
    digests,
    enquiries,
    registry,
    regular,
    reminders,
    waiting,
)


@shared_task(expires=10)
def tick_reminders(rule: int) -> dict[str, int]:
    """Put what is due by this rule into the outbox; one tick of a rule at a time."""
    with alone(TICK, rule) as free:
        return {"reminders queued": reminders.tick(rule)} if free else {}


@shared_task(expires=30)
def tend_waiting() -> dict[str, int]:
    """Offer free places to who waits for them, and pass on what nobody took."""
    return {"waits tended": waiting.tend()}


@shared_task(expires=60)
def tend_attendance() -> dict[str, int]:
    """Give the places of who was asked twice and does not answer to who waits for them."""
    return {"places given away": attendance.tend()}


@shared_task(expires=60)
def tend_enquiries() -> dict[str, int]:
    """Let the time of what agents are asked begin, and give up what they left unanswered."""
    return {"enquiries tended": enquiries.tend()}


@shared_task(expires=3600)
def ask_before_inspections() -> dict[str, int]:
    """Ask agents the evening before whether what is inspected is still there."""
    return {"agents asked": questions.ask_before_inspections()}


@shared_task(expires=30)
def tend_asks() -> dict[str, int]:
    """Ask the next inspector where nobody took a visit over in time."""
    return {"asks tended": asks.tend()}


@shared_task(expires=10)
def tell_alerts() -> dict[str, int]:
    """Tell seekers at once what they want to hear at once."""
    return {"alerts written": alerts.tell()}


@shared_task(expires=3600)
def send_digests() -> dict[str, int]:
    """Tell seekers what is new for them and was not told at once."""
    return {"digests written": digests.send()}


@shared_task(expires=3600)
def send_days() -> dict[str, int]:
    """Tell inspectors in the morning what they have that day."""
    return {"days written": regular.send_days()}


@shared_task(expires=3600)
def send_weeks() -> dict[str, int]:
    """Tell agents how their week was, and what is to come."""
    return {"weeks written": regular.send_weeks()}


@shared_task(expires=3600)
def sync_templates() -> dict[str, int]:
    """Ask Meta how the message templates stand; an incident says when that fails."""
    synced = registry.sync()
    return {"templates there": synced.found, "templates changed": synced.changed}


@shared_task(expires=60)
def submit_templates() -> dict[str, int]:
    """Make at Meta the message templates that it lacks."""
    return {"templates submitted": registry.submit_lacking()}


@shared_task(expires=60)
def catch_up() -> dict[str, int]:
    """Run what the schedules missed."""
    with alone(CATCH_UP) as free:
        return {"missed runs started": catching_up.catch_up()} if free else {}
