"""What people are told on the day of a visit, and how the admins hear of danger."""

from datetime import timedelta

import pytest

from inspector_whatsapp import clock, inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Incident, Inspection, OutboxMessage, User
from inspector_whatsapp.outbox import Withheld
from inspector_whatsapp.words import Reader, put
from notifications import alarms, reminders
from notifications.kind import Said, Urgency, by_name
from tests.factories import AgentFactory, InspectorFactory, PropertyFactory, SeekerFactory, UserFactory
from tests.notifications import scenes

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def root() -> User:
    return UserFactory(email="root@example.com", is_staff=True, is_superuser=True)


def booked(hours: float = 3) -> Inspection:
    return scenes.book(
        hours=hours,
        seeker=scenes.linked(SeekerFactory(name="Ada Obi")),
        inspector=scenes.linked(InspectorFactory(name="Chidi Eze")),
        property=PropertyFactory(agent=scenes.linked(AgentFactory())),
    )


def host(inspection: Inspection) -> User:
    assert inspection.inspector is not None
    return inspection.inspector


def _news(said: Said) -> str:
    return put(said.parameters["news"], Reader(language="en", zone="Africa/Lagos"))


def alerts() -> list[list[int]]:
    rows = OutboxMessage.objects.filter(kind="incident_opened").order_by("pk")
    return [row.arguments["incidents"] for row in rows]


def test_the_reminder_of_the_day_has_the_code_for_the_two_who_meet() -> None:
    rule = scenes.rule(roles=["seeker", "agent", "inspector"], channels=["whatsapp", "email"])
    inspection = booked()
    code = f"Door code: {inspections.KEY} {inspections.door_code(inspection)}."
    clock.move(61 * MINUTE)
    reminders.tick(rule.pk)
    ada, chidi = (scenes.one("reminder", one) for one in (inspection.seeker, host(inspection)))
    assert f"{code} Ask whoever meets you for it" in scenes.text(ada)
    assert f"{code} Ada will ask you for it." in scenes.text(chidi)
    assert scenes.said(ada).template == "inspection_today"
    assert scenes.said(chidi).template == "visit_today"
    assert scenes.taps(chidi) == [f"arrive_visit|{inspection.ref}"]
    assert code in scenes.letter(scenes.one("reminder", inspection.seeker, "email"))
    bola = scenes.one("reminder", inspection.property.agent)
    assert inspections.KEY not in scenes.text(bola) + scenes.letter(
        scenes.one("reminder", inspection.property.agent, "email")
    )


def test_a_reminder_of_the_day_before_has_no_code_and_a_new_inspector_brings_the_new_one() -> None:
    rule = scenes.rule(minutes_before=1440, channels=["whatsapp"])
    inspection = booked(hours=25)
    clock.move(61 * MINUTE)
    reminders.tick(rule.pk)
    message = scenes.one("reminder", inspection.seeker)
    assert (inspections.KEY in scenes.text(message), scenes.said(message).template) == (
        False,
        "inspection_reminder",
    )
    clock.move(21 * 60 * MINUTE)
    inspections.hand_back(inspection=inspection, actor=host(inspection), origin=Origin.API)
    inspection.refresh_from_db()
    told = scenes.said(scenes.one("inspection_unassigned", inspection.seeker))
    assert inspections.door_code(inspection) in scenes.text(
        scenes.one("inspection_unassigned", inspection.seeker)
    )
    assert f"Door code: {inspections.KEY} {inspections.door_code(inspection)}." in _news(told)
    new = scenes.linked(InspectorFactory())
    inspections.assign(inspection=inspection, inspector=new, actor=None, origin=Origin.ADMIN)
    inspection.refresh_from_db()
    for person in (inspection.seeker, new):
        message = scenes.one("inspection_assigned", person)
        drawn = f"{inspections.KEY} {inspections.door_code(inspection)}"
        assert drawn in scenes.text(message)
        assert drawn in _news(scenes.said(message)), "it is in the template, too"


def test_who_has_not_left_is_asked_at_any_hour_until_they_answer(root: User) -> None:
    inspection = booked(hours=1)
    clock.move(60 * MINUTE)
    inspections.arrive(inspection=inspection, actor=host(inspection), origin=Origin.CHAT)
    clock.move(91 * MINUTE)
    inspections.tend_visits()
    message = scenes.one("visit_overdue", host(inspection))
    kind = by_name("visit_overdue")
    assert (kind.urgency, kind.essential(message, now=clock.now())) == (Urgency.NOW, True)
    assert scenes.text(message).startswith("The time of this inspection is over. Are you out, and well?")
    assert scenes.taps(message) == [
        f"{flow}|{inspection.ref}" for flow in ("leave_visit", "stay_longer", "feel_unsafe")
    ]
    assert "Are you out?" in scenes.letter(scenes.one("visit_overdue", host(inspection), "email"))
    assert message.expires_at == clock.now() + 15 * MINUTE
    inspections.stay(inspection=inspection, actor=host(inspection), origin=Origin.CHAT)
    with pytest.raises(Withheld):
        scenes.text(message)
    assert alerts() == []
    clock.move(31 * MINUTE)
    inspections.tend_visits()
    clock.move(16 * MINUTE)
    inspections.tend_visits()
    assert alerts() == [[Incident.objects.get(kind="visit_overdue").pk]]


def test_admins_hear_of_danger_in_the_same_transaction_whatever_else_they_were_told(root: User) -> None:
    for number in range(3):  # what an hour takes
        Incident.objects.create(
            kind="clash",
            key=str(number),
            sentence="x",
            opened_at=clock.now(),
            last_at=clock.now(),
            told_at=clock.now() - number * MINUTE,
        )
    inspection = booked(hours=1)
    inspections.call_for_help(inspection=inspection, actor=inspection.seeker, origin=Origin.CHAT)
    inspections.call_for_help(inspection=inspection, actor=inspection.property.agent, origin=Origin.API)
    inspections.take_back_call(inspection=inspection, actor=inspection.seeker, origin=Origin.CHAT)
    assert [len(numbers) for numbers in alerts()] == [1, 1, 1]
    assert alarms.tell() == 0
    subject = scenes.letter(OutboxMessage.objects.filter(kind="incident_opened").order_by("pk")[0])
    assert subject.startswith("Inspector WhatsApp: Somebody feels unsafe at a visit")


def test_danger_that_nobody_was_there_to_be_told_of_is_told_to_whoever_comes() -> None:
    inspection = booked(hours=1)
    inspections.call_for_help(inspection=inspection, actor=inspection.seeker, origin=Origin.CHAT)
    assert (alarms.tell(), alerts()) == (0, [])
    UserFactory(email="root@example.com", is_staff=True, is_superuser=True)
    assert (alarms.tell(), len(alerts())) == (1, 1)
    assert alarms.tell() == 0
