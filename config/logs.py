"""Logs: ids, not contents; the same in every installation."""

from typing import Any

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"class": "config.lines.Line", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
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
