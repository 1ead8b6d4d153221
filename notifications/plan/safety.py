"""Who is told when somebody has not left a visit in time, or feels unsafe there."""

from inspector_whatsapp.changes import Happened
from inspector_whatsapp.models import Stay
from notifications import alarms
from notifications.kind import key
from notifications.recipients import Notice


def overdue(happened: Happened) -> list[Notice]:
    """Whoever is there still, as far as we know."""
    stay = happened.subject
    assert isinstance(stay, Stay)
    assert stay.asked_at is not None
    return [
        Notice(
            kind="visit_overdue",
            account=stay.person,
            key=key("visit_overdue", stay.pk, happened.row.pk, stay.person_id),
            arguments={"stay": stay.pk, "asked_at": stay.asked_at.isoformat()},
            expires_at=stay.due_at,
        )
    ]


def at_once(happened: Happened) -> list[Notice]:
    """The admins, of the incident that was opened with it: in its transaction, so that nothing loses it."""
    alarms.tell_at_once()
    return []
