"""Meta's door: the handshake, and signed bodies. A body is stored before anything reads it."""

import hmac
import logging
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.http.request import UnreadablePostError
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from bot import inbox
from bot.watching import forgeries
from inspector_whatsapp import doorbell
from inspector_whatsapp.cloud_api import signature
from inspector_whatsapp.crashing import crash_point

logger = logging.getLogger(__name__)

LARGEST = 4 * 1024 * 1024  # bytes; Meta sends up to 3 MB


def receive(body: bytes, header: str | None) -> int:
    """Store one signed body; the HTTP status to answer with. Any door may call it.

    200: stored, or stored before. 401: the signature is not Meta's. 503: it could not be stored; Meta tries
    again for seven days.
    """
    if not signature.verify(body, header, settings.WHATSAPP_APP_SECRETS):
        forgeries.add()
        return 401
    try:
        inbox.store(body)
    except (OperationalError, InterfaceError) as error:
        logger.error("a webhook could not be stored: %s", type(error).__name__)
        return 503
    crash_point("webhook_stored")
    doorbell.ring(doorbell.INBOX)
    return 200


class Webhook(APIView):
    """`/webhooks/whatsapp`. DRF's parsers are kept out: the bytes are read here, up to LARGEST."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]
    parser_classes: list[Any] = []

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
        if request.META.get("HTTP_CONTENT_ENCODING", "identity") != "identity":
            return _plain("", 415)
        length = request.META.get("CONTENT_LENGTH") or ""
        if not length.isdecimal():
            return _plain("", 411)
        if len(length) > 12 or int(length) > LARGEST:  # Python reads no int of thousands of digits
            return _plain("", 413)
        try:
            body = request._request.read(LARGEST + 1)
        except (UnreadablePostError, RequestDataTooBig, OSError):
            return _plain("", 400)
        return _plain("", receive(body, request.META.get("HTTP_X_HUB_SIGNATURE_256")))


def _plain(text: str, status: int) -> HttpResponse:
    return HttpResponse(
        text, status=status, content_type="text/plain", headers={"X-Content-Type-Options": "nosniff"}
    )
