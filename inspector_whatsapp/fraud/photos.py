"""How photos look: two of the same picture have fingerprints that differ in a few bits, whatever their size.

The difference hash of Neal Krawetz (hackerfactor.com, "Kind of Like That"): a picture of nine
by eight greys, a bit for each pair of neighbours that says which is brighter. It stands scaling, saving anew
and other colours, and neither cropping nor mirroring.
"""

import io
import logging
from typing import Final

from PIL import Image

from inspector_whatsapp.models import PropertyPhoto

logger = logging.getLogger(__name__)

TOGETHER, MOST = 500, 20_000  # photos that are read together, and in one run
UNKNOWN: Final = 0  # what cannot be read, and what is of one colour: it is like nothing
PLAIN: Final = 6  # of 64 bits; fewer that are set, or that are not, are a wall or a test card


def look_at_new() -> int:
    """Give photos that have none their fingerprint; how many. Reads the files outside any transaction."""
    looked, last = 0, 0
    while looked < MOST and (
        new := PropertyPhoto.objects.filter(looks=None, pk__gt=last).order_by("pk")[:TOGETHER]
    ):
        for photo in new:
            looks = _of(photo)
            if looks is not None:
                PropertyPhoto.objects.filter(pk=photo.pk, image=photo.image.name).update(looks=looks)
                looked += 1
        last = new[len(new) - 1].pk
    return looked


def _of(photo: PropertyPhoto) -> int | None:
    """None where the storage fails: the next run tries again."""
    try:
        with photo.image.open() as file:
            data = file.read()
    except FileNotFoundError:
        return UNKNOWN
    except Exception as error:  # each storage raises its own
        logger.warning("photo %s could not be read: %s", photo.pk, type(error).__name__)
        return None
    try:
        with Image.open(io.BytesIO(data)) as picture:
            return fingerprint(picture)
    except Exception:  # Pillow cannot read it: it raises whatever its decoders do
        return UNKNOWN


def fingerprint(picture: Image.Image) -> int:
    """64 bits as PostgreSQL's signed bigint; UNKNOWN for what shows nothing."""
    small = picture.convert("L").resize((9, 8), Image.Resampling.LANCZOS)
    greys = small.tobytes()
    bits = 0
    for row in range(8):
        for column in range(8):
            place = 9 * row + column
            bits = bits << 1 | (greys[place] < greys[place + 1])
    if not PLAIN <= bits.bit_count() <= 64 - PLAIN:
        return UNKNOWN
    return bits - (1 << 64) if bits >> 63 else bits
