"""The one HTTP server: Cloud API, control and page on one port, with the faults of the wire."""

import json
import select
import signal
import socket
import socketserver
import struct
import sys
import threading
import time
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from inspector_whatsapp.simulator import graph
from inspector_whatsapp.simulator.api import VERSIONED, Api
from inspector_whatsapp.simulator.config import Config, Json
from inspector_whatsapp.simulator.control import Control
from inspector_whatsapp.simulator.faults import BEFORE_READING, Rule
from inspector_whatsapp.simulator.graph import Refused, Reply
from inspector_whatsapp.simulator.pages import Pages
from inspector_whatsapp.simulator.website import HOME, Website
from inspector_whatsapp.simulator.world import World

TOKENS = ("access_token", "input_token")  # of a query: none is written down
HANG_SECONDS = 3600.0
MOST_BYTES = 120 * 1024 * 1024
BACKEND = (f"{HOME}/webhooks", f"{HOME}/api/")
ATTACHMENTS = "/whatsapp_business/attachments/"


def run(config: Config) -> None:
    """Serve until SIGINT or SIGTERM; says `ready <address>` once it listens.

    Raises OSError when a port is taken.
    """
    world = World(config)
    server = Server(world)
    mail = world.mailbox.serve(config.host, config.smtp_port)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    world.webhooks.start()
    threading.Thread(target=server.serve_forever, name="http", daemon=True).start()
    threading.Thread(target=world.clock.follow, args=(stop,), name="clock", daemon=True).start()
    sys.stdout.write(f"ready {config.address}\n")
    sys.stdout.flush()
    stop.wait()
    server.shutdown()
    server.server_close()
    mail.stop()


