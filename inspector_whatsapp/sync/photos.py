"""Photos: sent along, or fetched later from Inspector's own address. Their order is Inspector's."""

import hashlib
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from inspector_whatsapp import doorbell
from inspector_whatsapp.changes import News
from inspector_whatsapp.cloud_api import media
from inspector_whatsapp.gateway import fetching
from inspector_whatsapp.models import PhotoSource, Property, PropertyPhoto
from inspector_whatsapp.models.synced import PhotoState
from inspector_whatsapp.sync.fields import make
from inspector_whatsapp.sync.items import Item, Problem, Refused
from inspector_whatsapp.sync.kind import Kind, Parents, Work, keys

_ASIDE = 10_000  # a position that nobody uses, while others change places
POSITION_MOST = 9_999
_SHOWN = "The property shows it already, as photo {id}."  # whose photo a source stands behind


class Photos(Kind[PhotoSource]):
    """Photos, each with `content` or a `url`."""

    name = "photos"
    model = PhotoSource
    fields = {
        "property": make.parent(Property),
        "position": make.whole(0, POSITION_MOST),
        "url": make.url(1000),
        "content": make.content(media.PHOTO_BYTES),
    }
    whole = ("photo", "property", "property__agent")
    called = "photo_id"

    def __init__(self) -> None:
        super().__init__()
        self._stored: dict[int, tuple[str, str]] = {}

    def prepare(self, items: Sequence[Item]) -> dict[int, Refused]:
        """Clean and store what was sent along: before the transaction, for it takes its time."""
        refused = {}
        known = dict(
            PhotoSource.objects.filter(platform_id__in=[item.id for item in items]).values_list(
                "platform_id", "version"
            )
        )
        for item in items:
            content = item.values.get("content")
            if content is None or item.deleted or item.version <= known.get(item.id, 0):
                continue
            try:
                self._stored[item.index] = stored(content)
            except media.MediaRefused:
                problem = Problem("content", "It is no JPEG or PNG picture of up to 5 MB.")
                refused[item.index] = Refused("invalid", problem)
        return refused

    def is_gone(self, row: PhotoSource) -> bool:
        return row.state == PhotoState.REMOVED

    def forget(self) -> None:
        drop(name for name, _digest in self._stored.values())

    def adopt(self, items: Sequence[Item], parents: Parents) -> dict[int, PhotoSource]:
        """One that was uploaded from here, and whose id Inspector has answered with."""
        ids = [item.id for item in items]
        photos = PropertyPhoto.objects.filter(source=None).select_related("property__agent")
        by_id = {photo.platform_id: photo for photo in photos.filter(platform_id__in=ids)}
        unknown = photos.filter(pk__in=keys(items), platform_id=None)
        by_ref = {str(photo.pk): photo for photo in unknown}
        found = {}
        for item in items:
            photo = by_id.get(item.id) or by_ref.pop(item.ref, None)
            if photo is not None:
                found[item.index] = PhotoSource(
                    property=photo.property, photo=photo, position=photo.position, state=PhotoState.DONE
                )
        return found

    def fits(self, values: Mapping[str, Any]) -> None:
        if values.get("url"):
            try:
                fetching.check(values["url"])
            except fetching.NotFetched as error:
                raise Refused("invalid", Problem("url", str(error))) from None

    def check(self, work: Work[PhotoSource], values: dict[str, Any]) -> None:
        url = values.get("url", work.row.url)
        sent = values.pop("content", None) is not None
        if sent and values.get("url"):
            raise Refused("invalid", Problem("content", "Send either the content or a url."))
        here = work.row.photo_id is not None or is_shown_by_another(work.row)
        if work.item.deleted or sent or (here and not values.get("url")):
            return
        if not url:
            raise Refused("invalid", Problem("url", "A photo needs a url, or content."))
        self.fits({"url": url})

    def finish(self, work: Work[PhotoSource], *, now: datetime) -> None:
        row = work.row
        if work.item.deleted:
            row.state = PhotoState.REMOVED
        elif work.item.index in self._stored:
            row.state, row.url, row.why = PhotoState.DONE, "", ""
        elif work.new or work.was["url"] != row.url or not (row.photo_id or is_shown_by_another(row)):
            row.state, row.attempts, row.not_before, row.why = PhotoState.WAITING, 0, now, ""

    def follows(self) -> Iterable[str]:
        return ("state", "attempts", "not_before", "why", "photo", "url")

    def write(self, works: Sequence[Work[PhotoSource]], *, now: datetime, forced: bool) -> list[News]:
        touched: dict[int, Property] = {}
        wanted: dict[int, dict[int, int]] = defaultdict(dict)
        rows = [work.row for work in works]
        for work in works:
            row = work.row
            gone = row.photo
            if work.item.deleted and gone is not None:
                _take_away(row, rows)
            elif work.item.index in self._stored:
                keep(row, *self._stored[work.item.index], others=rows)
            elif gone is not None:
                gone.platform_id, gone.version = work.item.id, work.item.version
                gone.save(update_fields=["platform_id", "version"])
            if (work.new or work.changed or work.item.deleted) and (
                row.photo is not None or gone is not None
            ):
                touched[row.property_id] = row.property
        for row in rows:
            if row.photo is not None:
                wanted[row.property_id][row.photo.pk] = row.position
        arrange(wanted)
        self.save(works)
        if any(work.row.state == PhotoState.WAITING for work in works):
            doorbell.ring_on_commit(doorbell.PHOTOS)
        return [
            News(kind="property_changed", subject=property, data={"fields": ["photos"]})
            for property in touched.values()
        ]


