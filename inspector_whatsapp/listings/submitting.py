"""An agent's new property, on its way to Inspector."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import translation

from inspector_whatsapp import changes, labels
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Property, PropertyPhoto, User
from inspector_whatsapp.models.listings import Kind, ListingType, Period, PropertyStatus


@dataclass(frozen=True, kw_only=True)
class Submission:
    """What an agent says of a property. `price` in naira, per `period`; no period for a sale."""

    kind: Kind
    listing_type: ListingType
    price: Decimal
    area: str
    city: str
    state: str
    period: Period | None = None
    bedrooms: int | None = None
    bathrooms: int | None = None
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    amenities: tuple[str, ...] = ()
    description: str = ""


def submit(*, agent: User, fields: Submission, photos: Sequence[tuple[str, str]], origin: Origin) -> Property:
    """Hand a property in: it waits for Inspector to publish it.

    photos: storage names and SHA-256 digests, in the order in which they are to be shown; the same photo
    twice is kept once.
    """
    names: dict[str, str] = {}
    for name, digest in photos:
        names.setdefault(digest, name)
    with transaction.atomic():
        property = Property(
            agent=agent,
            kind=fields.kind,
            listing_type=fields.listing_type,
            bedrooms=fields.bedrooms,
            bathrooms=fields.bathrooms,
            price=fields.price,
            period=fields.period or "",
            area=fields.area,
            city=fields.city,
            state=fields.state,
            address=fields.address,
            latitude=fields.latitude,
            longitude=fields.longitude,
            amenities=list(fields.amenities),
            description=fields.description,
            status=PropertyStatus.PENDING,
        )
        property.title = _title(property)
        property.save()
        # The ref is given by the database.
        property.refresh_from_db(fields=["ref"])
        PropertyPhoto.objects.bulk_create(
            PropertyPhoto(property=property, image=name, digest=digest, position=position)
            for position, (digest, name) in enumerate(names.items())
        )
        changes.record("property_submitted", property, actor=agent, origin=origin, photos=len(names))
    return property


def _title(property: Property) -> str:
    """`3-bedroom flat in Yaba`, in English as every title of the website."""
    with translation.override("en"):
        kind = labels.kind(property)
    return f"{kind[:1].upper()}{kind[1:]} in {property.area}"
