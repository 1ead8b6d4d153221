"""Photos that a phone sends, and Meta's side of fetching them."""

import hashlib
import io
import itertools
import tempfile
from collections.abc import Sequence
from typing import Any

import responses
from django.conf import settings
from django.test import override_settings
from PIL import Image

from tests.bot.phone import Phone

_ids = itertools.count(7_000_001)


def send(phone: Phone, colours: Sequence[str]) -> str:
    """An album, a photo of each colour; "broken" is no picture. What the bot answered once all had come."""
    with (
        tempfile.TemporaryDirectory() as folder,
        override_settings(MEDIA_ROOT=folder),
        responses.RequestsMock(assert_all_requests_are_fired=False) as http,
    ):
        for colour in colours:
            phone.posts(phone.webhook(_kept(http, picture(colour))))
        return phone.answers()


def picture(colour: str) -> bytes:
    """A small JPEG of one colour."""
    if colour == "broken":
        return b"no picture"
    data = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(data, "JPEG")
    return data.getvalue()


def _kept(http: responses.RequestsMock, data: bytes) -> dict[str, Any]:
    """Let Meta keep a file; the message that a phone would send with it."""
    id = str(next(_ids))
    keep(http, id, data)
    return {"type": "image", "image": {"id": id, "mime_type": "image/jpeg"}}


def keep(http: responses.RequestsMock, id: str, data: bytes) -> None:
    """Let Meta keep a file under that id."""
    address = f"https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid={id}"
    about = {"url": address, "mime_type": "image/jpeg", "sha256": hashlib.sha256(data).hexdigest(), "id": id}
    http.get(
        f"{settings.WHATSAPP_API_URL}/{settings.WHATSAPP_API_VERSION}/{id}",
        json=about | {"file_size": len(data)},
    )
    http.get(address, body=data)
