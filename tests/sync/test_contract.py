"""What holds whichever way Inspector's rows come."""

from datetime import timedelta

import pytest

from inspector_whatsapp import inspections, listings
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import (
    Change,
    Incident,
    Inspection,
    Interest,
    Link,
    OutboxMessage,
    Property,
    SavedSearch,
    Slot,
    User,
)
from inspector_whatsapp.models.contacts import LinkState
from inspector_whatsapp.models.inspections import InspectionState, SlotState
from inspector_whatsapp.models.listings import BookingRule, PropertyStatus
from notifications.models import Alert, Reminder, ReminderState
from tests.factories import (
    InspectionFactory,
    LinkFactory,
    PropertyFactory,
    RequestFactory,
    SeekerFactory,
    SlotFactory,
    UserFactory,
    at,
    now,
)
from tests.sync import rows
from tests.sync.rows import account, everybody, home, ten, visit
from tests.sync.ways import Row, Way, id_of

pytest_plugins = ("tests.sync.fixtures",)
pytestmark = pytest.mark.django_db


def told(kind: str) -> set[str]:
    """Who was told something of this kind, by name."""
    rows = OutboxMessage.objects.filter(kind=kind).select_related("account")
    return {row.account.name for row in rows if row.account is not None}


def recorded() -> list[str]:
    return list(Change.objects.order_by("pk").values_list("kind", flat=True))


def test_an_account_is_made_and_changed(way: Way) -> None:
    way.send("users", rows.user("ada", phone="+2348030000041"))
    ada = account("ada")
    assert (ada.email, ada.name, ada.role, ada.phone) == (
        "ada@inspector.example",
        "Ada",
        "seeker",
        "+2348030000041",
    )
    assert not ada.has_usable_password()
    way.send("users", rows.user("ada", name="Ada Obi", version=2))
    assert account("ada").name == "Ada Obi"
    assert recorded() == ["account_added", "account_changed"]


def test_another_number_pauses_the_link(way: Way) -> None:
    way.send("users", rows.user("ada", phone="+2348030000041"))
    link = LinkFactory(account=account("ada"))
    way.send("users", rows.user("ada", name="Ada Obi", phone="+2348030000041", version=2))
    assert Link.objects.get(pk=link.pk).state == LinkState.ACTIVE
    way.send("users", rows.user("ada", phone="+2348030000042", version=3))
    assert Link.objects.get(pk=link.pk).state == LinkState.SUSPENDED


def test_an_account_switched_off_pauses_its_link(way: Way) -> None:
    way.send("users", rows.user("ada"))
    link = LinkFactory(account=account("ada"))
    way.send("users", rows.user("ada", version=2, deleted=True))
    assert not account("ada").is_active
    assert Link.objects.get(pk=link.pk).state == LinkState.SUSPENDED


def test_an_account_that_was_here_before_is_known_by_its_e_mail(way: Way) -> None:
    known = UserFactory(email="ada@inspector.example", password="her own password")
    way.send("users", rows.user("ada"))
    assert account("ada").pk == known.pk
    assert account("ada").check_password("her own password")


def test_staff_are_left_alone_and_an_admin_of_inspectors_gets_no_right(way: Way) -> None:
    boss = User.objects.create_superuser("boss@inspector.example", "a long password", name="Boss")
    way.send("users", rows.user("boss", "seeker"), rows.user("dayo", "admin"))
    boss.refresh_from_db()
    assert (boss.platform_id, boss.role, boss.is_superuser) == (None, "admin", True)
    dayo = account("dayo")
    assert dayo.role == "admin"
    assert not dayo.is_staff
    assert not dayo.is_superuser
    assert not dayo.groups.exists()


def test_two_accounts_do_not_share_an_e_mail(way: Way) -> None:
    way.send("users", rows.user("ada"))
    way.send("users", rows.user("uche", email="ada@inspector.example"), rows.user("bola", "agent"))
    assert not User.objects.filter(platform_id=id_of("ife")).exists()
    assert account("bola").role == "agent", "the others are taken all the same"


def test_a_property_that_goes_live_is_told_to_its_agent_and_to_who_looks_for_it(way: Way) -> None:
    seeker = SeekerFactory()
    SavedSearch.objects.create(seeker=seeker, criteria={"areas": ["Yaba"]}, created_at=now())
    way.send("users", rows.user("bola", "agent"))
    way.send("properties", rows.property(status="draft"))
    assert not Alert.objects.exists()
    way.send("properties", rows.property(version=2))
    assert home().price == 4_500_000
    assert home().published_at is not None
    assert told("property_live") == {"Bola"}
    assert Alert.objects.get().seeker == seeker


