"""Who is told of who carries an inspection out, and of what came of it."""

from datetime import timedelta

import icalendar
import pytest

from inspector_whatsapp import changes, clock, inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Inspection, OutboxMessage, Slot, User
from inspector_whatsapp.models.inspections import Outcome
from inspector_whatsapp.outbox import Withheld
from notifications.kind import by_name
from tests.factories import AgentFactory, InspectorFactory, PropertyFactory, SeekerFactory
from tests.notifications import scenes
from tests.notifications.scenes import HOUR, one

pytestmark = pytest.mark.django_db


@pytest.fixture
def chidi() -> User:
    return scenes.linked(InspectorFactory(name="Chidi Eze"))


@pytest.fixture
def tunde() -> User:
    return scenes.linked(InspectorFactory(name="Tunde Bello"))


@pytest.fixture
def visit(chidi: User) -> list[Inspection]:
    """Ada and Emeka come to the same slot."""
    home = PropertyFactory(agent=scenes.linked(AgentFactory(name="Bola Adeyemi")))
    slot = scenes.slot(hours=30, capacity=2, inspector=chidi, property=home)
    seekers = [scenes.linked(SeekerFactory(name=name)) for name in ("Ada Obi", "Emeka Ude")]
    made = [inspections.book(seeker=seeker, slot=slot, origin=Origin.CHAT) for seeker in seekers]
    OutboxMessage.objects.all().delete()
    return made


def handed_back(visit: list[Inspection], chidi: User) -> None:
    inspections.hand_back(inspection=visit[0], actor=chidi, origin=Origin.CHAT)
    OutboxMessage.objects.exclude(kind__in=("inspection_unassigned", "inspection_off")).delete()


def assign(inspection: Inspection, inspector: User) -> None:
    inspections.assign(inspection=inspection, inspector=inspector, actor=None, origin=Origin.ADMIN)


def test_an_inspector_says_from_the_message_whether_they_will_be_there(chidi: User) -> None:
    inspection = scenes.book(inspector=chidi)
    message = one("inspection_booked", chidi)
    assert scenes.taps(message) == [f"accept_visit|{inspection.ref}.1", f"hand_back_visit|{inspection.ref}.1"]
    assert scenes.text(message).startswith("Ada booked an inspection.")
    assert scenes.text(message).endswith("Will you be there?")
    assert scenes.said(message).template == "inspection_assigned"
    assert "Answer in your WhatsApp chat" in scenes.letter(one("inspection_booked", chidi, "email"))


def test_who_has_said_yes_is_not_asked_again(chidi: User) -> None:
    inspection = scenes.book(inspector=chidi)
    inspections.accept(inspection=inspection, actor=chidi, origin=Origin.CHAT)
    assert scenes.said(one("inspection_booked", chidi)).template == "inspection_news"
    assert scenes.taps(one("inspection_booked", chidi)) == []


def test_of_a_visit_handed_back_the_agent_hears_once_and_no_seeker(
    visit: list[Inspection], chidi: User
) -> None:
    handed_back(visit, chidi)
    assert scenes.written() == [
        ("inspection_unassigned", "Bola Adeyemi", "whatsapp"),
        ("inspection_unassigned", "Bola Adeyemi", "email"),
        # One letter for each entry in the calendar.
        ("inspection_off", "Chidi Eze", "email"),
        ("inspection_off", "Chidi Eze", "email"),
    ]
    words = scenes.text(one("inspection_unassigned", visit[0].property.agent))
    assert words.startswith("Chidi can't come. We are looking for somebody else, and will tell you who.")
    assert "Eze" not in words


def test_whoever_no_longer_has_it_takes_it_out_of_their_calendar(
    visit: list[Inspection], chidi: User
) -> None:
    handed_back(visit, chidi)
    letters = OutboxMessage.objects.filter(kind="inspection_off", account=chidi)
    entries = [
        icalendar.Calendar.from_ical(entry.content)
        for message in letters.select_related("account", "contact")
        for entry in by_name(message.kind).mail(message, now=clock.now()).attachments
    ]
    assert [str(each["METHOD"]) for each in entries] == ["CANCEL", "CANCEL"]
    assert {str(each.events[0]["UID"]).split("@")[0] for each in entries} == {each.ref for each in visit}


