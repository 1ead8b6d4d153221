"""What staff change of the platform goes by its rules, and is recorded like everybody else's changes."""

from datetime import datetime, timedelta
from decimal import Decimal
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
from inspector_whatsapp import feedback, incidents
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import (
    Change,
    Incident,
    Inspection,
    InspectionPhoto,
    OutboxMessage,
    ProblemReport,
    Property,
    PropertyPhoto,
    SavedSearch,
    Slot,
    User,
)
from inspector_whatsapp.models.feedback import Problem
from tests.admin.conftest import address
from tests.factories import (
    LAGOS,
    InspectionFactory,
    InspectorFactory,
    PropertyFactory,
    SlotFactory,
    TimeOffFactory,
    UserFactory,
    at,
    now,
)

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
    assert "That inspector has a slot of" in page
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


def test_what_else_was_changed_when_it_was_published_is_recorded_first(staff: Client) -> None:
    property = PropertyFactory(status="pending", published_at=None)
    form = property_form(
        property, status="live", title="Fresh", booking_rule="ask", access_notes="Ring twice."
    )
    assert staff.post(address(property, "change"), form).status_code == 302
    property.refresh_from_db()
    assert (property.status, property.title, property.booking_rule) == ("live", "Fresh", "ask")
    assert property.access_notes == "Ring twice."
    recorded = list(Change.objects.order_by("pk").values_list("kind", "data"))
    assert recorded == [
        ("property_changed", {"fields": ["access_notes", "booking_rule", "title"]}),
        ("property_changed", {"fields": ["published_at", "status"]}),
    ]


def test_a_property_that_is_let_is_recorded_as_when_its_agent_says_so(staff: Client) -> None:
    property = PropertyFactory()
    for status in ("let", "live"):
        form = property_form(Property.objects.get(pk=property.pk), status=status)
        assert staff.post(address(property, "change"), form).status_code == 302
        assert Property.objects.get().status == status
    assert list(Change.objects.order_by("pk").values_list("kind", "data")) == [
        ("availability_changed", {"before": "live", "after": "let"}),
        ("availability_changed", {"before": "let", "after": "live"}),
    ]


def test_another_price_is_recorded_with_the_one_before(staff: Client) -> None:
    property = PropertyFactory()
    form = property_form(property, price="8500000", title="Fresh")
    assert staff.post(address(property, "change"), form).status_code == 302
    property.refresh_from_db()
    assert (property.price, property.title) == (Decimal(8_500_000), "Fresh")
    assert list(Change.objects.order_by("pk").values_list("data", flat=True)) == [
        {"fields": ["title"]},
        {"fields": ["price"], "before": {"price": "9000000.00"}, "after": {"price": "8500000.00"}},
    ]
    form = property_form(property, price="800000", period="month")
    assert staff.post(address(property, "change"), form).status_code == 302
    assert Change.objects.latest("pk").data == {"fields": ["period", "price"]}
    assert Property.objects.get().price == 800_000


def test_a_property_can_be_taken_back_to_be_looked_at_again(staff: Client) -> None:
    property = PropertyFactory()
    form = property_form(property, status="pending")
    assert staff.post(address(property, "change"), form).status_code == 302
    property.refresh_from_db()
    assert property.status == "pending"
    assert Change.objects.get().data == {"fields": ["status"]}


def test_chosen_problems_are_closed_with_their_incidents(staff: Client, visitor: Client) -> None:
    inspection = InspectionFactory()
    report = feedback.report_problem(
        reporter=inspection.seeker,
        property=inspection.property,
        problem=Problem.FAKE,
        words="Not there.",
        origin=Origin.CHAT,
    )
    chosen = {"action": "close", "_selected_action": [report.pk]}
    assert visitor.post(address(ProblemReport), chosen).status_code == 403
    for said in ("1 problem was closed.", "0 problems were closed."):
        assert said in staff.post(address(ProblemReport), chosen, follow=True).content.decode()
    assert (
        "0 problems were closed." in staff.post(address(ProblemReport), chosen, follow=True).content.decode()
    )
    assert ProblemReport.objects.get().closed_at is not None
    assert Incident.objects.get().closed_at is not None


