"""Files to send: as they are stored, or made when they are asked for."""

import io
import mimetypes

from django.core.files.storage import default_storage
from PIL import Image, ImageOps

from inspector_whatsapp import sharing

SMALL = "small/"  # before a photo's name: the same photo, small
_LONGEST_SIDE = 320  # pixels
_QUALITY = 70


def read(name: str) -> tuple[bytes, str]:
    """The bytes of a file and its MIME type.

    `small/<name>` is the stored photo as a JPEG of up to 320 pixels, `qr/PR-1042.png` the QR code of a
    property's link. Raises FileNotFoundError for what is not there.
    """
    if name.startswith(sharing.QR):
        return _qr(name)
    if name.startswith(SMALL):
        return _small(_stored(name.removeprefix(SMALL))), "image/jpeg"
    return _stored(name), mimetypes.guess_type(name)[0] or "image/jpeg"


def _qr(name: str) -> tuple[bytes, str]:
    try:
        return sharing.qr(name.removeprefix(sharing.QR).removesuffix(".png")), "image/png"
    except ValueError:
        raise FileNotFoundError(name) from None


def _stored(name: str) -> bytes:
    with default_storage.open(name) as stored:
        data: bytes = stored.read()
    return data


def _small(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data)) as opened:
        opened.draft("RGB", (2 * _LONGEST_SIDE, 2 * _LONGEST_SIDE))  # a large JPEG is not unpacked in full
        picture = ImageOps.exif_transpose(opened)
        picture.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
        if picture.has_transparency_data:
            layers = picture.convert("RGBA")
            picture = Image.new("RGB", layers.size, "white")
            picture.paste(layers, mask=layers.getchannel("A"))
        small = io.BytesIO()
        picture.convert("RGB").save(small, "JPEG", quality=_QUALITY, optimize=True)
    return small.getvalue()
