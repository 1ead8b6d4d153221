"""An admin at the console, as a browser sees it: pages are fetched, forms filled in and sent."""

import re
from html.parser import HTMLParser

import requests

from config.demo import DEMO_PASSWORD
from tests.journeys.service import Service

ADMIN = "admin@inspector.example"
PRESSED = ("submit", "button", "image", "reset", "file")


class Console:
    """Logged in; what is refused fails."""

    def __init__(self, service: Service) -> None:
        self._url = service.url
        self._browser = requests.Session()
        self._send("/admin/login/", "login-form", username=ADMIN, password=DEMO_PASSWORD)

    def finds(self, model: str, ref: str) -> str:
        """The address of the page of the one row that a search for `ref` lists."""
        page = self._look(f"/admin/inspector_whatsapp/{model}/?q={ref}")
        rows = page.partition('id="result_list"')[2]  # above it a message may name what was changed before
        pages: set[str] = set(re.findall(rf"/admin/inspector_whatsapp/{model}/\d+/change/", rows))
        assert len(pages) == 1, pages
        return pages.pop()

    def changes(self, model: str, ref: str, **fields: str) -> None:
        """Change some fields of a row by its page, and save."""
        self._send(self.finds(model, ref), f"{model}_form", **fields)

    def _look(self, path: str) -> str:
        response = self._browser.get(self._url + path, timeout=30)
        assert response.ok, response.text
        return response.text

    def _send(self, path: str, form: str, **fields: str) -> None:
        """Send a form as it stands there, but for these fields."""
        form_there = _Form(form)
        form_there.feed(self._look(path))
        assert set(fields) <= set(form_there.fields), form_there.fields
        response = self._browser.post(
            self._url + path, data=form_there.fields | fields, timeout=30, allow_redirects=False
        )
        # A form in which something is wrong is shown again.
        assert response.status_code == 302, response.text


class _Form(HTMLParser):
    """What stands in the fields of a form."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._name = name
        self._is_in_it = False
        self._field = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._is_in_it = given.get("id") == self._name
        if not self._is_in_it:
            return
        name, value = given.get("name", ""), given.get("value", "")
        match tag:
            case "input" if name and given.get("type") not in PRESSED:
                if given.get("type") not in ("checkbox", "radio") or "checked" in given:
                    self.fields[name] = value
            case "select" | "textarea":
                self._field = name
                self.fields.setdefault(name, "")
            case "option" if "selected" in given:
                self.fields[self._field] = value

    def handle_data(self, data: str) -> None:
        if self._is_in_it and self.lasttag == "textarea" and self._field:
            self.fields[self._field] += data.removeprefix("\r\n").removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_in_it = False
        if tag in ("select", "textarea"):
            self._field = ""
