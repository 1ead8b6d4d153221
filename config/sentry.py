"""Mistakes of ours, told to a Sentry server where SENTRY_DSN names one: what is logged as an error.

An event is put together anew of what is known to be nobody's: kinds of exceptions, lines of code, ids. So
whatever else a newer library gathers does not leave.
"""

import os
from collections.abc import Mapping
from typing import Any, Final

import sentry_sdk
from django_guid import get_guid
from sentry_sdk.integrations.atexit import AtexitIntegration
from sentry_sdk.integrations.dedupe import DedupeIntegration
from sentry_sdk.integrations.excepthook import ExcepthookIntegration
from sentry_sdk.integrations.logging import LoggingIntegration
from sentry_sdk.integrations.threading import ThreadingIntegration
from sentry_sdk.types import Event, Hint
from structlog.contextvars import get_contextvars

from config.lines import named

_KEPT: Final = (
    *("event_id", "timestamp", "level", "logger", "platform", "environment", "release", "sdk", "server_name"),
)
_FRAME: Final = ("filename", "function", "module", "lineno", "context_line", "in_app")


def start(dsn: str, *, release: str) -> None:
    """From now on errors of this process are told there, from a thread that nothing waits for."""
    sentry_sdk.init(
        dsn=dsn,
        release=release,
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[
            # Django's, Celery's and our own unforeseen errors are all logged: one door is enough.
            LoggingIntegration(level=None),
            ExcepthookIntegration(),
            ThreadingIntegration(propagate_scope=False),
            DedupeIntegration(),
            AtexitIntegration(callback=lambda _pending, _timeout: None),
        ],
        before_send=without_people,
        max_breadcrumbs=0,
        include_local_variables=False,
        auto_session_tracking=False,
        send_client_reports=False,
        server_name=os.uname().nodename,
        shutdown_timeout=2,
    )


def without_people(event: Event, hint: Hint) -> Event:
    """What may leave of an event."""
    kept: dict[str, Any] = {name: event[name] for name in _KEPT if name in event}
    record = hint.get("log_record")
    if record is not None and isinstance(record.msg, str):  # its sentence, before anything was put into it
        kept["logentry"] = {"message": record.msg}
    ids = get_contextvars() | {"request": get_guid() or ""}
    kept["tags"] = {name: str(value) for name, value in ids.items() if value}
    values = (event.get("exception") or {}).get("values") or []
    kept["exception"] = {"values": [_raised(value) for value in values]}
    error = (hint.get("exc_info") or (None, None, None))[1]
    if error is not None and kept["exception"]["values"]:
        kept["exception"]["values"][-1]["value"] = named(error)
    return kept  # type: ignore[return-value]


def _raised(value: Mapping[str, Any]) -> dict[str, Any]:
    frames = (value.get("stacktrace") or {}).get("frames") or []
    return {
        "type": value.get("type"),
        "module": value.get("module"),
        "stacktrace": {"frames": [{name: frame.get(name) for name in _FRAME} for frame in frames]},
    }