def test_another_price_is_told_to_who_keeps_it_in_view(way: Way) -> None:
    everybody(way)
    way.send("interests", rows.interest())
    assert told("interest_shown") == {"Bola"}
    way.send("properties", rows.property(price=4_000_000, version=2))
    assert told("price_changed") == {"Ada"}
    change = Change.objects.filter(kind="property_changed").get()
    assert change.data["before"] == {"price": "4500000.00"}
    assert change.origin == Origin.SYNC


def test_a_property_that_is_let_is_told_to_who_keeps_it_in_view(way: Way) -> None:
    everybody(way)
    way.send("interests", rows.interest())
    way.send("properties", rows.property(status="let", version=2))
    assert told("property_gone") == {"Ada"}
    assert "availability_changed" in recorded()


def test_an_inspection_is_told_to_everybody_and_reminded_of(way: Way) -> None:
    everybody(way)
    way.send("inspections", rows.inspection())
    assert visit().ref.startswith("IN-")
    assert ten().taken == 1
    assert told("inspection_booked") == {"Ada", "Bola", "Chidi"}
    assert Reminder.objects.filter(inspection=visit(), state=ReminderState.PLANNED).exists()


def test_an_inspection_is_moved(way: Way) -> None:
    everybody(way)
    way.send("inspections", rows.inspection())
    way.send("slots", rows.slot("two", hour=14))
    way.send("inspections", rows.inspection(hour=14, slot=id_of("two"), version=2))
    assert (ten().taken, Slot.objects.get(platform_id=id_of("two")).taken) == (0, 1)
    assert told("inspection_moved") == {"Ada", "Bola", "Chidi"}
    assert visit().revision == 2


def test_an_inspection_is_cancelled_and_its_place_is_free(way: Way) -> None:
    everybody(way)
    way.send("inspections", rows.inspection())
    way.send("inspections", rows.inspection(state="cancelled", version=2))
    assert ten().taken == 0
    assert told("inspection_cancelled") == {"Ada", "Bola", "Chidi"}
    assert not Reminder.objects.filter(inspection=visit(), state=ReminderState.PLANNED).exists()


def test_a_request_is_confirmed_and_a_visit_reported(way: Way) -> None:
    everybody(way)
    way.send("inspections", rows.inspection(state="requested"))
    assert ten().taken == 1
    way.send("inspections", rows.inspection(version=2))
    assert told("inspection_confirmed") == {"Ada", "Bola", "Chidi"}
    way.send("inspections", rows.inspection(state="completed", notes="Fine.", version=3))
    assert visit().outcome == "completed"
    assert told("inspection_reported") == {"Ada", "Bola"}


def test_another_inspector_is_told_so_and_the_former_one_too(way: Way) -> None:
    everybody(way)
    way.send("users", rows.user("emeka", "inspector"))
    way.send("inspections", rows.inspection())
    way.send("inspections", rows.inspection(inspector=id_of("emeka"), version=2))
    assert told("inspection_assigned") == {"Ada", "Emeka"}
    assert told("inspection_off") == {"Chidi"}


def test_whoever_has_a_place_in_a_slot_moves_with_it(way: Way) -> None:
    everybody(way)
    way.send("inspections", rows.inspection())
    way.send("slots", rows.slot(hour=12, version=2))
    assert visit().starts_at == ten().starts_at == at(12, days=2)
    assert told("inspection_moved") == {"Ada", "Bola", "Chidi"}
    before = recorded()
    way.send("inspections", rows.inspection(hour=12, version=2))
    assert recorded() == before, "it is known by then"


def test_what_is_over_is_told_to_nobody(way: Way) -> None:
    everybody(way)
    OutboxMessage.objects.all().delete()
    gone = now() - timedelta(days=3)
    times = {"starts_at": gone.isoformat(), "ends_at": (gone + timedelta(hours=1)).isoformat()}
    way.send("inspections", {**rows.inspection(), **times, "state": "confirmed"})
    way.send("inspections", {**rows.inspection(), **times, "state": "cancelled", "version": 2})
    assert not OutboxMessage.objects.exists()


