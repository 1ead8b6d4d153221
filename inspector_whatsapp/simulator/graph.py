"""The form of Graph's answers: what went well, and errors with code, details and fbtrace_id."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from inspector_whatsapp.simulator.config import Json

# HTTP status by code, as far as it is known; everything else is 400.
STATUS = {
    0: 401, 190: 401, 10: 403, 200: 403, 368: 403, 131005: 403, 131031: 403,
    4: 429, 80007: 429, 130429: 429, 131048: 429, 3: 500, 131000: 500, 2: 503, 131016: 503, 132001: 404,
}  # fmt: skip

TITLES = {
    0: "AuthException",
    1: "API Unknown",
    2: "API Service",
    4: "API Too Many Calls",
    10: "API Permission Denied",
    100: "Invalid parameter",
    190: "Access token has expired",
    368: "Temporarily blocked for policies violations",
    130403: "Business has blocked the user",
    130429: "Rate limit hit",
    130472: "User's number is part of an experiment",
    130501: "Message type is not currently supported",
    131000: "Something went wrong",
    131005: "Access denied",
    131008: "Required parameter is missing",
    131009: "Parameter value is not valid",
    131016: "Service unavailable",
    131021: "Recipient cannot be sender",
    131026: "Message undeliverable",
    131031: "Business Account locked",
    131042: "Business eligibility payment issue",
    131047: "Re-engagement message",
    131048: "Spam rate limit hit",
    131049: "This message was not delivered to maintain healthy ecosystem engagement.",
    131050: "Unable to deliver the message. This recipient has chosen to stop receiving marketing messages",
    131051: "Message type unknown",
    131053: "Media upload error",
    131056: "(Business Account, Consumer Account) pair rate limit hit",
    131062: "Business-scoped user ID recipients are not supported for this message",
    132000: "Number of parameters does not match the expected number of params",
    132001: "Template name does not exist in the translation",
    132005: "Template Hydrated Text too long",
    132012: "Parameter format does not match format in the created template",
    132015: "Template is Paused",
    132016: "Template is Disabled",
    132018: "There was an issue with the parameters of the template",
    132068: "Flow is blocked",
    139001: "Flow cannot be updated",
    139002: "Publishing Flow failed",
}

DETAILS = {
    131026: "Message Undeliverable.",
    131047: "Message failed to send because more than 24 hours have passed since the customer last "
    "replied to this number.",
    131049: "In order to maintain a healthy ecosystem engagement, the message failed to be delivered.",
    131050: "Recipient has opted out of marketing messages.",
    131056: "Message failed to send because there were too many messages sent from this phone number to the "
    "same phone number in a short period of time.",
    130429: "Message failed to send because there were too many messages sent from this phone number in a "
    "short period of time.",
}
HELP = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"


class Refused(Exception):
    """Answer with this error, nothing is done."""

    def __init__(
        self,
        code: int,
        details: str = "",
        *,
        status: int | None = None,
        subcode: int | None = None,
        kind: str = "OAuthException",
        message: str = "",
        retry_after: float | None = None,
    ) -> None:
        super().__init__(code, details)
        self.code = code
        self.details = details or DETAILS.get(code, "")
        self.status = status or STATUS.get(code, 400)
        self.subcode = subcode
        self.kind = kind
        self.message = message or f"(#{code}) {TITLES.get(code, 'Unknown error')}"
        self.retry_after = retry_after

    def body(self) -> Json:
        error: Json = {"message": self.message, "type": self.kind, "code": self.code}
        if self.details:
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        error["fbtrace_id"] = trace_id()
        return {"error": error}


def unknown_object(number: str, *, method: str = "get") -> Refused:
    """What Graph says of an id it doesn't know."""
    return Refused(
        100,
        subcode=33,
        kind="GraphMethodException",
        message=f"Unsupported {method} request. Object with ID '{number}' does not exist, cannot be loaded "
        "due to missing permissions, or does not support this operation. Please read the Graph API "
        "documentation at https://developers.facebook.com/docs/graph-api",
    )


def failure(code: int, details: str = "") -> Json:
    """One of `statuses[].errors[]`: no fbtrace_id and no messaging_product in there."""
    title = TITLES.get(code, "Unknown error")
    details = details or DETAILS.get(code, title)
    return {"code": code, "title": title, "message": title, "error_data": {"details": details}, "href": HELP}


def trace_id() -> str:
    return "A" + secrets.token_urlsafe(16)


@dataclass(kw_only=True)
class Reply:
    """An answer, and what happens once it is written."""

    status: int = 200
    body: Json | bytes = field(default_factory=dict)
    mime: str = "application/json; charset=UTF-8"
    headers: dict[str, str] = field(default_factory=dict)
    then: Callable[[], object] | None = None
    accepted: str | None = None
    """The wamid, when a message was accepted."""

    def raw(self) -> bytes:
        return (
            self.body
            if isinstance(self.body, bytes)
            else json.dumps(self.body, separators=(",", ":")).encode()
        )
