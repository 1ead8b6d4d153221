"""The page behind an agent's share link: on to the website, or a word why not."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from inspector_whatsapp import listings
from inspector_whatsapp.models import Property
from inspector_whatsapp.models.listings import PropertyStatus


@never_cache
@require_safe
def shared(request: HttpRequest, ref: str) -> HttpResponse:
    """A property's page on the website while it is live.

    410 for one that was live and is not now; 404 for any other, so that nothing is told of what Inspector has
    not published.
    """
    named = listings.ref_in(ref)
    property = Property.objects.filter(ref=named).first() if named else None
    if property is None or (property.status != PropertyStatus.LIVE and property.published_at is None):
        return _page(request, "unknown", status=404)
    if property.status != PropertyStatus.LIVE:
        return _page(request, "over", status=410)
    return redirect(property.url or f"{settings.INSPECTOR_URL}/properties/{property.ref}")


def _page(request: HttpRequest, stage: str, *, status: int) -> HttpResponse:
    with translation.override(settings.LANGUAGE_CODE):
        words = {"stage": stage, "site": settings.INSPECTOR_URL}
        page = render(request, "inspector_whatsapp/shared.html", words, status=status)
    page["X-Robots-Tag"] = "noindex"
    return page
