"""Meta and the mailbox for a test. A pytest plugin: test modules name it in `pytest_plugins`."""

import subprocess
import sys
from collections.abc import Iterator
from io import StringIO

import pytest
from django.conf import settings as configured
from django.core.management import call_command
from pytest_django import Settings

from inspector_whatsapp.models import ClockOffset
from tests.outbox.witness import MANAGE, Door, Meta, open_door
from tests.ports import free_port


@pytest.fixture(scope="session")
def door() -> Iterator[Door]:
    with open_door() as door:
        yield door


@pytest.fixture(scope="session")
def metas_process(door: Door, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Meta]:
    port, smtp_port = free_port(), free_port()
    options = {
        "--port": port,
        "--smtp-port": smtp_port,
        "--webhook": f"http://127.0.0.1:{door.port}/webhooks/whatsapp",
        "--app-secret": configured.WHATSAPP_APP_SECRETS[0],
        "--access-token": configured.WHATSAPP_ACCESS_TOKEN,
        "--phone-number-id": configured.WHATSAPP_PHONE_NUMBER_ID,
        "--phone-number": configured.WHATSAPP_PHONE_NUMBER,
        "--business-account-id": configured.WHATSAPP_BUSINESS_ACCOUNT_ID,
        "--verify-token": configured.WHATSAPP_VERIFY_TOKEN,
        "--ledger": tmp_path_factory.mktemp("meta") / "ledger.jsonl",
    }
    words = [str(word) for option in options.items() for word in option]
    command = [sys.executable, "-m", "inspector_whatsapp.simulator", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=MANAGE.parent) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == f"ready http://127.0.0.1:{port}\n"
        yield Meta(f"http://127.0.0.1:{port}", smtp_port, door)
        running.terminate()
        assert running.wait(30) == 0


@pytest.fixture
def meta(metas_process: Meta, settings: Settings) -> Iterator[Meta]:
    """Meta and the mailbox, with nothing sent yet; the settings lead there."""
    settings.WHATSAPP_API_URL = metas_process.url
    settings.WHATSAPP_MESSAGES_PER_SECOND = 10_000  # the pace is no subject here
    settings.EMAIL_BACKEND = "notifications.channels.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", metas_process.smtp_port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    metas_process.control("reset", {"templates": True})
    metas_process.control("switches", {"throughput_limit": False, "pair_limit": False})
    metas_process.settle()
    metas_process.door.posts.clear()
    yield metas_process
    metas_process.door.at_once = False
    metas_process.control("reset")


@pytest.fixture
def the_clock(db: None) -> None:
    """A test with real transactions ends by emptying every table, the clock's one row with it."""
    ClockOffset.objects.get_or_create(pk=1)


@pytest.fixture
def templates(meta: Meta) -> None:
    """Meta has approved our templates."""
    call_command("submit_templates", stdout=StringIO())
