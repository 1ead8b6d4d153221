"""Fetching the photos that came by an address. Each is claimed by putting it off: several may run at once."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import transaction

from inspector_whatsapp import changes, clock, incidents
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.cloud_api import media
from inspector_whatsapp.gateway import fetching
from inspector_whatsapp.models import PhotoSource
from inspector_whatsapp.models.synced import PhotoState
from inspector_whatsapp.sync.photos import arrange, drop, keep, stored

INCIDENT: Final = "photo_not_fetched"
BATCH: Final = 20  # photos a claim
_HELD: Final = timedelta(minutes=5)  # for which nobody else takes one up; a batch takes two at most
_AGAIN: Final = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))


@dataclass(frozen=True)
class _Fetched:
    """A photo, stored; or why there is none, and whether to try again."""

    name: str = ""
    digest: str = ""
    why: str = ""
    again: bool = False


def fetch_photos() -> int:
    """Fetch the photos that wait; how many came."""
    came = 0
    while claimed := _claim():
        for source in claimed:
            fetched = _fetch(source.url)
            came += _settle(source, fetched)
            if fetched.name:
                drop([fetched.name])
    return came


def _claim() -> list[PhotoSource]:
    with transaction.atomic():
        waiting = PhotoSource.objects.filter(state=PhotoState.WAITING, not_before__lte=clock.Now())
        claimed = list(waiting.select_for_update(skip_locked=True).order_by("not_before", "pk")[:BATCH])
        until = clock.now() + _HELD
        for source in claimed:
            source.not_before, source.attempts = until, source.attempts + 1
        PhotoSource.objects.bulk_update(claimed, ["not_before", "attempts"])
    return claimed


def _fetch(url: str) -> _Fetched:
    try:
        return _Fetched(*stored(fetching.fetch(url)))
    except media.MediaRefused:
        return _Fetched(why="It is no JPEG or PNG picture of up to 5 MB.")
    except fetching.Later as error:
        return _Fetched(why=str(error), again=True)
    except fetching.NotFetched as error:
        return _Fetched(why=str(error))


def _settle(claimed: PhotoSource, fetched: _Fetched) -> bool:
    """Keep the photo, unless Inspector has said something else of it meanwhile."""
    with transaction.atomic():
        whole = PhotoSource.objects.select_related("property__agent", "photo")
        row = whole.select_for_update(no_key=True, of=("self",)).filter(pk=claimed.pk).first()
        if row is None or row.state != PhotoState.WAITING or row.url != claimed.url:
            return False
        if fetched.name:
            row.state, row.not_before = PhotoState.DONE, None
            keep(row, fetched.name, fetched.digest)
            row.save(update_fields=["photo", "state", "not_before", "why"])
            if row.photo is not None:
                arrange({row.property_id: {row.photo.pk: row.position}})
            incidents.close(INCIDENT, key=str(row.platform_id))
            data = {"fields": ["photos"]}
            changes.record("property_changed", row.property, actor=None, origin=Origin.SYNC, **data)
            return True
        row.why = fetched.why[:200]
        if fetched.again and row.attempts <= len(_AGAIN):
            row.not_before = clock.now() + _AGAIN[row.attempts - 1]
        else:
            row.state, row.not_before = PhotoState.FAILED, None
            sentence = f"Photo {row.platform_id} of {row.property.ref} could not be fetched: {row.why}"
            incidents.report(INCIDENT, key=str(row.platform_id), sentence=sentence)
        row.save(update_fields=["why", "not_before", "state"])
    return False
