"""How long requests to link are kept."""

from collections.abc import Iterable

from inspector_whatsapp.retention import Kept
from linking.models import LinkChallenge, LinkIntent, WrongToken

DAYS = 30  # every limit looks back a day; a code lives for ten minutes


def rules() -> Iterable[Kept]:
    """Requests with the digests of their codes. Whoever was linked keeps their link."""
    return (
        Kept(what="link requests", model=LinkChallenge, since="expires_at", days=DAYS),
        Kept(what="link intents", model=LinkIntent, since="expires_at", days=DAYS),
        Kept(what="wrong link tokens", model=WrongToken, since="at", days=DAYS),
    )
