"""A small, fixed world for transcripts: 25 November 2026, ten in the morning in Lagos, a Wednesday."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection

from inspector_whatsapp import clock, sharing
from inspector_whatsapp.models import Contact, Link, Property, PropertyPhoto, ShareSource, Slot, User
from inspector_whatsapp.models.inspections import InspectionState, Outcome
from inspector_whatsapp.models.sharing import Step
from tests.factories import (
    AgentFactory,
    InspectionFactory,
    InspectorFactory,
    InterestFactory,
    PropertyFactory,
    SeekerFactory,
    SlotFactory,
)

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A time in November 2026, as the clocks in Lagos show it."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=1)


def build() -> None:
    """Two agents' four homes with slots, and the demo people."""
    clock.move(NOW - clock.now())
    with connection.cursor() as cursor:
        cursor.execute("ALTER SEQUENCE inspection_ref RESTART 3107")
        cursor.execute("ALTER SEQUENCE property_ref RESTART 1101")
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


def town() -> None:
    """Homes in Yaba, Surulere, Ikeja, Ketu and Lekki Phase 2, most with times next week; some are Emeka's."""
    bola = User.objects.get(email="bola@inspector.example")
    chidi = User.objects.get(email="chidi@inspector.example")
    emeka = AgentFactory(email="emeka@example.com", name="Emeka Nwosu", phone="+2348030000009")
    # ref, agent, kind, bedrooms, price, where, street, amenities, first time (day and hour in November)
    homes: tuple[tuple[int, User, str, int | None, int, str, str, list[str], int, int], ...] = (
        (1, bola, "apartment", 2, 1_800_000, "Yaba", "5 Queen Street", ["parking", "water"], 28, 11),
        (2, bola, "apartment", 2, 1_500_000, "Yaba", "21 Montgomery Road", ["water"], 30, 10),
        (3, emeka, "apartment", 2, 1_950_000, "Yaba", "9 Birrel Avenue", ["parking"], 29, 12),
        (4, emeka, "self_contain", None, 700_000, "Yaba", "40 Tejuosho Street", ["prepaid_meter"], 27, 9),
        (5, bola, "apartment", 3, 2_400_000, "Surulere", "14 Bode Thomas Street", ["security"], 30, 14),
        (6, emeka, "apartment", 3, 2_100_000, "Surulere", "7 Ogunlana Drive", ["parking"], 30, 15),
        (7, bola, "apartment", 3, 3_000_000, "Ikeja", "2 Allen Avenue", ["generator"], 30, 12),
        (
            8,
            bola,
            "apartment",
            3,
            6_000_000,
            "Lekki Phase 2",
            "18 Abraham Adesanya Road",
            ["parking"],
            27,
            13,
        ),
        (9, emeka, "bungalow", 5, 4_000_000, "Ketu", "3 Demurin Street", [], 30, 13),
    )
    for number, agent, kind, bedrooms, price, area, street, amenities, day, hour in homes:
        home = PropertyFactory(
            ref=f"PR-{1200 + number}",
            agent=agent,
            title=f"{area} home",
            kind=kind,
            listing_type="rent",
            bedrooms=bedrooms,
            price=price,
            period="year",
            area=area,
            city="Lagos",
            state="Lagos",
            address=f"{street}, {area}",
            amenities=amenities,
            description="",
            published_at=NOW - timedelta(days=1, minutes=number),
        )
        for later in (0, 2):
            start = at(day, hour) + timedelta(days=later)
            SlotFactory(
                property=home,
                inspector=chidi,
                starts_at=start,
                ends_at=start + timedelta(minutes=45),
                capacity=2,
                taken=0,
            )


def interested() -> None:
    """Tunde and Halima keep PR-1042 in view, Kemi PR-1043, which has no slots."""
    for first, ref, days in (
        ("Tunde Bello", "PR-1042", 2),
        ("Halima Sani", "PR-1042", 9),
        ("Kemi", "PR-1043", 1),
    ):
        InterestFactory(
            seeker=SeekerFactory(email=f"{first.split()[0].lower()}@example.org", name=first),
            property=Property.objects.get(ref=ref),
            created_at=NOW - timedelta(days=days),
        )


def visits() -> None:
    """Chidi's visits: one that is over, three people at noon, one on Friday, two on Saturday."""
    chidi = User.objects.get(email="chidi@inspector.example")
    Property.objects.filter(ref="PR-1042").update(
        access_notes="Ask for Musa at the gate. Flat 4, second floor.", latitude=6.4478, longitude=3.4723
    )
    names = {"tunde": "Tunde Bello", "halima": "Halima Sani", "kemi": "Kemi Ojo", "ngozi": "Ngozi Ike"}
    people = {first: SeekerFactory(email=f"{first}@example.com", name=name) for first, name in names.items()}
    people["ada"] = User.objects.get(email="ada@inspector.example")
    mini_flat, flat = Property.objects.filter(ref__in=["PR-1044", "PR-1042"]).order_by("-ref")
    over = SlotFactory(property=mini_flat, inspector=chidi, starts_at=at(25, 9), ends_at=at(25, 9, 45))
    noon = SlotFactory(
        property=flat, inspector=chidi, starts_at=at(25, 12), ends_at=at(25, 12, 45), capacity=3
    )
    friday, saturday = Slot.objects.filter(starts_at__in=[at(27, 10), at(28, 14)]).order_by("starts_at")
    for slot, first_names, accepted in (
        (over, ["ngozi"], True),
        (noon, ["tunde", "halima", "kemi"], True),
        (friday, ["ada"], False),
        (saturday, ["tunde", "ngozi"], False),
    ):
        for first in first_names:
            InspectionFactory(
                slot=slot,
                seeker=people[first],
                accepted_at=NOW - timedelta(days=1) if accepted else None,
                created_at=NOW - timedelta(days=2),
            )
        Slot.objects.filter(pk=slot.pk).update(taken=len(first_names))


