"""An agent's upload, from the first word to the row that Inspector gets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.flows.described import Sketch
from bot.models import Draft, Upload
from bot.questions.places import Spot
from inspector_whatsapp.listings import Place
from inspector_whatsapp.models import Interest, Property
from inspector_whatsapp.models.listings import Kind, ListingType, PropertyStatus
from tests.bot import album, world
from tests.bot.phone import Phone
from tests.factories import AgentFactory

BOLA, ADA = "bola@inspector.example", "ada@inspector.example"
ANSWERS = (
    "flat",
    "rent",
    "3.5m",
    "3",
    "2",
    "Yaba",
    "8 Commercial Avenue",
    "parking, water",
    "done",
    "Quiet.",
)


def begun(email: str = BOLA) -> Phone:
    world.build()
    phone = Phone(world.linked(email))
    phone.says("menu")
    phone.taps_id("v1|start|upload_property|")
    return phone


def described(*colours: str) -> Phone:
    """At the preview."""
    phone = begun()
    for answer in ANSWERS:
        phone.says(answer)
    if colours:
        album.send(phone, colours)
    phone.says("done" if colours else "no photos")
    return phone


def sent_in(phone: Phone) -> Property:
    assert phone.taps("Send it in").startswith("Sent to Inspector")
    return Property.objects.latest("pk")


@pytest.mark.django_db
def test_what_was_said_is_handed_in_and_waits_for_inspector() -> None:
    property = sent_in(described("red", "green"))
    assert property.status == PropertyStatus.PENDING
    assert property.published_at is None
    assert property.agent.email == BOLA
    assert (property.kind, property.listing_type) == (Kind.APARTMENT, ListingType.RENT)
    assert (int(property.price), property.period, property.currency) == (3_500_000, "year", "NGN")
    assert (property.bedrooms, property.bathrooms) == (3, 2)
    assert (property.area, property.city, property.state) == ("Yaba", "Lagos", "Lagos")
    assert (property.address, property.description) == ("8 Commercial Avenue", "Quiet.")
    assert property.amenities == ["parking", "water"]
    photos = list(property.photos.order_by("position").values_list("image", "digest"))
    assert photos == list(Upload.objects.order_by("pk").values_list("file", "digest"))
    assert len(photos) == 2
    assert not Draft.objects.exists()


@pytest.mark.django_db
def test_it_is_handed_in_once_however_often_it_is_tapped() -> None:
    phone = described()
    button = phone.button("Send it in")
    before = Property.objects.count()
    phone.taps_id(button)
    phone.taps_id(button)
    phone.taps_id(button)
    assert Property.objects.count() == before + 1


@pytest.mark.django_db
def test_one_item_is_changed_and_the_others_stay() -> None:
    phone = described("red")
    phone.says("change the price")
    phone.says("4m")
    assert phone.says("address").startswith("What is the address in Yaba?")
    phone.says("9 Commercial Avenue")
    property = sent_in(phone)
    assert (int(property.price), property.address) == (4_000_000, "9 Commercial Avenue")
    assert (property.bedrooms, property.amenities, property.photos.count()) == (3, ["parking", "water"], 1)


@pytest.mark.django_db
def test_a_change_is_taken_back_with_back() -> None:
    phone = described()
    phone.says("price")
    phone.says("4m")
    phone.says("back")
    assert "₦3,500,000 a year" in phone.says("back")


@pytest.mark.django_db
def test_rooms_are_asked_for_when_the_kind_comes_to_have_some() -> None:
    phone = begun()
    for answer in ("land", "sale", "45m", "Mowe", "Plot 7, Redemption Road", "none", "skip", "no photos"):
        phone.says(answer)
    phone.says("kind")
    assert phone.says("bungalow").startswith("How many bedrooms?")
    phone.says("4")
    phone.says("3")
    property = sent_in(phone)
    assert (property.kind, property.bedrooms, property.bathrooms) == (Kind.BUNGALOW, 4, 3)
    assert (property.listing_type, property.period, int(property.price)) == ("sale", "", 45_000_000)


@pytest.mark.django_db
def test_only_agents_upload() -> None:
    world.build()
    phone = Phone(world.linked(ADA))
    for flow in ("upload_property", "describe_property", "interest", "invite|1", "share|PR-1042"):
        begins, _, argument = flow.partition("|")
        assert phone.taps_id(f"v1|start|{begins}|{argument}").startswith("Only agents can do that.")


@pytest.mark.django_db
def test_another_agents_seekers_and_links_are_not_theirs() -> None:
    world.build()
    world.interested()
    phone = Phone(world.linked(AgentFactory(email="other@inspector.example").email))
    assert phone.taps_id("v1|start|interest|").startswith("Nobody has saved one of your properties yet.")
    for interest in Interest.objects.all():
        assert phone.taps_id(f"v1|start|invite|{interest.pk}").startswith("They are no longer interested.")
    assert phone.taps_id("v1|start|share|PR-1042").startswith("That is not one of your properties.")


@given(st.sampled_from(list(Kind)), st.integers(1, 20), st.integers(1, 20))
def test_rooms_go_with_kinds_that_have_some(kind: Kind, bedrooms: int, bathrooms: int) -> None:
    sketch = Sketch(area=Spot(Place("Yaba", "Lagos", "Lagos")))
    for name, value in (("bedrooms", bedrooms), ("bathrooms", bathrooms), ("kind", kind)):
        sketch = sketch.having(name, value)
    fields = sketch.submission()
    if sketch.has_bedrooms:
        assert (fields.bedrooms, fields.bathrooms) == (bedrooms, bathrooms)
    else:
        assert fields.bedrooms in (None, 1)
        assert fields.bathrooms in (None, 1)
