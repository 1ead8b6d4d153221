"""Files that people send: where they may be fetched from, and what is kept of a photo."""

import base64
import hashlib
import io
import warnings
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from PIL import Image, ImageOps

ALLOWED_HOSTS: Final = frozenset(("lookaside.fbsbx.com",))
"""Where Meta keeps people's files. The token is sent nowhere else."""
LOCAL_HOSTS: Final = frozenset(("127.0.0.1", "localhost", "::1"))
PHOTO_BYTES: Final = 5 * 1024 * 1024  # Meta's limit for images
PHOTO_PIXELS: Final = 50_000_000  # a phone's largest; a small file can unpack to gigabytes
_FORMATS: Final = ("JPEG", "PNG")  # some phones put a second picture behind the first: Pillow's "MPO"
_QUALITIES: Final = (90, 80, 65)


class MediaGone(Exception):
    """Meta no longer has the file: ids from webhooks live 7 days."""


class MediaRefused(Exception):
    """The file, or the place it should come from, is not one we take; `reason` is for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TooLarge(MediaRefused):
    """The file has more bytes than we take."""

    def __init__(self) -> None:
        super().__init__("too large")


@dataclass(frozen=True)
class Photo:
    """A photo as we keep it: re-encoded, upright, without EXIF or anything else hidden in it."""

    data: bytes
    mime: str
    width: int
    height: int


def check_url(url: str, *, api_url: str) -> None:
    """Raise `MediaRefused` unless the token may be sent there.

    Only Meta's file host by https, or exactly the API's own address when that is on this machine.
    """
    try:
        parts, api = urlsplit(url), urlsplit(api_url)
        port, api_port = parts.port, api.port
    except ValueError:
        raise MediaRefused("an address that can't be read") from None
    if parts.username is not None or parts.password is not None or "\\" in url:
        raise MediaRefused("an address with a password in it")
    if parts.scheme == "https" and parts.hostname in ALLOWED_HOSTS and port in (None, 443):
        return
    local = api.hostname in LOCAL_HOSTS and (parts.scheme, parts.hostname, port) == (
        api.scheme,
        api.hostname,
        api_port,
    )
    if not local:
        raise MediaRefused("an address that is not Meta's")


def check_digest(data: bytes, sha256: str) -> None:
    """Raise `MediaRefused` unless the digest is right; webhooks have it in base64, some answers in hex."""
    digest = hashlib.sha256(data).digest()
    if sha256.strip() not in (base64.b64encode(digest).decode(), digest.hex()):
        raise MediaRefused("the digest is not the file's")


def photo(data: bytes) -> Photo:
    """The photo in these bytes, by what they are and not by what they are called.

    JPEG or PNG only. Re-encoding drops EXIF (with the place), colour profiles, comments and whatever
    follows the picture. Raises `MediaRefused`.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of odd EXIF, which we throw away
            return _cleaned(data)
    except MediaRefused:
        raise
    # Pillow raises whatever its decoders do: OSError, SyntaxError, ValueError, struct.error …
    except Exception as error:
        raise MediaRefused(f"not a picture that can be read ({type(error).__name__})") from None


def strip_exif(data: bytes) -> bytes:
    """The photo's bytes without EXIF and anything else that doesn't show. Raises `MediaRefused`."""
    return photo(data).data


def _cleaned(data: bytes) -> Photo:
    with Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
        if opened.width * opened.height > PHOTO_PIXELS:
            raise MediaRefused("too many pixels")
        is_png = opened.format == "PNG"
        upright = ImageOps.exif_transpose(opened)
        has_alpha = is_png and upright.has_transparency_data
        picture = upright.convert("RGBA" if has_alpha else "RGB")
    picture.info.clear()  # else Pillow writes profiles and comments back
    if is_png:
        encoded = _encoded(picture, "PNG")
        if len(encoded) <= PHOTO_BYTES:
            return Photo(encoded, "image/png", *picture.size)
        picture = _on_white(picture)
    for quality in _QUALITIES:
        encoded = _encoded(picture, "JPEG", quality)
        if len(encoded) <= PHOTO_BYTES:
            return Photo(encoded, "image/jpeg", *picture.size)
    raise MediaRefused("too large")


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture
    white = Image.new("RGB", picture.size, "white")
    white.paste(picture, mask=picture.getchannel("A"))
    return white


def _encoded(picture: Image.Image, name: str, quality: int = 90) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, name, quality=quality, optimize=True)
    return buffer.getvalue()
