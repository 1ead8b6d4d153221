"""Tombstones: what was somebody's who is erased is not heard again, however often it is repeated.

Only digests are kept, under a secret of this service's: from a wamid its owner's number could be read.
"""

from collections.abc import Iterable

from django.conf import settings
from django.utils.crypto import salted_hmac

from inspector_whatsapp import clock
from inspector_whatsapp.models import Tombstone

_BATCH = 1_000


def digest(name: str, *, secret: str | None = None) -> bytes:
    """Of a wamid, or of the key of an event that has none."""
    return salted_hmac("privacy.tombstone", name, secret=secret, algorithm="sha256").digest()


def bury(names: Iterable[str]) -> None:
    """Never hear of these again."""
    now = clock.now()
    rows = [Tombstone(digest=digest(name), at=now) for name in sorted(set(names)) if name]
    Tombstone.objects.bulk_create(rows, ignore_conflicts=True, batch_size=_BATCH)


def buried(names: Iterable[str]) -> set[str]:
    """Which of these were somebody's who is erased. One query; none where nobody ever was."""
    # Also under secrets that were in use before: a rotation wakes nobody.
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    by_digest = {digest(name, secret=secret): name for name in set(names) for secret in secrets}
    if not by_digest:
        return set()
    there = Tombstone.objects.filter(digest__in=list(by_digest)).values_list("digest", flat=True)
    return {by_digest[bytes(one)] for one in there}
