"""Every setting, read from the environment here and nowhere else; docs/settings.md explains each.

On a laptop everything has a safe default. With DEBUG=0 a secret that is missing or still the default stops
the start, and so does whatever is malformed: each by name, all at once.
"""

import re
from datetime import timedelta
from importlib.util import find_spec
from logging import captureWarnings
from pathlib import Path
from urllib.parse import parse_qsl

from django.conf.locale import LANG_INFO
from django.utils.translation import gettext_lazy as _
from environ import Env

from config.api import DJANGO_GUID as DJANGO_GUID
from config.api import REST_FRAMEWORK as REST_FRAMEWORK
from config.api import SPECTACULAR_SETTINGS as SPECTACULAR_SETTINGS
from config.applications import INSTALLED_APPS as INSTALLED_APPS
from config.applications import MIDDLEWARE as MIDDLEWARE
from config.applications import TEMPLATES as TEMPLATES
from config.console import CONSOLE_POLICY as CONSOLE_POLICY
from config.console import CONTENT_SECURITY_POLICY as CONTENT_SECURITY_POLICY
from config.console import UNFOLD as UNFOLD
from config.environment import address, demand, hold, hours, listed, number, switch, text, zone
from config.logs import logging
from config.registries import CHANGE_LISTENERS as CHANGE_LISTENERS
from config.registries import CHANNELS as CHANNELS
from config.registries import CONSOLE_FINDERS as CONSOLE_FINDERS
from config.registries import CONSOLE_TILES as CONSOLE_TILES
from config.registries import ERASERS as ERASERS
from config.registries import FIGURES as FIGURES
from config.registries import HEALTH_CHECKS as HEALTH_CHECKS
from config.registries import JOBS as JOBS
from config.registries import KINDS as KINDS
from config.registries import METRICS as METRICS
from config.registries import RETENTION as RETENTION
from config.registries import SYNC_LISTENERS as SYNC_LISTENERS
from config.registries import WATCHES as WATCHES

BASE_DIR = Path(__file__).resolve().parent.parent
DEBUG = switch("DEBUG", True)
LOGGING = logging(readable=DEBUG)
captureWarnings(not DEBUG)  # what a library warns of is a line of the log, too


def secret(name: str, default: str, *, like: str = r"\S+", means: str = "without spaces") -> str:
    """A setting that must be set, and not to its laptop default, when DEBUG is off."""
    value = text(name, default, like=like, means=means)
    demand(DEBUG or text(name, "") not in ("", default), f"{name} must be set when DEBUG is 0.")
    return value


# --- the site ---------------------------------------------------------------------------------------------
SECRET_KEY = secret(
    "SECRET_KEY",
    "laptop-only-secret-key-0123456789-0123456789-0123456789",
    like=".{50,}",
    means="50 characters or more",
)
SECRET_KEY_FALLBACKS = listed("SECRET_KEY_FALLBACKS", [])
ALLOWED_HOSTS = listed("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"] if DEBUG else [])
PORT = number("PORT", 8000, least=1, most=65_535)
PUBLIC_URL = address("PUBLIC_URL", f"http://127.0.0.1:{PORT}")
PRIVACY_URL = address("PRIVACY_URL", "https://inspector.example/privacy")
INSPECTOR_URL = address("INSPECTOR_URL", "https://inspector.example")
TRUSTED_PROXIES = number("TRUSTED_PROXIES", 0)
demand(ALLOWED_HOSTS, "ALLOWED_HOSTS must be set when DEBUG is 0.")
demand(
    all(re.fullmatch(r"\*|\.?[\w.-]+|\[[\da-fA-F:]+\]", host) for host in ALLOWED_HOSTS),
    "ALLOWED_HOSTS must be host names between commas, without https:// and without ports.",
)

