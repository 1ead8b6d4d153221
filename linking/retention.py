"""How long requests to link are kept."""

from collections.abc import Iterable

from django.conf import settings

from inspector_whatsapp.retention import Kept
from linking.models import LinkChallenge, LinkIntent, WrongToken


def rules() -> Iterable[Kept]:
    """Requests with the digests of their codes. Whoever was linked keeps their link."""
    days = settings.RETENTION_CHALLENGES_DAYS  # every limit looks back a day; a code lives for ten minutes
    return (
        Kept(what="link requests", model=LinkChallenge, since="expires_at", days=days),
        Kept(what="link intents", model=LinkIntent, since="expires_at", days=days),
        Kept(what="wrong link tokens", model=WrongToken, since="at", days=days),
    )
