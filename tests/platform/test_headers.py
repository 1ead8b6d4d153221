"""What a browser is told with every answer in production, and the cookies that it is given."""

import json
import subprocess
import sys
from typing import Any

import pytest

from config import embedded
from tests.at_once import environment

pytestmark = pytest.mark.django_db(transaction=True)

PATHS = ("/", "/livez", "/admin/login/", "/admin/", "/api/v1/links", "/api/nowhere", "/unlink/x/", "/p/PR-0")
ASK = """
import json, sys
import django
from django.conf import settings
plain = "django.contrib.staticfiles.storage.StaticFilesStorage"  # nothing has been collected here
settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": plain}}
django.setup()
from django.test import Client
found = {}
for path in json.loads(sys.argv[1]):
    answer = Client().get(path, secure=True, headers={"host": "wa.inspector.example"})
    cookies = {name: dict(cookie) for name, cookie in answer.cookies.items()}
    found[path] = [answer.status_code, dict(answer.headers), cookies, answer.content.decode()]
print(json.dumps(found, default=str))
"""
NAMES = """
import json
from django.conf import settings
found = [settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY]
print(json.dumps(found))
"""
PRODUCTION = {
    "DEBUG": "0",
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "ALLOWED_HOSTS": "wa.inspector.example",
    "PUBLIC_URL": "https://wa.inspector.example",
    "SECRET_KEY": "headers-only-" + "0123456789" * 5,
    "EMAIL_URL": "smtp://127.0.0.1:25",
    "DEFAULT_FROM_EMAIL": "no-reply@inspector.example",
    "WHATSAPP_PHONE_NUMBER_ID": "100000000000001",
    "WHATSAPP_PHONE_NUMBER": "+2347000000001",
    "WHATSAPP_BUSINESS_ACCOUNT_ID": "100000000000002",
    "WHATSAPP_ACCESS_TOKEN": "headers-access-token",
    "WHATSAPP_APP_SECRET": "headers-app-secret",
    "WHATSAPP_VERIFY_TOKEN": "headers-verify-token",
}


def told(program: str, *arguments: str) -> str:
    """The last line that a program prints with production's settings."""
    asked = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=embedded.PROJECT,
        env=environment(**PRODUCTION),
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 0, asked.stderr
    return asked.stdout.splitlines()[-1]


def test_every_answer_of_production_carries_what_protects_a_browser() -> None:
    found: dict[str, Any] = json.loads(told(ASK, json.dumps(PATHS)))
    given: dict[str, Any] = {}
    for path, (status, headers, cookies, body) in found.items():
        assert status < 500, path
        assert "max-age=31536000; includeSubDomains" in headers["Strict-Transport-Security"], path
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["Referrer-Policy"] == "same-origin", path
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", path
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], path
        assert not body or "Content-Type" in headers, path
        assert "Access-Control-Allow-Origin" not in headers, path
        assert "Server" not in headers, path
        assert "Traceback" not in body, path
        if path not in ("/", "/livez"):
            assert "no-store" in headers.get("Cache-Control", "") or status in (302, 404), path
        given |= cookies
    assert set(given) == {"__Host-csrf"}  # a session begins with a log-in
    for cookie in given.values():
        assert cookie["secure"] is True
        assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Lax", "/", "")
    assert json.loads(told(NAMES)) == ["__Host-session", True, True]
