"""`Idempotency-Key`, as in the IETF's draft: what a caller asks for twice is done once.

The key is a row that is unique in the database, and is written with what it brings about: a process that dies
on the way leaves neither. Who comes with the same key at the same time waits for the first.
"""

import hashlib
import json
from collections.abc import Callable
from typing import Any, Final

from django.db import OperationalError, connection, transaction
from rest_framework.request import Request
from rest_framework.response import Response

from inspector_whatsapp import deadlocks
from inspector_whatsapp.api import problems
from inspector_whatsapp.api.authentication import caller_of
from inspector_whatsapp.api.problems import Problem
from inspector_whatsapp.models import Answer

LONGEST: Final = 255  # characters of a key
HOURS: Final = 24  # for which an answer is kept
PATIENCE: Final = "5s"  # for whoever is at work with the same key
_KEPT: Final = frozenset({404, 409, 410, 412, 422})  # refusals that are as final as a success
_HEADERS: Final = ("ETag", "Location")
_LOCKED: Final = "55P03"

Work = Callable[[], Response]
Finish = Callable[[Any], Any]

_TAKE = f"""
INSERT INTO inspector_whatsapp_answer AS kept (caller, key, fingerprint, status, headers, created_at)
VALUES (%s, %s, %s, 0, '{{}}', clock_now())
ON CONFLICT (caller, key) DO UPDATE SET
    fingerprint = EXCLUDED.fingerprint, status = 0, body = NULL, headers = '{{}}',
    created_at = EXCLUDED.created_at
WHERE kept.created_at < clock_now() - interval '{HOURS} hours'
RETURNING id
"""  # noqa: S608 - constants of ours


def once(
    request: Request, work: Work, *, demanded: bool = False, finish: Finish = lambda body: body
) -> Response:
    """Do `work`, in a transaction, unless this caller's key has been answered: then that answer again.

    demanded: refuse a request without a key. finish: makes the body complete with what must not be kept (a
    secret), the first time and whenever it is answered again.
    """
    key = _key(request, demanded=demanded)
    response = deadlocks.retried(lambda: work() if key is None else _once(request, key, work))
    if response.status_code < 400:
        response.data = finish(response.data)
    return response


def _once(request: Request, key: str, work: Work) -> Response:
    caller, fingerprint = caller_of(request).name, _fingerprint(request)
    answer = _taken(caller, key, fingerprint)
    if answer is None:
        kept = Answer.objects.get(caller=caller, key=key)
        if kept.fingerprint != fingerprint:
            raise Problem(
                422, "idempotency_key_reused", "This Idempotency-Key came with another request before."
            )
        return _again(kept)
    try:
        with transaction.atomic():
            response = work()
    except Exception as error:
        problem = problems.of(error) if not isinstance(error, OperationalError) else None
        if problem is None or problem.status not in _KEPT:
            raise
        response = problem.response()
    headers = {name: response[name] for name in _HEADERS if name in response}
    Answer.objects.filter(pk=answer).update(status=response.status_code, body=response.data, headers=headers)
    return response


def _taken(caller: str, key: str, fingerprint: str) -> int | None:
    """The row of this key, if nobody has come with it before."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
            cursor.execute(_TAKE, [caller, key, fingerprint])
            row = cursor.fetchone()
            cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") != _LOCKED:
            raise
        raise Problem(
            409, "in_progress", "The first request with this key is still at work.", retry_after=1
        ) from None
    return row[0] if row else None


def _again(kept: Answer) -> Response:
    problem = kept.status >= 400
    return Response(
        kept.body,
        status=kept.status,
        headers={**kept.headers, "Idempotency-Replayed": "true"},
        content_type="application/problem+json" if problem else None,
    )


def _key(request: Request, *, demanded: bool) -> str | None:
    key: str | None = request.headers.get("Idempotency-Key")
    if key is None:
        if demanded:
            raise Problem(400, "idempotency_key_missing", "Send an Idempotency-Key, new for every wish.")
        return None
    if not 0 < len(key) <= LONGEST or not key.isascii() or not key.isprintable():
        raise Problem(
            400, "idempotency_key_invalid", f"An Idempotency-Key has 1 to {LONGEST} ASCII characters."
        )
    return key


def _fingerprint(request: Request) -> str:
    body = json.dumps(request.data, sort_keys=True, default=str)
    return hashlib.sha256(f"{request.method} {request.get_full_path()} {body}".encode()).hexdigest()
