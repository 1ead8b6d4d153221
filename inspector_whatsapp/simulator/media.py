"""Photos and files: uploaded ones, those people send, and the short-lived addresses they are fetched from."""

import base64
import hashlib
import hmac
import http.client
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.parser import HeaderParser
from urllib.parse import parse_qs, urlencode, urlsplit

from inspector_whatsapp.cloud_api import limits
from inspector_whatsapp.simulator.config import Config, Json

LOCAL = ("127.0.0.1", "localhost", "::1")
FETCH_SECONDS = 10.0
MOST_BYTES = 100 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class File:
    """A stored file; ids are digits, as Meta's."""

    id: str
    mime: str
    data: bytes
    name: str
    until: datetime

    @property
    def sha256(self) -> str:
        return base64.b64encode(hashlib.sha256(self.data).digest()).decode()


class Media:
    """All files by id."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._files: dict[str, File] = {}

    def keep(self, data: bytes, *, mime: str, name: str, now: datetime, uploaded: bool) -> File:
        """Store it: for 30 days when the business uploaded it, for 7 when a person sent it."""
        days = limits.MEDIA_UPLOAD_DAYS if uploaded else limits.MEDIA_INBOUND_DAYS
        number = str(10**15 + secrets.randbelow(9 * 10**15))
        file = File(id=number, mime=mime, data=data, name=name, until=now + timedelta(days=days))
        self._files[number] = file
        return file

    def get(self, number: str, now: datetime) -> File | None:
        file = self._files.get(number)
        return file if file is not None and now < file.until else None

    def any(self, number: str) -> File | None:
        """The file for the phone page, which keeps what Meta forgets."""
        return self._files.get(number)

    def delete(self, number: str) -> None:
        self._files.pop(number, None)

    def clear(self) -> None:
        self._files.clear()

    def url(self, file: File, now: datetime) -> str:
        """Where it can be fetched for five minutes, with the token."""
        ext = str(int(now.timestamp()) + limits.MEDIA_URL_SECONDS)
        query = urlencode({"mid": file.id, "ext": ext, "hash": self._hash(file.id, ext)})
        return f"{self._config.address}/whatsapp_business/attachments/?{query}"

    def fetched(self, query: str, now: datetime) -> File | None:
        """The file behind such an address; None when it is wrong or too old."""
        given = {key: values[0] for key, values in parse_qs(query).items()}
        number, ext = given.get("mid", ""), given.get("ext", "")
        if not hmac.compare_digest(given.get("hash", "").encode(), self._hash(number, ext).encode()):
            return None
        return self.get(number, now) if int(now.timestamp()) <= int(ext) else None

    def _hash(self, number: str, ext: str) -> str:
        key = self._config.app_secret.encode()
        return hmac.new(key, f"{number}:{ext}".encode(), hashlib.sha256).hexdigest()[:40]

    def fetch(self, link: str, *, kind: str, now: datetime) -> File | str:
        """What Meta does with a `link`: fetch it. A sentence says why it failed (131053).

        Only this machine is asked; nothing here reaches the network.
        """
        place = urlsplit(link)
        if place.scheme != "http" or place.hostname not in LOCAL:
            return f"The simulator fetches from this machine only, not from {place.hostname}"
        connection = http.client.HTTPConnection(place.hostname, place.port, timeout=FETCH_SECONDS)
        try:
            connection.request("GET", place.path + (f"?{place.query}" if place.query else ""))
            response = connection.getresponse()
            data, mime = response.read(MOST_BYTES + 1), response.headers.get_content_type()
        except (OSError, http.client.HTTPException) as error:
            return f"Downloading media from weblink failed: {type(error).__name__}"
        finally:
            connection.close()
        if response.status != 200:
            return f"Downloading media from weblink failed with http code {response.status}"
        if fault := unfit(data, mime, kind=kind):
            return fault
        name = place.path.rpartition("/")[2]
        return self.keep(data, mime=mime, name=name, now=now, uploaded=True)


def unfit(data: bytes, mime: str, *, kind: str | None = None) -> str:
    """Why Meta would not take this file, "" when it would: type, size, and type against bytes."""
    types = limits.MEDIA_TYPES.get(kind or "")
    most = limits.media_limit(mime)
    if most is None or (types is not None and mime.partition(";")[0].strip() not in types):
        return f"Media type {mime[:60]} is not supported"
    if not data or len(data) > most:
        return f"Media file size must be between 1 and {most} bytes"
    real = sniffed(data)
    if real is not None and mime.startswith("image/") and real != mime.partition(";")[0].strip():
        return f"Media file is {real}, not {mime[:60]}"
    if mime in ("image/jpeg", "image/png") and real is None:
        return f"Media file is not {mime}"
    return ""


def sniffed(data: bytes) -> str | None:
    """The type of a picture, or a voice note, by its first bytes."""
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data.startswith(b"OggS"):
        return "audio/ogg; codecs=opus"
    return None


def parts(content_type: str, raw: bytes) -> dict[str, tuple[bytes, str, str]]:
    """A multipart form: field name → bytes, content type, file name. Byte for byte, hence by hand."""
    boundary = HeaderParser().parsestr(f"Content-Type: {content_type}\n\n").get_boundary()
    if not boundary:
        return {}
    found: dict[str, tuple[bytes, str, str]] = {}
    for piece in (b"\r\n" + raw).split(b"\r\n--" + boundary.encode())[1:]:
        head, gap, data = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        if not gap:
            continue
        headers = HeaderParser().parsestr(head.decode("utf-8", "replace").replace("\r\n", "\n") + "\n\n")
        name = headers.get_param("name", header="content-disposition")
        found[str(name)] = (data, headers.get_content_type(), headers.get_filename() or "")
    return found


def described(file: File, url: str) -> Json:
    """The answer to `GET /{media id}`."""
    return {
        "messaging_product": "whatsapp",
        "url": url,
        "mime_type": file.mime,
        "sha256": file.sha256,
        "file_size": len(file.data),
        "id": file.id,
    }
