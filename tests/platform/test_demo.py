"""The demo's market."""

import json
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count, F
from PIL import Image
from pytest_django import Settings

from inspector_whatsapp import clock, inspections, listings, searches
from inspector_whatsapp.demo.market import market
from inspector_whatsapp.demo.people import PASSWORD
from inspector_whatsapp.demo.slots import LAGOS
from inspector_whatsapp.models import Interest, Property, PropertyPhoto, SavedSearch, Slot, User
from inspector_whatsapp.models.listings import AMENITIES, BookingRule, Kind, ListingType, PropertyStatus

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all: the photos are always the same."""
    return tmp_path_factory.mktemp("media")


@pytest.fixture
def demo(settings: Settings, drawn: Path) -> Path:
    settings.DEBUG = True
    settings.MEDIA_ROOT = drawn
    call_command("seed_demo", stdout=StringIO())
    return drawn


def rows() -> list[object]:
    models = (User, Property, PropertyPhoto, Slot, Interest, SavedSearch)
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_it_stays_away_where_debug_is_off(settings: Settings) -> None:
    settings.DEBUG = False
    with pytest.raises(CommandError, match="DEBUG is off"):
        call_command("seed_demo")
    assert not User.objects.exists()


def test_a_second_run_changes_nothing(demo: Path) -> None:
    first, files = rows(), sorted(demo.rglob("*.jpg"))
    said = StringIO()
    call_command("seed_demo", stdout=said)
    assert rows() == first
    assert sorted(demo.rglob("*.jpg")) == files
    assert "Made 0 people, 0 properties, 0 photos and 0 slots." in said.getvalue()
    assert PASSWORD in said.getvalue()


def test_the_market_is_large_and_lies_in_the_gazetteers_areas(demo: Path) -> None:
    path = Path(listings.__file__).with_name("gazetteer.json")
    known = {area for areas in json.loads(path.read_text())["areas"].values() for area in areas}
    assert listings.live().count() >= 200
    assert set(Property.objects.values_list("area", flat=True)) == known
    assert set().union(*Property.objects.values_list("amenities", flat=True)) <= set(AMENITIES)
    assert not Property.objects.annotate(many=Count("photos")).filter(many=0).exists()


def test_the_named_people_and_the_named_flat_are_there(demo: Path) -> None:
    for email in ("ada", "bola", "chidi", "admin"):
        assert User.objects.get(email=f"{email}@inspector.example").check_password(PASSWORD)
    flat = listings.by_ref("PR-1042")
    assert flat is not None
    assert (flat.agent.name, flat.area, flat.bedrooms) == ("Bola Adeyemi", "Lekki Phase 1", 3)
    assert (flat.kind, flat.listing_type) == (Kind.APARTMENT, ListingType.RENT)
    free = inspections.next_free(flat, now=clock.now())
    assert len(free) == 3
    assert {slot.inspector.email for slot in free if slot.inspector} == {"chidi@inspector.example"}


def test_every_role_finds_something_of_theirs(demo: Path) -> None:
    bola, ada = (User.objects.get(email=f"{name}@inspector.example") for name in ("bola", "ada"))
    assert [listings.interest_count(home) for home in listings.interests_of(bola)] == [2, 3, 1]
    asked = listings.live().filter(agent=bola, booking_rule=BookingRule.ASK)
    assert asked.count() == 3
    assert all(inspections.free_slots(home, now=clock.now()).exists() for home in asked)
    assert listings.live().filter(agent=bola).exclude(access_notes="").count() == 3
    search = searches.of(ada).get()
    assert listings.search(searches.from_json(search.criteria)).exists()


def test_what_waits_for_inspector_has_not_been_published(demo: Path) -> None:
    pending = Property.objects.filter(status=PropertyStatus.PENDING)
    assert pending.exists()
    assert not pending.exclude(published_at=None).exists()


def test_what_people_took_out_of_view_does_not_come_back(demo: Path) -> None:
    Interest.objects.all().delete()
    SavedSearch.objects.all().delete()
    call_command("seed_demo", stdout=StringIO())
    assert not Interest.objects.exists()
    assert not SavedSearch.objects.exists()


def test_slots_lie_in_working_hours_and_never_on_a_sunday(demo: Path) -> None:
    for slot in Slot.objects.all():
        starts_at, ends_at = slot.starts_at.astimezone(LAGOS), slot.ends_at.astimezone(LAGOS)
        assert starts_at.isoweekday() < 7
        assert starts_at.hour >= 9
        assert (ends_at.hour, ends_at.minute) <= (17, 0)


def test_a_later_run_adds_days_and_brings_nothing_back_that_was_moved(demo: Path) -> None:
    slot = Slot.objects.filter(inspector=None).order_by("starts_at").last()
    assert slot is not None
    was = slot.starts_at
    Slot.objects.filter(pk=slot.pk).update(
        starts_at=F("starts_at") + timedelta(minutes=5), ends_at=F("ends_at") + timedelta(minutes=5)
    )
    before = set(Slot.objects.values_list("pk", flat=True))
    clock.move(timedelta(days=7))
    call_command("seed_demo", stdout=StringIO())
    added = Slot.objects.exclude(pk__in=before)
    assert added.exists()
    assert not added.filter(starts_at__lte=was).exists()
    call_command("seed_demo", stdout=StringIO())
    assert added.count() == Slot.objects.count() - len(before)


def test_a_new_property_gets_a_ref_of_its_own(demo: Path) -> None:
    home = Property.objects.create(
        agent=User.objects.get(email="bola@inspector.example"),
        title="New",
        kind=Kind.SHOP,
        listing_type=ListingType.RENT,
        price=1,
        area="Yaba",
        city="Lagos",
        state="Lagos",
    )
    assert int(home.ref.removeprefix("PR-")) > Property.objects.exclude(pk=home.pk).count()


def test_photos_are_jpegs_that_a_phone_shows_well(demo: Path) -> None:
    for name in set(PropertyPhoto.objects.values_list("image", flat=True)):
        with Image.open(demo / name) as photo:
            assert (photo.format, photo.size) == ("JPEG", (800, 600))


def test_the_stand_in_for_inspector_knows_the_same_people_and_properties(demo: Path) -> None:
    known = market()
    people = dict(User.objects.filter(is_staff=False).values_list("platform_id", "name"))
    assert {one["id"]: one["name"] for one in known["people"]} == people
    rows = {row.platform_id: row for row in Property.objects.select_related("agent")}
    assert {one["id"] for one in known["properties"]} == set(rows)
    for one in known["properties"]:
        row = rows[one["id"]]
        assert (row.ref, row.agent.platform_id, row.title) == (one["ref"], one["agent"], one["title"])
        assert (row.status, row.price) == (one["status"], Decimal(one["price"]))
        assert all((demo / name).is_file() for name in one["photos"])


def test_pages_are_found_where_the_website_is_now(demo: Path, settings: Settings) -> None:
    settings.INSPECTOR_URL = "http://127.0.0.1:8101/inspector"
    User.objects.filter(email="ada@inspector.example").update(platform_id=None)  # of before people had ids
    call_command("seed_demo", stdout=StringIO())
    assert Property.objects.get(ref="PR-1042").url == "http://127.0.0.1:8101/inspector/properties/PR-1042"
    assert User.objects.get(email="ada@inspector.example").platform_id == "user-ada"
