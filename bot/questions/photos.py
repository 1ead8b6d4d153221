"""Photos: several, in any order, as they come; each is fetched, checked and cleaned before its turn."""

import hashlib
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from bot import matching
from bot.models import Upload
from bot.questions.base import FindOut, Gone, NotUnderstood, Option, Prompt, Question, Shown, Unfinished
from bot.said import Said
from inspector_whatsapp import clock
from inspector_whatsapp.cloud_api import events, media
from inspector_whatsapp.cloud_api.errors import CloudError, TryLater
from inspector_whatsapp.words import Words, join, say
from notifications.meta import client

PHOTOS = ("image/jpeg", "image/png")
DONE = ("done", "finish", "finished", "that is all", "that's all", "ok", "okay", "na im be that", "e don do")
NONE = ("no", "none", "skip", "no photo", "no photos")

PAUSES = (0.5, 2)  # seconds before Meta is asked once more

LeftOut = Literal["twice", "no_photo", "too_many", "not_fetched"]


@dataclass(frozen=True, kw_only=True)
class Gather(Question["list[Upload]"]):
    """Photos, until the person says that these are all.

    The answer so far is kept under `uploads` (keys of Upload); `left_out` counts what could not be taken.
    """

    contact_id: int
    least: int
    most: int
    done: Words
    none: Words
    uploads: tuple[int, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    def prompt(self, page: int) -> Prompt:
        if not self.uploads:
            skip = (Option("none", self.none, also=NONE),) if self.least == 0 else ()
            return Prompt(join(*map(_why, dict.fromkeys(self.left_out)), self.words), skip)
        return Prompt(join(self._so_far(), *map(_why, dict.fromkeys(self.left_out))), (self._finish(),))

    def _finish(self) -> Option:
        return Option("done", self.done, also=DONE)

    def _so_far(self) -> Words:
        many = len(self.uploads)
        if many >= self.most:
            return say(_("I have {many} photos: that is all I can take."), many=many)
        return say(
            ngettext_lazy(
                "I have {many} photo. Send more, or tap *Done*.",
                "I have {many} photos. Send more, or tap *Done*.",
                many,
            ),
            many=many,
        )

    def gathers(self, said: Said) -> bool:
        return _is_photo(said)

    def before(self, said: Said) -> FindOut | None:
        if not _is_photo(said) or len(self.uploads) >= self.most:
            return None
        assert isinstance(said.content, events.MediaSent)
        return FindOut(partial(_fetch, contact_id=self.contact_id, sent=said.content))

    def hear(self, said: Said, value: str | None, shown: Shown) -> Any:
        if _is_photo(said):
            return self._with(said)
        if not said.is_words:
            raise NotUnderstood(say(_("I need photos here: JPEG or PNG pictures.")))
        picked = value or shown.exactly(said.text)
        plain = matching.folded(said.text)
        if picked == "done" or plain in DONE:
            if len(self.uploads) < max(self.least, 1):
                raise NotUnderstood(self._too_few())
            return self._kept(done=True)
        if self.least == 0 and not self.uploads and (picked == "none" or plain in NONE):
            return self._kept(done=True)
        raise NotUnderstood(say(_("Please send photos, or type *done*.")))

    def _too_few(self) -> Words:
        return say(
            ngettext_lazy("Please send a photo first.", "Please send at least {least} photos.", self.least),
            least=self.least,
        )

    def _with(self, said: Said) -> dict[str, Any]:
        if len(self.uploads) >= self.most:
            return replace(self, left_out=(*self.left_out, "too_many"))._kept()
        found = said.prepared["result"]
        if "left_out" in found:
            return replace(self, left_out=(*self.left_out, found["left_out"]))._kept()
        same = Upload.objects.filter(pk__in=self.uploads, digest=found["digest"])
        if same.exists():
            return replace(self, left_out=(*self.left_out, "twice"))._kept()
        return replace(self, uploads=(*self.uploads, found["upload"]))._kept()

    def _kept(self, *, done: bool = False) -> dict[str, Any]:
        return {"uploads": list(self.uploads), "left_out": list(self.left_out), "done": done}

    def read(self, kept: Any) -> list[Upload]:
        there = Upload.objects.in_bulk(kept["uploads"])
        uploads = [there[pk] for pk in kept["uploads"] if pk in there]
        if kept["done"]:
            if len(uploads) < self.least:
                raise Gone(say(_("The photos are gone. Please send them again.")))
            return uploads
        pks = tuple(upload.pk for upload in uploads)
        raise Unfinished(replace(self, uploads=pks, left_out=tuple(kept["left_out"])))


def _why(reason: LeftOut) -> Words:
    """Why a photo is not among them."""
    match reason:
        case "twice":
            return say(_("A photo that came twice was left out."))
        case "too_many":
            return say(_("What came after that was left out."))
        case "no_photo":
            return say(_("Something that is no JPEG or PNG picture, or is over 5 MB, was left out."))
        case "not_fetched":
            return say(_("A photo did not get through. Please send it once more."))


def _is_photo(said: Said) -> bool:
    """A picture, or one that was sent as a file to keep its quality."""
    match said.content:
        case events.MediaSent(kind="image"):
            return True
        case events.MediaSent(kind="document", mime=mime):
            return (mime or "").partition(";")[0] in PHOTOS
    return False


def _fetch(keep: Callable[[Any], None], *, contact_id: int, sent: events.MediaSent) -> None:
    """Fetch a photo from Meta, clean it, and store it; what is kept is its row, or why there is none."""
    try:
        photo = media.photo(_downloaded(sent))
    except media.MediaRefused:
        keep({"left_out": "no_photo"})
        return
    except (media.MediaGone, CloudError):
        keep({"left_out": "not_fetched"})
        return
    digest = hashlib.sha256(photo.data).hexdigest()
    ending = "png" if photo.mime == "image/png" else "jpg"
    name = default_storage.save(f"uploads/{uuid.uuid4().hex}.{ending}", ContentFile(photo.data))
    with transaction.atomic():
        upload = Upload.objects.create(
            contact_id=contact_id, file=name, digest=digest, created_at=clock.now()
        )
        keep({"upload": upload.pk, "digest": digest})


def _downloaded(sent: events.MediaSent) -> bytes:
    for pause in PAUSES:
        try:
            return client().media(sent.media_id, sha256=sent.sha256)
        except TryLater:
            time.sleep(pause)
    return client().media(sent.media_id, sha256=sent.sha256)


def gather(
    words: Words,
    *,
    contact_id: int,
    least: int = 0,
    most: int = 10,
    done: Words | None = None,
    none: Words | None = None,
) -> Gather:
    """Ask for photos: up to `most`, in any order."""
    return Gather(
        words=words,
        contact_id=contact_id,
        least=least,
        most=most,
        done=done or say(_("Done")),
        none=none or say(_("No photos")),
    )
