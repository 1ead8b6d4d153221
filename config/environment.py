"""How a setting is read from the environment: for config/settings.py alone, where each has its name."""

from datetime import time

import environ
from django.core.exceptions import ImproperlyConfigured

from config import embedded

env = environ.Env()
environ.Env.read_env(embedded.PROJECT / ".env")
# What a running demo says of its servers; the environment wins over it.
_RUNNING = embedded.environment()


def text(name: str, default: str) -> str:
    """The setting `name`: from the environment, else from a running demo, else its default."""
    return str(env.str(name, _RUNNING.get(name, default)))


def hours(name: str, default: str) -> tuple[time, time] | None:
    """A setting of hours of the day, as in 21:00-07:00; None when it is empty."""
    value = text(name, default).strip()
    if not value:
        return None
    try:
        start, end = (time.fromisoformat(part.strip()) for part in value.split("-"))
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be two times of day, as in 21:00-07:00, or empty.") from None
    if start == end:
        raise ImproperlyConfigured(f"{name} must begin and end at different times.")
    return start, end
