"""The page that a letter's question leads to: whether its reader comes. Looking at it changes nothing."""

from datetime import UTC, datetime
from functools import partial

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from inspector_whatsapp import clock, deep_links, inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.deadlocks import retried
from inspector_whatsapp.models import Inspection, Wait
from inspector_whatsapp.models.inspections import LIVE_STATES, InspectionState
from inspector_whatsapp.words import Reader, say
from notifications.kind import zone_of

# HMAC-SHA256 over the inspection's key and time: at another time it is another question.
SALT = "notifications.coming"


def address(inspection: Inspection) -> str:
    """Where its seeker says whether they come, until it begins. Whoever has it may say so, or cancel it."""
    told = f"{inspection.pk}.{int(inspection.starts_at.timestamp())}"
    token = signing.Signer(salt=SALT).sign(told)
    return settings.PUBLIC_URL + reverse("coming", args=[token], urlconf="notifications.urls")


# Without Django's token: there is no session that could be ridden, the address is what allows it.
@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, POST answers: `coming` or `cancel`."""
    inspection = _asked_about(token)
    if inspection is None:
        return render(request, "notifications/coming.html", {"stage": "invalid"}, status=404)
    stage, wait = _stage(inspection), None
    if request.method == "POST" and stage in ("ask", "said", "given_away"):
        said = request.POST.get("answer", "")
        inspection, stage, wait = retried(partial(_answer, inspection, stage, said))
    reader = Reader(language=inspection.seeker.language, zone=zone_of(inspection.seeker, None), markup=False)
    words = {
        "stage": stage,
        "property": say("{property}", property=inspection.property).put(reader),
        "when": say("{inspection:when}", inspection=inspection).put(reader),
        "ref": inspection.ref,
        "position": inspections.positions([wait]).get(wait.pk, 1) if wait is not None else None,
        "chat": deep_links.to_our_chat(f"change {inspection.ref}"),
        "site": settings.INSPECTOR_URL,
    }
    with translation.override(inspection.seeker.language or settings.LANGUAGE_CODE):
        return render(request, "notifications/coming.html", words)


def _asked_about(token: str) -> Inspection | None:
    """As it was asked about; None for what nobody signed, and for what is at another time now."""
    try:
        pk, _dot, start = signing.Signer(salt=SALT).unsign(token).partition(".")
    except signing.BadSignature:
        return None
    rows = Inspection.objects.select_related("property__agent", "seeker", "inspector", "slot")
    found = rows.filter(pk=pk, seeker__is_active=True).first()
    at = datetime.fromtimestamp(int(start), UTC)
    return found if found is not None and found.starts_at.replace(microsecond=0) == at else None


def _stage(inspection: Inspection) -> str:
    """How it stands with the question."""
    if inspection.starts_at <= clock.now():
        return "over"
    if inspection.state in LIVE_STATES:
        return "ask" if inspection.coming_at is None else "said"
    return "given_away" if inspections.given_away(inspection) else "off"


def _answer(inspection: Inspection, stage: str, answer: str) -> tuple[Inspection, str, Wait | None]:
    """What is to be shown once it is done: of which inspection, how that stands, and a place in line."""
    person = inspection.seeker
    try:
        if answer == "cancel" and stage != "given_away":
            return (
                inspections.cancel(inspection=inspection, actor=person, origin=Origin.API),
                "cancelled",
                None,
            )
        if answer != "coming":
            return inspection, stage, None
        if stage != "given_away":
            return inspections.come(inspection=inspection, actor=person, origin=Origin.API), "said", None
        got = inspections.reclaim(inspection=inspection, actor=person, origin=Origin.API)
        if not isinstance(got, Inspection):
            return inspection, "in_line", got
        return got, "again" if got.state == InspectionState.CONFIRMED else "requested", None
    except inspections.AlreadyBooked as already:
        return already.inspection, "said", None
    except inspections.CannotInspect:
        return inspection, "off", None
