"""Settings are documented, and a secret that is missing stops the start by name."""

import json
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
    "WHATSAPP_PHONE_NUMBER": "+2347000000001",
    "WHATSAPP_BUSINESS_ACCOUNT_ID": "100000000000002",
    "ALLOWED_HOSTS": "wa.inspector.example",
    "PUBLIC_URL": "https://wa.inspector.example",
    "EMAIL_URL": "smtp://127.0.0.1:25",
    "DEFAULT_FROM_EMAIL": "no-reply@inspector.example",
}
SERVERS = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "REDIS_URL": "redis://127.0.0.1:1/0"}
PRODUCTION = {"DEBUG": "0"} | SECRETS | SERVERS
NUMBERS = {
    "PORT": ("web", "0", "65536", "-1"),
    "TRUSTED_PROXIES": ("-1", "one"),
    "SESSION_IDLE_MINUTES": ("0", "481"),
    "WHATSAPP_MESSAGES_PER_SECOND": ("0", "60/s"),
    "WHATSAPP_MONTHLY_BUDGET": ("-1", "10,000"),
    "REQUEST_REMINDER_HOURS": ("0", "24", "four"),
    "REQUEST_RELEASE_HOURS": ("0", "1.5"),
    "HUMAN_HOURS": ("0", "12h"),
    "ALERTS_PER_DAY": ("-1", "many"),
    "PLACE_OFFER_MINUTES": ("4", "15m"),
    "ENQUIRY_ANSWER_HOURS": ("0", "3h"),
    "ENQUIRY_FRESH_DAYS": ("0", "x"),
    "VISIT_OVERDUE_MINUTES": ("0", "30m"),
    "VISIT_ANSWER_MINUTES": ("0", "15m"),
    "REASSIGN_MINUTES": ("4", "15m"),
    "ASSISTANT_CALLS_PER_PERSON": ("-1", "x"),
    "ASSISTANT_CALLS_PER_DAY": ("-1", "x"),
    "RETENTION_BODIES_DAYS": ("7", "366", "x"),
    "RETENTION_MESSAGES_DAYS": ("7", "x"),
    "RETENTION_CHALLENGES_DAYS": ("1", "x"),
    "RETENTION_EXPORTS_DAYS": ("0", "x"),
    "RETENTION_TOMBSTONES_DAYS": ("29", "x"),
    "RETENTION_AUDIT_DAYS": ("364", "x"),
}
SWITCHES = (
    "DEBUG",
    "SECURE_SSL_REDIRECT",
    "WEBHOOK_FAST_LANE",
    "LINKING_REQUIRE_PHONE_MATCH",
    "ASSISTANT",
    "FAULTS",
)
ADDRESSES = (
    *("PUBLIC_URL", "PRIVACY_URL", "INSPECTOR_URL", "WHATSAPP_API_URL", "INSPECTOR_API_URL"),
    *("INSPECTOR_WEBHOOK_URL", "ASSISTANT_BASE_URL", "TRANSCRIPTION_URL", "SIMULATOR"),
)
MALFORMED: dict[str, tuple[str, ...]] = {
    **NUMBERS,
    **dict.fromkeys(SWITCHES, ("perhaps", "2")),
    **dict.fromkeys(
        ADDRESSES, ("wa.inspector.example", "https://", "ftp://a", "https://a:no", "https://a b")
    ),
    "SECRET_KEY": ("", "short", "laptop-only-secret-key-0123456789-0123456789-0123456789"),
    "ALLOWED_HOSTS": ("", "https://wa.inspector.example", "wa.inspector.example:443"),
    "DATABASE_URL": ("", "mysql://a/b", "postgres://", "postgres://host", "inspector"),
    "REDIS_URL": ("", "http://127.0.0.1", "127.0.0.1:6379"),
    "INSPECTOR_DATABASE_URL": ("mysql://a/b", "inspector"),
    "EMAIL_URL": ("", "smtp.example.com", "http://smtp.example.com", "anymail+nobody://"),
    "EMAIL_WEBHOOK_SECRET": ("word", "user:", ":word"),
    "DEFAULT_FROM_EMAIL": ("", "Inspector", "a@b@c", "Inspector <no-reply>"),
    "TIME_ZONE": ("Lagos", "Africa/Nowhere", "../etc/passwd", "UTC+1"),
    "MEDIA_STORAGE": (
        "s3://",
        "s3://a",
        "s3://My_Bucket",
        "s3://bucket/a b",
        "gs://bucket",
        "https://bucket",
    ),
    "AWS_ACCESS_KEY_ID": ("two words",),
    "AWS_SECRET_ACCESS_KEY": ("two words", "without-an-id"),
    "AWS_DEFAULT_REGION": ("Frankfurt!",),
    "AWS_ENDPOINT_URL_S3": ("minio:9000", "ftp://minio"),
    "WHATSAPP_ACCESS_TOKEN": ("", "laptop-access-token", "two words"),
    "WHATSAPP_APP_SECRET": ("", "laptop-app-secret", "short", "0123456789abcdef,", "0123456789abcdef short"),
    "WHATSAPP_VERIFY_TOKEN": ("", "laptop-verify-token", "two words"),
    "WHATSAPP_PHONE_NUMBER_ID": ("", "+2348030000001"),
    "WHATSAPP_PHONE_NUMBER": ("", "08030000001", "+234 803 000 0001"),
    "WHATSAPP_BUSINESS_ACCOUNT_ID": ("", "mine"),
    "WHATSAPP_API_VERSION": ("25", "latest"),
    "INSPECTOR_JWT_KEYS": ("http://inspector.example/keys", "hs256:short", "a-key"),
    "API_USER_RATE": ("120", "120/year", "0/minute", "many"),
    "API_CLIENT_RATE": ("6000", "-1/minute"),
    "INSPECTOR_PHOTO_HOSTS": ("https://photos.example", "photos.example/path"),
    "INSPECTOR_API_TOKEN": ("two words",),
    "INSPECTOR_WEBHOOK_SECRET": ("secret", "whsec_short", "whsec_!" + "a" * 40),
    "EMERGENCY_NUMBER": ("police", "1", "112 or 199"),
    "QUIET_HOURS": ("nine to five", "21:00", "21:00-25:00", "08:00-08:00"),
    "ASSISTANT_MODEL": ("gpt-5", ":", "a b:c"),
    "ASSISTANT_API_KEY": ("two words",),
    "WHATSAPP_BOOKING_FLOW_ID": ("booking", "12 34"),
    "TRANSCRIPTION_API_KEY": ("two words",),
    "TRANSCRIPTION_MODEL": ("two words",),
    "METRICS_TOKEN": ("two words",),
    "SENTRY_DSN": ("nonsense", "https://key@host"),
    "CRASH_AT": ("turn_written", "no line!"),
}
# Any words are right: who says them knows what they mean.
FREE = {"SECRET_KEY_FALLBACKS", "INSPECTOR_JWT_ISSUER", "INSPECTOR_JWT_AUDIENCE"}
# Reads the settings anew, once with each of what stands in its input; what is wrong with them, in that order.
TABLE = """
import importlib, json, os, sys
from django.core.exceptions import ImproperlyConfigured
plain = dict(os.environ)
found = []
for one in json.load(sys.stdin):
    os.environ.clear()
    os.environ.update(plain | one)
    for name in ("config.settings", "config.environment"):
        sys.modules.pop(name, None)
    try:
        importlib.import_module("config.settings")
        found.append("")
    except ImproperlyConfigured as wrong:
        found.append(str(wrong))
print(json.dumps(found))
"""


