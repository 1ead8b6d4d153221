"""The page behind a letter on which an agent says whether a property is still there. GET changes nothing."""

from datetime import timedelta
from functools import partial

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods

from inspector_whatsapp import enquiries, inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.deadlocks import retried
from inspector_whatsapp.models import Enquiry
from inspector_whatsapp.models.enquiries import EnquiryState
from inspector_whatsapp.words import Reader, say

LIFE = timedelta(days=7)
# HMAC-SHA256 over the question, its agent, and the real time of signing.
SALT = "notifications.still_there"


def address(enquiry: Enquiry) -> str:
    """Where its agent answers it. Whoever has it may answer this one question, once: no more."""
    token = signing.TimestampSigner(salt=SALT).sign(f"{enquiry.pk}.{enquiry.property.agent_id}")
    return settings.PUBLIC_URL + reverse("still_there", args=[token], urlconf="notifications.urls")


@never_cache
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def still_there(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows the question, POST answers it."""
    try:
        named = signing.TimestampSigner(salt=SALT).unsign(token, max_age=LIFE)
    except signing.SignatureExpired:
        return _page(request, "expired", status=410)
    except signing.BadSignature:
        return _page(request, "invalid", status=404)
    key, _dot, agent = named.partition(".")
    rows = Enquiry.objects.select_related("property__agent")
    enquiry = rows.filter(pk=key, property__agent=int(agent), property__agent__is_active=True).first()
    if enquiry is None:
        return _page(request, "invalid", status=404)
    says = request.POST.get("says")
    if request.method != "POST" or says not in enquiries.ANSWERS:
        answered = enquiry.state in enquiries.ANSWERS
        return _page(request, "over" if answered else "ask", enquiry)
    work = partial(
        enquiries.answer,
        enquiry=enquiry,
        says=EnquiryState(says),
        actor=enquiry.property.agent,
        origin=Origin.API,
    )
    try:
        answer = retried(work)
    except enquiries.Answered as answered:
        return _page(request, "over" if answered.enquiry.state in enquiries.ANSWERS else "newer", enquiry)
    except inspections.NotLive:
        return _page(request, "over", enquiry)
    return _page(request, "done", answer.enquiry)


def _page(
    request: HttpRequest, stage: str, enquiry: Enquiry | None = None, *, status: int = 200
) -> HttpResponse:
    words: dict[str, object] = {"stage": stage, "site": settings.INSPECTOR_URL}
    agent = enquiry.property.agent if enquiry else None
    language = agent.language if agent else settings.LANGUAGE_CODE
    if enquiry is not None:
        reader = Reader(language=language, markup=False)
        words["property"] = say("{property}", property=enquiry.property).put(reader)
        words["says"] = enquiry.state
    with translation.override(language):
        page = render(request, "notifications/still_there.html", words, status=status)
    page["X-Robots-Tag"] = "noindex"
    return page
