"""Who is told when somebody has not left a visit in time, or feels unsafe there."""

from inspector_whatsapp.changes import Happened
from inspector_whatsapp.models import Presence
from notifications import alarms
from notifications.kind import key
from notifications.recipients import Notice


def overdue(happened: Happened) -> list[Notice]:
    """Whoever is there still, as far as we know."""
    presence = happened.subject
    assert isinstance(presence, Presence)
    assert presence.asked_at is not None
    return [
        Notice(
            kind="visit_overdue",
            account=presence.person,
            key=key("visit_overdue", presence.pk, happened.row.pk, presence.person_id),
            arguments={"presence": presence.pk, "asked_at": presence.asked_at.isoformat()},
            expires_at=presence.due_at,
        )
    ]


def at_once(happened: Happened) -> list[Notice]:
    """The admins, of the incident that was opened with it: in its transaction, so that nothing loses it."""
    alarms.tell_at_once()
    return []
