"""Lines of the log: what people write cannot look like one, and no address opens what its token does."""

import logging
import re
import time
from types import TracebackType

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# Pages that open by a token in their address, which Django names when it refuses a request to them.
_TOKENS = re.compile(r"(/(?:unlink|offers/stop)/)[^/\s]+")


class Line(logging.Formatter):
    """One record is one line, in UTC; a traceback follows it, indented."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = _plain(record.message)
        return super().formatMessage(record)

    def formatException(
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        return "\n".join(f"  | {_plain(line)}" for line in super().formatException(ei).split("\n"))


def _plain(text: str) -> str:
    shown = _CONTROLS.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
    return _TOKENS.sub(r"\1[token]", shown)