def test_the_new_inspector_hears_once_who_comes_and_each_seeker_whom_they_meet(
    visit: list[Inspection], chidi: User, tunde: User
) -> None:
    handed_back(visit, chidi)
    OutboxMessage.objects.all().delete()
    assign(visit[0], tunde)
    assert sorted(scenes.written(channel="whatsapp")) == [
        ("inspection_assigned", "Ada Obi", "whatsapp"),
        ("inspection_assigned", "Bola Adeyemi", "whatsapp"),
        ("inspection_assigned", "Emeka Ude", "whatsapp"),
        ("inspection_assigned", "Tunde Bello", "whatsapp"),
    ]
    message = one("inspection_assigned", tunde)
    assert "Who comes: Ada, Emeka." in scenes.text(message)
    assert [tap.partition("|")[0] for tap in scenes.taps(message)] == ["accept_visit", "hand_back_visit"]
    assert "You will meet Tunde Bello." in scenes.text(one("inspection_assigned", visit[1].seeker))
    agent = visit[0].property.agent
    assert "Tunde will carry out this inspection." in scenes.text(one("inspection_assigned", agent))


def test_the_former_inspector_hears_that_it_is_somebody_elses(
    visit: list[Inspection], chidi: User, tunde: User
) -> None:
    assign(visit[0], tunde)
    assert scenes.written(account=chidi) == [
        ("inspection_off", "Chidi Eze", "whatsapp"),
        ("inspection_off", "Chidi Eze", "email"),
        ("inspection_off", "Chidi Eze", "email"),
    ]
    message = one("inspection_off", chidi)
    assert scenes.text(message).startswith("This inspection is no longer yours to carry out.")
    agent = visit[0].property.agent
    assert scenes.written(account=agent) == []
    assign(Inspection.objects.get(pk=visit[0].pk), chidi)
    with pytest.raises(Withheld, match="theirs again"):
        scenes.said(message)
    with pytest.raises(Withheld):
        scenes.said(one("inspection_assigned", tunde))


def test_an_older_search_for_an_inspector_is_not_told_once_somebody_is_found(
    visit: list[Inspection], chidi: User, tunde: User
) -> None:
    handed_back(visit, chidi)
    assign(visit[0], tunde)
    with pytest.raises(Withheld):
        scenes.said(one("inspection_unassigned", visit[0].property.agent))


def test_a_move_to_somebody_elses_slot_tells_the_former_inspector(chidi: User, tunde: User) -> None:
    inspection = scenes.book(inspector=chidi)
    OutboxMessage.objects.all().delete()
    inspection.inspector = tunde
    inspection.revision += 1
    inspection.save()
    changes.record(
        "inspection_moved",
        inspection,
        actor=inspection.seeker,
        origin=Origin.CHAT,
        inspector_before=chidi.pk,
        **{"from": (clock.now() + HOUR).isoformat()},
    )
    assert scenes.written(channel="whatsapp") == [
        ("inspection_moved", "Tunde Bello", "whatsapp"),
        ("inspection_off", "Chidi Eze", "whatsapp"),
    ]


def test_time_off_tells_agents_of_the_free_times_that_were_closed(chidi: User) -> None:
    bola = scenes.linked(AgentFactory(name="Bola Adeyemi"))
    home = PropertyFactory(agent=bola)
    slots = [scenes.slot(hours=hours, property=home, inspector=chidi) for hours in range(30, 35)]
    other = scenes.slot(hours=36, inspector=chidi)
    now = clock.now()
    inspections.take_time_off(
        inspector=chidi,
        starts_at=now + 29 * HOUR,
        ends_at=now + 40 * HOUR,
        actor=chidi,
        origin=Origin.CHAT,
    )
    assert scenes.written(channel="whatsapp") == [("free_times_closed", "Bola Adeyemi", "whatsapp")]
    assert scenes.written(account=other.property.agent, channel="email")
    message = one("free_times_closed", bola)
    words = scenes.text(message)
    assert words.startswith(f"Chidi is away from {scenes.when(now + 29 * HOUR)} until ")
    assert f"3-bedroom flat, Lekki Phase 1, {scenes.when(slots[0].starts_at)}\n" in words
    assert "and 2 more" in words
    assert scenes.taps(message) == ["slots|"]
    letter = scenes.letter(one("free_times_closed", bola, "email"))
    assert all(scenes.when(slot.starts_at) in letter for slot in slots)
    assert scenes.when(other.starts_at) not in letter
    Slot.objects.all().delete()
    with pytest.raises(Withheld, match="gone"):
        scenes.said(message)


