"""Inspector's photos: sent along, or fetched; and what is never fetched."""

import base64
import io
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from PIL import Image
from pytest_django import Settings

from inspector_whatsapp import clock, sync
from inspector_whatsapp.gateway import fetching
from inspector_whatsapp.gateway.fetching import Later, NotFetched
from inspector_whatsapp.models import Incident, PhotoSource, PropertyPhoto
from inspector_whatsapp.models.synced import PhotoState
from tests.sync.rows import everybody, home
from tests.sync.ways import Push, Row, Way, id_of

pytest_plugins = ("tests.sync.fixtures",)
pytestmark = pytest.mark.django_db


def picture(colour: str = "red", kind: str = "JPEG") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (32, 24), colour).save(file, kind)
    return file.getvalue()


class Photos(BaseHTTPRequestHandler):
    """Inspector's photos: `/red.jpg` is one, and other addresses are trouble."""

    asked: list[str] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        name = self.path.removeprefix("/")
        if name.endswith(".jpg"):
            self.answer(200, picture(name.removesuffix(".jpg")))
        elif name == "elsewhere":
            self.answer(302, b"", Location="http://169.254.169.254/latest/meta-data/")
        elif name == "page":
            self.answer(200, b"<html>no picture</html>")
        elif name == "large":
            self.answer(200, b"x" * (fetching.MOST + 1))
        elif name == "busy":
            self.answer(503, b"")
        else:
            self.answer(404, b"")

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for header, value in headers.items():
            self.send_header(header, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except ConnectionError:
            self.close_connection = True  # who asked has had enough

    def log_message(self, *_words: object) -> None:
        """Nothing is to be read on the tests' screen."""


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def website(settings: Settings, tmp_path: Any) -> Iterator[str]:
    """Inspector's website on this machine."""
    settings.MEDIA_ROOT = str(tmp_path)
    Photos.asked.clear()
    with serving(Photos) as address:
        settings.INSPECTOR_URL = address
        yield address


def photo(name: str, url: str, *, position: int = 0, **more: Any) -> Row:
    return {
        "id": id_of(name),
        "version": 1,
        "property": id_of("home"),
        "position": position,
        "url": url,
        **more,
    }


def order() -> list[str]:
    """Whose photos the property shows, in order."""
    names = {id_of(name): name for name in ("front", "kitchen", "garden")}
    shown = PropertyPhoto.objects.filter(property=home()).order_by("position")
    return [names.get(one.platform_id or "", "ours") for one in shown]


def test_photos_are_fetched_and_put_in_their_order(way: Way, website: str) -> None:
    everybody(way)
    way.send(
        "photos", photo("kitchen", f"{website}/blue.jpg", position=1), photo("front", f"{website}/red.jpg")
    )
    assert sync.fetch_photos() == 2
    assert order() == ["front", "kitchen"]
    assert sync.fetch_photos() == 0, "each once"
    way.send(
        "photos",
        photo("front", f"{website}/red.jpg", position=1, version=2),
        photo("kitchen", f"{website}/blue.jpg", version=2),
    )
    assert order() == ["kitchen", "front"]
    assert sync.fetch_photos() == 0
    way.send("photos", photo("front", f"{website}/red.jpg", position=1, version=3, deleted=True))
    assert order() == ["kitchen"]
    way.send("photos", photo("front", f"{website}/red.jpg", position=1, version=1))
    assert sync.fetch_photos() == 0
    assert order() == ["kitchen"], "what was removed does not come back with an older version"


def test_another_address_is_another_picture(way: Way, website: str) -> None:
    everybody(way)
    way.send("photos", photo("front", f"{website}/red.jpg"))
    sync.fetch_photos()
    before = PropertyPhoto.objects.get()
    PropertyPhoto.objects.update(media_id="at-meta")
    way.send("photos", photo("front", f"{website}/green.jpg", version=2))
    assert sync.fetch_photos() == 1
    after = PropertyPhoto.objects.get()
    assert (after.pk, after.media_id) == (before.pk, "")
    assert after.digest != before.digest


def test_a_photo_of_ours_gives_way_to_inspectors_order(push: Push, website: str) -> None:
    everybody(push)
    ours = PropertyPhoto.objects.create(property=home(), image="ours.jpg", position=0)
    push.send(
        "photos", photo("front", f"{website}/red.jpg"), photo("kitchen", f"{website}/blue.jpg", position=1)
    )
    sync.fetch_photos()
    assert order() == ["front", "kitchen", "ours"]
    (one,) = push.send("photos", photo("garden", f"{website}/green.jpg", position=2, ref=str(ours.pk)))
    assert one["result"] == "updated"
    sync.fetch_photos()
    assert order() == ["front", "kitchen", "garden"]
    assert PropertyPhoto.objects.get(platform_id=id_of("garden")).pk == ours.pk


def test_a_picture_sent_along_is_cleaned_and_kept_at_once(push: Push, website: str) -> None:
    everybody(push)
    sent = photo("front", "")
    sent["content"] = base64.b64encode(picture(kind="PNG")).decode()
    del sent["url"]
    (one,) = push.send("photos", sent)
    assert one["result"] == "created"
    assert order() == ["front"]
    assert str(PropertyPhoto.objects.get().image).endswith(".png")
    assert Photos.asked == []


@pytest.mark.parametrize(
    "content", ["no base64!", base64.b64encode(b"<svg/>").decode(), base64.b64encode(b"GIF89a").decode(), 5]
)
def test_what_is_no_picture_is_refused(push: Push, website: str, content: Any) -> None:
    everybody(push)
    sent = photo("front", "")
    (one,) = push.send("photos", {**sent, "content": content})
    assert (one["result"], one["code"]) == ("refused", "invalid")
    assert [error["field"] for error in one["errors"]] == ["content"]


@pytest.mark.parametrize(("path", "state"), [("busy", "waiting"), ("page", "failed"), ("gone", "failed")])
def test_a_photo_that_does_not_come_is_tried_again_or_given_up(
    push: Push, website: str, path: str, state: str
) -> None:
    everybody(push)
    push.send("photos", photo("front", f"{website}/{path}"))
    assert sync.fetch_photos() == 0
    source = PhotoSource.objects.get()
    assert source.state == state
    if state == "waiting":
        for hours in (1, 2, 8, 24):
            assert not Incident.objects.exists()
            clock.move(timedelta(hours=hours))
            sync.fetch_photos()
        source.refresh_from_db()
    assert source.state == PhotoState.FAILED
    assert Incident.objects.get(kind="photo_not_fetched").key == source.platform_id


def test_an_address_elsewhere_is_refused_at_once(push: Push) -> None:
    everybody(push)
    (one,) = push.send("photos", photo("front", "https://elsewhere.example/red.jpg"))
    assert (one["result"], one["errors"][0]["field"]) == ("refused", "url")


# --- what is never fetched --------------------------------------------------------------------------------
PUBLIC = ("203.0.112.7",)


@pytest.mark.parametrize(
    "url",
    [
        "http://inspector.example/a.jpg",
        "ftp://inspector.example/a.jpg",
        "file:///etc/passwd",
        "gopher://inspector.example/",
        "data:image/png;base64,AAAA",
        "javascript:alert(1)",
        "//inspector.example/a.jpg",
        "https:inspector.example",
        "https:///a.jpg",
        "https://",
        "",
        "inspector.example/a.jpg",
        "https://inspector.example:22/a.jpg",
        "https://inspector.example:8443/a.jpg",
        "https://inspector.example:99999/a.jpg",
        "https://inspector.example:port/a.jpg",
        "https://inspector.example@169.254.169.254/",
        "https://169.254.169.254@inspector.example/",
        "https://user:secret@inspector.example/a.jpg",
        "https://inspector.example\\@127.0.0.1/",
        "https://127.0.0.1\\.inspector.example/",
        "https://inspector.example%2f@127.0.0.1/",
        "https://inspector.example#@127.0.0.1/ ",
        "https://inspector.example/a b.jpg",
        "https://inspector.example/a\r\nHost: 127.0.0.1",
        "https://inspector.example\x00.evil.example/",
        "https://inspector.example.evil.example/a.jpg",
        "https://evilinspector.example/a.jpg",
        "https://evil.example/inspector.example",
        "https://evil.example?inspector.example",
        "https://inspector.example./a.jpg",
        "https://ınspector.example/a.jpg",
        "https://inspector。example/a.jpg",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://0/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0177.0.0.1/",
        "https://127.1/",
        "https://[::1]/",
        "https://[::ffff:7f00:1]/",
        "https://[::ffff:169.254.169.254]/",
        "https://[fe80::1%25eth0]/",
        "https://[::1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://metadata.google.internal/",
        "https://10.0.0.1/",
    ],
)
def test_an_address_of_another_kind_or_host_is_not_fetched(url: str) -> None:
    looked: list[str] = []

    def lookup(host: str, port: int) -> tuple[str, ...]:
        looked.append(host)
        return PUBLIC

    with pytest.raises(NotFetched):
        fetching.check(url)
    with pytest.raises(NotFetched):
        fetching.fetch(url, lookup=lookup)
    assert looked == [], "not even its name is looked up"


@pytest.mark.parametrize(
    "number",
    [
        *("127.0.0.1", "127.8.8.8", "0.0.0.1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1"),
        *("169.254.169.254", "100.64.0.1", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1"),
        *("203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "::7f00:1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "fc00::1", "fd12::1", "fe80::1"),
        *("fe80::1%eth0", "fec0::1", "ff02::1", "2001:db8::1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe"),
        *("2002:7f00:1::", "2002:a00:1::1", "2001:0:4136:e378:8000:63bf:80ff:fffe", "no number", ""),
    ],
)
def test_a_name_that_leads_inside_is_not_fetched(number: str) -> None:
    assert not fetching.is_public(number)
    for numbers in ((number,), (*PUBLIC, number)):
        with pytest.raises(NotFetched, match="inside a network"):
            fetching.fetch("https://inspector.example/a.jpg", lookup=lambda host, port, n=numbers: n)  # type: ignore[misc]


@pytest.mark.parametrize("number", ["8.8.8.8", "203.0.112.7", "2606:4700::1111", "64:ff9b::808:808"])
def test_a_number_of_the_internet_is_public(number: str) -> None:
    assert fetching.is_public(number)


def test_a_name_is_looked_up_once_and_that_number_is_connected_to(website: str) -> None:
    """What it leads to a moment later makes no difference."""
    answers = [["127.0.0.1"], ["169.254.169.254"]]
    data = fetching.fetch(f"{website}/red.jpg", lookup=lambda host, port: answers.pop(0))
    assert data == picture()
    assert answers == [["169.254.169.254"]]


def test_no_redirect_is_followed(website: str) -> None:
    with pytest.raises(NotFetched, match="302"):
        fetching.fetch(f"{website}/elsewhere")
    assert Photos.asked == ["/elsewhere"]


def test_what_is_too_large_is_given_up(website: str) -> None:
    with pytest.raises(NotFetched, match="larger than 10 MB"):
        fetching.fetch(f"{website}/large")


class Dripping(BaseHTTPRequestHandler):
    """Answers a byte at a time, and never ends."""

    def do_GET(self) -> None:
        try:
            self.wfile.write(b"HTTP/1.0 200 OK\r\nX-Slow: ")
            while True:
                self.wfile.write(b"x")
                time.sleep(0.05)
        except OSError:
            self.close_connection = True

    def log_message(self, *_words: object) -> None:
        """Nothing is to be read on the tests' screen."""


def test_what_drips_for_ever_is_cut_off(settings: Settings) -> None:
    with serving(Dripping) as address:
        settings.INSPECTOR_URL = address
        with pytest.raises(Later):
            fetching.fetch(f"{address}/a.jpg", seconds=0.3)


def test_only_inspectors_own_port_of_this_machine_is_fetched_from(website: str) -> None:
    port = int(website.rpartition(":")[2])
    for url in (f"http://127.0.0.1:{port + 1}/", f"https://127.0.0.1:{port}/", f"http://localhost:{port}/"):
        with pytest.raises(NotFetched):
            fetching.check(url)


def test_a_host_that_is_named_is_fetched_from(settings: Settings) -> None:
    settings.INSPECTOR_PHOTO_HOSTS = ["Photos.example"]
    fetching.check("https://photos.example/a.jpg?size=large")
    with pytest.raises(Later, match="no address"):
        fetching.fetch("https://photos.example/a.jpg", lookup=lambda host, port: ())


def test_a_new_photo_is_not_taken_for_one_that_is_still_to_come(push: Push, website: str) -> None:
    everybody(push)
    push.send("photos", photo("front", f"{website}/red.jpg"))
    results = push.send(
        "photos", photo("front", f"{website}/green.jpg", version=2), photo("kitchen", f"{website}/blue.jpg")
    )
    assert [one["result"] for one in results] == ["updated", "created"]


# --- one picture by two ids -------------------------------------------------------------------------------
def files(settings: Settings) -> int:
    return sum(len(names) for _folder, _folders, names in os.walk(settings.MEDIA_ROOT))


def sent_along(name: str, colour: str = "red", **more: Any) -> Row:
    sent = photo(name, "", **more)
    del sent["url"]
    return {**sent, "content": base64.b64encode(picture(colour)).decode()}


def test_a_picture_that_inspector_has_twice_is_shown_once_until_both_are_gone(
    way: Way, website: str, settings: Settings
) -> None:
    everybody(way)
    red = f"{website}/red.jpg"
    way.send(
        "photos",
        photo("front", red),
        photo("kitchen", red, position=1),
        photo("garden", f"{website}/blue.jpg", position=2),
    )
    sync.fetch_photos()
    assert order() == ["front", "garden"]
    assert files(settings) == 2
    assert not PhotoSource.objects.exclude(state=PhotoState.DONE).exists()
    assert not Incident.objects.exists()
    way.send("photos", photo("kitchen", red, position=3, version=2))
    assert sync.fetch_photos() == 0, "it is known by then"
    way.send("photos", photo("front", red, version=2, deleted=True))
    assert order() == ["garden", "kitchen"]
    way.send("photos", photo("kitchen", red, position=3, version=3, deleted=True))
    assert order() == ["garden"]


def test_the_other_keeps_the_picture_when_one_becomes_another(push: Push, website: str) -> None:
    everybody(push)
    results = push.send("photos", sent_along("front"), sent_along("kitchen", position=1))
    assert [one["result"] for one in results] == ["created", "created"]
    assert order() == ["front"]
    push.send("photos", sent_along("front", "blue", version=2))
    assert order() == ["front", "kitchen"]
    push.send("photos", sent_along("front", "red", version=3))
    assert order() == ["kitchen"]


def test_what_became_no_photo_is_not_kept(push: Push, website: str, settings: Settings) -> None:
    everybody(push)
    results = push.send(
        "photos", sent_along("front", property=id_of("nowhere")), sent_along("kitchen"), sent_along("garden")
    )
    assert [one["result"] for one in results] == ["refused", "created", "created"]
    assert files(settings) == 1


def test_who_takes_over_a_picture_in_the_call_that_removes_the_first_has_it(push: Push, website: str) -> None:
    everybody(push)
    push.send("photos", sent_along("front"), sent_along("kitchen", position=1))
    moved = {"id": id_of("kitchen"), "version": 2, "position": 5}
    gone = {"id": id_of("front"), "version": 2, "deleted": True}
    results = push.send("photos", moved, sent_along("garden", position=2), gone)
    assert [one["result"] for one in results] == ["updated", "created", "updated"]
    assert order() == ["kitchen"]
    assert PropertyPhoto.objects.get().position == 5
    push.send("photos", {**gone, "id": id_of("kitchen"), "version": 3})
    assert order() == ["garden"]
