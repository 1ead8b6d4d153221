"""Who came and who did not: what each says is kept with its time, beside what others say."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from inspector_whatsapp import clock, feedback, inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Inspection, Presence
from inspector_whatsapp.models.feedback import Problem
from inspector_whatsapp.models.inspections import Outcome
from tests.factories import InspectionFactory, PresenceFactory, SlotFactory

pytestmark = pytest.mark.django_db
CHAT = Origin.CHAT


def begun(**fields: object) -> Inspection:
    start = clock.now() - timedelta(minutes=20)
    slot = SlotFactory(taken=1, starts_at=start, ends_at=start + timedelta(hours=1), **fields)
    return InspectionFactory(slot=slot)


def says(inspection: Inspection, outcome: Outcome) -> None:
    assert inspection.inspector is not None
    inspections.report(
        inspection=inspection, outcome=outcome, note="", photos=(), actor=inspection.inspector, origin=CHAT
    )


def nobody(inspection: Inspection) -> None:
    inspections.nobody_came(inspection=inspection, actor=inspection.seeker, origin=CHAT)


def words(*, withdrawn: bool = False) -> set[tuple[str, str, bool]]:
    """(who says it, of whom, whether they came)"""
    rows = Presence.objects.filter(withdrawn_at__isnull=not withdrawn)
    return {(row.said_by.role, row.part, row.came) for row in rows.select_related("said_by")}


def test_two_who_contradict_each_other_are_both_kept_whatever_the_order() -> None:
    for seeker_first in (True, False):
        Presence.objects.all().delete()
        inspection = begun()
        if seeker_first:
            nobody(inspection)
        says(inspection, Outcome.SEEKER_ABSENT)
        nobody(inspection)
        assert words() == {("inspector", "seeker", False), ("seeker", "inspector", False)}
        assert Presence.objects.count() == 2


def test_where_no_inspector_was_sent_it_is_the_agent_who_was_missing() -> None:
    inspection = begun(inspector=None)
    nobody(inspection)
    assert words() == {("seeker", "agent", False)}


def test_the_same_again_is_one_word_and_what_is_corrected_stays_as_taken_back() -> None:
    inspection = begun()
    nobody(inspection)
    nobody(inspection)
    says(inspection, Outcome.SEEKER_ABSENT)
    says(inspection, Outcome.COMPLETED)
    assert words() == {("seeker", "inspector", False)}
    assert words(withdrawn=True) == {("inspector", "seeker", False)}
    says(inspection, Outcome.AGENT_ABSENT)
    assert ("inspector", "agent", False) in words()
    inspections.take_back(inspection=inspection, actor=inspection.seeker, origin=CHAT)
    assert words() == {("inspector", "agent", False)}


def test_who_was_said_to_be_absent_says_that_they_were_there() -> None:
    inspection = begun()
    says(inspection, Outcome.SEEKER_ABSENT)
    inspections.was_there(inspection=inspection, actor=inspection.seeker, origin=CHAT)
    assert words() == {("inspector", "seeker", False), ("seeker", "seeker", True)}
    inspection.refresh_from_db()
    assert inspection.outcome == Outcome.SEEKER_ABSENT  # nothing follows by itself


def test_who_found_somebody_after_all_was_still_there() -> None:
    inspection = begun()
    says(inspection, Outcome.SEEKER_ABSENT)
    for _ in range(2):
        inspections.was_there(inspection=inspection, actor=inspection.seeker, origin=CHAT)
        nobody(inspection)
    inspections.take_back(inspection=inspection, actor=inspection.seeker, origin=CHAT)
    assert words() == {("inspector", "seeker", False), ("seeker", "seeker", True)}
    assert words(withdrawn=True) == {("seeker", "inspector", False)}
    assert Presence.objects.count() == 3


def test_reporting_that_nobody_came_says_so_too() -> None:
    inspection = begun()
    for reporter in (inspection.seeker, inspection.property.agent):
        feedback.report_problem(
            reporter=reporter,
            property=inspection.property,
            inspection=inspection,
            problem=Problem.NOBODY_CAME,
            words="",
            origin=CHAT,
        )
    assert words() == {("seeker", "inspector", False)}


def test_it_is_said_by_its_seeker_once_it_has_begun_and_not_for_ever() -> None:
    inspection = begun()
    with pytest.raises(inspections.NotAssigned):
        inspections.nobody_came(inspection=inspection, actor=inspection.property.agent, origin=CHAT)
    with pytest.raises(inspections.TooEarly):
        nobody(InspectionFactory())
    clock.move(inspections.SAYABLE)
    with pytest.raises(inspections.TooLate):
        nobody(inspection)


def test_nobody_says_of_themselves_that_they_were_missing() -> None:
    inspection = begun()
    with pytest.raises(IntegrityError), transaction.atomic():
        PresenceFactory(inspection=inspection, about=inspection.seeker, said_by=inspection.seeker)
