"""Photos that people send: fetched before the turn, checked by content, gathered as one album."""

import hashlib
import io
import itertools
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import responses
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from PIL import Image

from bot import drafts
from bot.models import InboundEvent, Upload
from bot.questions import gather
from bot.scripts import FLOWS, Person, Script, ask, flow, last
from inspector_whatsapp import clock, conditions, files
from inspector_whatsapp.models import OutboxMessage, PropertyPhoto
from inspector_whatsapp.models.outbox import Status
from inspector_whatsapp.words import say
from tests.bot import world
from tests.bot.bucket import bucket, storage
from tests.bot.phone import Phone
from tests.factories import PropertyFactory

_ids = itertools.count(1)
Send = Callable[[bytes], dict[str, Any]]


@pytest.fixture(autouse=True)
def _a_flow_that_gathers(settings: Any, tmp_path: Any) -> Iterator[None]:
    settings.MEDIA_ROOT = str(tmp_path)

    @flow("gathering")
    def gathering(person: Person) -> Script:
        uploads = yield from ask(
            "photos", gather(say("Send me photos."), contact_id=person.contact.pk, least=1, most=3)
        )
        return last(say("Thanks for {n}.", n=len(uploads)))

    yield
    del FLOWS["gathering"]


@pytest.fixture
def meta() -> Iterator[Send]:
    """Meta's side of photos: keeps a file, and gives the message that a person's phone would send with it."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as http:

        def keep(data: bytes) -> dict[str, Any]:
            id = f"{next(_ids)}00"
            address = f"https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid={id}"
            about = {
                "url": address,
                "mime_type": "image/jpeg",
                "sha256": hashlib.sha256(data).hexdigest(),
                "file_size": len(data),
                "id": id,
            }
            graph = f"{settings.WHATSAPP_API_URL}/{settings.WHATSAPP_API_VERSION}/{id}"
            http.get(graph, json=about)
            http.get(address, body=data, match_querystring=None)
            return {"type": "image", "image": {"id": id, "mime_type": "image/jpeg"}}

        yield keep


def picture(colour: str, *, format: str = "JPEG", **more: Any) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(data, format, **more)
    return data.getvalue()


def begun() -> Phone:
    world.build()
    phone = Phone(world.linked("ada@inspector.example"))
    phone.taps_id("v1|start|gathering|")
    return phone


def waiting() -> list[str]:
    return list(
        OutboxMessage.objects.filter(kind="reply", status=Status.PENDING).values_list("text", flat=True)
    )


@pytest.mark.django_db
def test_an_album_is_answered_once(meta: Send) -> None:
    phone = begun()
    for colour in ("red", "green"):
        phone.posts(phone.webhook(meta(picture(colour))))
    assert phone.answers() == "I have 2 photos. Send more, or tap *Done*.\n\n1. Done"
    assert phone.taps("Done").startswith("Thanks for 2.")
    withheld = OutboxMessage.objects.get(status=Status.WITHHELD)
    assert withheld.reason == "said together with what followed"


@pytest.mark.django_db
def test_an_answer_to_photos_waits_a_moment_for_the_next_one(meta: Send) -> None:
    phone = begun()
    now = clock.now()
    phone.posts(phone.webhook(meta(picture("red"))))
    phone.answers()
    answer = OutboxMessage.objects.order_by("-pk")[0]
    assert timedelta(seconds=2) < answer.not_before - now < timedelta(seconds=10)


@pytest.mark.django_db
def test_a_word_that_follows_at_once_takes_the_place_of_the_answer_to_the_photo(meta: Send) -> None:
    phone = begun()
    phone.posts(phone.webhook(meta(picture("red"))))
    phone.posts(phone.webhook({"type": "text", "text": {"body": "done"}}))
    assert phone.answers().startswith("Thanks for 1.")


@pytest.mark.django_db
def test_the_same_photo_twice_is_left_out_and_said(meta: Send) -> None:
    phone = begun()
    phone.sends(meta(picture("red")))
    assert phone.sends(meta(picture("red"))).startswith(
        "I have 1 photo. Send more, or tap *Done*.\nA photo that came twice was left out."
    )


@pytest.mark.django_db
def test_what_is_no_photo_by_its_content_is_left_out_whatever_it_is_called(meta: Send) -> None:
    phone = begun()
    answer = phone.sends(meta(b"%PDF-1.4 not a picture"))
    assert answer.startswith("Something that is no JPEG or PNG picture")
    assert not Upload.objects.exists()
    gif = picture("red", format="GIF")
    assert "no JPEG or PNG picture" in phone.sends(meta(gif))


@pytest.mark.django_db
def test_more_than_the_most_are_not_even_fetched(meta: Send) -> None:
    phone = begun()
    for colour in ("red", "green", "blue"):
        phone.sends(meta(picture(colour)))
    one_more = {"type": "image", "image": {"id": "999999", "mime_type": "image/jpeg"}}
    answer = phone.sends(one_more)
    assert answer.startswith("I have 3 photos: that is all I can take.\nWhat came after that was left out.")


@pytest.mark.django_db
def test_a_photo_that_meta_no_longer_has_is_asked_for_once_more(meta: Send) -> None:
    phone = begun()
    gone = {"type": "image", "image": {"id": "424242", "mime_type": "image/jpeg"}}
    assert phone.sends(gone).startswith("A photo did not get through. Please send it once more.")


@pytest.mark.django_db
def test_what_is_kept_has_no_exif(meta: Send) -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    phone = begun()
    phone.sends(meta(picture("red", exif=exif)))
    upload = Upload.objects.get()
    with default_storage.open(upload.file) as file:
        data = file.read()
    assert b"taken at home" not in data
    assert hashlib.sha256(data).hexdigest() == upload.digest


@pytest.mark.django_db
def test_a_photo_is_no_secret_its_message_is_kept(meta: Send) -> None:
    phone = begun()
    phone.sends(meta(picture("red")))
    assert InboundEvent.objects.filter(text="[image]").exists()


@pytest.mark.django_db
def test_a_voice_note_where_photos_are_wanted_says_what_is_wanted() -> None:
    phone = begun()
    voice = {"type": "audio", "audio": {"id": "1", "mime_type": "audio/ogg", "voice": True}}
    assert phone.sends(voice).startswith("I need photos here: JPEG or PNG pictures.")


@pytest.mark.django_db
def test_photos_that_nothing_names_go_after_a_while(meta: Send) -> None:
    phone = begun()
    phone.sends(meta(picture("red")))
    upload = Upload.objects.get()
    clock.move(timedelta(days=7))
    drafts.sweep()
    assert default_storage.exists(upload.file)
    clock.move(timedelta(days=2))
    assert drafts.sweep() == 1
    assert not default_storage.exists(upload.file)
    assert not Upload.objects.exists()


# --- on a bucket ------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_on_a_bucket_photos_are_kept_and_shown_and_it_fails_as_a_folder_does(
    meta: Send, settings: Any, client: Client
) -> None:
    with bucket("photos") as kept:
        at = kept.meta.client.meta.endpoint_url
        there = storage("s3://photos/inspector", at=at)
        settings.STORAGES = settings.STORAGES | {"default": there}
        begun().sends(meta(picture("red")))
        upload = Upload.objects.get()
        assert [each.key for each in kept.objects.all()] == [f"inspector/{upload.file}"]
        PropertyPhoto.objects.create(property=PropertyFactory(ref="PR-77"), image=upload.file)
        shown = client.get("/p/PR-77/photo.jpg")
        assert Image.open(io.BytesIO(shown.content)).size == files.PREVIEW
        assert len(list(kept.objects.all())) == 2  # the preview is made once
        assert "photos" not in conditions.warnings()

        default_storage.delete(upload.file)
        with pytest.raises(FileNotFoundError):
            default_storage.open(upload.file)
        there["OPTIONS"]["bucket_name"] = "another"
        settings.STORAGES = settings.STORAGES | {"default": there}
        with pytest.raises(OSError, match="NoSuchBucket"):
            default_storage.save("uploads/one.jpg", ContentFile(b"one"))
        conditions._bucket.cache_clear()
        assert conditions.warnings()["photos"].endswith("the bucket of MEDIA_STORAGE says NoSuchBucket")
        there["OPTIONS"]["endpoint_url"] = "http://127.0.0.1:1"
        settings.STORAGES = settings.STORAGES | {"default": there}
        with pytest.raises(OSError, match="EndpointConnectionError"):
            default_storage.open(upload.file)
