"""The Cloud API over HTTP: each call tries once and says by its error what may be done next."""

import io
import json
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, NoReturn
from urllib.parse import quote, urlsplit, urlunsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter

from . import errors, limits
from .media import PHOTO_BYTES, MediaGone, MediaRefused, TooLarge, check_digest, check_url
from .messages import files, mark_read

CONNECT_SECONDS: Final = 5.0
READ_SECONDS: Final = 15.0
TOTAL_SECONDS: Final = 20.0  # for the body of an answer that drips; less than an outbox lease
_ANSWER_BYTES: Final = 4 * 1024 * 1024
_CHUNK: Final = 64 * 1024
_PAGES: Final = 100
_TEMPLATE_FIELDS: Final = (  # Meta leaves the last two out when it is not asked for them
    "id,name,language,status,category,components,parameter_format,quality_score,rejected_reason"
)
# Meta's file host refuses some of the usual names.
_HEADERS: Final = {**requests.utils.default_headers(), "User-Agent": "inspector-whatsapp"}
_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,200}", re.ASCII)


@dataclass(frozen=True)
class Accepted:
    """Meta took the message, which is not yet sent. `wa_id` is Meta's own form of the number."""

    wamid: str
    wa_id: str | None = None
    status: str | None = None
    user_id: str | None = None


class _Body(io.BytesIO):
    """A request's body that knows whether any of it was taken: only then may Meta have acted on it."""

    taken = False

    def read(self, size: int | None = -1, /) -> bytes:
        self.taken = True
        return super().read(size)


