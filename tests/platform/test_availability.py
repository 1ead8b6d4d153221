"""Offering properties: handing one in, publishing it, saying whether it is on offer."""

from decimal import Decimal

import pytest
from django.utils import translation

from inspector_whatsapp import listings
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.listings import NotPublished, Submission
from inspector_whatsapp.models import Change, Property
from inspector_whatsapp.models.listings import BookingRule, Kind, ListingType, Period, PropertyStatus
from tests.factories import AgentFactory, InspectionFactory, PropertyFactory

pytestmark = pytest.mark.django_db


def set_to(property: Property, status: PropertyStatus) -> Property:
    return listings.set_availability(
        property=property, status=status, actor=property.agent, origin=Origin.CHAT
    )


FLAT = Submission(
    kind=Kind.APARTMENT,
    listing_type=ListingType.RENT,
    bedrooms=3,
    bathrooms=2,
    price=Decimal(3_500_000),
    period=Period.YEAR,
    area="Yaba",
    city="Lagos",
    state="Lagos",
    address="4 Birrel Avenue",
    latitude=6.51,
    longitude=3.37,
    amenities=("water", "parking"),
    description="Bright and dry.",
)
PHOTOS = [("properties/b.jpg", "b" * 64), ("properties/a.jpg", "a" * 64)]


# --- whether it is on offer -------------------------------------------------------------------------------
def test_each_change_is_recorded_with_what_it_was_before_and_none_when_nothing_changes() -> None:
    home = PropertyFactory()
    for status in (
        PropertyStatus.LET,
        PropertyStatus.LET,
        PropertyStatus.UNAVAILABLE,
        PropertyStatus.SOLD,
        PropertyStatus.LIVE,
    ):
        assert set_to(home, status).status == status
    assert home.agent.properties.get().status == PropertyStatus.LIVE
    assert list(Change.objects.order_by("pk").values_list("kind", "subject", "data")) == [
        ("availability_changed", home.ref, {"before": before, "after": after})
        for before, after in (
            ("live", "let"),
            ("let", "unavailable"),
            ("unavailable", "sold"),
            ("sold", "live"),
        )
    ]


@pytest.mark.parametrize(
    "fields",
    [
        {"status": PropertyStatus.PENDING, "published_at": None},
        {"status": PropertyStatus.DRAFT, "published_at": None},
        # Inspector took it back to look at it again.
        {"status": PropertyStatus.PENDING},
        {"status": PropertyStatus.UNAVAILABLE, "published_at": None},
    ],
)
def test_an_agent_cannot_publish_by_themselves(fields: dict[str, object]) -> None:
    home = PropertyFactory(**fields)
    for status in listings.SETTABLE:
        with pytest.raises(NotPublished):
            set_to(home, status)
    home.refresh_from_db()
    assert home.status == fields["status"]
    assert not Change.objects.exists()


def test_nothing_goes_back_to_draft_or_pending() -> None:
    with pytest.raises(ValueError, match="not for an agent"):
        set_to(PropertyFactory(), PropertyStatus.PENDING)


def test_a_property_that_goes_leaves_its_inspections_as_they_are() -> None:
    inspection = InspectionFactory()
    set_to(inspection.property, PropertyStatus.LET)
    before = inspection.state
    inspection.refresh_from_db()
    assert inspection.state == before


def test_a_property_is_published_once_and_first_told_with_its_time() -> None:
    home = PropertyFactory(status=PropertyStatus.PENDING, published_at=None)
    for _again in range(2):
        live = listings.publish(property=home, actor=None, origin=Origin.ADMIN)
        assert live.status == PropertyStatus.LIVE
        assert live.published_at is not None
    change = Change.objects.get()
    assert (change.kind, change.data) == ("property_changed", {"fields": ["published_at", "status"]})
    gone = PropertyFactory(status=PropertyStatus.SOLD)
    assert listings.publish(property=gone, actor=None, origin=Origin.ADMIN).status == PropertyStatus.SOLD


def test_the_booking_rule_is_changed_once() -> None:
    home = PropertyFactory()
    for _again in range(2):
        ruled = listings.set_booking_rule(
            property=home, rule=BookingRule.ASK, actor=home.agent, origin=Origin.CHAT
        )
        assert ruled.booking_rule == BookingRule.ASK
    assert Change.objects.get().data == {"before": "automatic", "after": "ask"}


# --- handing one in ---------------------------------------------------------------------------------------
def test_a_property_that_is_handed_in_waits_for_inspector_with_its_photos_in_order() -> None:
    agent = AgentFactory()
    with translation.override("pcm"):  # whatever the agent reads
        made = listings.submit(agent=agent, fields=FLAT, photos=PHOTOS, origin=Origin.CHAT)
    home = Property.objects.get()
    assert home == made
    assert home.ref == made.ref
    assert made.ref.startswith("PR-")
    assert (home.title, home.status, home.published_at) == ("3-bedroom flat in Yaba", "pending", None)
    assert (home.price, home.currency, home.period) == (Decimal(3_500_000), "NGN", "year")
    assert home.amenities == ["water", "parking"]
    assert [(photo.image.name, photo.digest) for photo in home.photos.all()] == PHOTOS
    change = Change.objects.get()
    assert (change.kind, change.subject, change.actor) == ("property_submitted", home.ref, agent)
    assert not listings.live().exists()
    assert listings.by_ref(home.ref, viewer=agent) == home


def test_land_for_sale_has_neither_rooms_nor_period() -> None:
    land = Submission(
        kind=Kind.LAND,
        listing_type=ListingType.SALE,
        price=Decimal(20_000_000),
        area="Epe",
        city="Lagos",
        state="Lagos",
    )
    made = listings.submit(agent=AgentFactory(), fields=land, photos=[], origin=Origin.CHAT)
    assert (made.title, made.period, made.bedrooms) == ("Land in Epe", "", None)


def test_the_same_photo_twice_is_kept_once() -> None:
    copy = ("properties/copy.jpg", PHOTOS[0][1])
    made = listings.submit(
        agent=AgentFactory(), fields=FLAT, photos=[*PHOTOS, copy, PHOTOS[1]], origin=Origin.CHAT
    )
    assert [photo.image.name for photo in made.photos.all()] == [name for name, _digest in PHOTOS]
