"""How a setting is read from the environment: for config/settings.py alone, where each has its name.

What is missing or malformed is gathered, so that all of it is said at once, when `hold` is called at the end.
"""

import re
from datetime import time
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import environ
from django.core.exceptions import ImproperlyConfigured

from config import embedded

env = environ.Env()
environ.Env.read_env(embedded.PROJECT / ".env")
# What a running demo says of its servers; the environment wins over it.
_RUNNING = embedded.environment()
_wrong: list[str] = []
YES, NO = ("1", "true", "yes", "y", "on", "ok", "t"), ("0", "false", "no", "n", "off", "f", "")


def demand(holds: object, sentence: str) -> None:
    """Note what is wrong unless it holds; the sentence names the setting and never its value."""
    if not holds:
        _wrong.append(sentence)


def hold() -> None:
    """Raises ImproperlyConfigured with everything that is wrong, a line each."""
    if _wrong:
        raise ImproperlyConfigured("\n".join(_wrong))


def text(name: str, default: str, *, like: str = "", means: str = "") -> str:
    """The setting `name`: from the environment, else from a running demo, else its default.

    like: a pattern that all of it must match; means: that, in words. Then empty is the default, too.
    """
    value = str(env.str(name, _RUNNING.get(name, default))).strip()
    if not like or value == default:
        return value
    fits = re.fullmatch(like, value, re.DOTALL)
    demand(not value or fits, f"{name} must be {means}.")
    return value if fits else default


def number(name: str, default: int, *, least: int = 0, most: int | None = None) -> int:
    """A whole number within its bounds."""
    value = env.str(name, "").strip() or str(default)
    bounds = f"a number, {least} or more" if most is None else f"a number from {least} to {most}"
    try:
        found = int(value)
    except ValueError:
        found = least - 1
    if found < least or (most is not None and found > most):
        demand(False, f"{name} must be {bounds}.")
        return default
    return found


def switch(name: str, default: bool) -> bool:
    """On or off."""
    value = env.str(name, "1" if default else "0").strip().lower()
    demand(value in (*YES, *NO), f"{name} must be 1 or 0.")
    return value in YES


def address(name: str, default: str, *, schemes: tuple[str, ...] = ("https", "http")) -> str:
    """A URL with a host, without a slash at its end; or what the default is."""
    value = text(name, default).rstrip("/")
    if value in ("", default):
        return default
    try:
        parts = urlsplit(value)
        host = parts.hostname or "host=/" in parts.query  # or PostgreSQL's socket
        good = parts.scheme in schemes and host and (parts.port is None or parts.port)
    except ValueError:  # of a port that is none
        good = False
    if not good or re.search(r"\s", value):
        demand(False, f"{name} must be an address, as {schemes[0]}://….")
        return default
    return value


def listed(name: str, default: list[str]) -> list[str]:
    """Words between commas."""
    return [part.strip() for part in text(name, ",".join(default)).split(",") if part.strip()]


def zone(name: str, default: str) -> str:
    """A time zone by its name, as in Africa/Lagos."""
    value = text(name, default)
    try:
        ZoneInfo(value)
    except (ValueError, OSError, KeyError):
        demand(False, f"{name} must be a time zone's name, as Africa/Lagos.")
        return default
    return value


def hours(name: str, default: str) -> tuple[time, time] | None:
    """A setting of hours of the day, as in 21:00-07:00; None when it is empty."""
    value = text(name, default)
    if not value:
        return None
    try:
        start, end = (time.fromisoformat(part.strip()) for part in value.split("-"))
    except ValueError:
        demand(False, f"{name} must be two times of day, as in 21:00-07:00, or empty.")
        return None
    demand(start != end, f"{name} must begin and end at different times.")
    return start, end