# --- WhatsApp ---------------------------------------------------------------------------------------------
WHATSAPP_API_URL = address("WHATSAPP_API_URL", "https://graph.facebook.com")
WHATSAPP_API_VERSION = text("WHATSAPP_API_VERSION", "v25.0", like=r"v\d+\.\d+", means="as v25.0")
WHATSAPP_PHONE_NUMBER_ID = secret(
    "WHATSAPP_PHONE_NUMBER_ID", "106540352242922", like=r"\d+", means="Meta's id of the number: digits"
)
WHATSAPP_PHONE_NUMBER = secret(
    "WHATSAPP_PHONE_NUMBER", "+2347000000000", like=r"\+\d{7,15}", means="a number, as +2348030000001"
)
WHATSAPP_BUSINESS_ACCOUNT_ID = secret(
    "WHATSAPP_BUSINESS_ACCOUNT_ID", "102290129340398", like=r"\d+", means="Meta's id of the account: digits"
)
WHATSAPP_ACCESS_TOKEN = secret("WHATSAPP_ACCESS_TOKEN", "laptop-access-token")
WHATSAPP_APP_SECRETS = [
    part.strip()
    for part in secret(
        "WHATSAPP_APP_SECRET",
        "laptop-app-secret",
        like=r"[^\s,]{16,}(\s*,\s*[^\s,]{16,})*",
        means="16 characters or more, or two such secrets with a comma between",
    ).split(",")
]
WHATSAPP_VERIFY_TOKEN = secret("WHATSAPP_VERIFY_TOKEN", "laptop-verify-token")
WEBHOOK_FAST_LANE = switch("WEBHOOK_FAST_LANE", False)
WHATSAPP_MESSAGES_PER_SECOND = number("WHATSAPP_MESSAGES_PER_SECOND", 60, least=1)
WHATSAPP_BOOKING_FLOW_ID = text(
    "WHATSAPP_BOOKING_FLOW_ID", "", like=r"\d+", means="Meta's id of the form: digits"
)
WHATSAPP_MONTHLY_BUDGET = number("WHATSAPP_MONTHLY_BUDGET", 0)

LINKING_REQUIRE_PHONE_MATCH = switch("LINKING_REQUIRE_PHONE_MATCH", False)

# --- Inspector's website and backend ----------------------------------------------------------------------
INSPECTOR_JWT_KEYS = text(
    "INSPECTOR_JWT_KEYS",
    "",
    like=r"https://\S+|http://(127\.0\.0\.1|localhost)\S*|hs256:\s*\S.{31,}|.*-----BEGIN .+",
    means="the https:// address of a JWKS, public keys as PEM, or hs256: and 32 characters or more",
)
INSPECTOR_JWT_ISSUER = text("INSPECTOR_JWT_ISSUER", INSPECTOR_URL)
INSPECTOR_JWT_AUDIENCE = text("INSPECTOR_JWT_AUDIENCE", "inspector-whatsapp")
_RATE = {"like": r"[1-9]\d*/(second|minute|hour|day)", "means": "a number and a time, as 120/minute"}
API_USER_RATE = text("API_USER_RATE", "120/minute", **_RATE)
API_CLIENT_RATE = text("API_CLIENT_RATE", "6000/minute", **_RATE)
INSPECTOR_PHOTO_HOSTS = listed("INSPECTOR_PHOTO_HOSTS", [])
INSPECTOR_DATABASE_URL = address("INSPECTOR_DATABASE_URL", "", schemes=("postgres", "postgresql"))
INSPECTOR_API_URL = address("INSPECTOR_API_URL", "")
INSPECTOR_API_TOKEN = text("INSPECTOR_API_TOKEN", "", like=r"\S+", means="without spaces")
INSPECTOR_WEBHOOK_URL = address("INSPECTOR_WEBHOOK_URL", "")
INSPECTOR_WEBHOOK_SECRETS = listed("INSPECTOR_WEBHOOK_SECRET", [])
demand(
    all("://" not in host and "/" not in host for host in INSPECTOR_PHOTO_HOSTS),
    "INSPECTOR_PHOTO_HOSTS must be host names between commas, without https://.",
)
demand(
    INSPECTOR_API_TOKEN or not INSPECTOR_API_URL,
    "INSPECTOR_API_TOKEN must be set where INSPECTOR_API_URL is.",
)
demand(
    INSPECTOR_WEBHOOK_SECRETS or not INSPECTOR_WEBHOOK_URL,
    "INSPECTOR_WEBHOOK_SECRET must be set where INSPECTOR_WEBHOOK_URL is.",
)
demand(
    all(re.fullmatch(r"whsec_[\w+/-]{32,}={0,2}", one) for one in INSPECTOR_WEBHOOK_SECRETS),
    "INSPECTOR_WEBHOOK_SECRET must be whsec_ and 24 bytes or more as base64, or two such between commas.",
)

