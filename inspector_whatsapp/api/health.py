"""/livez and /readyz."""

from django.http import HttpRequest, JsonResponse

from inspector_whatsapp import health


def livez(request: HttpRequest) -> JsonResponse:
    """This process answers."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """Database, migrations, Redis, worker and beat answer; 503 with what does not."""
    failures = health.failures()
    if failures:
        return JsonResponse({"status": "not ready", "failures": failures}, status=503)
    return JsonResponse({"status": "ok"})
