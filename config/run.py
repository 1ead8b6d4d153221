"""Each part of the service by one name, wherever it is started: `python -m config.run web|worker|beat`.

The image, compose.yaml, render.yaml, `make demo` and the tests start nothing else. What stands behind the
name goes to the program and wins over what is said here: `python -m config.run worker -Q turns`. And
`healthy web` tells by its exit code how the part is, for whoever supervises it.
"""

import os
import sys
from collections.abc import Sequence
from http.client import HTTPConnection, HTTPException
from logging import getLogger
from logging.config import dictConfig
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from config import schema

QUEUES = ("ticks", "turns", "slow", "outbox")
# Granian warns of more than two for a core and one.
THREADS = str(min(8, 2 * (os.cpu_count() or 1) + 1))
WEB = (
    *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"),
    *("--workers", "1", "--blocking-threads", THREADS, "config.wsgi:application"),
)
# With WEBHOOK_FAST_LANE. Who called is read from its headers by the service, as behind granian.
FAST_WEB = (
    *(sys.executable, "-m", "uvicorn", "--host", "127.0.0.1", "--lifespan", "off"),
    *("--no-access-log", "--no-server-header", "--no-proxy-headers", "config.asgi:application"),
)
# Quiet: without banners, which are no lines of a log.
CELERY = (sys.executable, "-m", "celery", "--quiet", "-A", "config")
WORKER = (
    *(*CELERY, "worker", "--pool", "threads", "--concurrency", "8", "-Q", ",".join(QUEUES)),
    *("--without-gossip", "--without-mingle", "--loglevel", "INFO"),
)
BEAT = (
    *(*CELERY, "beat", "--loglevel", "INFO", "--pidfile", ""),
    *("--scheduler", "django_celery_beat.schedulers:DatabaseScheduler"),
)
PARTS = ("web", "worker", "beat")
USAGE = f"python -m config.run {'|'.join(PARTS)} […], or: python -m config.run healthy {'|'.join(PARTS)}"
# A worker of ours beats every five seconds, and it is a worker that runs what the beat sends.
ALIVE = "SELECT 1 FROM inspector_whatsapp_heartbeat WHERE name = %s AND at > now() - interval '30 seconds'"


def command(part: str, *more: str) -> list[str]:
    """What starts a part of the service, for other programs."""
    return [sys.executable, "-m", "config.run", part, *more]


def main(arguments: Sequence[str]) -> str:
    """Become what is asked for, or say why not; empty when something that was asked about is well."""
    more: list[str] = []
    match list(arguments):
        case ["healthy", part] if part in PARTS:
            become = False
        case [part, *more] if part in PARTS:
            become = True
        case _:
            return USAGE
    try:
        from config import logs, settings
    except ImproperlyConfigured as problem:  # what is missing or malformed, in words
        return str(problem)
    if become:
        refused, noted = schema.look(settings.DATABASE_URL, settings.BASE_DIR)
        if refused:
            return refused
        if noted:
            dictConfig(settings.LOGGING)
            getLogger("config.run").warning(noted)
        web = (*(FAST_WEB if settings.WEBHOOK_FAST_LANE else WEB), "--port", str(settings.PORT))
        if not settings.DEBUG:
            web += ("--log-config", logs.OF_SERVERS)
        program = {"web": web, "worker": WORKER, "beat": BEAT}[part]
        os.execv(program[0], [*program, *more])  # noqa: S606 (this process becomes it)
    if part == "web":
        return _answer(settings.PORT, urlsplit(settings.PUBLIC_URL).netloc)
    return _beat(part)


def _answer(port: int, host: str) -> str:
    """What is wrong with the web process of this machine."""
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/livez", headers={"Host": host})
        status = connection.getresponse().status
        return "" if status == 200 else f"/livez answers {status}"
    except (OSError, HTTPException) as error:
        return f"/livez does not answer: {error}"
    finally:
        connection.close()


def _beat(name: str) -> str:
    """What is wrong with all workers, or with the beat, as the database knows it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.db import Error, connection

    try:
        with connection.cursor() as cursor:
            cursor.execute(ALIVE, [name])
            return "" if cursor.fetchone() else f"the {name} is silent"
    except Error as error:
        return f"PostgreSQL: {error}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]) or 0)