def stored(data: bytes) -> tuple[str, str]:
    """Clean a photo and store it; its name and SHA-256. Raises MediaRefused."""
    photo = media.photo(data)
    ending = "png" if photo.mime == "image/png" else "jpg"
    name = default_storage.save(f"properties/{uuid.uuid4().hex}.{ending}", ContentFile(photo.data))
    return name, hashlib.sha256(photo.data).hexdigest()


def drop(names: Iterable[str]) -> None:
    """Delete stored files that became no photo: it was refused, or is there already."""
    stored = set(names)
    used = PropertyPhoto.objects.filter(image__in=stored).values_list("image", flat=True)
    for name in stored - set(used):
        default_storage.delete(name)


def keep(row: PhotoSource, name: str, digest: str, *, others: Sequence[PhotoSource] = ()) -> None:
    """Give a source its photo, at the end of its property's: `arrange` puts it in its place.

    A property shows a picture once. Where it has the very same one already, that is the source's; but if that
    is another source's, this one stands behind it until it goes. others: those that are saved later.
    """
    theirs = PropertyPhoto.objects.select_for_update().filter(property=row.property_id)
    same = theirs.filter(digest=digest).first()
    if same is not None and same.platform_id not in (None, row.platform_id):
        if row.photo is not None:
            _take_away(row, others)
        row.why = _SHOWN.format(id=same.platform_id)
        return
    if row.photo is not None and row.photo.digest != digest:
        _pass_on(row, others)
    last = theirs.order_by("-position").values_list("position", flat=True).first()
    photo = row.photo or same or PropertyPhoto(property=row.property)
    if same is not None and same.pk != photo.pk:
        same.delete()  # what was sent twice is shown once
    if photo._state.adding:
        photo.position = 0 if last is None else last + 1
    if photo.digest != digest:
        photo.image.name, photo.digest = name, digest
        photo.media_id, photo.uploaded_at = "", None
    photo.platform_id, photo.version = row.platform_id, row.version
    photo.save()
    row.photo, row.why = photo, ""


def _take_away(row: PhotoSource, others: Sequence[PhotoSource]) -> None:
    """A source has its photo no more; who stands behind it has it now."""
    photo = row.photo
    if photo is not None and not _pass_on(row, others):
        row.photo = None
        PropertyPhoto.objects.filter(pk=photo.pk).delete()


def is_shown_by_another(row: PhotoSource) -> bool:
    """Whether its picture is there as the photo of another source."""
    return row.state == PhotoState.DONE and row.photo_id is None and bool(row.why)


def _pass_on(row: PhotoSource, others: Sequence[PhotoSource]) -> bool:
    """Leave a source's photo to one that has the same picture; False where there is none."""
    why, photo = _SHOWN.format(id=row.platform_id), row.photo
    here = [one for one in others if is_shown_by_another(one) and one.why == why]
    there = PhotoSource.objects.select_for_update().filter(photo=None, state=PhotoState.DONE, why=why)
    there = there.exclude(pk__in=[one.pk for one in others if not one._state.adding])
    behind = [*here, *there.filter(property=row.property_id).order_by("pk")]
    if not behind or photo is None:
        return False
    first, *rest = behind
    PhotoSource.objects.filter(photo=photo).update(photo=None)
    photo.platform_id, photo.version = first.platform_id, first.version
    photo.save(update_fields=["platform_id", "version"])
    row.photo, first.photo, first.why = None, photo, ""
    for one in rest:
        one.why = _SHOWN.format(id=first.platform_id)
    for one in behind[len(here) :]:
        one.save(update_fields=["photo", "why"])
    if first not in here:
        arrange({row.property_id: {photo.pk: first.position}})
    return True


def arrange(wanted: dict[int, dict[int, int]]) -> None:
    """Put photos at their positions, by property and photo; whatever stands in the way goes to the end."""
    changed: list[tuple[PropertyPhoto, int]] = []
    photos = PropertyPhoto.objects.select_for_update().filter(property__in=wanted)
    by_property: dict[int, list[PropertyPhoto]] = defaultdict(list)
    for photo in photos.order_by("property", "position", "pk"):
        by_property[photo.property_id].append(photo)
    for property, positions in wanted.items():
        taken: set[int] = set()
        homeless: list[PropertyPhoto] = []
        places: dict[int, int] = {}
        for photo in by_property[property]:
            place = positions.get(photo.pk)
            if place is not None and place not in taken:
                places[photo.pk] = place
                taken.add(place)
            elif place is not None:
                homeless.append(photo)
        for photo in by_property[property]:
            if photo.pk in positions:
                continue
            if photo.position in taken:
                homeless.append(photo)
            else:
                taken.add(photo.position)
        for photo in homeless:
            places[photo.pk] = max(taken, default=-1) + 1
            taken.add(places[photo.pk])
        changed += [
            (photo, places[photo.pk])
            for photo in by_property[property]
            if photo.pk in places and places[photo.pk] != photo.position
        ]
    # Two that change places would meet on the way: first all of them are put aside.
    for aside in (True, False):
        for number, (photo, place) in enumerate(changed):
            photo.position = _ASIDE + number if aside else place
        PropertyPhoto.objects.bulk_create(
            [photo for photo, _place in changed],
            update_conflicts=True,
            update_fields=["position"],
            unique_fields=["pk"],
        )
