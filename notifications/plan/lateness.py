"""Who is told that an inspector is late, or no longer."""

from django.utils.dateparse import parse_datetime

from inspector_whatsapp.changes import Happened
from inspector_whatsapp.models import Role
from inspector_whatsapp.models.inspections import InspectionState
from notifications.plan.visits import Stood, inspection_of, tell
from notifications.recipients import Notice


def late(happened: Happened, stood: Stood) -> list[Notice]:
    """Each seeker, and the agent once for the whole visit; while it is not certain nobody waits for it."""
    inspection, expected_at = inspection_of(happened), happened.data["expected_at"]
    if inspection.state != InspectionState.CONFIRMED:
        return []
    return tell(
        happened,
        [Role.SEEKER, *([Role.AGENT] if happened.data["for_agent"] else [])],
        about=(inspection.pk, happened.row.pk),
        expires_at=parse_datetime(expected_at),
        expected_at=expected_at,
    )


def there(happened: Happened, stood: Stood) -> list[Notice]:
    """The same, where that is sooner than they were told."""
    expected_at = parse_datetime(happened.data["expected_at"])
    assert expected_at is not None
    return late(happened, stood) if happened.row.at < expected_at else []
