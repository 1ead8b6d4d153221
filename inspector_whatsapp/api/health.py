"""/livez and /readyz."""

from django.http import HttpRequest, JsonResponse

from inspector_whatsapp import conditions, health


def livez(request: HttpRequest) -> JsonResponse:
    """This process answers."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """Database, migrations, Redis, worker and beat answer; 503 with what does not.

    Warnings change no status. Without PostgreSQL there is nobody to ask for them.
    """
    failures = health.failures()
    warnings = {} if "database" in failures else conditions.warnings()
    said = {"warnings": warnings} if warnings else {}
    if failures:
        return JsonResponse({"status": "not ready", "failures": failures, **said}, status=503)
    return JsonResponse({"status": "ok", **said})
