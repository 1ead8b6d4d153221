"""A small, fixed world for transcripts: 25 November 2026, ten in the morning in Lagos, a Wednesday."""

from datetime import UTC, datetime, timedelta

from django.db import connection

from inspector_whatsapp import clock
from inspector_whatsapp.models import Contact, Link, Property, User
from tests.factories import AgentFactory, InspectorFactory, PropertyFactory, SeekerFactory, SlotFactory

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A time in November 2026, as the clocks in Lagos show it."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=1)


def build() -> None:
    """Two agents' four homes with slots, and the demo people."""
    clock.move(NOW - clock.now())
    with connection.cursor() as cursor:
        cursor.execute("ALTER SEQUENCE inspection_ref RESTART 3107")
    SeekerFactory(email="ada@inspector.example", name="Ada Obi", phone="+2348030000001")
    bola = AgentFactory(email="bola@inspector.example", name="Bola Adeyemi", phone="+2348030000002")
    chidi = InspectorFactory(email="chidi@inspector.example", name="Chidi Eze", phone="+2348030000003")
    lekki = {"area": "Lekki Phase 1", "city": "Lagos", "state": "Lagos"}
    flat = PropertyFactory(
        ref="PR-1042",
        agent=bola,
        title="Sea breeze flat",
        kind="apartment",
        listing_type="rent",
        bedrooms=3,
        price=10_000_000,
        period="year",
        address="12 Admiralty Way, Lekki Phase 1",
        amenities=["parking", "water"],
        description="Bright, quiet, close to the toll gate.",
        published_at=NOW - timedelta(days=1),
        **lekki,
    )
    PropertyFactory(
        ref="PR-1043",
        agent=bola,
        title="Garden duplex",
        kind="duplex",
        listing_type="sale",
        bedrooms=4,
        price=180_000_000,
        period="",
        address="3 Fola Osibo Street, Lekki Phase 1",
        amenities=[],
        description="",
        published_at=NOW - timedelta(days=2),
        **lekki,
    )
    PropertyFactory(
        ref="PR-1044",
        agent=bola,
        title="Yaba mini flat",
        kind="mini_flat",
        listing_type="rent",
        bedrooms=1,
        price=900_000,
        period="year",
        area="Yaba",
        city="Lagos",
        state="Lagos",
        address="8 Herbert Macaulay Way, Yaba",
        amenities=["prepaid_meter"],
        description="",
        published_at=NOW - timedelta(days=3),
    )
    for day, hour in ((27, 10), (28, 14), (28, 15)):
        SlotFactory(
            property=flat,
            inspector=chidi,
            starts_at=at(day, hour),
            ends_at=at(day, hour, 45),
            capacity=2,
            taken=0,
        )


def many() -> None:
    """Forty homes more in twelve areas, and a week of mornings at PR-1042."""
    bola = User.objects.get(email="bola@inspector.example")
    areas = (
        *("Lekki Phase 2", "Victoria Island", "Ikoyi", "Ikeja", "Surulere", "Gbagada"),
        *("Ajah", "Maryland", "Magodo", "Wuse 2", "Maitama", "Gwarinpa"),
    )
    for number in range(40):
        area = areas[number % 12 if number < 24 else 1]
        PropertyFactory(
            ref=f"PR-{2000 + number}",
            agent=bola,
            kind="apartment",
            listing_type="rent",
            bedrooms=2 + number % 2,
            price=1_500_000 + number * 100_000,
            period="year",
            area=area,
            city="Abuja" if area in areas[-3:] else "Lagos",
            address=f"{number + 1} Palm Close, {area}",
            amenities=[],
            description="",
            published_at=NOW - timedelta(days=4, minutes=number),
        )
    flat = Property.objects.get(ref="PR-1042")
    chidi = User.objects.get(email="chidi@inspector.example")
    for day in range(11):
        SlotFactory(
            property=flat,
            inspector=chidi,
            starts_at=at(30, 9) + timedelta(days=day),
            ends_at=at(30, 9, 45) + timedelta(days=day),
            capacity=1,
            taken=0,
        )


def linked(email: str) -> str:
    """Connect the demo person's own WhatsApp; their number."""
    account = User.objects.get(email=email)
    contact = Contact.objects.create(phone=account.phone, created_at=NOW, last_inbound_at=NOW)
    Link.objects.create(contact=contact, account=account, made_at=NOW)
    return account.phone