def afternoon() -> None:
    """Two more visits of Chidi's on Wednesday, right behind the one at noon, and free times there later."""
    chidi = User.objects.get(email="chidi@inspector.example")
    mini_flat, flat = Property.objects.filter(ref__in=["PR-1044", "PR-1042"]).order_by("-ref")
    for property, hour, minute, first in ((mini_flat, 13, 0, "ngozi"), (flat, 14, 0, "ada")):
        slot = SlotFactory(
            property=property, inspector=chidi, starts_at=at(25, hour, minute), ends_at=at(25, hour, 55)
        )
        seeker = User.objects.get(email__startswith=f"{first}@")
        InspectionFactory(slot=slot, seeker=seeker, accepted_at=NOW, created_at=NOW - timedelta(days=2))
        Slot.objects.filter(pk=slot.pk).update(taken=1)
    for hour in (15, 16):
        SlotFactory(
            property=mini_flat,
            inspector=chidi,
            starts_at=at(25, hour),
            ends_at=at(25, hour, 45),
            capacity=1,
            taken=0,
        )


def asked() -> None:
    """Bola says who sees PR-1042: Ada asks for Friday, Tunde for Saturday, when Ngozi is confirmed.

    Two people are interested in it; Inspector still checks a fourth home.
    """
    flat = Property.objects.get(ref="PR-1042")
    Property.objects.filter(pk=flat.pk).update(booking_rule="ask")
    ada = User.objects.get(email="ada@inspector.example")
    tunde = SeekerFactory(email="tunde@example.com", name="Tunde Bello")
    ngozi = SeekerFactory(email="ngozi@example.com", name="Ngozi Ike")
    friday, saturday = Slot.objects.filter(starts_at__in=[at(27, 10), at(28, 14)]).order_by("starts_at")
    for slot, seeker, asks in ((friday, ada, True), (saturday, tunde, True), (saturday, ngozi, False)):
        InspectionFactory(
            slot=slot,
            seeker=seeker,
            state="requested" if asks else "confirmed",
            asked_at=NOW - timedelta(hours=1) if asks else None,
            created_at=NOW - timedelta(hours=1),
        )
    Slot.objects.filter(pk=friday.pk).update(taken=1)
    Slot.objects.filter(pk=saturday.pk).update(taken=2)
    for seeker in (tunde, ngozi):
        InterestFactory(seeker=seeker, property=flat, created_at=NOW - timedelta(days=1))
    PropertyFactory(
        ref="PR-1045", agent=flat.agent, kind="shop", bedrooms=None, status="pending", published_at=None
    )


def pictured() -> None:
    """PR-1042 with seven photos, PR-1044 with one, and both on the map."""
    flat, mini_flat = Property.objects.filter(ref__in=["PR-1042", "PR-1044"]).order_by("ref")
    for property, count, name in ((flat, 7, "sea-breeze"), (mini_flat, 1, "yaba")):
        for position in range(count):
            PropertyPhoto.objects.create(
                property=property, image=f"properties/{name}-{position}.jpg", position=position
            )
    Property.objects.filter(pk=flat.pk).update(latitude=6.4478, longitude=3.4723)
    Property.objects.filter(pk=mini_flat.pk).update(latitude=6.5158, longitude=3.3716)


def inspected() -> None:
    """What Ada has behind her: PR-1044 seen on Monday, PR-1043 last week, where the agent did not come."""
    ada = User.objects.get(email="ada@inspector.example")
    chidi = User.objects.get(email="chidi@inspector.example")
    for ref, day, state, outcome in (
        ("PR-1044", 23, InspectionState.COMPLETED, Outcome.COMPLETED),
        ("PR-1043", 18, InspectionState.NO_SHOW, Outcome.AGENT_ABSENT),
    ):
        slot = SlotFactory(
            property=Property.objects.get(ref=ref),
            inspector=chidi,
            starts_at=at(day, 11),
            ends_at=at(day, 11, 45),
            taken=1,
        )
        InspectionFactory(
            slot=slot,
            seeker=ada,
            state=state,
            outcome=outcome,
            reported_at=at(day, 12),
            created_at=at(day - 4, 9),
        )


def clicked() -> None:
    """Two people open PR-1042 by the link of Lekki homes, one of them the day after as well."""
    source, home = ShareSource.objects.get(label="Lekki homes"), Property.objects.get(ref="PR-1042")
    phone = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/139.0.0.0 Mobile Safari/537.36"
    sharing.count(sharing.Visitor("102.89.1.1", phone), home, source, Step.OPENED)
    sharing.count(sharing.Visitor("102.89.1.2", phone), home, source, Step.OPENED)
    clock.move(timedelta(days=1))
    sharing.count(sharing.Visitor("102.89.1.1", phone), home, source, Step.OPENED)


def linked(email: str) -> str:
    """Connect the demo person's own WhatsApp; their number."""
    account = User.objects.get(email=email)
    contact = Contact.objects.create(phone=account.phone, created_at=NOW, last_inbound_at=NOW)
    Link.objects.create(contact=contact, account=account, made_at=NOW)
    return account.phone


def many_times() -> None:
    """More times of PR-1042 than a list shows, on three more days; and a form to choose one in."""
    settings.WHATSAPP_BOOKING_FLOW_ID = "1000000000000001"
    flat = Property.objects.get(ref="PR-1042")
    chidi = User.objects.get(email="chidi@inspector.example")
    for day in (28, 29, 30):
        for hour in (9, 10, 11, 12):
            SlotFactory(property=flat, inspector=chidi, starts_at=at(day, hour))
