"""One try, and an error that says whether the message may have been sent."""

import base64
import hashlib
import json
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
import responses

from inspector_whatsapp.cloud_api import errors
from inspector_whatsapp.cloud_api.client import Accepted, Client
from inspector_whatsapp.cloud_api.media import MediaGone, MediaRefused
from inspector_whatsapp.cloud_api.messages import Image, Media, Text, addressed, payload

TOKEN = "EAAGsecret-token"
API = "https://graph.facebook.com"
MESSAGES = f"{API}/v25.0/106/messages"
HELLO = addressed(payload(Text("Hello 🏠")), phone="+2348030000001", user_id=None, callback="9f3c.1")
FILE = "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1"


@pytest.fixture
def client() -> Client:
    return Client(API, "v25.0", "106", TOKEN)


@pytest.fixture
def meta() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


def sent(call: responses.Call) -> Any:
    return json.loads(call.request.body or b"")


def graph_error(code: int, **more: object) -> dict[str, object]:
    return {"error": {"message": "Title", "code": code, "error_data": {"details": "Because."}} | more}


def test_a_message_is_accepted(client: Client, meta: responses.RequestsMock) -> None:
    answer = {
        "messaging_product": "whatsapp",
        "contacts": [{"input": "+2348030000001", "wa_id": "2348030000001"}],
        "messages": [{"id": "wamid.1", "message_status": "accepted"}],
    }
    meta.post(MESSAGES, json=answer)

    assert client.send(HELLO) == Accepted("wamid.1", "2348030000001", "accepted")

    assert sent(meta.calls[0]) == HELLO
    assert meta.calls[0].request.headers["Authorization"] == f"Bearer {TOKEN}"
    assert meta.calls[0].request.headers["Content-Type"] == "application/json"


def test_a_message_to_a_user_id_is_accepted_without_a_number(
    client: Client, meta: responses.RequestsMock
) -> None:
    meta.post(MESSAGES, json={"contacts": [{"user_id": "NG.1"}], "messages": [{"id": "wamid.1"}]})
    assert client.send(HELLO) == Accepted("wamid.1", None, None, "NG.1")


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, 131047, errors.WindowClosed),
        (404, 132001, errors.Refused),
        (400, 131056, errors.TryLater),
        (401, 190, errors.NotAllowed),
        (500, 131000, errors.TryLater),
        (400, 131026, errors.Unreachable),
    ],
)
def test_metas_errors_go_by_the_table(
    client: Client, meta: responses.RequestsMock, status: int, code: int, kind: type[errors.CloudError]
) -> None:
    meta.post(MESSAGES, json=graph_error(code), status=status)
    with pytest.raises(kind, match=r"Because\."):
        client.send(HELLO)
    assert len(meta.calls) == 1, "a client tries once"


@pytest.mark.parametrize(
    ("status", "body"),
    [(200, "{"), (200, "[]"), (200, "{}"), (200, '{"messages": [5]}'), (500, ""), (502, "<html>"), (200, "")],
)
def test_an_unreadable_answer_is_uncertain(
    client: Client, meta: responses.RequestsMock, status: int, body: str
) -> None:
    meta.post(MESSAGES, body=body, status=status)
    with pytest.raises(errors.Uncertain):
        client.send(HELLO)


def test_a_connection_that_takes_too_long_is_tried_later(
    client: Client, meta: responses.RequestsMock
) -> None:
    meta.post(MESSAGES, body=requests.ConnectTimeout())
    with pytest.raises(errors.TryLater, match="not sent"):
        client.send(HELLO)


def test_a_redirect_is_not_followed(client: Client, meta: responses.RequestsMock) -> None:
    meta.post(MESSAGES, status=302, headers={"Location": "https://evil.example/"})
    with pytest.raises(errors.NotAllowed):
        client.send(HELLO)
    assert len(meta.calls) == 1


def test_what_meta_would_refuse_is_not_even_sent(client: Client) -> None:
    with pytest.raises(errors.Refused, match="131053"):
        client.send(HELLO | payload(Image(Media(file="photos/a.jpg"))))
    with pytest.raises(errors.Refused) as refused:
        client.send(HELLO | {"text": {"body": "x" * 5000}})
    assert refused.value.code == 100


def test_an_address_that_can_not_be_is_a_matter_of_settings() -> None:
    with pytest.raises(errors.NotAllowed):
        Client("graph.facebook.com", "v25.0", "106", TOKEN).send(HELLO)


def test_the_token_is_in_no_error_and_no_log(
    client: Client, meta: responses.RequestsMock, caplog: pytest.LogCaptureFixture
) -> None:
    meta.post(MESSAGES, json=graph_error(190, error_data={"details": f"Bad token {TOKEN}"}), status=401)
    with caplog.at_level(logging.DEBUG), pytest.raises(errors.NotAllowed) as error:
        client.send(HELLO)
    assert TOKEN not in f"{error.value!r} {error.value} {client!r} {caplog.text}"


