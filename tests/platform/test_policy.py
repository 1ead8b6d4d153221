"""The security policy: on every answer, strict everywhere, and wider where the console's theme needs it."""

from urllib.parse import urlsplit

import pytest
from django.http import HttpResponseBase
from django.test import Client

from linking import pages
from tests.factories import LinkFactory, PropertyFactory

pytestmark = pytest.mark.django_db


def policy(answer: HttpResponseBase) -> dict[str, str]:
    """Its directives, by name."""
    parts = (part.strip().partition(" ") for part in answer["Content-Security-Policy"].split(";"))
    return {name: value for name, _, value in parts}


EVERYWHERE = {
    "default-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/livez",
        "/api/docs/",
        "/api/docs/?script",
        "/api/schema/",
        "/api/v1/inspections",
        "/api/nowhere",
        "/nowhere",
        "/webhooks/whatsapp",
        "/unlink/x",
        "/offers/stop/x/",
        "/still-there/x/",
        "/coming/x/",
        "/administration",
        "/admin",
    ],
)
def test_nothing_but_the_console_may_run_what_is_written_into_a_page(path: str) -> None:
    assert policy(Client().get(path)) == EVERYWHERE


@pytest.mark.parametrize("path", ["/admin/", "/admin/login/", "/admin/nowhere/", "/admin/jsi18n/"])
def test_the_console_has_what_its_theme_needs_and_no_more(path: str) -> None:
    assert policy(Client().get(path)) == EVERYWHERE | {
        "script-src": "'self' 'unsafe-eval'",
        "style-src": "'self' 'unsafe-inline'",
    }


def test_a_stricter_page_stays_so() -> None:
    found = policy(
        Client().get(f"/p/{PropertyFactory().ref}", headers={"user-agent": "WhatsApp/2.23.20.0 A"})
    )
    assert (found["default-src"], found["style-src"], found["form-action"]) == ("'none'", "'self'", "'none'")


def test_pages_without_a_log_in_bring_their_looks_in_a_file() -> None:
    unlink = urlsplit(pages.address(LinkFactory())).path
    shared = (f"/p/{PropertyFactory().ref}", "/p/PR-1")
    for path in (*shared, unlink, "/offers/stop/x/", "/still-there/x/", "/coming/x/", "/api/docs/"):
        text = Client(headers={"user-agent": "WhatsApp/2.23.20.0 A"}).get(path).content.decode()
        assert 'rel="stylesheet"' in text, path
        for inline in ("<style", " style=", "<script>"):
            assert inline not in text, path
