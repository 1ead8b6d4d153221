"""Who is told of a place that they wait for."""

from collections.abc import Collection

from inspector_whatsapp import inspections
from inspector_whatsapp.changes import Happened
from inspector_whatsapp.models import User, Wait
from notifications import recipients
from notifications.kind import key
from notifications.recipients import EMAIL, WHATSAPP, Notice


def offered(happened: Happened) -> list[Notice]:
    """Whoever is next in line."""
    wait = _wait(happened)
    assert wait.offered is not None
    assert wait.offered_at is not None
    return [
        Notice(
            kind="place_offered",
            account=wait.seeker,
            key=key("place_offered", wait.pk, happened.row.pk, wait.seeker_id),
            arguments={"wait": wait.pk, "offered_at": wait.offered_at.isoformat()},
            channels=where(wait.seeker),
            # Told later than this, they would not have their time to answer before it begins.
            expires_at=wait.offered.starts_at - inspections.offer_length(),
        )
    ]


def passed_on(happened: Happened) -> list[Notice]:
    """Whoever did not answer in time; who could not be told of the offer is not told of its end either."""
    return over(happened) if happened.data["why"] == "unanswered" else []


def over(happened: Happened) -> list[Notice]:
    """Whoever waited."""
    wait = _wait(happened)
    return [
        Notice(
            kind="waiting_over",
            account=wait.seeker,
            key=key("waiting_over", wait.pk, wait.seeker_id),
            arguments={"wait": wait.pk, "why": happened.data["why"]},
            channels=where(wait.seeker),
        )
    ]


def where(person: User) -> Collection[str]:
    """On WhatsApp, or by a letter where there is none: it is one question, to be answered once."""
    return (WHATSAPP,) if recipients.contacts_of([person.pk]) else (EMAIL,)


def _wait(happened: Happened) -> Wait:
    assert isinstance(happened.subject, Wait)
    return happened.subject
