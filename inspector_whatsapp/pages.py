"""The pages behind a shared link: on to the website or into the chat, a preview, or a word why not."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from inspector_whatsapp import callers, files, listings, sharing
from inspector_whatsapp.models import Property, ShareSource
from inspector_whatsapp.models.listings import ListingType, PropertyStatus
from inspector_whatsapp.models.sharing import Step
from inspector_whatsapp.sharing import Visitor
from inspector_whatsapp.words import Reader, Words, say

MOST_SIMILAR = 6
_PHOTO_AGE = 24 * 3600  # seconds that a preview's photo may be kept by whoever fetched it
# Its looks and photos, all of them ours; stricter than the policy of the other pages.
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


@never_cache
@require_safe
def shared(request: HttpRequest, ref: str) -> HttpResponse:
    """A property's page on the website while it is live; a page about it for programs that make a preview.

    410 and similar ones for one that was live and is not now; 404 for any other, so that nothing is told of
    what Inspector has not published.
    """
    property = _published(ref)
    if property is None:
        return _unknown(request)
    source, visitor = sharing.known(request.GET.get("s", "")), _visitor(request)
    sharing.count(visitor, property, source, Step.OPENED)
    if property.status != PropertyStatus.LIVE:
        return _over(request, property, source)
    if visitor.is_crawler:
        return _preview(request, property, source)
    return redirect(sharing.target(property, source))


@never_cache
@require_safe
def chat(request: HttpRequest, ref: str) -> HttpResponse:
    """On to WhatsApp, with a message to us about the property; for programs the same page as above."""
    property = _published(ref)
    if property is None:
        return _unknown(request)
    source, visitor = sharing.known(request.GET.get("s", "")), _visitor(request)
    if visitor.is_crawler and property.status == PropertyStatus.LIVE:
        return _preview(request, property, source)
    sharing.count(visitor, property, source, Step.OPENED, Step.ASKED)
    with translation.override(settings.LANGUAGE_CODE):
        return redirect(sharing.chat_link(property, source))


@require_safe
def photo(request: HttpRequest, ref: str) -> HttpResponse:
    """The first photo of a live property, as previews want it."""
    property = _published(ref)
    face = listings.face(property) if property and property.status == PropertyStatus.LIVE else None
    if face is None or not face.image.name:
        raise Http404
    etag = quote_etag(files.preview_name(face.image.name))
    known = get_conditional_response(request, etag=etag)
    if known is None:
        try:
            known = HttpResponse(files.preview(face.image.name), content_type="image/jpeg")
        except OSError:
            raise Http404 from None
    known["ETag"] = etag
    known["X-Robots-Tag"] = "noindex"
    patch_cache_control(known, public=True, max_age=_PHOTO_AGE)
    return known


def _published(ref: str) -> Property | None:
    """What is live, or was."""
    named = listings.ref_in(ref)
    property = Property.objects.filter(ref=named).first() if named else None
    if property is None or (property.status != PropertyStatus.LIVE and property.published_at is None):
        return None
    return property


def _visitor(request: HttpRequest) -> Visitor:
    said = request.headers
    return Visitor(
        address=callers.address(request),
        agent=said.get("User-Agent", ""),
        purpose=said.get("Sec-Purpose", "") or said.get("Purpose", "") or said.get("X-Moz", ""),
        only_looks=request.method == "HEAD",
    )


# --- pages ------------------------------------------------------------------------------------------------
def _unknown(request: HttpRequest) -> HttpResponse:
    return _page(request, "unknown", status=404)


def _preview(request: HttpRequest, property: Property, source: ShareSource | None) -> HttpResponse:
    return _page(
        request,
        "live",
        status=200,
        home=_Card(property, source),
        target=sharing.target(property, source),
        ask=_address_of("shared_chat", property, source),
    )


def _over(request: HttpRequest, property: Property, source: ShareSource | None) -> HttpResponse:
    return _page(
        request,
        "over",
        status=410,
        home=_Card(property, source),
        similar=[_Card(each, source) for each in listings.similar(property)[:MOST_SIMILAR]],
        ask=_address_of("shared_chat", property, source),
    )


def _page(request: HttpRequest, stage: str, *, status: int, **more: Any) -> HttpResponse:
    with translation.override(settings.LANGUAGE_CODE):
        words = {"stage": stage, "site": settings.INSPECTOR_URL, **more}
        page = render(request, "inspector_whatsapp/shared.html", words, status=status)
    page["X-Robots-Tag"] = "noindex"
    page["Content-Security-Policy"] = _POLICY
    return page


class _Card:
    """A property as a page shows it. Addresses are absolute: whoever makes a preview wants them so."""

    def __init__(self, property: Property, source: ShareSource | None) -> None:
        self._property = property
        self.link = _address_of("shared", property, source)
        self.url = settings.PUBLIC_URL + _address_of("shared", property)  # undecorated, as Meta wants it
        face = listings.face(property)
        self.photo = _address_of("shared_photo", property) if face and face.image.name else ""
        self.image = settings.PUBLIC_URL + self.photo if self.photo else ""
        self.width, self.height = files.PREVIEW

    def title(self) -> str:
        return self._put(say("{property:short}", property=self._property))

    def price(self) -> str:
        return self._put(say("{property:price}", property=self._property))

    def about(self) -> str:
        """`₦9,000,000 a year · for rent · Lekki Phase 1, Lagos`"""
        home = self._property
        offer = ListingType(home.listing_type).label
        place = home.city if home.city == home.area else f"{home.area}, {home.city}"
        return " · ".join((self.price(), str(offer), place))

    def _put(self, words: Words) -> str:
        return words.put(Reader(language=settings.LANGUAGE_CODE, markup=False))


def _address_of(page: str, property: Property, source: ShareSource | None = None) -> str:
    path = reverse(page, args=[property.ref], urlconf="inspector_whatsapp.urls")
    return f"{path}?s={source.code}" if source else path
