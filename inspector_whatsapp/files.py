"""Files to send: as they are stored, or made when they are asked for."""

import hashlib
import io
import mimetypes

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageOps

from inspector_whatsapp import sharing

SMALL = "small/"  # before a photo's name: the same photo, small
_LONGEST_SIDE = 320  # pixels
_QUALITY = 70

PREVIEW = (1200, 630)  # pixels of the photo in a link's preview
_MOST_BYTES = 300_000  # WhatsApp's older clients take no more; Meta names 600 KB
_MOST_PIXELS = 64_000_000


def read(name: str) -> tuple[bytes, str]:
    """The bytes of a file and its MIME type.

    `small/<name>` is the stored photo as a JPEG of up to 320 pixels, `qr/PR-1042.png` the QR code of a
    property's link, `qr/PR-1042-bcdf2345.png` of one with a source.
    Raises FileNotFoundError for what is not there.
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


def preview_name(name: str) -> str:
    """Where the preview of a stored photo is kept. A stored file never changes under its name."""
    return f"previews/{hashlib.sha256(name.encode()).hexdigest()[:32]}.jpg"


def preview(name: str) -> bytes:
    """A stored photo as the preview of a link shows it: a JPEG of 1200 × 630 pixels, up to 300 KB.

    Made once. Raises OSError for what is not there, or is no picture.
    """
    kept = preview_name(name)
    if default_storage.exists(kept):
        return _stored(kept)
    data = _preview(_stored(name))
    default_storage.save(kept, ContentFile(data))
    return data


def _preview(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data)) as opened:
        if opened.width * opened.height > _MOST_PIXELS:
            raise OSError("more pixels than any photo has")
        opened.draft("RGB", (2 * PREVIEW[0], 2 * PREVIEW[1]))
        picture = ImageOps.fit(_opaque(ImageOps.exif_transpose(opened)), PREVIEW)
    for quality in (80, 60, 40, 20):
        made = _jpeg(picture, quality)
        if len(made) <= _MOST_BYTES:
            break
    return made


def _small(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data)) as opened:
        opened.draft("RGB", (2 * _LONGEST_SIDE, 2 * _LONGEST_SIDE))  # a large JPEG is not unpacked in full
        picture = ImageOps.exif_transpose(opened)
        picture.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
        return _jpeg(_opaque(picture), _QUALITY)


def _opaque(picture: Image.Image) -> Image.Image:
    """On white where one can see through it."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layers = picture.convert("RGBA")
    whole = Image.new("RGB", layers.size, "white")
    whole.paste(layers, mask=layers.getchannel("A"))
    return whole


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    made = io.BytesIO()
    picture.save(made, "JPEG", quality=quality, optimize=True)
    return made.getvalue()
