"""Every setting, read from the environment here and nowhere else; docs/settings.md explains each.

On a laptop everything has a safe default. With DEBUG=0 a secret that is missing or still the default stops
the start, by name.
"""

from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl

from django.conf.locale import LANG_INFO
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config.api import DJANGO_GUID as DJANGO_GUID
from config.api import REST_FRAMEWORK as REST_FRAMEWORK
from config.api import SPECTACULAR_SETTINGS as SPECTACULAR_SETTINGS
from config.applications import INSTALLED_APPS as INSTALLED_APPS
from config.applications import MIDDLEWARE as MIDDLEWARE
from config.applications import TEMPLATES as TEMPLATES
from config.console import CONSOLE_POLICY as CONSOLE_POLICY
from config.console import CONTENT_SECURITY_POLICY as CONTENT_SECURITY_POLICY
from config.console import UNFOLD as UNFOLD
from config.environment import env, hours, text
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
DEBUG = env.bool("DEBUG", True)
LOGGING = logging(readable=DEBUG)


def secret(name: str, default: str) -> str:
    """A setting that must be set, and not to its laptop default, when DEBUG is off."""
    value = text(name, default)
    if not DEBUG and value in ("", default):
        raise ImproperlyConfigured(f"{name} must be set when DEBUG is 0 (see docs/settings.md).")
    return value


