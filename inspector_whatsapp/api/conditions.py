"""Requests with a condition (RFC 9110, 13): only if it is still as you saw it, only if it has changed."""

import hashlib

from django.utils.http import parse_etags
from rest_framework.request import Request
from rest_framework.response import Response

from inspector_whatsapp.api.problems import Problem


def etag(*parts: object) -> str:
    """The tag of something made of these parts."""
    return f'"{hashlib.sha256(repr(parts).encode()).hexdigest()[:24]}"'


def demand_match(request: Request, tag: str) -> None:
    """Raise 428 without `If-Match`, 412 when it names another state than the present one."""
    given = request.headers.get("If-Match")
    if given is None:
        raise Problem(428, "if_match_missing", "Send If-Match with the ETag that you were shown.")
    tags = parse_etags(given)
    if tags != ["*"] and tag not in tags:
        raise Problem(412, "changed_meanwhile", "It has changed since; read it again.")


def unless_match(request: Request, tag: str, response: Response) -> Response:
    """The response with its tag; 304 and nothing when the caller has seen that state."""
    seen = [one.removeprefix("W/") for one in parse_etags(request.headers.get("If-None-Match", ""))]
    if tag in seen or "*" in seen:
        response = Response(status=304)
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    return response
