"""How an inspector is asked to take a visit over, and from when on their time runs."""

from datetime import timedelta

import pytest

from inspector_whatsapp import clock, inspections, outbox
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Ask, Inspection, OutboxMessage, User
from inspector_whatsapp.models.asks import AskState
from inspector_whatsapp.models.outbox import Status
from notifications import asks
from tests.factories import InspectorFactory, SlotFactory, at
from tests.notifications import scenes

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def handed_back(*, others: int = 2) -> tuple[Inspection, list[User]]:
    """The day after tomorrow at noon; with others who may be asked, in their order."""
    scenes.at_noon()
    inspection = scenes.book(hours=48)
    found = [scenes.linked(InspectorFactory()) for _ in range(others)]
    for other in found:
        SlotFactory(property=inspection.property, inspector=other, starts_at=at(3, days=-9))
    assert inspection.inspector is not None
    inspections.hand_back(inspection=inspection, actor=inspection.inspector, origin=Origin.CHAT)
    return inspection, found


def states() -> list[str]:
    return list(Ask.objects.order_by("pk").values_list("state", flat=True))


def test_they_are_asked_once_with_the_buttons_that_answer() -> None:
    inspection, (first, _second) = handed_back()
    message, ask = scenes.one("visit_offered", first), Ask.objects.get()
    assert "needs an inspector. Do you take it?" in scenes.text(message)
    assert "Answer within 15 minutes, or somebody else is asked." in scenes.text(message)
    assert scenes.taps(message) == [f"take_visit|{ask.pk}", f"pass_visit|{ask.pk}"]
    assert message.expires_at == inspection.starts_at - 30 * MINUTE
    assert scenes.written(kind="visit_offered") == [("visit_offered", first.name, "whatsapp")]
    assert inspection.seeker.name.split()[0] in scenes.letter(message)


def test_their_time_runs_from_when_it_has_left_and_then_the_next_is_asked() -> None:
    _inspection, (first, second) = handed_back()
    clock.move(40 * MINUTE)  # Meta takes nothing
    asks.tend()
    assert states() == [AskState.ASKED]
    message = scenes.one("visit_offered", first)
    OutboxMessage.objects.filter(pk=message.pk).update(status=Status.ACCEPTED, accepted_at=clock.now())
    asks.tend()
    clock.move(14 * MINUTE)
    asks.tend()
    assert states() == [AskState.ASKED]
    clock.move(MINUTE)
    asks.tend()
    assert states() == [AskState.UNANSWERED, AskState.ASKED]
    assert scenes.one("visit_offered", second).status == Status.PENDING


def test_who_cannot_be_told_is_passed_over() -> None:
    _inspection, (first, _second) = handed_back()
    message = scenes.one("visit_offered", first)
    OutboxMessage.objects.filter(pk=message.pk).update(status=Status.FAILED)
    asks.tend()
    assert states() == [AskState.UNREACHED, AskState.ASKED]


def test_what_was_given_to_somebody_meanwhile_is_not_asked_any_more() -> None:
    inspection, (first, _second) = handed_back()
    inspections.assign(inspection=inspection, inspector=InspectorFactory(), actor=None, origin=Origin.ADMIN)
    outbox.drain()
    message = scenes.one("visit_offered", first)
    assert (message.status, message.reason) == (Status.WITHHELD, "they are no longer asked")
    asks.tend()
    assert states() == [AskState.WITHDRAWN]


def test_who_takes_it_over_gets_the_entry_and_seeker_and_agent_hear_who_comes() -> None:
    inspection, (first, _second) = handed_back()
    for person in (inspection.seeker, inspection.property.agent):
        scenes.linked(person)
    inspections.take_over(ask=Ask.objects.get(), actor=first, origin=Origin.CHAT)
    told = scenes.written(kind="inspection_assigned")
    assert ("inspection_assigned", first.name, "email") in told
    assert ("inspection_assigned", first.name, "whatsapp") not in told
    for person in (inspection.seeker, inspection.property.agent):
        assert ("inspection_assigned", person.name, "whatsapp") in told
