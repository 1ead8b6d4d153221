"""Files that Inspector names by an address: fetched from its own hosts alone, and from nowhere inside.

The name is looked up once and that address is the one connected to, so that a name which is another's a
moment later leads nowhere else. No redirect is followed.
"""

import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Final
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

SECONDS: Final = 5
MOST: Final = 10 * 1024 * 1024  # bytes
_PIECE: Final = 64 * 1024
_HERE: Final = frozenset({"127.0.0.1", "localhost", "::1"})

Lookup = Callable[[str, int], Sequence[str]]


class NotFetched(Exception):
    """The address is not one that is fetched from, or nothing of use came; in a sentence."""


class Later(NotFetched):
    """Nothing came now; it may another time."""


def check(url: str) -> None:
    """Raise NotFetched unless the address is of a host of Inspector's; nothing is looked up."""
    _parts(url)


def fetch(url: str, *, lookup: Lookup | None = None, seconds: float = SECONDS) -> bytes:
    """What lies at the address. Raises NotFetched, or Later where it may come another time.

    lookup: the numbers of a name; the system's resolver unless given. seconds: for the whole of it.
    """
    parts = _parts(url)
    host, port = str(parts.hostname), _port(parts)
    numbers = (lookup or _lookup)(host, port)
    if not numbers:
        raise Later("Its host has no address.")
    if not _is_ours(parts) and not all(is_public(number) for number in numbers):
        raise NotFetched("Its host lies inside a network.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = _Pinned(host, port, number=numbers[0], tls=parts.scheme == "https")
    # However slowly it drips: a time-out of the socket begins anew with every byte.
    watch = threading.Timer(seconds, connection.cut)
    watch.daemon = True
    watch.start()
    try:
        connection.request(
            "GET", path, headers={"Accept": "image/jpeg, image/png", "Accept-Encoding": "identity"}
        )
        answer = connection.getresponse()
        if answer.status >= 500 or answer.status in (408, 429):
            raise Later(f"It was answered with {answer.status}.")
        if answer.status != 200:
            raise NotFetched(f"It was answered with {answer.status}.")
        data = b""
        while piece := answer.read1(_PIECE):
            data += piece
            if len(data) > MOST:
                raise NotFetched("It is larger than 10 MB.")
    except (OSError, HTTPException) as error:
        raise Later(f"It could not be fetched ({type(error).__name__}).") from None
    finally:
        watch.cancel()
        connection.close()
    if connection.is_cut or answer.length:
        raise Later("It broke off.")
    return data


def is_public(number: str) -> bool:
    """Whether an address is one of the public internet, whichever way it is written."""
    try:
        address = ipaddress.ip_address(number.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        inner = _inner(address)
        if inner is not None:
            return is_public(str(inner))
        if address.is_site_local:
            return False  # long given up, and still routed by some
    return address.is_global and not address.is_multicast


def _inner(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 one leads to: mapped, 6to4, Teredo, or by NAT64."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if address in ipaddress.ip_network("64:ff9b::/96") or address in ipaddress.ip_network("::/96"):
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return None


def _parts(url: str) -> SplitResult:
    if any(letter <= " " or letter > "~" or letter in '\\<>"^`{|}' for letter in url):
        raise NotFetched("It holds characters that no address has.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise NotFetched("It cannot be read as an address.") from None
    if "@" in parts.netloc or not parts.hostname:
        raise NotFetched("It must name a host and nobody.")
    if _is_ours(parts):
        return parts
    if parts.scheme != "https" or port not in (None, 443):
        raise NotFetched("It must begin with https:// and name no port.")
    if parts.hostname not in _hosts():
        raise NotFetched("Its host is none of Inspector's: see INSPECTOR_PHOTO_HOSTS.")
    return parts


def _hosts() -> set[str]:
    ours = urlsplit(settings.INSPECTOR_URL)
    named = {host.lower() for host in settings.INSPECTOR_PHOTO_HOSTS}
    return named | ({str(ours.hostname)} if ours.hostname and ours.hostname not in _HERE else set())


def _is_ours(parts: SplitResult) -> bool:
    """Inspector itself on this machine, as a developer has it: exactly INSPECTOR_URL's host and port."""
    ours = urlsplit(settings.INSPECTOR_URL)
    if ours.hostname not in _HERE:
        return False
    return (parts.scheme, parts.hostname, _port(parts)) == (ours.scheme, ours.hostname, _port(ours))


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _lookup(host: str, port: int) -> Sequence[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return ()
    return [str(entry[4][0]) for entry in found]


class _Pinned(HTTPConnection):
    """Connects to one number, and proves by TLS that it is the name's."""

    def __init__(self, host: str, port: int, *, number: str, tls: bool) -> None:
        super().__init__(host, port, timeout=SECONDS)
        self._number = number
        self.is_cut = False
        self._tls = ssl.create_default_context() if tls else None
        if tls:
            self.default_port = HTTPSConnection.default_port

    def connect(self) -> None:
        self.sock = socket.create_connection((self._number, self.port), timeout=SECONDS)
        if self._tls is not None:
            self.sock = self._tls.wrap_socket(self.sock, server_hostname=self.host)

    def cut(self) -> None:
        """End it at once, from another thread: whoever reads finds it broken."""
        self.is_cut = True
        with suppress(OSError, AttributeError):
            self.sock.shutdown(socket.SHUT_RDWR)
