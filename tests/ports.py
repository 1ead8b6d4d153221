"""Ports for the servers that tests start."""

import socket
from random import Random

_given: set[int] = set()
_random = Random()  # of its own: two test runs at once must not pick the same


def free_port() -> int:
    """A port that nobody listens on, below those the system gives to clients; another one each time."""
    while True:
        port = _random.randrange(20_000, 32_000)
        if port in _given:
            continue
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                _given.add(port)
                return port