class Server(ThreadingHTTPServer):
    """Knows the world its handlers answer from."""

    daemon_threads = True
    request_queue_size = 512

    def __init__(self, world: World) -> None:
        self.world = world
        self.api = Api(world)
        self.control = Control(world)
        self.pages = Pages(world)
        self.website = Website(world)
        world.on_reset.append(self.website.reset)
        super().__init__((world.config.host, world.config.port), Handler)

    def server_bind(self) -> None:
        """Without the name look-up of http.server, which may ask a DNS server."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[0], self.server_address[1]  # type: ignore[assignment]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """People go away in mid-sentence; only real errors are worth a line."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """One connection: routes, reads, answers, and breaks where a rule says so."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def log_message(self, format: str, *args: object) -> None:
        """The ledger has it all."""

    def _route(self) -> None:
        place = urlsplit(self.path)
        if VERSIONED.fullmatch(place.path) or place.path == ATTACHMENTS:
            self._cloud(place.path, place.query)
            return
        if place.path.startswith(BACKEND):
            self._backend(place.path)
            return
        raw = self._read()
        query = dict(parse_qsl(place.query))
        if place.path == "/live":
            self._stream()
            return
        body = self._wish(raw)
        if body is None:
            self._write(Reply(status=415, body={"error": "JSON, please"}))
        elif place.path.startswith("/control/"):
            control = self.server.control
            self._write(control.answer(method=self.command, path=place.path, query=query, body=body))
        elif place.path == HOME or place.path.startswith(f"{HOME}/"):
            website, headers = self.server.website, dict(self.headers.items())
            self._write(
                website.answer(method=self.command, path=place.path, query=query, headers=headers, said=body)
            )
        else:
            pages = self.server.pages
            self._write(pages.answer(method=self.command, path=place.path, query=query, body=body))

    do_GET = do_POST = do_DELETE = do_PUT = do_PATCH = _route

    def _wish(self, raw: bytes) -> Any:
        """The body of a wish. Only JSON, so that no other site's form can make one."""
        if self.command != "POST":
            return {}
        if self.headers.get_content_type() != "application/json":
            return None
        try:
            return json.loads(raw or b"{}")
        except ValueError:
            return None

    def _read(self) -> bytes:
        length = int(self.headers.get("Content-Length") or 0)
        if length > MOST_BYTES:
            self.close_connection = True
            return b""
        return self.rfile.read(length)

    def _backend(self, path: str) -> None:
        """A webhook or a command to Inspector's backend, with the faults it has."""
        world = self.server.world
        rule = world.faults.strike(on="inspector", path=path, method=self.command)
        action = rule.action if rule is not None else ""
        if action == "reset":
            self._cut(abruptly=True)
            return
        raw = self._read()
        if rule is not None and action == "delay":
            time.sleep(1.0 if rule.seconds is None else rule.seconds)
        instead = None
        if rule is not None and action == "error":
            wait = {"Retry-After": f"{rule.retry_after:g}"} if rule.retry_after is not None else {}
            instead = Reply(status=rule.status or 500, body={"detail": rule.details or "No."}, headers=wait)
        headers, backend = dict(self.headers.items()), self.server.website.backend
        reply = backend.answer(method=self.command, path=path, headers=headers, raw=raw, instead=instead)
        world.ledger.write(
            "inspector", method=self.command, path=path, status=reply.status, fault=action or None
        )
        if rule is not None and action == "hang":
            self._hang(HANG_SECONDS if rule.seconds is None else rule.seconds)
        if action in ("hang", "cut"):
            self._cut(abruptly=False)
        else:
            self._write(reply)

    # --- the Cloud API ------------------------------------------------------------------------------------

    def _cloud(self, path: str, query_string: str) -> None:
        world = self.server.world
        hit = world.faults.strike(on="api", path=path, method=self.command, only=BEFORE_READING)
        if hit is not None:
            world.ledger.write("request", method=self.command, path=path, fault=hit.action, status=None)
            self._cut(abruptly=True)
            return
        raw = self._read()
        body = self._shown(raw)
        rule = world.faults.strike(
            on="api", path=path, method=self.command, recipients=self._recipients(body), never=BEFORE_READING
        )
        with world.lock:
            world.answering += 1
        try:
            reply = self._answer(path, query_string, raw, rule)
            world.ledger.write(
                "request",
                method=self.command,
                path=path,
                query={
                    key: value
                    for key, value in parse_qsl(query_string)
                    if key not in ("access_token", "input_token")
                },
                body=body,
                status=reply.status,
                answer=reply.body if isinstance(reply.body, dict) else {"bytes": len(reply.body)},
                wamid=reply.accepted,
                callback=body.get("biz_opaque_callback_data"),
                fault=rule.action if rule else None,
            )
            alive = self._deliver(reply, rule)
            if reply.then is not None:
                reply.then()
        finally:
            with world.lock:
                world.answering -= 1
        if rule is not None and rule.action == "hang":
            self._hang(HANG_SECONDS if rule.seconds is None else rule.seconds)
        if not alive:
            self._cut(abruptly=False)

    def _answer(self, path: str, query_string: str, raw: bytes, rule: Rule | None) -> Reply:
        api = self.server.api
        headers = dict(self.headers.items())
        if rule is not None and rule.action == "delay":
            time.sleep(1.0 if rule.seconds is None else rule.seconds)
        try:
            if rule is not None and rule.action == "error":
                return _error(rule)
            if path == ATTACHMENTS:
                return api.download(headers, query_string)
            query = dict(parse_qsl(query_string))
            return api.answer(
                method=self.command, path=path, query=query, headers=headers, raw=raw, rule=rule
            )
        except Refused as refused:
            extra = {"Retry-After": f"{refused.retry_after:g}"} if refused.retry_after is not None else {}
            return Reply(status=refused.status, body=refused.body(), headers=extra)

    def _deliver(self, reply: Reply, rule: Rule | None) -> bool:
        """Write the answer, or what a fault leaves of it; False when the connection must go."""
        match rule.action if rule else "":
            case "hang" | "cut":
                return False
            case "half":
                raw = self._bytes(reply)
                with suppress(OSError):
                    self.wfile.write(raw[: len(raw) - len(reply.raw()) // 2])
                return False
            case "bad_json":
                self._write(Reply(body=b'{"messaging_product":"whatsapp","contacts":[{"inp', mime=reply.mime))
                return True
        reply.headers |= {
            "x-fb-trace-id": graph.trace_id(),
            "x-fb-request-id": graph.trace_id(),
            "facebook-api-version": path_version(self.path),
            "x-app-usage": '{"call_count":1,"total_time":1,"total_cputime":1}',
        }
        self._write(reply)
        return True

    def _shown(self, raw: bytes) -> Json:
        """The body for the ledger; bytes of files stay out of it."""
        with suppress(ValueError, RecursionError):
            found = json.loads(raw)
            if isinstance(found, dict):
                return found
        return {"bytes": len(raw)} if raw else {}

    def _recipients(self, body: Json) -> tuple[str, ...]:
        """All names of whom a request is for, so that a rule may use any."""
        world = self.server.world
        given = str(body.get("to") or body.get("recipient") or "")
        digits = "".join(char for char in given if char.isdigit())
        person = world.by_user_id(given) if "." in given else world.people.get(f"+{digits}")
        if person is None and body.get("message_id"):
            person = world.wamids.get(str(body["message_id"]))
        known = (person.phone, person.user_id) if person else (f"+{digits}",)
        return (given, *known)

    # --- writing ------------------------------------------------------------------------------------------

    def _bytes(self, reply: Reply) -> bytes:
        body = reply.raw()
        headers = {
            "Date": self.date_time_string(),
            "Content-Type": reply.mime,
            "Content-Length": str(len(body)),
            "X-Content-Type-Options": "nosniff",
            **reply.headers,
        }
        if self.close_connection:
            headers["Connection"] = "close"
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"HTTP/1.1 {reply.status} {_phrase(reply.status)}\r\n{head}\r\n".encode("latin-1") + body

    def _write(self, reply: Reply) -> None:
        with suppress(BrokenPipeError, ConnectionResetError):
            self.wfile.write(self._bytes(reply))

    def _hang(self, seconds: float) -> None:
        """Say nothing until the other side has gone, or for so long."""
        readable, _, _ = select.select([self.connection], [], [], seconds)
        while readable and self.connection.recv(65536):
            readable, _, _ = select.select([self.connection], [], [], seconds)

    def _cut(self, *, abruptly: bool) -> None:
        self.close_connection = True
        with suppress(OSError):
            if abruptly:
                # Lingering for no time makes close() send RST instead of FIN.
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                socket.socket(fileno=self.connection.detach()).close()
            else:
                self.connection.shutdown(socket.SHUT_RDWR)

    def _stream(self) -> None:
        """Server-sent events until the page goes."""
        self.close_connection = True
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n"
        with suppress(OSError):
            self.wfile.write(head + b"Connection: close\r\n\r\nretry: 1000\n")
            self.server.world.live.feed(self.connection)


def path_version(path: str) -> str:
    """The API version a path names, "" when none."""
    found = VERSIONED.fullmatch(urlsplit(path).path)
    return found.group(1) if found else ""


def _error(rule: Rule) -> Reply:
    if rule.code is None:
        page = b"<html><body><h1>Something went wrong</h1></body></html>"
        return Reply(status=rule.status or 502, body=page, mime="text/html")
    raise Refused(rule.code, rule.details, status=rule.status, retry_after=rule.retry_after)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