# --- the talk ---------------------------------------------------------------------------------------------
REQUEST_REMINDER_HOURS = number("REQUEST_REMINDER_HOURS", 4, least=1)
REQUEST_RELEASE_HOURS = number("REQUEST_RELEASE_HOURS", 24, least=1)
HUMAN_HOURS = number("HUMAN_HOURS", 12, least=1)
QUIET_HOURS = hours("QUIET_HOURS", "21:00-07:00")
ALERTS_PER_DAY = number("ALERTS_PER_DAY", 3)
PLACE_OFFER_MINUTES = number("PLACE_OFFER_MINUTES", 15, least=5)
ENQUIRY_ANSWER_HOURS = number("ENQUIRY_ANSWER_HOURS", 3, least=1)
ENQUIRY_FRESH_DAYS = number("ENQUIRY_FRESH_DAYS", 3, least=1)
VISIT_OVERDUE_MINUTES = number("VISIT_OVERDUE_MINUTES", 30, least=1)
VISIT_ANSWER_MINUTES = number("VISIT_ANSWER_MINUTES", 15, least=1)
EMERGENCY_NUMBER = text("EMERGENCY_NUMBER", "112", like=r"\+?[0-9]{2,15}", means="a number to call, as 112")
REASSIGN_MINUTES = number("REASSIGN_MINUTES", 15, least=5)
demand(
    REQUEST_REMINDER_HOURS < REQUEST_RELEASE_HOURS,
    "REQUEST_REMINDER_HOURS must be below REQUEST_RELEASE_HOURS.",
)

# --- the assistant ------------------------------------------------------------------------------------------
ASSISTANT = switch("ASSISTANT", True)
ASSISTANT_MODEL = text(
    "ASSISTANT_MODEL", "", like=r"[^:\s]+:\S+", means="a provider and a model, as openai:gpt-5-mini"
)
ASSISTANT_BASE_URL = address("ASSISTANT_BASE_URL", "")
ASSISTANT_API_KEY = text("ASSISTANT_API_KEY", "", like=r"\S+", means="without spaces")
ASSISTANT_CALLS_PER_PERSON = number("ASSISTANT_CALLS_PER_PERSON", 20)
ASSISTANT_CALLS_PER_DAY = number("ASSISTANT_CALLS_PER_DAY", 2000)
TRANSCRIPTION_URL = address("TRANSCRIPTION_URL", "")
TRANSCRIPTION_API_KEY = text("TRANSCRIPTION_API_KEY", "", like=r"\S+", means="without spaces")
TRANSCRIPTION_MODEL = text("TRANSCRIPTION_MODEL", "whisper-1", like=r"\S+", means="without spaces")

# --- what is kept for how long -----------------------------------------------------------------------------
RETENTION_BODIES_DAYS = number("RETENTION_BODIES_DAYS", 14, least=8)  # Meta repeats for seven days
RETENTION_MESSAGES_DAYS = number("RETENTION_MESSAGES_DAYS", 365, least=8)
demand(
    RETENTION_BODIES_DAYS <= RETENTION_MESSAGES_DAYS,
    "RETENTION_BODIES_DAYS must be no more than RETENTION_MESSAGES_DAYS.",
)
RETENTION_CHALLENGES_DAYS = number("RETENTION_CHALLENGES_DAYS", 30, least=2)  # limits look back a day
RETENTION_EXPORTS_DAYS = number("RETENTION_EXPORTS_DAYS", 1, least=1)
RETENTION_TOMBSTONES_DAYS = number("RETENTION_TOMBSTONES_DAYS", 365, least=30)  # what is repeated stays away
RETENTION_AUDIT_DAYS = number("RETENTION_AUDIT_DAYS", 730, least=365)  # PostgreSQL would refuse less

# --- the simulator: Meta's side of the conversation on this machine, never in production ------------------
SIMULATOR = address("SIMULATOR", "")
demand(DEBUG or not SIMULATOR, "SIMULATOR must not be set when DEBUG is 0: it may move the clock.")

# --- who looks after it -----------------------------------------------------------------------------------
METRICS_TOKEN = text("METRICS_TOKEN", "", like=r"\S+", means="without spaces")
SENTRY_DSN = text("SENTRY_DSN", "", like=r"https?://[^\s@]+@\S+/\d+", means="as https://key@host/1")

# --- faults: where the tests kill a process, never in production ------------------------------------------
CRASH_AT = text("CRASH_AT", "", like=r"\w+(:\d+)?", means="a line's name, as turn_written:3")
FAULTS = switch("FAULTS", False)
demand(FAULTS or not CRASH_AT, "CRASH_AT kills processes; without FAULTS=1 it must not be set.")