def test_a_saved_search_reads_as_people_would_say_it(staff: Client) -> None:
    SavedSearch.objects.create(
        seeker=UserFactory(), criteria={"areas": ["Yaba"], "kinds": ["duplex"]}, created_at=now()
    )
    assert "duplex in Yaba" in staff.get(address(SavedSearch)).content.decode()


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


def test_a_report_is_shown_with_its_photos_to_whoever_may_see_inspections(
    staff: Client, visitor: Client, settings: Settings, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    picture = BytesIO()
    Image.new("RGB", (1600, 1200), "green").save(picture, "PNG")
    photo = InspectionPhoto(inspection=InspectionFactory(), digest="a" * 64)
    photo.image.save("door.png", ContentFile(picture.getvalue()))
    path = f"/admin/inspector_whatsapp/inspection/photo/{photo.pk}/"
    assert path in staff.get(address(photo.inspection, "change")).content.decode()
    assert Image.open(BytesIO(staff.get(path).content)).size == (320, 240)
    assert visitor.get(path).status_code == 403


def assign(client: Client, inspection: Inspection, inspector: object) -> str:
    """What the page says once somebody was chosen on it."""
    path = f"/admin/inspector_whatsapp/inspection/{inspection.pk}/assign/"
    return client.post(path, {"inspector": inspector}, follow=True).content.decode()


def test_an_inspector_is_assigned_on_the_inspections_page(staff: Client, root: User) -> None:
    inspection, inspector = InspectionFactory(), InspectorFactory(name="Ngozi Okafor")
    assert "Ngozi Okafor" in staff.get(address(inspection, "change")).content.decode()
    assert "Ngozi Okafor carries it out" in assign(staff, inspection, inspector.pk)
    inspection.refresh_from_db()
    assert inspection.inspector == inspector
    change = Change.objects.get()
    assert (change.kind, change.actor, change.origin) == ("inspection_assigned", root, "admin")


def test_what_the_rules_refuse_of_an_assignment_is_said_in_words(staff: Client) -> None:
    inspection = InspectionFactory()
    slot, off = SlotFactory(starts_at=at(10, 30)), TimeOffFactory()
    assert slot.inspector is not None
    assert f"has a slot of {slot.property.ref}" in assign(staff, inspection, slot.inspector.pk)
    assert "That inspector is off from" in assign(staff, inspection, off.inspector.pk)
    assert "Choose an inspector." in assign(staff, inspection, inspection.seeker.pk)
    Inspection.objects.filter(pk=inspection.pk).update(state="cancelled")
    assert "was called off" in assign(staff, inspection, InspectorFactory().pk)
    assert "/assign/" not in staff.get(address(inspection, "change")).content.decode()
    assert not Change.objects.exists()


def test_whoever_may_only_look_assigns_nobody(visitor: Client, helper: User) -> None:
    inspection = InspectionFactory()
    helper.user_permissions.add(Permission.objects.get(codename="view_inspection"))
    assert "/assign/" not in visitor.get(address(inspection, "change")).content.decode()
    path = f"/admin/inspector_whatsapp/inspection/{inspection.pk}/assign/"
    assert visitor.post(path, {"inspector": InspectorFactory().pk}).status_code == 403
    assert visitor.get(path).status_code == 405
    assert not Change.objects.exists()


def test_a_new_slot_sends_no_inspector_anywhere_while_they_are_off(staff: Client) -> None:
    off = TimeOffFactory()
    times = posted(at(10), "starts_at") | posted(at(11), "ends_at")
    form = times | {
        "property": PropertyFactory().pk,
        "inspector": off.inspector.pk,
        "capacity": 1,
        "state": "open",
    }
    assert "That inspector is off from" in staff.post(address(Slot, "add/"), form).content.decode()
    assert not Slot.objects.exists()


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
