"""What can go wrong on the way to Meta, named by what the caller does about it.

    CloudError
     ├ TryLater      known not sent: again after a while, by its scope
     ├ WindowClosed  more than 24 hours since the person wrote: a template, or another channel
     ├ Unreachable   this person can't get it on WhatsApp: another channel
     ├ OptedOut      the person stopped marketing messages: never again until they resume
     ├ Refused       our fault, or the message's or template's: never again as it is
     ├ NotAllowed    token or account: the channel stops and waits, no attempt is burned
     └ Uncertain     may have been sent: only a status webhook tells

One table, `codes.py`, says which of Meta's codes is which.
"""

import email.utils
import json
import logging
import re
import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

from . import codes

log = logging.getLogger(__name__)

Scope = codes.Scope

_DETAILS: Final = 500
_LONGEST_WAIT: Final = 86_400.0
_SECRET: Final = re.compile(r"[A-Za-z0-9_|%=-]{32,}")  # tokens are opaque; Meta quotes bad ones back


class CloudError(Exception):
    """Base of all; `details` never holds a token, `code` is Meta's or None."""

    def __init__(self, details: str = "", code: int | None = None, *more: object) -> None:
        super().__init__(details, code, *more)  # everything goes into `args`: else it would not unpickle
        self.details = details
        self.code = code

    def __str__(self) -> str:
        if self.code is None or self.details.startswith(f"(#{self.code})"):  # some of Meta's begin with it
            return self.details
        return f"(#{self.code}) {self.details}"


class TryLater(CloudError):
    """Known not to have been sent. `after` is in seconds, None when Meta doesn't say.

    scope, who must wait: this message, all that is for its recipient, the channel, or its marketing.
    """

    def __init__(
        self,
        details: str = "",
        code: int | None = None,
        after: float | None = None,
        scope: Scope = "channel",
    ) -> None:
        super().__init__(details, code, after, scope)
        self.after = after
        self.scope: Scope = scope


class WindowClosed(CloudError):
    """More than 24 hours since the person last wrote (131047)."""


class Unreachable(CloudError):
    """This person can't be reached on WhatsApp, or not with this message."""


class OptedOut(CloudError):
    """The person stopped marketing messages (131050)."""


class Refused(CloudError):
    """Meta won't take this message, and never will as it is."""


class NotAllowed(CloudError):
    """Token, permission, payment or account: nothing goes until a person puts it right."""


class Uncertain(CloudError):
    """The request went out and no readable answer came back."""


_CLASSES: Final[Mapping[str, type[CloudError]]] = {
    kind.__name__: kind for kind in (WindowClosed, Unreachable, OptedOut, Refused, NotAllowed, Uncertain)
}


def from_response(
    status: int, body: bytes, headers: Mapping[str, str], *, secrets: Sequence[str] = ()
) -> CloudError:
    """The error an answer of Meta's stands for; `secrets` are struck out of its details.

    The code decides, the HTTP status is only a hint: Meta's documentation has dropped it.
    """
    error = _graph_error(body)
    if error is None:
        return _without_code(status, headers)
    data = error.get("error_data")
    said = data.get("details") if isinstance(data, dict) else data
    details = scrubbed(str(said or error.get("message") or ""), secrets)
    code = error["code"]
    if code == 100 and error.get("error_subcode") == 33:
        code = 33  # "does not exist, or missing permissions": the same as the code of its own
    return from_code(
        code,
        details,
        status=status,
        after=retry_after(headers),
        transient=error.get("is_transient") is True,
    )


def from_code(
    code: int, details: str, *, status: int = 0, after: float | None = None, transient: bool = False
) -> CloudError:
    """The error a code of Meta's stands for, from an answer or from a `failed` status."""
    rule = codes.rule(code)
    if rule is None:
        rule = _guess(code, details, status=status, transient=transient)
    if rule.kind == "TryLater":
        return TryLater(details, code, rule.after if after is None else after, rule.scope)
    return _CLASSES[rule.kind](details, code)


def explain(code: int | None) -> str:
    """A short sentence for an admin about a code of Meta's."""
    rule = codes.rule(code) if code is not None else None
    return rule.says if rule else "Meta gave an error that is not in our table."


def scrubbed(details: str, secrets: Sequence[str] = ()) -> str:
    """The details without tokens, of a bearable length."""
    for secret in filter(None, secrets):
        details = details.replace(secret, "…")
    return _SECRET.sub("…", details)[:_DETAILS]


def _graph_error(body: bytes) -> dict[str, Any] | None:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return None
    error = answer.get("error") if isinstance(answer, dict) else None
    if not isinstance(error, dict) or type(error.get("code")) is not int:
        return None
    return error


def _without_code(status: int, headers: Mapping[str, str]) -> CloudError:
    details = f"HTTP {status} without an error of Meta's"
    if status == 429:
        return TryLater(details, None, retry_after(headers), "channel")
    if 300 <= status < 400 or status in (401, 403, 404):  # not Meta that answers there
        return NotAllowed(f"{details}: check the API's address and the token")
    if 400 <= status < 500 and status != 408:
        return Refused(details)
    return Uncertain(details)


def _guess(code: int, details: str, *, status: int, transient: bool) -> codes.Rule:
    if transient or status == 429 or status >= 500:
        kind: codes.Kind = "TryLater"
    else:
        kind = "NotAllowed" if status in (401, 403) else "Refused"
    # What is not known concerns this message alone, unless Meta asks for patience.
    rule = codes.Rule(kind, details or "Unknown error.", scope="channel" if status == 429 else "message")
    log.warning(
        "Meta's error %s is not in our table; add to cloud_api/codes.py: %s",
        code,
        f"    {code}: Rule({rule.kind!r}, {rule.says[:100]!r}),",
    )
    return rule


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds we are asked to wait, from Retry-After or Meta's usage header (which is in minutes)."""
    known = {key.lower(): value for key, value in headers.items()}
    try:
        if retry := known.get("retry-after", "").strip():
            seconds = float(retry) if retry.isdigit() else _until(retry)
        else:
            usage = json.loads(known.get("x-business-use-case-usage", "{}"))
            rows = [row for rows in usage.values() for row in rows]
            seconds = 60.0 * max(row["estimated_time_to_regain_access"] for row in rows)
    except (ValueError, TypeError, AttributeError, KeyError, OverflowError, RecursionError):
        return None  # a hint only: what can't be read is not there
    return min(seconds, _LONGEST_WAIT) if seconds > 0 else None


def _until(date: str) -> float:
    """Seconds from the real clock's now to an HTTP date."""
    return email.utils.parsedate_to_datetime(date).timestamp() - time.time()
