"""Fill an empty database with the demo's market; what is there already stays as people left it."""

from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction

from inspector_whatsapp import clock
from inspector_whatsapp.demo import photos, slots
from inspector_whatsapp.demo.homes import Home, homes
from inspector_whatsapp.demo.interests import make_interests
from inspector_whatsapp.demo.people import make_people
from inspector_whatsapp.models import Property, PropertyPhoto, Slot, User
from inspector_whatsapp.models.listings import PropertyStatus


@dataclass(frozen=True)
class Made:
    """How many rows, and files, a run has made."""

    people: int
    properties: int
    photos: int
    slots: int


def seed() -> Made:
    """Make whatever of the demo is missing, and the slots of the coming three weeks."""
    all_homes = homes()
    before = User.objects.count()
    drawn = photos.draw_missing()
    with transaction.atomic():
        people = make_people()
        missing = _missing(all_homes)
        _keep_urls(all_homes)
        make_interests(_make_properties(missing, people), people)
        _keep_refs_ahead(all_homes)
        added = _make_slots(all_homes, people)
    return Made(User.objects.count() - before, len(missing), drawn, added)


def _missing(all_homes: list[Home]) -> list[Home]:
    refs = [home.ref for home in all_homes]
    known = set(Property.objects.filter(ref__in=refs).values_list("ref", flat=True))
    return [home for home in all_homes if home.ref not in known]


def _make_properties(missing: list[Home], people: dict[str, User]) -> list[Property]:
    now = clock.now()
    rows = Property.objects.bulk_create(
        [
            Property(
                ref=home.ref,
                platform_id=home.platform_id,
                agent=people[home.agent.email],
                title=home.title,
                kind=home.kind,
                listing_type=home.listing_type,
                bedrooms=home.bedrooms,
                bathrooms=home.bathrooms,
                price=home.price,
                period=home.period or "",
                area=home.area.name,
                city=home.area.city,
                state=home.area.state,
                address=home.address,
                latitude=home.latitude,
                longitude=home.longitude,
                amenities=list(home.amenities),
                description=home.description,
                status=home.status,
                published_at=None if home.status == PropertyStatus.PENDING else now - home.age,
                url=_url(home),
                booking_rule=home.booking_rule,
                access_notes=home.access_notes,
            )
            for home in missing
        ]
    )
    PropertyPhoto.objects.bulk_create(
        PropertyPhoto(property=row, image=name, position=position)
        for home, row in zip(missing, rows, strict=True)
        for position, name in enumerate(photos.names_of(home))
    )
    return rows


def _url(home: Home) -> str:
    """Its page on Inspector's website."""
    return f"{settings.INSPECTOR_URL}/properties/{home.ref}"


def _keep_urls(all_homes: list[Home]) -> None:
    """The website may have moved since: the demo's own is wherever a port was free."""
    urls = {home.ref: _url(home) for home in all_homes}
    moved = [
        row for row in Property.objects.filter(ref__in=urls).only("ref", "url") if row.url != urls[row.ref]
    ]
    for row in moved:
        row.url = urls[row.ref]
    Property.objects.bulk_update(moved, ["url"])


def _keep_refs_ahead(all_homes: list[Home]) -> None:
    """The next property that somebody makes gets a ref after the demo's."""
    last = int(all_homes[-1].ref.removeprefix("PR-"))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval('property_ref', %s) FROM property_ref WHERE last_value < %s", [last, last]
        )


def _make_slots(all_homes: list[Home], people: dict[str, User]) -> int:
    """The slots of the days that have none of theirs yet: one that somebody moved does not come back."""
    now = clock.now()
    refs = [home.ref for home in all_homes]
    properties = dict(Property.objects.filter(ref__in=refs).values_list("ref", "pk"))
    known = set(Slot.objects.filter(property__ref__in=refs).values_list("property_id", "starts_at"))
    new = [
        Slot(
            property_id=properties[slot.ref],
            inspector=people[slot.inspector.email] if slot.inspector else None,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            capacity=slot.capacity,
        )
        for day in slots.plan(all_homes, now.astimezone(slots.LAGOS).date())
        if not any((properties[slot.ref], slot.starts_at) in known for slot in day)
        for slot in day
        if slot.starts_at > now
    ]
    before = Slot.objects.count()
    # Somebody may have given an inspector other work in the meantime: then that one is left out.
    Slot.objects.bulk_create(new, ignore_conflicts=True)
    return Slot.objects.count() - before