# --- the site ---------------------------------------------------------------------------------------------
SECRET_KEY = secret("SECRET_KEY", "laptop-only-secret-key-0123456789-0123456789-0123456789")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"] if DEBUG else [])
PORT = env.int("PORT", 8000)
PUBLIC_URL = text("PUBLIC_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
PRIVACY_URL = text("PRIVACY_URL", "https://inspector.example/privacy")
INSPECTOR_URL = text("INSPECTOR_URL", "https://inspector.example").rstrip("/")
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", 0)
if TRUSTED_PROXIES < 0:
    raise ImproperlyConfigured("TRUSTED_PROXIES must not be below 0.")
if not DEBUG and not ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must be set when DEBUG is 0 (see docs/settings.md).")

# --- WhatsApp ---------------------------------------------------------------------------------------------
WHATSAPP_API_URL = text("WHATSAPP_API_URL", "https://graph.facebook.com").rstrip("/")
WHATSAPP_API_VERSION = text("WHATSAPP_API_VERSION", "v25.0")
WHATSAPP_PHONE_NUMBER_ID = secret("WHATSAPP_PHONE_NUMBER_ID", "106540352242922")
WHATSAPP_PHONE_NUMBER = text("WHATSAPP_PHONE_NUMBER", "+2347000000000")
WHATSAPP_BUSINESS_ACCOUNT_ID = secret("WHATSAPP_BUSINESS_ACCOUNT_ID", "102290129340398")
WHATSAPP_ACCESS_TOKEN = secret("WHATSAPP_ACCESS_TOKEN", "laptop-access-token")
WHATSAPP_APP_SECRETS = [
    part.strip() for part in secret("WHATSAPP_APP_SECRET", "laptop-app-secret").split(",") if part.strip()
]
WHATSAPP_VERIFY_TOKEN = secret("WHATSAPP_VERIFY_TOKEN", "laptop-verify-token")
WEBHOOK_FAST_LANE = env.bool("WEBHOOK_FAST_LANE", False)
WHATSAPP_MESSAGES_PER_SECOND = env.int("WHATSAPP_MESSAGES_PER_SECOND", 60)
if WHATSAPP_MESSAGES_PER_SECOND <= 0:
    raise ImproperlyConfigured("WHATSAPP_MESSAGES_PER_SECOND must be above 0.")
WHATSAPP_MONTHLY_BUDGET = env.int("WHATSAPP_MONTHLY_BUDGET", 0)

LINKING_REQUIRE_PHONE_MATCH = env.bool("LINKING_REQUIRE_PHONE_MATCH", False)

# --- Inspector's website and backend ----------------------------------------------------------------------
INSPECTOR_JWT_KEYS = text("INSPECTOR_JWT_KEYS", "")
INSPECTOR_JWT_ISSUER = text("INSPECTOR_JWT_ISSUER", INSPECTOR_URL)
INSPECTOR_JWT_AUDIENCE = text("INSPECTOR_JWT_AUDIENCE", "inspector-whatsapp")
API_USER_RATE = text("API_USER_RATE", "120/minute")
API_CLIENT_RATE = text("API_CLIENT_RATE", "6000/minute")
INSPECTOR_PHOTO_HOSTS = [
    part.strip() for part in text("INSPECTOR_PHOTO_HOSTS", "").split(",") if part.strip()
]
INSPECTOR_DATABASE_URL = text("INSPECTOR_DATABASE_URL", "")
INSPECTOR_API_URL = text("INSPECTOR_API_URL", "").rstrip("/")
INSPECTOR_API_TOKEN = text("INSPECTOR_API_TOKEN", "")
INSPECTOR_WEBHOOK_URL = text("INSPECTOR_WEBHOOK_URL", "")
INSPECTOR_WEBHOOK_SECRETS = [
    part.strip() for part in text("INSPECTOR_WEBHOOK_SECRET", "").split(",") if part.strip()
]
if INSPECTOR_API_URL and not INSPECTOR_API_TOKEN:
    raise ImproperlyConfigured("INSPECTOR_API_TOKEN must be set where INSPECTOR_API_URL is.")
if INSPECTOR_WEBHOOK_URL and not INSPECTOR_WEBHOOK_SECRETS:
    raise ImproperlyConfigured("INSPECTOR_WEBHOOK_SECRET must be set where INSPECTOR_WEBHOOK_URL is.")

# --- the talk ---------------------------------------------------------------------------------------------
REQUEST_REMINDER_HOURS = env.int("REQUEST_REMINDER_HOURS", 4)
REQUEST_RELEASE_HOURS = env.int("REQUEST_RELEASE_HOURS", 24)
HUMAN_HOURS = env.int("HUMAN_HOURS", 12)
QUIET_HOURS = hours("QUIET_HOURS", "21:00-07:00")
ALERTS_PER_DAY = env.int("ALERTS_PER_DAY", 3)
if not 0 < REQUEST_REMINDER_HOURS < REQUEST_RELEASE_HOURS:
    raise ImproperlyConfigured("REQUEST_REMINDER_HOURS must be above 0 and below REQUEST_RELEASE_HOURS.")
if HUMAN_HOURS <= 0:
    raise ImproperlyConfigured("HUMAN_HOURS must be above 0.")
if ALERTS_PER_DAY < 0:
    raise ImproperlyConfigured("ALERTS_PER_DAY must not be below 0.")

# --- the assistant ------------------------------------------------------------------------------------------
ASSISTANT = env.bool("ASSISTANT", True)
ASSISTANT_MODEL = text("ASSISTANT_MODEL", "")
ASSISTANT_BASE_URL = text("ASSISTANT_BASE_URL", "")
ASSISTANT_API_KEY = text("ASSISTANT_API_KEY", "")
ASSISTANT_CALLS_PER_PERSON = env.int("ASSISTANT_CALLS_PER_PERSON", 20)
ASSISTANT_CALLS_PER_DAY = env.int("ASSISTANT_CALLS_PER_DAY", 2000)
if ASSISTANT_MODEL and ":" not in ASSISTANT_MODEL:
    raise ImproperlyConfigured(
        "ASSISTANT_MODEL must name a provider and a model, like openai:gpt-5-mini (see docs/settings.md)."
    )
if ASSISTANT_CALLS_PER_PERSON < 0 or ASSISTANT_CALLS_PER_DAY < 0:
    raise ImproperlyConfigured("ASSISTANT_CALLS_PER_PERSON and ASSISTANT_CALLS_PER_DAY must not be below 0.")

# --- what is kept for how long -----------------------------------------------------------------------------
RETENTION_BODIES_DAYS = env.int("RETENTION_BODIES_DAYS", 14)
RETENTION_MESSAGES_DAYS = env.int("RETENTION_MESSAGES_DAYS", 365)
if not 8 <= RETENTION_BODIES_DAYS <= RETENTION_MESSAGES_DAYS:
    raise ImproperlyConfigured(
        "RETENTION_BODIES_DAYS must be 8 or more, and no more than RETENTION_MESSAGES_DAYS."
    )
RETENTION_CHALLENGES_DAYS = env.int("RETENTION_CHALLENGES_DAYS", 30)
RETENTION_EXPORTS_DAYS = env.int("RETENTION_EXPORTS_DAYS", 1)
RETENTION_TOMBSTONES_DAYS = env.int("RETENTION_TOMBSTONES_DAYS", 365)
if RETENTION_CHALLENGES_DAYS < 2:
    raise ImproperlyConfigured("RETENTION_CHALLENGES_DAYS must be 2 or more: limits look back a day.")
if RETENTION_EXPORTS_DAYS < 1:
    raise ImproperlyConfigured("RETENTION_EXPORTS_DAYS must be 1 or more.")
if RETENTION_TOMBSTONES_DAYS < 30:
    raise ImproperlyConfigured(
        "RETENTION_TOMBSTONES_DAYS must be 30 or more: what is repeated must stay away."
    )
RETENTION_AUDIT_DAYS = env.int("RETENTION_AUDIT_DAYS", 730)
if RETENTION_AUDIT_DAYS < 365:  # PostgreSQL would refuse it: see models.audit
    raise ImproperlyConfigured("RETENTION_AUDIT_DAYS must be 365 or more.")

# --- the simulator: Meta's side of the conversation on this machine, never in production ------------------
SIMULATOR = text("SIMULATOR", "").rstrip("/")
if SIMULATOR and not DEBUG:
    raise ImproperlyConfigured("SIMULATOR must not be set when DEBUG is 0: it may move the clock.")

# --- who looks after it -----------------------------------------------------------------------------------
METRICS_TOKEN = text("METRICS_TOKEN", "")
SENTRY_DSN = text("SENTRY_DSN", "")
if SENTRY_DSN:
    from config import sentry

    try:
        sentry.start(SENTRY_DSN, release=SPECTACULAR_SETTINGS["VERSION"])
    except ValueError:
        raise ImproperlyConfigured("SENTRY_DSN must look like https://key@host/1.") from None

# --- faults: where the tests kill a process, never in production ------------------------------------------
CRASH_AT = text("CRASH_AT", "")
if CRASH_AT and not env.bool("FAULTS", False):
    raise ImproperlyConfigured("CRASH_AT kills processes; without FAULTS=1 it must not be set.")

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
DATABASES = {
    "default": env.db_url_config(text("DATABASE_URL", "postgres://inspector@127.0.0.1:5432/inspector"))
}
DATABASES["default"] |= {
    "ENGINE": "config.postgresql",
    "CONN_MAX_AGE": 60,
    "CONN_HEALTH_CHECKS": True,
    "ATOMIC_REQUESTS": False,
}
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 4)

