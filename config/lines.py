"""Lines of the log: what people write cannot look like one, and nothing of it gets there with an exception.

In production a line is a JSON object, on a laptop it is to be read. Both say which request, webhook, inbound
message, conversation and message to somebody it is about, wherever that is known (see `bound`).
"""

import errno
import json
import logging
import re
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from django_guid import get_guid
from structlog.contextvars import merge_contextvars
from structlog.typing import EventDict, Processor, WrappedLogger

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# Pages that open by a token in their address, which Django names when it refuses a request to them.
_TOKENS = re.compile(r"(/(?:unlink|offers/stop|still-there|coming)/)[^/\s]+")
_FIRST: Final = ("time", "level", "logger", "event")
_SHORT: Final = 8  # characters: what an exception says in fewer is no sentence, and may be anything's part


def _described(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """When, how bad, who says so, and in which request."""
    record: logging.LogRecord = line["_record"]
    moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    line["time"] = moment.replace("+00:00", "Z")
    line["level"], line["logger"] = record.levelname, record.name
    if request := get_guid():
        line["request"] = request
    return line


def _harmless(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """No token that opens a page, and of exceptions nothing that they say."""
    text, said_alone = str(line["event"]), line["_record"].msg
    if isinstance(said_alone, BaseException):  # an exception for a sentence
        text = named(said_alone)
    raised = line.pop("exc_info", None)
    error = raised[1] if isinstance(raised, tuple) else None
    if error is not None:
        for each in _chain(error):  # Celery's line of a task that failed repeats what it said
            for said in (repr(each), str(each)):
                if len(said) >= _SHORT:
                    text = text.replace(said, type(each).__name__)
        line["exception"] = broke(error)
    line["event"] = without_tokens(text)
    if stack := line.pop("stack_info", None):
        line["stack"] = stack
    return {name: value for name, value in line.items() if value is not None}


# What every record goes through before it is put into its form.
BEFORE: Final[list[Processor]] = [merge_contextvars, _described, _harmless]


def as_json(_logger: WrappedLogger, _method: str, line: EventDict) -> str:
    """One object on one line; a traceback is a string in it."""
    return json.dumps({name: line[name] for name in _ordered(line)}, default=str)


def as_text(_logger: WrappedLogger, _method: str, line: EventDict) -> str:
    """One line, with the ids behind it; a traceback follows it, indented."""
    ids = "".join(
        f" {name}={line[name]}" for name in _ordered(line) if name not in (*_FIRST, "exception", "stack")
    )
    shown = [_plain(f"{line['time']} {line['level']} {line['logger']} {line['event']}{ids}")]
    for name in ("exception", "stack"):
        shown += [f"  | {_plain(each)}" for each in str(line.get(name) or "").splitlines()]
    return "\n".join(shown)


def _ordered(line: EventDict) -> Iterator[str]:
    yield from _FIRST
    yield from sorted(name for name in line if name not in _FIRST)


def broke(error: BaseException) -> str:
    """An exception and those that led to it: of what type, and where; never what they say.

    That may be people's words, or what PostgreSQL tells of their rows (docs/decisions/0025).
    """
    told = [
        f"Traceback (most recent call last):\n{''.join(traceback.format_tb(each.__traceback__))}{named(each)}"
        for each in _chain(error)
    ]
    return "\nwhich led to:\n".join(reversed(told))


def named(error: BaseException) -> str:
    """The type, and what else tells a mistake of ours or of the system: names and numbers of nobody."""
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    if isinstance(error, OSError) and (number := errno.errorcode.get(error.errno or 0)):
        return f"{name} [{number}]"
    if isinstance(error, BaseExceptionGroup):
        return f"{name} [{', '.join(named(each) for each in error.exceptions)}]"
    about: Any = getattr(error, "diag", None)  # PostgreSQL's
    known = [getattr(error, "sqlstate", None)]
    known += [getattr(about, part, None) for part in ("table_name", "constraint_name")]
    return f"{name} [{' '.join(filter(None, known))}]" if any(known) else name


def _chain(error: BaseException) -> Iterator[BaseException]:
    """It, what it was raised from, and so on."""
    seen: list[BaseException] = []
    found: BaseException | None = error
    while found is not None and found not in seen:
        seen.append(found)
        yield found
        found = found.__cause__ or (None if found.__suppress_context__ else found.__context__)


def without_tokens(text: str) -> str:
    """The same, where it names a page that opens by a token."""
    return _TOKENS.sub(r"\1[token]", text)


def _plain(text: str) -> str:
    return _CONTROLS.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
