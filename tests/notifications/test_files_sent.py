"""Files go to Meta as what they are: photos as they are stored or made small, QR codes as PNG."""

import io
from pathlib import Path

import pytest
import responses
from django.conf import settings as configured
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image
from pytest_django import Settings

from inspector_whatsapp import clock, outbox
from inspector_whatsapp.cloud_api import messages as cloud
from inspector_whatsapp.models import OutboxMessage
from inspector_whatsapp.outbox import Outgoing, Refused, Sending, TryLater, channel
from tests.factories import ContactFactory

pytestmark = pytest.mark.django_db

META = (
    f"{configured.WHATSAPP_API_URL}/{configured.WHATSAPP_API_VERSION}/{configured.WHATSAPP_PHONE_NUMBER_ID}"
)


@pytest.fixture
def photo(settings: Settings, tmp_path: Path) -> str:
    settings.MEDIA_ROOT = str(tmp_path)
    picture = io.BytesIO()
    Image.new("RGB", (1600, 1200), "teal").save(picture, "PNG")
    return default_storage.save("properties/face.png", ContentFile(picture.getvalue()))


def ready(name: str) -> Sending:
    """A message that shows this file, ready to be sent."""
    body = cloud.payload(cloud.Image(cloud.Media(file=name), "Look"))
    outbox.add(Outgoing(kind="reply", channel="whatsapp", contact=ContactFactory(), body=body, key=name))
    message = OutboxMessage.objects.select_related("contact").get(key=name)
    return channel.by_name("whatsapp").prepare(message, now=clock.now())


def uploaded(name: str) -> bytes:
    """The body of the upload when it is sent."""
    sending = ready(name)
    with responses.RequestsMock() as meta:
        meta.post(f"{META}/media", json={"id": "1"})
        meta.post(f"{META}/messages", json={"messages": [{"id": "wamid.1"}]})
        sending.send()
        sent = meta.calls[0].request.body
    assert isinstance(sent, bytes)
    return sent


def test_a_stored_photo_goes_as_what_it_is(photo: str) -> None:
    sent = uploaded(photo)
    assert b"Content-Type: image/png" in sent


def test_a_small_photo_is_a_jpeg_of_few_bytes(photo: str) -> None:
    sent = uploaded(f"small/{photo}")
    assert b"Content-Type: image/jpeg" in sent
    assert len(sent) < 20_000


def test_a_qr_code_is_made_when_it_is_sent(photo: str) -> None:
    sent = uploaded("qr/PR-1042.png")
    assert b"Content-Type: image/png" in sent
    assert b"\x89PNG" in sent


def test_a_photo_that_cannot_be_read_has_the_message_wait_and_one_that_is_gone_ends_it(photo: str) -> None:
    sending = ready(photo)
    default_storage.delete(photo)
    with pytest.raises(Refused, match="not kept any more"):
        sending.send()
    Path(default_storage.path(photo)).mkdir()  # no file: reading it fails, as from a disk that is broken
    with pytest.raises(TryLater, match="cannot be read: IsADirectoryError") as raised:
        sending.send()
    assert raised.value.scope == "message"
