"""What is kept of those who tried to get in, and of those who were."""

from collections.abc import Iterable
from importlib import import_module

from axes.models import AccessAttempt
from django.conf import settings

from inspector_whatsapp.retention import Kept


def rules() -> Iterable[Kept]:
    """Wrong log-ins, with the addresses they came from. What they shut is open again after minutes."""
    return (Kept(what="wrong log-ins", model=AccessAttempt, since="attempt_time", days=30),)


def clear_sessions() -> None:
    """Those that ran out, by the real clock; they have no number to walk by."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
