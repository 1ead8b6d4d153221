"""The addresses of a property: to share, as a QR code, on the website, and into the chat."""

import io
import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from inspector_whatsapp import deep_links
from inspector_whatsapp.models import Property, ShareSource
from inspector_whatsapp.models.sharing import CODE

QR = "qr/"  # storage names that begin so are made when they are asked for
_QR = re.compile(rf"(PR-[0-9]{{1,12}})(?:-({CODE}))?")
_ODD = re.compile(r"[\s\\\x00-\x1f\x7f]")
_NAMED = re.compile(rf"(?:[?&]s=|\bs-)({CODE})(?![A-Za-z0-9])", re.IGNORECASE)
_ASKED = re.compile(rf"[^\n]{{0,120}}\b(PR-[0-9]{{1,12}}) \(s-{CODE}\)[.!]?", re.IGNORECASE)


def link(property: Property, source: ShareSource | None = None) -> str:
    """The address to share."""
    return _link(property.ref, source.code if source else "")


def _link(ref: str, code: str) -> str:
    path = reverse("shared", args=[ref], urlconf="inspector_whatsapp.urls")
    return settings.PUBLIC_URL + path + (f"?s={code}" if code else "")


def qr_name(property: Property, source: ShareSource | None = None) -> str:
    """The storage name of the link's QR code (see files.py)."""
    return f"{QR}{property.ref}{f'-{source.code}' if source else ''}.png"


def qr(name: str) -> bytes:
    """The QR code of a property's link, as a PNG that scans from a phone's screen and in a group's preview.

    `name` is a ref, or a ref and a source's code: `PR-1042-bcdf2345`. Raises ValueError for anything else.
    """
    found = _QR.fullmatch(name)
    if found is None:
        raise ValueError("no ref of a property")
    picture = io.BytesIO()
    content = _link(found[1], found[2] or "")
    segno.make_qr(content, error="m").save(picture, kind="png", scale=12, border=4)
    return picture.getvalue()


def target(property: Property, source: ShareSource | None = None) -> str:
    """The property's page on Inspector's website; it learns which source somebody came by.

    Always on the host of INSPECTOR_URL or one below it, whatever was stored.
    """
    url = (
        property.url
        if _is_inspectors(property.url)
        else f"{settings.INSPECTOR_URL}/properties/{property.ref}"
    )
    if source is None:
        return url
    parts = urlsplit(url)
    query = [*parse_qsl(parts.query, keep_blank_values=True), ("utm_source", "whatsapp")]
    return urlunsplit(parts._replace(query=urlencode([*query, ("utm_campaign", source.code)])))


def _is_inspectors(url: str) -> bool:
    if _ODD.search(url):
        return False
    try:
        parts, own = urlsplit(url), urlsplit(settings.INSPECTOR_URL)
        same_port = parts.port == own.port
    except ValueError:
        return False
    host, domain = parts.hostname or "", (own.hostname or "").removeprefix("www.")
    return (
        parts.scheme in ("https", own.scheme)
        and "@" not in parts.netloc
        and same_port
        and (host == domain or host.endswith(f".{domain}"))
    )


def chat_link(property: Property, source: ShareSource | None = None) -> str:
    """Opens WhatsApp with a message to us, ready to be sent, that names the property and the source."""
    words = _("Hello, I'd like to know more about %(ref)s") % {"ref": property.ref}
    if source is not None:
        words += f" (s-{source.code})"
    return deep_links.to_our_chat(words)


def asked_in(text: str) -> str | None:
    """The ref in a message that is, as a whole, one that `chat_link` wrote for a source; None for any other.

    It is about this property, whatever is going on in the chat.
    """
    found = _ASKED.fullmatch(text)
    return found[1].upper() if found else None


def code_in(text: str) -> str:
    """The code of a source that a message or a pasted link names; empty when it names none."""
    found = _NAMED.findall(text)
    return str(found[-1]).lower() if found else ""
