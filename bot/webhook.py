"""Meta's door: the handshake, and signed bodies. A body is stored before anything reads it."""

import hmac
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.request import UnreadablePostError
from drf_spectacular.utils import extend_schema
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import AllowAny
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from bot import storing
from bot.watching import forgeries
from inspector_whatsapp import doorbell
from inspector_whatsapp.cloud_api import signature
from inspector_whatsapp.crashing import crash_point
from inspector_whatsapp.metrics import Tally, tally

logger = logging.getLogger(__name__)

DOOR = "/webhooks/whatsapp"
LARGEST = 4 * 1024 * 1024  # bytes; Meta sends up to 3 MB


def receive(body: bytes, header: str | None) -> int:
    """Store one signed body; the HTTP status to answer with. Any door may call it.

    200: stored, or stored before. 401: the signature is not Meta's. 503: it could not be stored; Meta tries
    again for seven days.
    """
    return receive_all([(body, header)])[0]


def receive_all(posted: Sequence[tuple[bytes, str | bytes | None]]) -> list[int]:
    """The same of several bodies with their signatures, which are stored together."""
    signed = [signature.verify(body, header, settings.WHATSAPP_APP_SECRETS) for body, header in posted]
    for _forged in range(signed.count(False)):
        forgeries.add()
    bodies = [body for (body, _header), right in zip(posted, signed, strict=True) if right]
    failures = storing.store(*bodies) if bodies else []
    for kind, many in Counter(type(failure).__name__ for failure in failures if failure).items():
        logger.error("%d of %d webhooks could not be stored: %s", many, len(bodies), kind)
    if None in failures:
        crash_point("webhook_stored")
        doorbell.ring(doorbell.INBOX)
    tally.add(Tally.FORGED, signed.count(False))
    tally.add(Tally.NOT_STORED, len(failures) - failures.count(None))
    stored = iter(failures)
    return [401 if not right else 503 if next(stored) else 200 for right in signed]


def refusal(encoding: str | None, length: str | None) -> int | None:
    """The status for a body that is not read at all, by the headers that describe it."""
    if encoding is not None and encoding != "identity":
        return 415
    if not length or not length.isdecimal():
        return 411
    if len(length) > 12 or int(length) > LARGEST:  # Python reads no int of thousands of digits
        return 413
    return None


class _OneAnswer(BaseContentNegotiation):
    """Meta reads the status alone: whatever it accepts, there is nothing to choose."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        first = next(iter(renderers))
        return first, first.media_type or ""


class Webhook(APIView):
    """DOOR. DRF's parsers are kept out: the bytes are read here, up to LARGEST."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]
    parser_classes: list[Any] = []
    content_negotiation_class = _OneAnswer

    @extend_schema(exclude=True)
    def get(self, request: Request) -> HttpResponse:
        """Meta's handshake: the challenge comes back as it was, if the token is ours."""
        asked = request.query_params
        token = asked.get("hub.verify_token", "").encode()
        if asked.get("hub.mode") != "subscribe" or not hmac.compare_digest(
            token, settings.WHATSAPP_VERIFY_TOKEN.encode()
        ):
            return _plain("", 403)
        return _plain(asked.get("hub.challenge", ""), 200)

    @extend_schema(exclude=True)
    def post(self, request: Request) -> HttpResponse:
        """A signed body; see `receive`."""
        refused = refusal(request.META.get("HTTP_CONTENT_ENCODING"), request.META.get("CONTENT_LENGTH"))
        if refused:
            return _plain("", refused)
        try:
            body = request._request.read(LARGEST + 1)
        except (UnreadablePostError, RequestDataTooBig, OSError):
            return _plain("", 400)
        return _plain("", receive(body, request.META.get("HTTP_X_HUB_SIGNATURE_256")))


def straight(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A middleware that spares Meta's posts all that come after it: they were most of what a post cost.

    Sessions, accounts, pages and their policy are nothing to a body whose signature says who sent it.
    """
    view = Webhook.as_view()

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.method == "POST" and request.path_info == DOOR:
            return view(request)
        return get_response(request)

    return middleware


def _plain(text: str, status: int) -> HttpResponse:
    said = text.encode()
    headers = {"X-Content-Type-Options": "nosniff", "Content-Length": str(len(said))}
    return HttpResponse(said, status=status, content_type="text/plain; charset=utf-8", headers=headers)
