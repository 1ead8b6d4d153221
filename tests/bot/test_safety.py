"""Help in one tap, also where it came late or a person of ours has the chat; codes that staff do not see."""

from datetime import timedelta

import pytest

from bot.models import Conversation
from inspector_whatsapp import clock, inspections, numbers
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.marks import visible
from inspector_whatsapp.models import Distress, Incident, Inspection, OutboxMessage, Stay
from inspector_whatsapp.models.inspections import InspectionState, Outcome
from tests.bot import world
from tests.bot.phone import Phone
from tests.bot.world import at
from tests.factories import InspectionFactory, UserFactory

pytestmark = pytest.mark.django_db
UNSAFE = "v1|start|feel_unsafe|IN-3111"


@pytest.fixture
def ada() -> Phone:
    """Ada's phone, half an hour before her inspection."""
    world.build()
    world.visits()
    phone = Phone(world.linked("ada@inspector.example"))
    clock.move(at(27, 9, 30) - clock.now())
    return phone


@pytest.fixture
def chidi(ada: Phone) -> Phone:
    """The phone of the inspector whom she meets."""
    return Phone(world.linked("chidi@inspector.example"))


def report(inspection: Inspection) -> None:
    assert inspection.inspector is not None
    inspections.report(
        inspection=inspection,
        outcome=Outcome.COMPLETED,
        note="",
        photos=(),
        actor=inspection.inspector,
        origin=Origin.CHAT,
    )


def taps_late(phone: Phone, id: str) -> str:
    """A tap that was on its way for two hours."""
    reply = {"type": "button_reply", "button_reply": {"id": id, "title": "Button"}}
    said_at = int((clock.now() - timedelta(hours=2)).timestamp())
    return phone.sends({"type": "interactive", "interactive": reply}, at=said_at)


def test_a_tap_that_was_long_on_its_way_calls_for_help_all_the_same(ada: Phone) -> None:
    ada.says("menu")
    taps_late(ada, UNSAFE)
    assert Distress.objects.get().person.email == "ada@inspector.example"
    assert "Is that still what you want?" in taps_late(ada, "v1|start|reschedule|IN-3111")


def test_the_chat_is_left_to_a_person_and_taps_and_calls_are_heard_all_the_same(ada: Phone) -> None:
    ada.taps_id(UNSAFE)
    assert Conversation.objects.get(contact__phone=ada.phone).human_until is not None
    assert set(Incident.objects.values_list("kind", flat=True)) == {"unsafe", "human_wanted"}
    assert ada.says("where are you") == ""
    assert "fine" in ada.taps("I'm fine")
    assert "112" in ada.says("I feel unsafe!")
    assert Distress.objects.count() == 2


@pytest.mark.parametrize("how", ["tap", "digit"])
def test_help_is_called_from_a_screen_that_went_stale(ada: Phone, how: str) -> None:
    """The inspector has reported since Ada looked: what she sees is no longer offered, and counts."""
    ada.says("my inspections")
    assert "3. I feel unsafe" in ada.says("1")
    clock.move(at(27, 10, 40) - clock.now())
    report(Inspection.objects.get(ref="IN-3111"))
    answer = ada.taps("I feel unsafe") if how == "tap" else ada.says("3")
    assert "I have told our people" in answer
    assert Distress.objects.get().inspection.ref == "IN-3111"
    assert Incident.objects.filter(kind="unsafe").exists()


def test_who_shows_it_calls_for_help_and_leaves_from_a_screen_of_before_its_end(chidi: Phone) -> None:
    chidi.says("my inspections")
    chidi.says("1")
    chidi.taps("I'm there")
    clock.move(at(27, 10, 40) - clock.now())
    chidi.says("my inspections")
    chidi.says("1")
    clock.move(at(27, 10, 47) - clock.now())  # two minutes after its end
    assert "you have left" in chidi.taps("I'm out")
    assert Stay.objects.get().left_at is not None
    chidi.taps("I feel unsafe")
    assert Distress.objects.get().person.email == "chidi@inspector.example"


