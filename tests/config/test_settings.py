"""Settings are documented, and a secret that is missing stops the start by name."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECRETS = {
    "SECRET_KEY": "a-secret-of-this-test-0123456789-0123456789-0123456789",
    "WHATSAPP_ACCESS_TOKEN": "token-of-this-test",
    "WHATSAPP_APP_SECRET": "app-secret-of-this-test",
    "WHATSAPP_VERIFY_TOKEN": "verify-token-of-this-test",
    "WHATSAPP_PHONE_NUMBER_ID": "100000000000001",
    "WHATSAPP_BUSINESS_ACCOUNT_ID": "100000000000002",
    "ALLOWED_HOSTS": "wa.inspector.example",
}


def start(then: str = "", **environment: str) -> "subprocess.CompletedProcess[str]":
    """Load the settings, `s`, in a process of its own, with nothing in the environment but this."""
    plain = {"PATH": os.environ["PATH"], "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}
    plain |= {"REDIS_URL": "redis://127.0.0.1:1/0"}
    return subprocess.run(
        [sys.executable, "-c", f"import config.settings as s; {then}"],
        cwd=ROOT,
        env=plain | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_setting_has_its_paragraph_and_no_paragraph_is_left_over() -> None:
    source = (ROOT / "config" / "settings.py").read_text()
    read = set(re.findall(r"""\b(?:env\.\w+|text|secret|hours)\(\s*"([A-Z_]+)\"""", source))
    written = set(re.findall(r"^### ([A-Z_]+)$", (ROOT / "docs" / "settings.md").read_text(), re.MULTILINE))
    assert read == written


def test_no_other_module_reads_the_environment() -> None:
    """Programs that are started before there are settings may: they are in `config`."""
    apps = ("bot", "linking", "notifications", "inspector_whatsapp")
    for path in (each for app in apps for each in (ROOT / app).rglob("*.py")):
        assert not re.search(
            r"\bos\.(?:environ|getenv)|\bimport environ\b|config\.environment", path.read_text()
        ), path
    reading = [
        path.name for path in (ROOT / "config").glob("*.py") if "config.environment" in path.read_text()
    ]
    assert reading == ["settings.py"]


def test_a_laptop_needs_no_settings() -> None:
    assert start().returncode == 0


def test_production_starts_with_every_secret() -> None:
    assert start(DEBUG="0", **SECRETS).returncode == 0


@pytest.mark.parametrize("missing", sorted(SECRETS))
def test_a_missing_secret_stops_the_start_by_name(missing: str) -> None:
    started = start(DEBUG="0", **{name: value for name, value in SECRETS.items() if name != missing})
    assert started.returncode != 0
    assert f"{missing} must be set" in started.stderr


@pytest.mark.parametrize("hours", ["nine to five", "21:00", "21:00-25:00", "08:00-08:00"])
def test_quiet_hours_that_are_none_stop_the_start_with_a_sentence(hours: str) -> None:
    assert "QUIET_HOURS must" in start(QUIET_HOURS=hours).stderr


@pytest.mark.parametrize("service", ["sendgrid", "amazon_ses"])
def test_a_mail_service_is_named_by_the_mail_url_with_its_settings(service: str) -> None:
    started = start(
        "print(s.EMAIL_BACKEND, s.ANYMAIL['SENDGRID_API_KEY'])",
        EMAIL_URL=f"anymail+{service}://?SENDGRID_API_KEY=key%2F1",
    )
    assert started.stdout == f"anymail.backends.{service}.EmailBackend key/1\n", started.stderr


def test_an_audit_that_is_kept_for_less_than_a_year_stops_the_start() -> None:
    assert "RETENTION_AUDIT_DAYS must be 365 or more" in start(RETENTION_AUDIT_DAYS="364").stderr
    assert start(RETENTION_AUDIT_DAYS="365").returncode == 0


def test_the_simulator_is_refused_in_production() -> None:
    started = start(DEBUG="0", SIMULATOR="http://127.0.0.1:8100", **SECRETS)
    assert "SIMULATOR must not be set" in started.stderr


def test_no_process_is_killed_at_a_line_unless_it_belongs_to_a_fault_test() -> None:
    for debug in ("0", "1"):
        started = start(DEBUG=debug, CRASH_AT="turn_written", **SECRETS)
        assert "without FAULTS=1 it must not be set" in started.stderr
