"""What came of an inspection, as whoever carried it out reports it."""

from datetime import timedelta

import pytest

from inspector_whatsapp import clock, inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Change, Inspection, User
from inspector_whatsapp.models.inspections import InspectionState, Outcome
from tests.factories import InspectionFactory, InspectorFactory, now

pytestmark = pytest.mark.django_db
FRONT, DOOR = ("inspections/front.jpg", "a" * 64), ("inspections/door.jpg", "b" * 64)


def begun(**fields: object) -> Inspection:
    return InspectionFactory(slot__starts_at=now() - timedelta(minutes=30), **fields)


def tell(
    inspection: Inspection,
    outcome: Outcome = Outcome.COMPLETED,
    note: str = "",
    photos: tuple[tuple[str, str], ...] = (),
    actor: User | None = None,
) -> Inspection:
    actor = actor or inspection.inspector
    assert actor is not None
    return inspections.report(
        inspection=inspection, outcome=outcome, note=note, photos=photos, actor=actor, origin=Origin.CHAT
    )


def reports() -> list[dict[str, object]]:
    return list(
        Change.objects.filter(kind="inspection_reported").order_by("pk").values_list("data", flat=True)
    )


@pytest.mark.parametrize("outcome", Outcome)
def test_an_outcome_settles_the_inspection(outcome: Outcome) -> None:
    done = tell(begun(), outcome, "The gate was open.", (FRONT, DOOR))
    expected = InspectionState.COMPLETED if outcome == Outcome.COMPLETED else InspectionState.NO_SHOW
    assert (done.state, done.outcome, done.notes) == (expected, outcome, "The gate was open.")
    assert done.reported_at == clock.now()
    assert [(photo.image.name, photo.digest) for photo in done.photos.all()] == [FRONT, DOOR]
    assert reports() == [{"outcome": outcome, "corrected": False, "before": ""}]


def test_nothing_is_reported_before_it_begins() -> None:
    with pytest.raises(inspections.TooEarly):
        tell(InspectionFactory())
    assert reports() == []


def test_only_whoever_carries_it_out_reports_on_it() -> None:
    inspection = begun()
    for other in (InspectorFactory(), inspection.property.agent, inspection.seeker):
        with pytest.raises(inspections.NotAssigned):
            tell(inspection, actor=other)


def test_where_nobody_was_sent_the_agent_reports() -> None:
    inspection = begun(slot__inspector=None)
    with pytest.raises(inspections.NotAssigned):
        tell(inspection, actor=inspection.seeker)
    assert tell(inspection, actor=inspection.property.agent).state == InspectionState.COMPLETED


def test_what_was_called_off_is_not_reported_on() -> None:
    with pytest.raises(inspections.TooLate):
        tell(begun(state=InspectionState.CANCELLED))


def test_a_report_is_corrected_within_a_day_of_the_first() -> None:
    inspection = begun()
    tell(inspection, photos=(FRONT,))
    clock.move(timedelta(hours=23))
    corrected = tell(inspection, Outcome.SEEKER_ABSENT, "Wrong button.", (FRONT, DOOR))
    assert (corrected.state, corrected.outcome) == (InspectionState.NO_SHOW, Outcome.SEEKER_ABSENT)
    assert corrected.photos.count() == 2
    assert reports()[1] == {"outcome": "seeker_absent", "corrected": True, "before": "completed"}
    assert corrected.revision == 3
    clock.move(timedelta(hours=1, seconds=1))
    with pytest.raises(inspections.TooLate):
        tell(inspection)


def test_the_same_report_again_changes_nothing() -> None:
    inspection = begun()
    for _ in range(2):
        tell(inspection, note="All fine.", photos=(FRONT, FRONT))
    assert len(reports()) == 1
    assert inspection.photos.count() == 1


def test_what_waits_for_a_report_stands_before_what_may_be_corrected() -> None:
    inspector = InspectorFactory()

    def mine(hours_ago: int, **fields: object) -> Inspection:
        start = now() - timedelta(hours=hours_ago)
        return InspectionFactory(slot__inspector=inspector, slot__starts_at=start, **fields)

    old, new = mine(30), mine(2)
    done = mine(6, state=InspectionState.COMPLETED, reported_at=now() - timedelta(hours=5))
    mine(60, state=InspectionState.COMPLETED, reported_at=now() - timedelta(hours=25))
    mine(4, state=InspectionState.CANCELLED)
    mine(-2)
    begun()
    assert list(inspections.to_report(inspector, now=clock.now())) == [new, old, done]
    own = begun(slot__inspector=None)
    assert list(inspections.to_report(own.property.agent, now=clock.now())) == [own]