def test_who_was_late_and_is_there_is_looked_after(chidi: Phone) -> None:
    visit = Inspection.objects.get(ref="IN-3111")
    clock.move(at(27, 8, 30) - clock.now())
    assert visit.inspector is not None
    inspections.run_late(inspection=visit, minutes=45, actor=visit.inspector, origin=Origin.CHAT)
    clock.move(at(27, 9, 10) - clock.now())
    assert "Nobody waits" not in chidi.taps_id("v1|start|i_am_here|IN-3111.1")  # it has not begun
    assert not Stay.objects.exists()
    inspections.run_late(inspection=visit, minutes=45, actor=visit.inspector, origin=Origin.CHAT)
    clock.move(at(27, 10, 20) - clock.now())
    assert "Noted: you are at" in chidi.taps_id("v1|start|i_am_here|IN-3111.1")
    assert Stay.objects.get().due_at is not None
    assert inspections.delay_of(visit, now=clock.now()) is None


def test_who_finds_nobody_there_reads_when_the_inspector_who_is_late_comes(ada: Phone) -> None:
    visit = Inspection.objects.get(ref="IN-3111")
    assert visit.inspector is not None
    inspections.run_late(inspection=visit, minutes=30, actor=visit.inspector, origin=Origin.CHAT)
    clock.move(at(27, 10, 10) - clock.now())
    said = "Chidi Eze said they'll be there at about *10:30 am*."
    assert said in ada.taps_id("v1|start|nobody_there|IN-3111")
    clock.move(at(27, 10, 31) - clock.now())
    assert said not in ada.taps_id("v1|start|nobody_there|IN-3111")


def test_who_is_there_is_not_asked_how_late_they_are(chidi: Phone) -> None:
    chidi.taps_id("v1|start|arrive_visit|IN-3111")
    assert "You told me that you are there." in chidi.taps_id("v1|start|running_late|IN-3111")
    assert "no inspection today" in chidi.taps_id("v1|start|running_late|20")


def test_only_what_is_certain_can_be_arrived_at(chidi: Phone) -> None:
    visit = Inspection.objects.get(ref="IN-3111")
    assert visit.slot is not None
    second = InspectionFactory(slot=visit.slot)
    Inspection.objects.filter(pk=visit.pk).update(state=InspectionState.REQUESTED)
    chidi.says("my inspections")
    chidi.says("1")
    assert chidi.button("I'm there") == f"v1|start|arrive_visit|{second.ref}"
    Inspection.objects.filter(pk=second.pk).update(state=InspectionState.REQUESTED)
    chidi.says("my inspections")
    assert "I'm there" not in chidi.says("1")


def test_without_a_visit_today_or_an_account_somebody_still_has_the_number_and_a_person(ada: Phone) -> None:
    UserFactory(email="root@example.com", is_staff=True, is_superuser=True)
    clock.move(timedelta(days=3))
    stranger = Phone("+2348039999999")
    for phone in (ada, stranger):
        assert "call 112 now" in phone.says("sos")
    assert not Distress.objects.exists()
    assert Incident.objects.filter(kind="human_wanted").count() == 2
    told = Incident.objects.filter(kind="unsafe").exclude(told_at=None)
    assert {one.key for one in told} == {f"contact {phone.contact.pk}" for phone in (ada, stranger)}


def test_nobody_calls_for_help_or_leaves_at_anothers_visit(ada: Phone) -> None:
    ada.taps_id("v1|start|leave_visit|IN-3112")
    ada.taps_id("v1|start|arrive_visit|IN-3111")
    assert not Stay.objects.exists()
    ada.taps_id("v1|start|feel_unsafe|IN-3112")
    assert Distress.objects.get().inspection.ref == "IN-3111"  # her own of today


def test_codes_are_masked_in_what_staff_read_until_they_ask(ada: Phone) -> None:
    code = inspections.door_code(Inspection.objects.get(ref="IN-3111"))
    ada.says("my inspections")
    assert code in ada.says("1")
    body = str(OutboxMessage.objects.order_by("-pk")[0].body)
    assert f"{inspections.KEY} {code}" in body
    assert code not in visible(body)
    assert code not in numbers.left_out_of(body)
    with numbers.whole():
        assert code in visible(body)