# --- afterwards -------------------------------------------------------------------------------------------
@pytest.fixture
def done(visit: list[Inspection]) -> Inspection:
    """Ada's, which has begun."""
    clock.move(30 * HOUR + timedelta(seconds=1))
    return visit[0]


def report(inspection: Inspection, outcome: Outcome, *, note: str = "") -> None:
    assert inspection.inspector is not None
    inspections.report(
        inspection=inspection,
        outcome=outcome,
        note=note,
        photos=(),
        actor=inspection.inspector,
        origin=Origin.CHAT,
    )


def test_after_an_inspection_the_seeker_is_asked_whether_it_was_as_listed(done: Inspection) -> None:
    report(done, Outcome.COMPLETED, note="Agent was rude.")
    assert sorted(scenes.written()) == [
        ("inspection_reported", "Ada Obi", "email"),
        ("inspection_reported", "Ada Obi", "whatsapp"),
        ("inspection_reported", "Bola Adeyemi", "email"),
        ("inspection_reported", "Bola Adeyemi", "whatsapp"),
    ]
    message = one("inspection_reported", done.seeker)
    assert scenes.text(message).endswith("Was the property as it was listed?")
    assert scenes.taps(message) == [f"feedback|{done.ref}.{answer}" for answer in ("yes", "partly", "no")]
    words = scenes.text(one("inspection_reported", done.property.agent))
    assert words.startswith("Ada has inspected your property.")
    assert "rude" not in words


@pytest.mark.parametrize(
    ("outcome", "to_seeker", "to_agent"),
    [
        (Outcome.SEEKER_ABSENT, "We were told that you were not there.", "Ada did not come."),
        (
            Outcome.AGENT_ABSENT,
            "We were told that the agent was not there. We are sorry.",
            "We were told that you were not there.",
        ),
        (
            Outcome.NO_ACCESS,
            "We were told that nobody could get in. We are sorry.",
            "We were told that nobody could get in.",
        ),
    ],
)
def test_of_an_inspection_that_was_none_both_sides_hear(
    done: Inspection, outcome: Outcome, to_seeker: str, to_agent: str
) -> None:
    report(done, outcome)
    message = one("inspection_reported", done.seeker)
    assert scenes.text(message).startswith(to_seeker)
    there = [f"was_there|{done.ref}"] if outcome == Outcome.SEEKER_ABSENT else []
    ways = [f"book_inspection|{done.property.ref}", f"report_problem|{done.ref}"]
    assert scenes.taps(message) == there + ways
    assert scenes.text(one("inspection_reported", done.property.agent)).startswith(to_agent)


def test_a_correction_is_told_when_it_changes_what_came_of_it(done: Inspection) -> None:
    report(done, Outcome.SEEKER_ABSENT)
    first = one("inspection_reported", done.seeker)
    report(done, Outcome.SEEKER_ABSENT, note="Waited for half an hour.")
    assert len(scenes.written(account=done.seeker, channel="whatsapp")) == 1
    report(done, Outcome.COMPLETED)
    with pytest.raises(Withheld, match="corrected"):
        scenes.said(first)
    assert scenes.text(one("inspection_reported", done.seeker)).startswith(
        "This corrects what we told you before. Your inspection has taken place."
    )


def test_an_inspector_hears_that_a_move_gave_the_visit_to_somebody_else(
    visit: list[Inspection], chidi: User, tunde: User
) -> None:
    slot = scenes.slot(hours=54, inspector=tunde, property=visit[0].property)
    inspections.move(inspection=visit[0], slot=slot, actor=visit[0].seeker, origin=Origin.CHAT)
    assert scenes.written(account=chidi, channel="whatsapp")[-1][0] == "inspection_off"
    assert one("inspection_moved", tunde).account == tunde
    assert not OutboxMessage.objects.filter(account=chidi, kind="inspection_moved").exists()
