"""Logs: ids, not contents; JSON in production."""

from typing import Any

from structlog.stdlib import ProcessorFormatter

from config import lines


def logging(*, readable: bool) -> dict[str, Any]:
    """Django's LOGGING; `readable` by people at a terminal, or a JSON object a line."""
    form = lines.as_text if readable else lines.as_json
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": ProcessorFormatter,
                "foreign_pre_chain": lines.BEFORE,
                "processors": [ProcessorFormatter.remove_processors_meta, form],
            }
        },
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