# --- doors, and who may come in ---------------------------------------------------------------------------
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
AUTH_USER_MODEL = "inspector_whatsapp.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
OTP_TOTP_ISSUER = "Inspector WhatsApp"
# Five wrong passwords or codes for an account from one address shut it for that address, for a while.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # or somebody else could keep it shut for ever
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_FORM_FIELD = "username"
AXES_USERNAME_CALLABLE = "inspector_whatsapp.console.access.lockout.username"
AXES_CLIENT_IP_CALLABLE = "inspector_whatsapp.callers.ip"
AXES_LOCKOUT_CALLABLE = "inspector_whatsapp.console.access.lockout.answer"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "code", "csrfmiddlewaretoken"]
AXES_DISABLE_ACCESS_LOG = True  # the audit says who logged in
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# --- PostgreSQL, the only truth ---------------------------------------------------------------------------
_POSTGRES = ("postgres", "postgresql")
DATABASE_URL = address("DATABASE_URL", "postgres://inspector@127.0.0.1:5432/inspector", schemes=_POSTGRES)
DATABASES = {"default": Env.db_url_config(DATABASE_URL)}
demand(DATABASES["default"]["NAME"], "DATABASE_URL must name a database: postgres://user:password@host/name.")
DATABASES["default"] |= {
    "ENGINE": "config.postgresql",
    "CONN_MAX_AGE": 60,
    "CONN_HEALTH_CHECKS": True,
    "ATOMIC_REQUESTS": False,
}
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 4)

