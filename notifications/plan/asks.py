"""Who is told that they are asked to take a visit over."""

from inspector_whatsapp import inspections
from inspector_whatsapp.changes import Happened
from inspector_whatsapp.models import Ask
from notifications import recipients
from notifications.kind import key
from notifications.recipients import Notice


def asked(happened: Happened) -> list[Notice]:
    """The inspector who is asked."""
    ask = happened.subject
    assert isinstance(ask, Ask)
    return [
        Notice(
            kind="visit_offered",
            account=ask.inspector,
            key=key("visit_offered", ask.pk, ask.inspector_id),
            arguments={"ask": ask.pk},
            channels=recipients.by_one_channel([ask.inspector])[ask.inspector_id],
            expires_at=inspections.latest_to_ask(ask.starts_at),
        )
    ]