@dataclass(frozen=True)
class Client:
    """One business number's way to Meta. Safe to share between threads; each has its own connections."""

    api_url: str
    version: str
    phone_number_id: str
    access_token: str = field(repr=False)
    connect_seconds: float = CONNECT_SECONDS
    read_seconds: float = READ_SECONDS
    _local: threading.local = field(default_factory=threading.local, repr=False, compare=False)

    def send(self, payload: Mapping[str, object]) -> Accepted:
        """Post an addressed message, once. Raises `CloudError`; only `Uncertain` may have been sent."""
        if waiting := files(payload):
            raise errors.Refused(f"a file is not uploaded: {waiting[0]}", 131053)
        try:
            limits.check(payload)
            limits.check_envelope(payload)
        except limits.Broken as broken:
            raise errors.Refused(broken.details, broken.code) from None
        answer = self.write(f"{self.phone_number_id}/messages", payload)
        message, contact = _first(answer, "messages"), _first(answer, "contacts")
        wamid = _text(message, "id")
        if wamid is None:
            raise errors.Uncertain("an answer without a message id")
        return Accepted(
            wamid, _text(contact, "wa_id"), _text(message, "message_status"), _text(contact, "user_id")
        )

    def mark_read(self, wamid: str, *, typing: bool = False) -> None:
        """Mark a message and all before it read; best effort, so callers may ignore its `CloudError`."""
        self.write(f"{self.phone_number_id}/messages", mark_read(wamid, typing=typing))

    def upload(self, data: bytes, mime: str, name: str) -> str:
        """Meta's id for a file of ours, good for 30 days. Harmless to repeat: never `Uncertain`."""
        most = limits.media_limit(mime)
        if most is None or len(data) > most:
            raise errors.Refused(f"{mime} of {len(data)} bytes can't be sent", 131053)
        plain_name = re.sub(r"[^A-Za-z0-9._-]+", "_", name)[-100:] or "file"
        form = urllib3.encode_multipart_formdata(
            {"messaging_product": "whatsapp", "type": mime, "file": (plain_name, data, mime)}
        )
        try:
            answer = self._json("POST", f"{self.phone_number_id}/media", body=form[0], content_type=form[1])
        except errors.Uncertain as error:
            raise errors.TryLater(error.details, scope="message") from error
        if (media_id := _text(answer, "id")) is None:
            raise errors.TryLater("an answer without a media id", scope="message")
        return media_id

    def media(self, media_id: str, *, sha256: str | None = None, most: int = PHOTO_BYTES) -> bytes:
        """A file that a person sent, of at most `most` bytes, its digest checked when it is known.

        Only by its id: an address from a webhook is not followed. Raises `MediaGone`, `MediaRefused`,
        or `CloudError` (`TryLater` when the network failed).
        """
        if _ID.fullmatch(media_id) is None:
            raise MediaRefused("not a media id")
        try:
            about = self.read(media_id, {"phone_number_id": self.phone_number_id})
        except errors.CloudError as error:
            if error.code in (33, 100):  # Meta answers an unknown or expired id with 100, subcode 33
                raise MediaGone(media_id) from None
            raise
        url = _text(about, "url") or ""
        check_url(url, api_url=self.api_url)
        size = about.get("file_size")
        if str(size).isdecimal() and int(str(size)) > most:
            raise TooLarge
        data = self._download(url, most)
        for digest in filter(None, (sha256, _text(about, "sha256"))):
            check_digest(data, digest)
        return data

    def templates(self, business_account_id: str) -> list[dict[str, Any]]:
        """Every template of the business account, as Meta describes it: all of them, or a `CloudError`."""
        parameters: dict[str, str] = {"limit": "100", "fields": _TEMPLATE_FIELDS}
        found: list[dict[str, Any]] = []
        for _ in range(_PAGES):
            page = self.read(f"{_quoted(business_account_id)}/message_templates", parameters)
            rows = page.get("data")
            if not isinstance(rows, list):
                raise errors.TryLater("an answer without a list of templates")
            found += [row for row in rows if isinstance(row, dict)]
            paging = page.get("paging")
            if not isinstance(paging, dict) or not paging.get("next"):
                return found
            # By cursor and not by `next`: that is an address, and the token goes to none we are told.
            after = _text(paging.get("cursors"), "after")
            if after is None or after == parameters.get("after"):
                break
            parameters["after"] = after
        # What is missing in half a list would be taken for deleted.
        raise errors.TryLater("a list of templates that does not end")

    def create_template(self, business_account_id: str, definition: Mapping[str, object]) -> dict[str, Any]:
        """Submit a template; the answer has `id`, `status` (PENDING as a rule) and `category`."""
        return self.write(f"{_quoted(business_account_id)}/message_templates", definition)

    def write(self, path: str, body: Mapping[str, object]) -> dict[str, Any]:
        """Post to a path below the version, once. Raises `CloudError`."""
        return self._json("POST", path, body=json.dumps(body).encode(), content_type="application/json")

    def read(self, path: str, parameters: Mapping[str, str]) -> dict[str, Any]:
        """What stands at a path below the version. Raises `CloudError`, never `Uncertain`."""
        try:
            return self._json("GET", path, parameters=parameters)
        except errors.Uncertain as error:  # reading changes nothing
            raise errors.TryLater(error.details) from error

    def _json(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        content_type: str = "",
        parameters: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        url = f"{self.api_url.rstrip('/')}/{self.version}/{path}"
        sent = _Body(body) if body is not None else None
        try:
            with self._request(method, url, sent, content_type, parameters) as response:
                content = _read(response, _ANSWER_BYTES)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            _raise_network_error(error, may_have_arrived=sent is not None and sent.taken)
        except MediaRefused as refused:
            raise errors.Uncertain(f"an answer that is {refused.reason}") from None
        if not 200 <= response.status_code < 300:
            raise errors.from_response(
                response.status_code, content, response.headers, secrets=[self.access_token]
            )
        return _object(content)

    def _download(self, url: str, most: int) -> bytes:
        try:
            with self._request("GET", url) as response:
                if response.status_code in (404, 410):
                    raise MediaGone(url.partition("?")[0])
                if 300 <= response.status_code < 400:
                    raise MediaRefused("a redirect")
                if response.status_code != 200:
                    body = _read(response, _CHUNK)
                    error = errors.from_response(
                        response.status_code, body, response.headers, secrets=[self.access_token]
                    )
                    raise errors.TryLater(error.details) if isinstance(error, errors.Uncertain) else error
                declared = response.headers.get("Content-Length", "")
                if declared.isdecimal() and int(declared) > most:
                    raise TooLarge
                return _read(response, most)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise errors.TryLater(f"download: {type(error).__name__}") from None

    def _request(
        self,
        method: str,
        url: str,
        body: _Body | None = None,
        content_type: str = "",
        parameters: Mapping[str, str] | None = None,
    ) -> requests.Response:
        # What a session does around it (cookies, redirects, a look into the environment) takes as long as
        # the request itself.
        if parameters is None:
            request = _without_body(method, url).copy()
        else:
            request = requests.Request(method, url, headers=_HEADERS, params=parameters).prepare()
        if body is not None:
            request.body = body  # type: ignore[assignment]  # a file: read as it is sent
            request.headers["Content-Length"] = str(body.getbuffer().nbytes)
            request.headers["Content-Type"] = content_type
        request.headers["Authorization"] = f"Bearer {self.access_token}"
        surroundings = _surroundings(urlsplit(url)[:2])
        return self._adapter().send(
            request, timeout=(self.connect_seconds, self.read_seconds), **surroundings
        )

    def _adapter(self) -> HTTPAdapter:
        adapter: HTTPAdapter | None = getattr(self._local, "adapter", None)
        if adapter is None:
            adapter = self._local.adapter = HTTPAdapter(max_retries=0)
        return adapter


@lru_cache(maxsize=64)
def _without_body(method: str, url: str) -> requests.PreparedRequest:
    return requests.Request(method, url, headers=_HEADERS).prepare()


@lru_cache(maxsize=64)
def _surroundings(origin: tuple[str, str]) -> Mapping[str, Any]:
    """The proxies and the certificates that the environment of this process names."""
    with requests.Session() as session:
        url = urlunsplit((*origin, "/", "", ""))
        return session.merge_environment_settings(url, {}, stream=True, verify=None, cert=None)


def _raise_network_error(error: Exception, *, may_have_arrived: bool) -> NoReturn:
    """Before a byte of the body was taken Meta can't have acted; afterwards nobody knows."""
    name = type(error).__name__
    if isinstance(error, ValueError):  # requests' errors for an address or a header that can't be
        raise errors.NotAllowed(f"the API's address or the token can't be used: {name}") from None
    if isinstance(error, requests.ConnectTimeout) or not (
        may_have_arrived or isinstance(error, requests.ReadTimeout)
    ):
        raise errors.TryLater(f"not sent: {name}") from None
    raise errors.Uncertain(f"no answer: {name}") from None


def _read(response: requests.Response, most: int) -> bytes:
    """The body, of at most `most` bytes and in bounded time: an answer may drip for ever."""
    deadline = time.monotonic() + TOTAL_SECONDS
    parts: list[bytes] = []
    size = 0
    while part := response.raw.read1(_CHUNK, decode_content=True):
        parts.append(part)
        size += len(part)
        if size > most:
            raise TooLarge
        if time.monotonic() > deadline:
            raise requests.ReadTimeout("the answer drips")
    return b"".join(parts)


def _object(content: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        raise errors.Uncertain("an answer that is no JSON object")
    return answer


def _first(answer: Mapping[str, Any], key: str) -> object:
    found = answer.get(key)
    return found[0] if isinstance(found, list) and found else None


def _text(value: object, key: str) -> str | None:
    found = value.get(key) if isinstance(value, Mapping) else None
    return found if isinstance(found, str) and found else None


def _quoted(name: str) -> str:
    return quote(name, safe="")