# --- Redis and Celery: the doorbell -----------------------------------------------------------------------
REDIS_URL = text("REDIS_URL", "redis://127.0.0.1:6379/0")
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
EMAIL_URL = text("EMAIL_URL", "smtp://127.0.0.1:8125")
if EMAIL_URL.startswith("anymail+"):
    _service = EMAIL_URL.removeprefix("anymail+").partition(":")[0]
    EMAIL_BACKEND = f"anymail.backends.{_service}.EmailBackend"
    ANYMAIL = dict(parse_qsl(EMAIL_URL.partition("?")[2])) | {"REQUESTS_TIMEOUT": (5, 15)}
else:
    _smtp = env.email_url_config(EMAIL_URL)
    vars().update(_smtp)
    EMAIL_BACKEND = _smtp["EMAIL_BACKEND"]
    if EMAIL_BACKEND == "django.core.mail.backends.smtp.EmailBackend":
        EMAIL_BACKEND = "notifications.channels.smtp.EmailBackend"
    ANYMAIL = {}
EMAIL_WEBHOOK_SECRET = text("EMAIL_WEBHOOK_SECRET", "")
if EMAIL_WEBHOOK_SECRET:
    if not all(EMAIL_WEBHOOK_SECRET.partition(":")):
        raise ImproperlyConfigured("EMAIL_WEBHOOK_SECRET must look like user:password.")
    ANYMAIL["WEBHOOK_SECRET"] = EMAIL_WEBHOOK_SECRET
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = text("DEFAULT_FROM_EMAIL", "Inspector <no-reply@inspector.example>")

# --- time, languages, files -------------------------------------------------------------------------------
USE_TZ = True
TIME_ZONE = text("TIME_ZONE", "Africa/Lagos")
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
MEDIA_STORAGE = text("MEDIA_STORAGE", str(BASE_DIR / ".local" / "media"))
MEDIA_ROOT = MEDIA_STORAGE
MEDIA_URL = "media/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- security ---------------------------------------------------------------------------------------------
if not DEBUG:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", PUBLIC_URL.startswith("https://"))
    SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$", r"^metrics$"]
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    # Browsers take these from our host alone, over TLS: no other name of the domain can set them.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
SESSION_COOKIE_AGE = 8 * 3600  # since the log-in, see console/access/sessions.py
SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", 30)
if not 1 <= SESSION_IDLE_MINUTES <= 480:
    raise ImproperlyConfigured("SESSION_IDLE_MINUTES must be from 1 to 480.")
SECURE_REFERRER_POLICY = "same-origin"
