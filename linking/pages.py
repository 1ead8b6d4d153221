"""The page that a mail leads to: disconnect a WhatsApp without logging in. Looking at it changes nothing."""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods

from inspector_whatsapp import clock
from inspector_whatsapp.labels import masked_email, masked_phone
from inspector_whatsapp.models import Link
from inspector_whatsapp.models.contacts import LinkState
from linking import rules
from linking.rules import Why

LIFE = timedelta(days=7)
# HMAC-SHA256 over the link's key and the real time of signing; keys of SECRET_KEY_FALLBACKS count too.
SALT = "linking.unlink"


def address(link: Link) -> str:
    """Where the link can be ended, for a mail to its account. Whoever has it may end the link: no more."""
    token = signing.TimestampSigner(salt=SALT).sign(str(link.pk))
    return settings.PUBLIC_URL + reverse("unlink", args=[token], urlconf="linking.urls")


@never_cache
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def unlink(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows which account is connected to what, POST disconnects it."""
    try:
        key = signing.TimestampSigner(salt=SALT).unsign(token, max_age=LIFE)
    except signing.SignatureExpired:
        return _page(request, "expired", status=410)
    except signing.BadSignature:
        return _page(request, "invalid", status=404)
    link = Link.objects.select_related("account", "contact").filter(pk=key).first()
    if link is None:
        return _page(request, "invalid", status=404)
    if request.method == "POST":
        rules.unlink(link=link, why=Why.MAIL, now=clock.now())
        return _page(request, "done", link)
    return _page(request, "over" if link.state == LinkState.ENDED else "ask", link)


def _page(request: HttpRequest, stage: str, link: Link | None = None, *, status: int = 200) -> HttpResponse:
    words = {"stage": stage, "site": settings.INSPECTOR_URL}
    if link is not None:
        words["account"] = masked_email(link.account.email)
        words["number"] = masked_phone(link.contact.phone) if link.contact.phone else ""
    with translation.override(link.account.language if link else settings.LANGUAGE_CODE):
        page = render(request, "linking/unlink.html", words, status=status)
    page["X-Robots-Tag"] = "noindex"
    return page