def test_an_unknown_parent_refuses_one_item_until_it_is_there(way: Way) -> None:
    way.send("users", rows.user("bola", "agent"))
    stray = rows.property("other", agent=id_of("nobody yet"))
    results = way.send("properties", stray, rows.property())
    assert home().status == PropertyStatus.LIVE
    assert not Property.objects.filter(platform_id=id_of("other")).exists()
    if results:
        assert [(one["result"], one.get("code")) for one in results] == [
            ("refused", "unknown_parent"),
            ("created", None),
        ]
        assert results[0]["errors"][0]["field"] == "agent"
    way.send("users", rows.user("nobody yet", "agent", email="late@inspector.example"))
    way.send("properties", *([stray] if way.name == "push" else []))
    assert Property.objects.get(platform_id=id_of("other")).agent.email == "late@inspector.example"


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        ("users", rows.user("uche", role="landlord")),
        ("users", rows.user("uche", email="no address")),
        ("users", rows.user("uche", phone="0803 000 0001")),
        ("properties", rows.property("other", kind="castle")),
        ("properties", rows.property("other", price=-1)),
        ("properties", rows.property("other", title="")),
        ("slots", rows.slot("two", hour=14, capacity=0)),
        ("inspections", rows.inspection("other", state="dreamt of")),
    ],
)
def test_a_value_that_does_not_fit_refuses_its_item_alone(way: Way, kind: str, wrong: Row) -> None:
    everybody(way)
    good = {
        "users": rows.user("tobi"),
        "properties": rows.property("good"),
        "slots": rows.slot("good", hour=16),
        "inspections": rows.inspection("good"),
    }[kind]
    way.send(kind, wrong, good)
    models = {"users": User, "properties": Property, "slots": Slot, "inspections": Inspection}
    ids = set(models[kind].objects.values_list("platform_id", flat=True))  # type: ignore[attr-defined]
    assert good["id"] in ids
    assert wrong["id"] not in ids


def test_the_same_again_changes_nothing_and_an_older_one_neither(way: Way) -> None:
    everybody(way)
    way.send("properties", rows.property(price=4_000_000, version=3))
    before = recorded()
    way.send("properties", rows.property(price=4_000_000, version=3))
    results = way.send("properties", rows.property(price=1, version=2))
    assert home().price == 4_000_000
    assert recorded() == before
    if results:
        assert results[0]["result"] == "stale"


def test_an_inspectors_overlapping_slot_is_refused_by_itself(way: Way) -> None:
    everybody(way)
    results = way.send("slots", rows.slot("again"), rows.slot("two", hour=14))
    assert {slot.starts_at for slot in Slot.objects.all()} == {at(10, days=2), at(14, days=2)}
    if results:
        assert [one["result"] for one in results] == ["refused", "created"]
        assert results[0]["code"] == "conflict"
        assert results[0]["errors"][0]["detail"] == "The inspector has another slot at that time."


def test_a_place_that_the_chat_has_taken_for_good_makes_a_clash(way: Way) -> None:
    everybody(way)
    ours = inspections.book(seeker=account("ife"), slot=ten(), origin=Origin.CHAT)
    way.send("inspections", rows.inspection())
    assert visit().clash
    ours.refresh_from_db()
    assert (ours.state, ours.clash, ten().taken) == (InspectionState.CONFIRMED, False, 1)
    incident = Incident.objects.get(kind="clash", closed_at=None)
    assert visit().ref in incident.sentence
    assert ours.ref in incident.sentence
    way.send("inspections", rows.inspection(state="cancelled", version=2))
    assert not Incident.objects.filter(kind="clash", closed_at=None).exists()
    assert ten().taken == 1


def test_a_clash_that_is_over_is_reminded_of(way: Way) -> None:
    everybody(way)
    ours = inspections.book(seeker=account("ife"), slot=ten(), origin=Origin.CHAT)
    way.send("inspections", rows.inspection())
    planned = Reminder.objects.filter(inspection=visit(), state=ReminderState.PLANNED)
    assert not planned.exists()
    inspections.cancel(inspection=ours, actor=account("ife"), origin=Origin.CHAT)
    way.send("inspections", rows.inspection(version=2))
    assert not visit().clash
    assert planned.exists()


def test_one_that_was_called_off_is_not_taken_for_ours_of_the_same_time(way: Way) -> None:
    everybody(way)
    ours = inspections.book(seeker=account("ada"), slot=ten(), origin=Origin.CHAT)
    way.send("inspections", rows.inspection("called off before", state="cancelled"))
    ours.refresh_from_db()
    assert (ours.state, ours.platform_id, ten().taken) == (InspectionState.CONFIRMED, None, 1)


def test_ours_that_nobody_confirmed_gives_way(way: Way) -> None:
    everybody(way)
    Property.objects.update(booking_rule=BookingRule.ASK)
    later = SlotFactory(property=home(), starts_at=at(15, days=3))
    ours = inspections.book(seeker=account("ife"), slot=ten(), origin=Origin.CHAT)
    assert ours.state == InspectionState.REQUESTED
    way.send("inspections", rows.inspection())
    ours.refresh_from_db()
    assert (ours.state, visit().clash, ten().taken) == (InspectionState.DECLINED, False, 1)
    assert "Ife" in told("inspection_declined")
    incident = Incident.objects.get(kind="clash")
    assert visit().ref in incident.sentence
    assert ours.ref in incident.sentence
    assert later.taken == 0


