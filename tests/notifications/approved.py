"""Meta has approved what the code declares, without anybody having asked it."""

from inspector_whatsapp import clock
from notifications import registry
from notifications.models import MessageTemplate, TemplateStatus


def approve_all() -> None:
    """Every declared template can be sent, as far as the registry knows.

    For tests in which messages leave by template while nobody has run `submit_templates`.
    """
    registry.declare()
    MessageTemplate.objects.filter(version=1).update(
        status=TemplateStatus.APPROVED, submitted_at=clock.now(), components=None
    )