def start(then: str = "", **environment: str) -> "subprocess.CompletedProcess[str]":
    """Load the settings, `s`, in a process of its own, with nothing in the environment but this."""
    return subprocess.run(
        [sys.executable, "-c", f"import config.settings as s; {then}"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]} | SERVERS | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_setting_has_its_paragraph_and_no_paragraph_is_left_over() -> None:
    source = (ROOT / "config" / "settings.py").read_text()
    read = set(
        re.findall(
            r"""\b(?:env\.\w+|text|secret|number|switch|address|listed|zone|hours)\(\s*"([A-Z\d_]+)\"""",
            source,
        )
    )
    written = set(re.findall(r"^### ([A-Z\d_]+)$", (ROOT / "docs" / "settings.md").read_text(), re.MULTILINE))
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
    assert start(**PRODUCTION).returncode == 0


def test_every_setting_that_is_missing_or_malformed_is_named_and_its_value_is_not() -> None:
    rows = [(name, value) for name, values in MALFORMED.items() for value in values]
    rows += [(name, "") for name in (*SECRETS, *SERVERS)]
    said = subprocess.run(
        [sys.executable, "-c", TABLE],
        input=json.dumps([PRODUCTION | {name: value} for name, value in rows] + [PRODUCTION]),
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )
    *found, well = json.loads(said.stdout)
    assert well == ""
    for (name, value), sentence in zip(rows, found, strict=True):
        assert re.search(rf"^{name} .*\.$|\b{name} is\.$", sentence, re.MULTILINE), (name, value, sentence)
        if re.search("SECRET|TOKEN|KEY", name) and len(value) > 8:
            assert value not in sentence, (name, value, sentence)


def test_every_setting_has_a_value_that_is_refused() -> None:
    written = set(re.findall(r"^### ([A-Z\d_]+)$", (ROOT / "docs" / "settings.md").read_text(), re.MULTILINE))
    assert set(MALFORMED) | FREE == written
    assert not set(MALFORMED) & FREE


@pytest.mark.parametrize("command", [["-m", "config.run", "web"], ["manage.py", "migrate"]])
def test_a_start_that_is_refused_says_all_that_is_wrong_and_nothing_else(command: list[str]) -> None:
    started = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]} | PRODUCTION | {"SECRET_KEY": "", "PORT": "web"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode == 1
    assert (
        started.stderr == "SECRET_KEY must be set when DEBUG is 0.\nPORT must be a number from 1 to 65535.\n"
    )


def test_a_bucket_without_its_library_is_refused_by_what_is_to_be_installed() -> None:
    without = "import sys; sys.modules['boto3'] = None; import config.settings"
    started = subprocess.run(
        [sys.executable, "-c", without],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]} | PRODUCTION | {"MEDIA_STORAGE": "s3://photos"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode == 1
    assert "MEDIA_STORAGE is a bucket, which needs what requirements-bucket.txt lists." in started.stderr


@pytest.mark.parametrize("service", ["sendgrid", "amazon_ses"])
def test_a_mail_service_is_named_by_the_mail_url_with_its_settings(service: str) -> None:
    started = start(
        "print(s.EMAIL_BACKEND, s.ANYMAIL['SENDGRID_API_KEY'])",
        EMAIL_URL=f"anymail+{service}://?SENDGRID_API_KEY=key%2F1",
    )
    assert started.stdout == f"anymail.backends.{service}.EmailBackend key/1\n", started.stderr


def test_the_simulator_is_refused_in_production() -> None:
    started = start(DEBUG="0", SIMULATOR="http://127.0.0.1:8100", **SECRETS)
    assert "SIMULATOR must not be set" in started.stderr


def test_no_process_is_killed_at_a_line_unless_it_belongs_to_a_fault_test() -> None:
    for debug in ("0", "1"):
        started = start(DEBUG=debug, CRASH_AT="turn_written", **SECRETS)
        assert "without FAULTS=1 it must not be set" in started.stderr
