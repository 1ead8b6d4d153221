"""A server on this machine that speaks OpenAI's protocol, and answers as a test wants it to."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.listening import Listening


class OpenAI(Listening):
    """Answers every call by `answer(body)`: a status and the bytes, or chunks of bytes with pauses between.

    asked: the bodies that came, in order.
    """

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[dict[str, Any]] = []
        self.answer: Callable[[dict[str, Any]], tuple[int, bytes | Iterator[bytes]]] = says(
            {"intent": "help"}
        )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def words(self) -> str:
        """Everything that was ever sent."""
        return json.dumps(self.asked, ensure_ascii=False)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever was kept waiting has hung up."""


class _Handler(BaseHTTPRequestHandler):
    server: OpenAI

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(body)
        status, answer = self.server.answer(body)
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        if isinstance(answer, bytes):
            self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        for chunk in [answer] if isinstance(answer, bytes) else answer:
            self.wfile.write(chunk)
            self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def serving() -> Iterator[OpenAI]:
    server = OpenAI()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def calls(arguments: str, *, name: str = "understood") -> bytes:
    """A chat completion that calls a function with these arguments, however they look."""
    function = {"name": name, "arguments": arguments}
    message = {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"id": "call_1", "type": "function", "function": function}],
    }
    return _completion(message, "tool_calls")


def tells(content: str) -> bytes:
    """A chat completion that says something and calls nothing."""
    return _completion({"role": "assistant", "content": content}, "stop")


def _completion(message: dict[str, Any], why: str) -> bytes:
    return json.dumps(
        {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1,
            "model": "stub",
            "choices": [{"index": 0, "message": message, "finish_reason": why}],
            "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
        }
    ).encode()


def says(command: dict[str, Any]) -> Callable[[dict[str, Any]], tuple[int, bytes]]:
    """Always this: an intent, and its slots beside it."""
    return lambda _body: (200, calls(json.dumps(command)))


def drips(every: float, *, most: int) -> Iterator[bytes]:
    """A body that never comes to its end, a byte at a time."""
    for _ in range(most):
        time.sleep(every)
        yield b" "