# --- Redis and Celery: the doorbell -----------------------------------------------------------------------
REDIS_URL = address("REDIS_URL", "redis://127.0.0.1:6379/0", schemes=("redis", "rediss"))
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 2,
    "socket_connect_timeout": 1,
    # What a worker has taken is not kept in Redis until it is done: a sweep finds what was lost. And kombu,
    # which would take it out over a connection that may be gone by then, fails and ends the worker.
    "ack_emulation": False,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_RESULT_EXPIRES = None  # nothing is kept, so the beat adds no entry to the schedules to clean it up
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_DEFAULT_QUEUE = "ticks"
CELERY_TASK_ROUTES = {
    "bot.tasks.drain_inbox": {"queue": "turns"},
    "bot.tasks.drain_slow": {"queue": "slow"},
    "inspector_whatsapp.tasks.drain_outbox": {"queue": "outbox"},
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 20
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_MAX_LOOP_INTERVAL = 2
CELERY_TIMEZONE = "UTC"
DJANGO_CELERY_BEAT_TZ_AWARE = True

# --- e-mail -----------------------------------------------------------------------------------------------
# SMTP by EMAIL_URL (smtp://, smtp+tls://…); anymail+<name>:// picks one of django-anymail's services, whose
# own settings come as the query: anymail+sendgrid://?SENDGRID_API_KEY=…
EMAIL_URL = text(
    "EMAIL_URL",
    "smtp://127.0.0.1:8125",
    like=r"(smtp|smtps|smtp\+tls|smtp\+ssl)://\S+|anymail\+\w+:\S*",
    means="smtp://…, smtp+tls://…, smtp+ssl://…, or anymail+<service>://…",
)
if EMAIL_URL.startswith("anymail+"):
    _service = EMAIL_URL.removeprefix("anymail+").partition(":")[0]
    EMAIL_BACKEND = f"anymail.backends.{_service}.EmailBackend"
    ANYMAIL = dict(parse_qsl(EMAIL_URL.partition("?")[2])) | {"REQUESTS_TIMEOUT": (5, 15)}
    demand(find_spec(f"anymail.backends.{_service}"), "EMAIL_URL names a service that django-anymail lacks.")
else:
    _smtp = Env.email_url_config(EMAIL_URL)
    vars().update(_smtp)
    EMAIL_BACKEND = _smtp["EMAIL_BACKEND"]
    if EMAIL_BACKEND == "django.core.mail.backends.smtp.EmailBackend":
        EMAIL_BACKEND = "notifications.channels.smtp.EmailBackend"
    ANYMAIL = {}
EMAIL_WEBHOOK_SECRET = text("EMAIL_WEBHOOK_SECRET", "", like=r"[^:\s]+:\S+", means="as user:password")
if EMAIL_WEBHOOK_SECRET:
    ANYMAIL["WEBHOOK_SECRET"] = EMAIL_WEBHOOK_SECRET
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = text(
    "DEFAULT_FROM_EMAIL",
    "Inspector <no-reply@inspector.example>",
    like=r"[^<>@\r\n]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+",
    means="an e-mail address, as Inspector <no-reply@example.com>",
)

# --- time, languages, files -------------------------------------------------------------------------------
USE_TZ = True
TIME_ZONE = zone("TIME_ZONE", "Africa/Lagos")
LANGUAGE_CODE = "en"
FORMAT_MODULE_PATH = ["config.formats"]
LANGUAGES = [("en", _("English")), ("pcm", _("Nigerian Pidgin"))]
LANG_INFO["pcm"] = {  # Django knows no Pidgin
    "bidi": False,
    "code": "pcm",
    "name": "Nigerian Pidgin",
    "name_local": "Naijá",
}
LOCALE_PATHS = [BASE_DIR / "locale"]

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / ".local" / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns of a folder that is not there
MEDIA_STORAGE = text(
    "MEDIA_STORAGE",
    str(BASE_DIR / ".local" / "media"),
    like=r"s3://[a-z\d][a-z\d.-]{1,61}[a-z\d](/[\w./-]*)?|(?!\w+:/).+",
    means="a folder, or s3://bucket/prefix",
)
# How a bucket is reached, by the names that Amazon's own programs read; without keys by the machine's role.
AWS_ACCESS_KEY_ID = text("AWS_ACCESS_KEY_ID", "", like=r"\S+", means="without spaces")
AWS_SECRET_ACCESS_KEY = text("AWS_SECRET_ACCESS_KEY", "", like=r"\S+", means="without spaces")
AWS_DEFAULT_REGION = text("AWS_DEFAULT_REGION", "", like=r"[a-z\d-]+", means="a region's name, as eu-west-1")
AWS_ENDPOINT_URL_S3 = address("AWS_ENDPOINT_URL_S3", "")
demand(
    bool(AWS_ACCESS_KEY_ID) == bool(AWS_SECRET_ACCESS_KEY),
    "AWS_SECRET_ACCESS_KEY must be set where AWS_ACCESS_KEY_ID is, and nowhere else.",
)
MEDIA_ROOT = MEDIA_STORAGE
MEDIA_URL = "media/"
STORAGES: dict[str, dict[str, object]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
if MEDIA_STORAGE.startswith("s3://"):
    demand(
        find_spec("storages") and find_spec("boto3"),
        "MEDIA_STORAGE is a bucket, which needs what requirements-bucket.txt lists.",
    )
    _bucket, *_prefix = MEDIA_STORAGE.removeprefix("s3://").split("/", 1)
    STORAGES["default"] = {
        "BACKEND": "config.bucket.Bucket",
        "OPTIONS": {
            "bucket_name": _bucket,
            "location": "".join(_prefix),
            "access_key": AWS_ACCESS_KEY_ID or None,
            "secret_key": AWS_SECRET_ACCESS_KEY or None,
            "region_name": AWS_DEFAULT_REGION or None,
            "endpoint_url": AWS_ENDPOINT_URL_S3 or None,
        },
    }

# --- security ---------------------------------------------------------------------------------------------
if not DEBUG:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = switch("SECURE_SSL_REDIRECT", PUBLIC_URL.startswith("https://"))
    SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$", r"^metrics$"]
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    # Browsers take these from our host alone, over TLS: no other name of the domain can set them.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
SESSION_COOKIE_AGE = 8 * 3600  # since the log-in, see console/access/sessions.py
SESSION_IDLE_MINUTES = number("SESSION_IDLE_MINUTES", 30, least=1, most=480)
SECURE_REFERRER_POLICY = "same-origin"

# --- and what of all this is wrong ------------------------------------------------------------------------
if not DEBUG:  # on a laptop these lead to the laptop
    for _name in ("PUBLIC_URL", "DATABASE_URL", "REDIS_URL", "EMAIL_URL", "DEFAULT_FROM_EMAIL"):
        demand(text(_name, ""), f"{_name} must be set when DEBUG is 0.")
hold()
if SENTRY_DSN:
    from config import sentry

    sentry.start(SENTRY_DSN, release=SPECTACULAR_SETTINGS["VERSION"])
