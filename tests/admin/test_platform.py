"""What staff change of the platform goes by its rules, and is recorded like everybody else's changes."""

from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.forms.models import model_to_dict
from django.test import Client
from PIL import Image
from pytest_django import Settings

from bot.models import WebhookBody
from inspector_whatsapp import incidents
from inspector_whatsapp.models import (
    Change,
    Incident,
    Inspection,
    OutboxMessage,
    Property,
    PropertyPhoto,
    Slot,
    User,
)
from tests.admin.conftest import address
from tests.factories import LAGOS, InspectionFactory, PropertyFactory, SlotFactory, at, now

pytestmark = pytest.mark.django_db
NO_PHOTOS = {"photos-TOTAL_FORMS": "0", "photos-INITIAL_FORMS": "0"}


def posted(moment: datetime, name: str) -> dict[str, str]:
    local = moment.astimezone(LAGOS)
    return {f"{name}_0": f"{local:%Y-%m-%d}", f"{name}_1": f"{local:%H:%M:%S}"}


def slot_form(slot: Slot, **changed: Any) -> dict[str, Any]:
    times = posted(changed.pop("starts_at", slot.starts_at), "starts_at")
    times |= posted(changed.pop("ends_at", slot.ends_at), "ends_at")
    return times | {"capacity": slot.capacity, "state": slot.state} | changed


def property_form(property: Property, **changed: Any) -> dict[str, Any]:
    values = {name: value for name, value in model_to_dict(property).items() if value is not None}
    return values | {"amenities": ",".join(property.amenities)} | NO_PHOTOS | changed


def test_a_slot_that_moves_takes_its_inspections_along(staff: Client) -> None:
    inspection = InspectionFactory()
    assert inspection.slot is not None
    later = inspection.starts_at + timedelta(days=1)
    form = slot_form(inspection.slot, starts_at=later, ends_at=later + timedelta(hours=1))
    assert staff.post(address(inspection.slot, "change"), form).status_code == 302
    inspection = Inspection.objects.get(pk=inspection.pk)
    assert inspection.starts_at == later
    kinds = set(Change.objects.filter(origin="admin").values_list("kind", flat=True))
    assert kinds == {"slot_moved", "inspection_moved"}
    assert OutboxMessage.objects.filter(kind="inspection_moved").exists()


def test_a_move_that_the_rules_refuse_is_said_in_words_and_changes_nothing(staff: Client) -> None:
    slot = SlotFactory()
    SlotFactory(inspector=slot.inspector, starts_at=at(14))
    clash = slot_form(slot, starts_at=at(14, 30), ends_at=at(15, 30), capacity=5)
    page = staff.post(address(slot, "change"), clash, follow=True).content.decode()
    assert "That overlaps with slot" in page
    past = slot_form(slot, starts_at=at(9, days=-2), ends_at=at(10, days=-2))
    page = staff.post(address(slot, "change"), past, follow=True).content.decode()
    assert "has begun or is over" in page
    kept = Slot.objects.get(pk=slot.pk)
    assert (kept.starts_at, kept.capacity) == (slot.starts_at, 1)
    assert not Change.objects.exists()


def test_a_slot_holds_no_fewer_than_have_booked_it(staff: Client) -> None:
    slot = SlotFactory(capacity=3, taken=2)
    answer = staff.post(address(slot, "change"), slot_form(slot, capacity=1))
    assert "More places than that are taken" in answer.content.decode()
    assert staff.post(address(slot, "change"), slot_form(slot, capacity=2, state="closed")).status_code == 302
    kept = Slot.objects.get(pk=slot.pk)
    assert (kept.capacity, kept.taken, kept.state) == (2, 2, "closed")


def test_a_new_slot_is_made_and_recorded(staff: Client) -> None:
    property = PropertyFactory()
    times = posted(at(9), "starts_at") | posted(at(10), "ends_at")
    form = times | {"property": property.pk, "inspector": "", "capacity": 2, "state": "open"}
    assert staff.post(address(Slot, "add/"), form).status_code == 302
    assert Slot.objects.get().property == property
    assert Change.objects.get().kind == "slot_added"


