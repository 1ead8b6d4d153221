"""The page that an offer by e-mail leads to: no more of them. Looking at it changes nothing."""

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from inspector_whatsapp import clock
from inspector_whatsapp.labels import masked_email
from inspector_whatsapp.models import User
from notifications import consent

# HMAC-SHA256 over the account's key. It does not expire: who wants no offers may say so years later.
SALT = "notifications.stop_offers"


def address(account: User) -> str:
    """Where the account's offers by e-mail can be stopped. Whoever has it may do that: no more."""
    token = signing.Signer(salt=SALT).sign(str(account.pk))
    return settings.PUBLIC_URL + reverse("stop_offers", args=[token], urlconf="notifications.urls")


# Without Django's token: a mail program posts by itself when its reader taps "unsubscribe" (RFC 8058), and
# the address, which only the mail's reader has, is what allows it.
@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop_offers(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows whose offers they are, POST stops them."""
    try:
        key = signing.Signer(salt=SALT).unsign(token)
    except signing.BadSignature:
        return _page(request, "invalid", status=404)
    account = User.objects.filter(pk=key, is_active=True).first()
    if account is None:
        return _page(request, "invalid", status=404)
    if request.method == "POST":
        how = "one_click" if request.POST.get("List-Unsubscribe") == "One-Click" else "page"
        consent.stop_mail_offers(account=account, how=how, at=clock.now())
        return _page(request, "done", account)
    return _page(request, "ask", account)


def _page(
    request: HttpRequest, stage: str, account: User | None = None, *, status: int = 200
) -> HttpResponse:
    words = {"stage": stage, "site": settings.INSPECTOR_URL}
    if account is not None:
        words["account"] = masked_email(account.email)
    with translation.override(account.language if account else settings.LANGUAGE_CODE):
        page = render(request, "notifications/stop_offers.html", words, status=status)
    page["X-Robots-Tag"] = "noindex"
    return page
