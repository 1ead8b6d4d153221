"""SMTP that comes to an end: however slowly a mail server talks, a letter takes a bounded time."""

import smtplib
import socket
import time
from typing import Any

from django.core.mail.backends.smtp import EmailBackend as DjangosBackend

TOTAL = 4  # times EMAIL_TIMEOUT, for all that is said about one letter


class _Lines:
    """What the server says, line by line. EMAIL_TIMEOUT alone is no bound: it begins anew with every byte."""

    def __init__(self, sock: socket.socket, *, patience: float, deadline: float) -> None:
        self.sock = sock
        self.patience = patience
        self.deadline = deadline
        self.said = b""

    def readline(self, most: int) -> bytes:
        while b"\n" not in self.said and len(self.said) < most:
            left = self.deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError("the mail server takes too long")
            self.sock.settimeout(min(self.patience, left))
            part = self.sock.recv(4096)
            if not part:
                break
            self.said += part
        end = min(self.said.find(b"\n") + 1 or len(self.said), most)
        line, self.said = self.said[:end], self.said[end:]
        return line

    def close(self) -> None:
        """Nothing of its own: the connection closes the socket."""


class _Bounded(smtplib.SMTP):
    deadline = 0.0

    def connect(self, *where: Any, **more: Any) -> tuple[int, bytes]:
        self.deadline = time.monotonic() + TOTAL * self.timeout
        return super().connect(*where, **more)

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:
            self.file = _Lines(self.sock, patience=self.timeout, deadline=self.deadline)
        return super().getreply()


class _BoundedSSL(_Bounded, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""


class EmailBackend(DjangosBackend):
    """Django's, with such connections."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _BoundedSSL if self.use_ssl else _Bounded