def test_a_property_that_goes_live_is_published_now(staff: Client) -> None:
    property = PropertyFactory(status="draft", published_at=None)
    answer = staff.post(address(property, "change"), property_form(property, status="live"))
    assert answer.status_code == 302
    property.refresh_from_db()
    assert property.status == "live"
    assert property.published_at is not None
    recorded = Change.objects.get()
    assert (recorded.kind, recorded.subject, recorded.origin) == ("property_changed", property.ref, "admin")
    assert recorded.data == {"fields": ["published_at", "status"]}


def test_a_new_property_gets_its_ref_from_the_database(staff: Client) -> None:
    form = property_form(PropertyFactory(), title="Another home")
    assert staff.post(address(Property, "add/"), form).status_code == 302
    made = Property.objects.get(title="Another home")
    assert made.ref.startswith("PR-")
    assert Change.objects.get().subject == made.ref


def test_a_propertys_page_shows_its_photos_small_and_painted_anew(
    staff: Client, settings: Settings, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    picture = BytesIO()
    Image.new("RGB", (1600, 1200), "green").save(picture, "PNG")
    photo = PropertyPhoto(property=PropertyFactory())
    photo.image.save("home.png", ContentFile(picture.getvalue()))
    path = f"/admin/inspector_whatsapp/property/photo/{photo.pk}/"
    assert path in staff.get(address(photo.property, "change")).content.decode()
    answer = staff.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert Image.open(BytesIO(answer.content)).size == (320, 240)


@pytest.mark.parametrize("content", [b"<svg onload=alert(1)>", b"", b"\x89PNG\r\n\x1a\n broken"])
def test_a_photo_that_is_none_is_not_served(
    staff: Client, settings: Settings, tmp_path: Any, content: bytes
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    photo = PropertyPhoto(property=PropertyFactory())
    photo.image.save("home.png", ContentFile(content))
    assert staff.get(f"/admin/inspector_whatsapp/property/photo/{photo.pk}/").status_code == 404


def test_an_inspection_is_found_by_its_ref_and_its_seekers_address(staff: Client) -> None:
    wanted, other = InspectionFactory(), InspectionFactory()
    for typed in (wanted.ref, wanted.seeker.email):
        page = staff.get(address(Inspection), {"q": typed}).content.decode()
        assert wanted.ref in page
        assert other.ref not in page


def test_open_incidents_stand_first_and_chosen_ones_are_closed(staff: Client) -> None:
    for key in ("old", "new"):
        incidents.report("trouble", key=key, sentence=f"Something {key}.")
    incidents.close("trouble", key="new")
    page = staff.get(address(Incident)).content.decode()
    assert page.index("Something old.") < page.index("Something new.")
    chosen = {"action": "close", "_selected_action": list(Incident.objects.values_list("pk", flat=True))}
    page = staff.post(address(Incident), chosen, follow=True).content.decode()
    assert "1 incident was closed." in page
    assert not Incident.objects.filter(closed_at=None).exists()


def test_whoever_may_only_look_closes_no_incident(visitor: Client, helper: User) -> None:
    incidents.report("trouble", key="x", sentence="Something.")
    helper.user_permissions.add(Permission.objects.get(codename="view_incident"))
    visitor.post(address(Incident), {"action": "close", "_selected_action": [Incident.objects.get().pk]})
    assert Incident.objects.get().closed_at is None


@pytest.mark.parametrize("typed", ["IN-3107", "wamid.seen"])
def test_a_message_is_found_by_a_ref_in_it_and_by_the_providers_id(staff: Client, typed: str) -> None:
    values = {"kind": "reply", "channel": "whatsapp", "lane": "x", "created_at": now(), "not_before": now()}
    wanted = OutboxMessage.objects.create(text="Booked: IN-3107.", provider_id="wamid.seen", **values)
    other = OutboxMessage.objects.create(text="Booked: IN-3108.", provider_id="wamid.other", **values)
    page = staff.get(address(OutboxMessage), {"q": typed}).content.decode()
    assert address(wanted, "change") in page
    assert address(other, "change") not in page


def test_a_large_body_is_shown_in_part_and_as_text(staff: Client) -> None:
    raw = b'{"text": "\xff\xe2\x80\xae<script>"}' + b"x" * 50_000
    body = WebhookBody.objects.create(digest=b"d" * 32, body=raw, received_at=now(), state="new")
    page = staff.get(address(body, "change")).content.decode()
    assert "&lt;script&gt;" in page
    assert "U+202E" in page
    assert "x" * 1_000 in page
    assert "x" * 25_000 not in page
    assert (b"d" * 32).hex() in page
