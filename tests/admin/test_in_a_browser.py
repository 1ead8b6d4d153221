"""Every page of the console in a real browser, with words in the database that mean harm.

The pages are fetched first, with their headers: Django is not to be asked while a browser is there.
"""

import mimetypes
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve
from playwright.sync_api import Page, sync_playwright

from tests.admin.conftest import EVIL, OURS, World, address
from tests.conftest import CHROMIUM, OPTIONS

HREF = re.compile(r'\bhref="([^"]+)"')
# Ways to other orders and pages of the same rows, and out; and pages that are Django's own for every table.
NOT_FOLLOWED = re.compile(
    r"[?&](o|p|all|e|_changelist_filters|_popup)=|/logout/|/r/\d+/\d+/|/(add|history|delete)/$"
)
OF_DJANGO = 3  # tables of which those are looked at all the same
NARROW = 390
# Whatever runs, or would have run if the policy had let it.
WATCH = """
window.harm = [];
for (const name of ['alert', 'confirm', 'prompt', 'print'])
  window[name] = (...said) => harm.push(`${name} ${said}`);
document.addEventListener('securitypolicyviolation', (event) =>
  harm.push([event.violatedDirective, event.blockedURI, event.sourceFile, event.sample].join(' ')));
"""
# What has become markup, and what turns the words beside it, of what people wrote; a field to edit them in
# has them as they are.
HARM = """
() => {
  const made = document.querySelectorAll('i[x], img[src="x"], svg[onload], [x-init*="alert"]');
  const scripts = [...document.scripts].filter((one) => !one.src && one.type !== 'application/json');
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const turning = [];
  while (words.nextNode()) {
    const word = words.currentNode;
    if (/[\u202e\u200b]/.test(word.data) && !word.parentElement.closest('textarea, option, script'))
      turning.push(`turns words: ${word.parentElement.outerHTML.slice(0, 200)}`);
  }
  return [...harm, ...[...made, ...scripts].map((one) => one.outerHTML), ...turning];
}
"""


@dataclass
class Console:
    """Pages by their address, as they were answered."""

    pages: dict[str, HttpResponse] = field(default_factory=dict)

    @contextmanager
    def open(self) -> Iterator[str]:
        """A web server with the pages, and with the console's files, which a browser fetches once."""
        console = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                status, headers, body = console.answer(unquote(self.path))
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args: object) -> None:
                """Nothing: the browser complains of what is wrong."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            server.server_close()

    def answer(self, path: str) -> tuple[int, dict[str, str], bytes]:
        if path.startswith("/static/"):
            found = finders.find(urlsplit(path).path.removeprefix("/static/"))
            if not found:
                return 404, {}, b""
            kind = mimetypes.guess_type(found)[0] or "application/octet-stream"
            headers = {"Content-Type": kind, "Cache-Control": "max-age=600"}
            return 200, headers, Path(found).read_bytes()
        if (page := self.pages.get(path)) is not None:
            return page.status_code, dict(page.items()), page.content
        return 204, {}, b""  # asked for by a page in the meantime: nothing is new


def ways(page: HttpResponse, path: str) -> Iterator[str]:
    """Where a page of the console leads to inside of it."""
    for href in HREF.findall(page.content.decode()):
        parts = urlsplit(urljoin(path, unescape(href)))
        way = f"{parts.path}?{parts.query}" if parts.query else parts.path
        inside = not parts.netloc and way.startswith("/admin/")
        if inside and not NOT_FOLLOWED.search(way) and "&" not in parts.query:
            yield way


def sort_of(path: str) -> tuple[str, bool]:
    """Pages that differ in nothing but the row, or in what is filtered, are of one sort."""
    parts = urlsplit(path)
    return resolve(parts.path).view_name, "q" in dict(parse_qsl(parts.query))


@pytest.fixture
def console(evil: World, staff: Client) -> Console:
    """Each sort of page once, beginning with those of the harmful rows."""
    found = Console()
    waiting = ["/admin/", "/admin/jsi18n/", "/admin/password_change/"]
    for number, model in enumerate(OURS):
        row = evil[model]
        waiting += [f"{address(model)}?{urlencode({'q': EVIL[:2]})}", address(model), address(row, "change")]
        if number < OF_DJANGO:
            waiting += [address(model, "add/"), address(row, "history"), address(row, "delete")]
    seen = set()
    for path in waiting:  # grows meanwhile
        if (sort := sort_of(path)) in seen:
            continue
        seen.add(sort)
        page = staff.get(path)
        assert page.status_code < 500, path
        if page.status_code == 200:
            content = b"".join(page.streaming_content) if page.streaming else page.content  # type: ignore[attr-defined]
            found.pages[unquote(path)] = HttpResponse(content, headers=dict(page.items()))
            if page["Content-Type"].startswith("text/html"):
                waiting += ways(found.pages[unquote(path)], path)
    return found


@pytest.mark.django_db
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed here (apt install chromium)")
def test_nothing_of_what_people_wrote_runs_in_the_console(console: Console) -> None:
    complaints: list[str] = []
    opened = [path for path, page in console.pages.items() if page["Content-Type"].startswith("text/html")]
    assert len(opened) > 2 * len(OURS)
    with console.open() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        page.add_init_script(WATCH)
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda line: complaints.append(f"{page.url}: {line.text}") if line.type == "error" else None,
        )
        for path in opened:
            page.set_viewport_size({"width": 1280, "height": 900})
            page.goto(site + quote(path, safe="/?=&"))
            complaints += [f"{path}: {harm}" for harm in page.evaluate(HARM)]
            complaints += [f"{path}: {wide}" for wide in sticking_out(page)]
        browser.close()
    assert not complaints, "\n".join(complaints)


def sticking_out(page: Page) -> list[str]:
    """What is wider than a phone."""
    page.set_viewport_size({"width": NARROW, "height": 800})
    width = page.evaluate("document.documentElement.scrollWidth")
    return [f"{width} px wide on a phone"] if width > NARROW else []