def test_a_message_is_marked_read(client: Client, meta: responses.RequestsMock) -> None:
    meta.post(MESSAGES, json={"success": True})
    client.mark_read("wamid.1", typing=True)
    assert sent(meta.calls[0])["typing_indicator"] == {"type": "text"}


class TestUpload:
    def test_gives_metas_id(self, client: Client, meta: responses.RequestsMock) -> None:
        meta.post(f"{API}/v25.0/106/media", json={"id": "1037"})

        assert client.upload(b"jpeg bytes", "image/jpeg", 'photos/"é\r\n.jpg') == "1037"

        content = meta.calls[0].request.body
        assert isinstance(content, bytes)
        assert b'name="messaging_product"' in content
        assert b'name="type"' in content
        assert b"Content-Type: image/jpeg\r\n\r\njpeg bytes" in content
        assert b'filename="photos_.jpg"' in content

    def test_takes_only_what_meta_takes(self, client: Client) -> None:
        for data, mime in ((b"", "image/heic"), (b"x" * (5 * 1024 * 1024 + 1), "image/jpeg")):
            with pytest.raises(errors.Refused):
                client.upload(data, mime, "a")

    def test_is_never_uncertain(self, client: Client, meta: responses.RequestsMock) -> None:
        meta.post(f"{API}/v25.0/106/media", body=requests.ReadTimeout())
        with pytest.raises(errors.TryLater):
            client.upload(b"x", "image/jpeg", "a.jpg")


class TestDownload:
    DATA = b"the photo's bytes"

    def about(self, meta: responses.RequestsMock, **more: object) -> None:
        meta.get(f"{API}/v25.0/1003", json={"url": FILE, "file_size": len(self.DATA), "id": "1003"} | more)

    def test_is_by_id_and_checked(self, client: Client, meta: responses.RequestsMock) -> None:
        digest = base64.b64encode(hashlib.sha256(self.DATA).digest()).decode()
        self.about(meta, sha256=digest)
        meta.get(FILE, body=self.DATA)

        assert client.media("1003", sha256=digest) == self.DATA

        assert [call.request.headers["Authorization"] for call in meta.calls] == [f"Bearer {TOKEN}"] * 2
        assert (meta.calls[0].request.url or "").endswith("/v25.0/1003?phone_number_id=106")

    def test_with_another_digest_is_refused(self, client: Client, meta: responses.RequestsMock) -> None:
        self.about(meta)
        meta.get(FILE, body=self.DATA)
        with pytest.raises(MediaRefused, match="digest"):
            client.media("1003", sha256="0" * 64)

    @pytest.mark.parametrize("url", ["https://evil.example/a", "http://169.254.169.254/", None])
    def test_from_elsewhere_is_refused(
        self, client: Client, meta: responses.RequestsMock, url: str | None
    ) -> None:
        self.about(meta, url=url)
        with pytest.raises(MediaRefused, match="not Meta's"):
            client.media("1003")
        assert len(meta.calls) == 1

    def test_of_a_declared_size_too_large_is_not_begun(
        self, client: Client, meta: responses.RequestsMock
    ) -> None:
        self.about(meta, file_size="104857600")
        with pytest.raises(MediaRefused, match="too large"):
            client.media("1003")
        assert len(meta.calls) == 1

    def test_of_a_real_size_too_large_is_broken_off(
        self, client: Client, meta: responses.RequestsMock
    ) -> None:
        self.about(meta)
        meta.get(FILE, body=b"x" * 1001)
        with pytest.raises(MediaRefused, match="too large"):
            client.media("1003", most=1000)

    def test_does_not_follow_a_redirect(self, client: Client, meta: responses.RequestsMock) -> None:
        self.about(meta)
        meta.get(FILE, status=302, headers={"Location": "http://127.0.0.1:6379/"})
        with pytest.raises(MediaRefused, match="redirect"):
            client.media("1003")

    def test_of_what_is_gone_says_so(self, client: Client, meta: responses.RequestsMock) -> None:
        self.about(meta)
        meta.get(FILE, status=404)
        with pytest.raises(MediaGone):
            client.media("1003")
        meta.get(f"{API}/v25.0/1004", json=graph_error(100, error_subcode=33), status=400)
        with pytest.raises(MediaGone):
            client.media("1004")

    def test_that_fails_is_tried_later(self, client: Client, meta: responses.RequestsMock) -> None:
        self.about(meta)
        meta.get(FILE, body=requests.ReadTimeout())
        with pytest.raises(errors.TryLater):
            client.media("1003")

    @pytest.mark.parametrize("media_id", ["", "../me", "1?fields=x", "1/2", "é"])
    def test_of_what_is_no_id_is_not_asked_for(self, client: Client, media_id: str) -> None:
        with pytest.raises(MediaRefused):
            client.media(media_id)


