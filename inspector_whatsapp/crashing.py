"""Named lines at which the fault tests kill a process, as a power cut would: CRASH_AT says which, or none."""

import itertools
import os
import signal

from django.conf import settings

_name, _, _nth = settings.CRASH_AT.partition(":")
_times = itertools.count(1)


def crash_point(name: str) -> None:
    """Nothing, but for the process that is to die here, at the nth time that it comes by."""
    if name == _name and next(_times) == int(_nth or 1):
        os.kill(os.getpid(), signal.SIGKILL)
