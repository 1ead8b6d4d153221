"""Logs: ids, not contents; JSON in production."""

from pathlib import Path
from typing import Any, Final

from structlog.stdlib import ProcessorFormatter

from config import lines

# What granian and uvicorn say before Django has set up the log, in the same form: for their --log-config.
OF_SERVERS: Final = str(Path(__file__).with_name("servers.json"))


def line(*, readable: bool = False) -> ProcessorFormatter:
    """A record as a line: `readable` by people at a terminal, or a JSON object."""
    form = lines.as_text if readable else lines.as_json
    return ProcessorFormatter(
        foreign_pre_chain=lines.BEFORE, processors=[ProcessorFormatter.remove_processors_meta, form]
    )


def logging(*, readable: bool) -> dict[str, Any]:
    """Django's LOGGING."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": line, "readable": readable}},
        "filters": {
            # That it is not ready yet is the answer of /readyz, no error of its own.
            "no_readyz": {
                "()": "django.utils.log.CallbackFilter",
                "callback": lambda record: not record.getMessage().endswith(": /readyz"),
            }
        },
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["no_readyz"]}
        },
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {
            "django": {"handlers": []},  # its own would print every line once more, as it came
            "django.request": {"level": "ERROR"},
            "django_guid": {"level": "WARNING"},
            "axes": {"level": "ERROR"},  # it would name accounts; the audit does
        },
    }