class TestTemplates:
    URL = f"{API}/v25.0/102/message_templates"

    def test_are_read_page_by_page(self, client: Client, meta: responses.RequestsMock) -> None:
        paging = {"cursors": {"after": "QVFI"}, "next": "https://evil.example/"}
        meta.get(self.URL, json={"data": [{"name": "a"}], "paging": paging})
        meta.get(self.URL, json={"data": [{"name": "b"}], "paging": {"cursors": {"after": "QVFJ"}}})

        assert [row["name"] for row in client.templates("102")] == ["a", "b"]
        assert "after=QVFI" in (meta.calls[1].request.url or "")

    @pytest.mark.parametrize(
        "half",
        [
            {"data": [{"name": "a"}], "paging": {"next": "https://graph.example/"}},
            {"data": [{"name": "a"}], "paging": {"cursors": {}, "next": "https://graph.example/"}},
            {"data": None},
            {},
        ],
    )
    def test_half_a_list_is_none(
        self, client: Client, meta: responses.RequestsMock, half: dict[str, object]
    ) -> None:
        meta.get(self.URL, json=half)
        with pytest.raises(errors.TryLater, match="a list of templates"):
            client.templates("102")

    def test_are_submitted(self, client: Client, meta: responses.RequestsMock) -> None:
        meta.post(self.URL, json={"id": "1", "status": "PENDING", "category": "UTILITY"})
        answer = client.create_template("102", {"name": "a", "language": "en", "category": "UTILITY"})
        assert answer["status"] == "PENDING"


class TestOverARealConnection:
    """What a mock can't show: when the bytes were written, and what came back of them."""

    def serve(
        self, answer: Callable[[socket.socket], None], *, read_seconds: float = 60
    ) -> tuple[Client, threading.Thread]:
        listener = socket.create_server(("127.0.0.1", 0))

        def run() -> None:
            with listener, listener.accept()[0] as connection:
                answer(connection)

        thread = threading.Thread(target=run)
        thread.start()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        return Client(address, "v25.0", "106", TOKEN, read_seconds=read_seconds), thread

    @staticmethod
    def request(connection: socket.socket) -> None:
        received = b""
        while b"\r\n\r\n" not in received:
            received += connection.recv(65536)
        head, _, body = received.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
        while len(body) < length:
            body += connection.recv(65536)

    def test_silence_after_the_request_is_uncertain(self) -> None:
        done = threading.Event()

        def answer(connection: socket.socket) -> None:
            self.request(connection)
            done.wait(60)

        client, thread = self.serve(answer, read_seconds=0.3)
        with pytest.raises(errors.Uncertain, match="no answer"):
            client.send(HELLO)
        done.set()
        thread.join()

    @pytest.mark.parametrize(
        "reply",
        [
            b"",
            b"HTTP/1.1 200 OK\r\nContent-Le",
            b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"messages": [{"id"',
            b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n{"messages": [',
            b"garbage\r\n\r\n",
        ],
        ids=["nothing", "half a head", "half a body", "half a chunk", "no HTTP"],
    )
    def test_a_connection_that_ends_after_the_request_is_uncertain(self, reply: bytes) -> None:
        def answer(connection: socket.socket) -> None:
            self.request(connection)
            connection.sendall(reply)

        client, thread = self.serve(answer)
        with pytest.raises(errors.Uncertain):
            client.send(HELLO)
        thread.join()

    def test_a_refused_connection_is_known_not_to_be_sent(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
        with pytest.raises(errors.TryLater, match="not sent"):
            Client(f"http://127.0.0.1:{port}", "v25.0", "106", TOKEN).send(HELLO)

    def test_a_failed_handshake_is_known_not_to_be_sent(self) -> None:
        def answer(connection: socket.socket) -> None:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 400 no TLS here\r\n\r\n")

        client, thread = self.serve(answer)
        https = Client(client.api_url.replace("http", "https"), "v25.0", "106", TOKEN)
        with pytest.raises(errors.TryLater, match="not sent"):
            https.send(HELLO)
        thread.join()

    def test_a_redirect_is_not_followed_with_the_message(self) -> None:
        def answer(connection: socket.socket) -> None:
            self.request(connection)
            head = b"HTTP/1.1 307 Elsewhere\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
            connection.sendall(head)

        client, thread = self.serve(answer)
        with pytest.raises(errors.NotAllowed, match="307"):
            client.send(HELLO)
        thread.join()

    def test_an_answer_is_read(self) -> None:
        def answer(connection: socket.socket) -> None:
            self.request(connection)
            body = b'{"messages": [{"id": "wamid.1"}]}'
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))

        client, thread = self.serve(answer)
        assert client.send(HELLO).wamid == "wamid.1"
        thread.join()