def test_a_seeker_who_is_elsewhere_at_that_time_makes_a_clash(way: Way) -> None:
    everybody(way)
    elsewhere = InspectionFactory(seeker=account("ada"), slot__starts_at=at(10, 30, days=2))
    way.send("inspections", rows.inspection())
    assert visit().clash
    assert elsewhere.ref in Incident.objects.get(kind="clash").sentence
    assert ten().taken == 0


def test_fewer_places_than_people_make_ours_give_way_and_a_clash_of_the_rest(way: Way) -> None:
    everybody(way)
    way.send("slots", rows.slot(capacity=3, version=2))
    way.send("inspections", rows.inspection())
    way.send("inspections", rows.inspection("second", seeker=id_of("ife")))
    ours = RequestFactory(slot=ten(), property=home(), seeker=SeekerFactory())
    Slot.objects.filter(pk=ten().pk).update(taken=3)
    way.send("slots", rows.slot(capacity=1, version=3))
    ours.refresh_from_db()
    assert ours.state == InspectionState.DECLINED
    assert (ten().capacity, ten().taken) == (1, 1)
    assert (visit().clash, visit("second").clash) == (False, True)


def test_an_inspection_made_here_is_known_by_its_ref(way: Way) -> None:
    everybody(way)
    ours = inspections.book(seeker=account("ada"), slot=ten(), origin=Origin.CHAT)
    before = recorded()
    way.send("inspections", rows.inspection(ref=ours.ref))
    assert visit().pk == ours.pk
    assert Inspection.objects.count() == ten().taken == 1
    assert recorded() == before, "it says what was known: nobody is told again"


def test_an_inspection_made_here_is_known_by_its_seeker_and_slot(way: Way) -> None:
    everybody(way)
    ours = inspections.book(seeker=account("ada"), slot=ten(), origin=Origin.CHAT)
    way.send("inspections", rows.inspection())
    assert visit().pk == ours.pk
    assert not visit().clash


def test_a_slot_and_an_interest_made_here_are_known_by_what_they_are(way: Way) -> None:
    everybody(way)
    times = [(at(16, days=2), at(17, days=2))]
    (ours,) = inspections.open_slots(
        property=home(),
        times=times,
        inspector=account("chidi"),
        capacity=1,
        actor=account("bola"),
        origin=Origin.CHAT,
    )
    listings.show_interest(seeker=account("ada"), property=home(), origin=Origin.CHAT)
    way.send("slots", rows.slot("four", hour=16))
    way.send("interests", rows.interest())
    assert Slot.objects.get(platform_id=id_of("four")).pk == ours.pk
    assert Interest.objects.get().platform_id is not None


def test_what_is_deleted_ends_here(way: Way) -> None:
    everybody(way)
    way.send("inspections", rows.inspection())
    way.send("interests", rows.interest())
    way.send("inspections", rows.inspection(deleted=True, version=2))
    way.send("interests", rows.interest(deleted=True, version=2))
    way.send("slots", rows.slot(deleted=True, version=2))
    way.send("properties", rows.property(deleted=True, version=2))
    assert visit().state == InspectionState.CANCELLED
    assert Interest.objects.get().removed_at is not None
    assert ten().state == SlotState.CLOSED
    assert home().status == PropertyStatus.UNAVAILABLE


def test_a_circle_of_changes_between_the_two_sides_ends(way: Way) -> None:
    everybody(way)
    listings.set_availability(
        property=home(), status=PropertyStatus.LET, actor=account("bola"), origin=Origin.CHAT
    )
    feed = Change.objects.filter(kind="availability_changed")
    assert [change.origin for change in feed] == [Origin.CHAT]
    # Inspector takes it over and says so: that is no change here, and so nothing is said back.
    way.send("properties", rows.property(status="let", version=2))
    way.send("properties", rows.property(status="let", version=3))
    assert [change.origin for change in feed] == [Origin.CHAT]
    assert home().version != 1


def test_everything_that_comes_is_marked_as_inspectors(way: Way) -> None:
    everybody(way)
    way.send("inspections", rows.inspection())
    assert set(Change.objects.values_list("origin", flat=True)) == {Origin.SYNC}
    assert not Change.objects.exclude(actor=None).exists()


def test_a_property_of_another_agent_is_left_alone(way: Way) -> None:
    other = PropertyFactory()
    everybody(way)
    way.send("properties", rows.property(title="Something else", version=2))
    other.refresh_from_db()
    assert other.title != "Something else"
