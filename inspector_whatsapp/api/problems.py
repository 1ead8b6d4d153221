"""What goes wrong, as the API says it: problem+json (RFC 9457), from one handler."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from itertools import islice
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404
from django.http.request import UnreadablePostError
from django_guid import get_guid
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from inspector_whatsapp.api import refusals

logger = logging.getLogger(__name__)

MOST = 100  # mistakes that one answer names
RETRY = 5  # seconds, where nothing better is known


class Problem(Exception):
    """Something that cannot be done, for the caller to read.

    code: a word for programs, which never changes. detail: a sentence. more: members besides.
    """

    def __init__(
        self, status: int, code: str, detail: str, *, retry_after: float | None = None, **more: Any
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.retry_after = retry_after
        self.more = more

    def response(self) -> Response:
        """As it is answered."""
        return Response(
            {
                "type": "about:blank",
                "title": HTTPStatus(self.status).phrase,
                "status": self.status,
                "detail": self.detail,
                "code": self.code,
                "request_id": get_guid() or "",
                **self.more,
            },
            status=self.status,
            content_type="application/problem+json",
            headers={} if self.retry_after is None else {"Retry-After": str(max(1, round(self.retry_after)))},
        )


def handle(error: Exception, context: Mapping[str, Any]) -> Response:
    """DRF's handler: every error of the API becomes a problem, what nobody foresaw included."""
    set_rollback()
    response = of(error).response()
    header = getattr(error, "auth_header", None)
    if header:
        response["WWW-Authenticate"] = header
    return response


def of(error: Exception) -> Problem:
    """What the API says of an error; one that nobody foresaw is logged, and told by its number only."""
    match error:
        case Problem():
            return error
        case exceptions.ValidationError():
            return Problem(
                400,
                "invalid",
                "Some of what was sent is not right.",
                errors=list(islice(_errors(error.detail), MOST)),
            )
        case exceptions.Throttled():
            wait = getattr(error, "wait", None) or RETRY
            return Problem(429, "too_many", "Too many requests; wait a little.", retry_after=wait)
        case exceptions.NotAuthenticated() | exceptions.AuthenticationFailed():
            return Problem(401, "no_token", "A valid token is needed.")
        case exceptions.PermissionDenied() | PermissionDenied():
            return Problem(403, "not_allowed", "This token does not allow that.")
        case exceptions.NotFound() | Http404():
            return Problem(404, "not_found", "There is nothing here.")
        case exceptions.APIException():
            return Problem(error.status_code, str(error.default_code), str(error.detail))
        case RequestDataTooBig():
            return Problem(413, "too_large", "That is too large.")
        case UnreadablePostError() | SuspiciousOperation():
            return Problem(400, "parse_error", "The request could not be read.")
        case OperationalError() | InterfaceError():
            logger.error("the API could not reach PostgreSQL: %s", type(error).__name__)
            return Problem(503, "try_later", "This cannot be done now; try again.", retry_after=RETRY)
    refusal = refusals.of(error)
    if refusal is not None:
        return Problem(refusal.status, refusal.code, refusal.sentence, **refusal.more)
    logger.error("an error nobody foresaw in the API", exc_info=error)
    return Problem(500, "unforeseen", "Something went wrong here; quote the request_id.")


def _errors(detail: Any, pointer: str = "") -> Iterator[dict[str, str]]:
    """Every wrong field with its place in the body (RFC 6901)."""
    match detail:
        case Mapping():
            for name, inner in detail.items():
                own = name == "non_field_errors"
                yield from _errors(inner, pointer if own else f"{pointer}/{_escaped(str(name))}")
        case str():
            yield {"pointer": pointer, "detail": str(detail)}
        case Sequence():
            for place, inner in enumerate(detail):
                nested = isinstance(inner, Mapping)
                yield from _errors(inner, f"{pointer}/{place}" if nested else pointer)


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
