"""Whether this process has been told to end: then it finishes what it has begun, and begins nothing.

Under load there is always more to do, and a worker that takes the next thing would never come to its end.
"""

import threading

_told = threading.Event()


def stop() -> None:
    """It is to end."""
    _told.set()


def is_told() -> bool:
    return _told.is_set()
