"""The link by which an agent shows a property to anybody, in words and as a QR code."""

import io
import re

import segno
from django.conf import settings
from django.urls import reverse

from inspector_whatsapp.models import Property

QR = "qr/"  # storage names that begin so are made when they are asked for
_REF = re.compile(r"PR-[0-9]{1,12}")


def link(property: Property) -> str:
    """The address to share."""
    return _link(property.ref)


def _link(ref: str) -> str:
    return settings.PUBLIC_URL + reverse("shared", args=[ref], urlconf="inspector_whatsapp.urls")


def qr_name(property: Property) -> str:
    """The storage name of the link's QR code (see files.py)."""
    return f"{QR}{property.ref}.png"


def qr(ref: str) -> bytes:
    """The QR code of a property's link, as a PNG that scans from a phone's screen and in a group's preview.

    Raises ValueError for what is no ref.
    """
    if not _REF.fullmatch(ref):
        raise ValueError("no ref of a property")
    picture = io.BytesIO()
    segno.make_qr(_link(ref), error="m").save(picture, kind="png", scale=12, border=4)
    return picture.getvalue()
