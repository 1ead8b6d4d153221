"""What people say afterwards, and what they report."""

import pytest

from inspector_whatsapp import feedback
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.feedback import NotInspected
from inspector_whatsapp.models import Change, Feedback, Incident, Inspection, ProblemReport
from inspector_whatsapp.models.feedback import AsListed, Interested, Problem
from inspector_whatsapp.models.inspections import InspectionState
from tests.factories import InspectionFactory, PropertyFactory, SeekerFactory

pytestmark = pytest.mark.django_db
CHAT = Origin.CHAT


def give(inspection: Inspection, as_listed: AsListed) -> Feedback:
    return feedback.give(inspection=inspection, as_listed=as_listed, actor=inspection.seeker, origin=CHAT)


def test_two_taps_are_one_feedback_and_each_can_be_changed() -> None:
    inspection = InspectionFactory(state=InspectionState.COMPLETED)
    for tap in (AsListed.YES, AsListed.YES, AsListed.PARTLY):
        given = give(inspection, tap)
    for wish in (Interested.MAYBE, Interested.MAYBE, Interested.YES):
        given = feedback.add_interest(feedback=given, interested=wish, actor=inspection.seeker, origin=CHAT)
    kept = Feedback.objects.get()
    assert (kept, kept.as_listed, kept.interested) == (given, AsListed.PARTLY, Interested.YES)
    changes = Change.objects.order_by("pk")
    assert {change.kind for change in changes} == {"feedback_given"}
    assert [(change.data["as_listed"], change.data["interested"]) for change in changes] == [
        ("yes", ""),
        ("partly", ""),
        ("partly", "maybe"),
        ("partly", "yes"),
    ]
    assert {change.data["inspection"] for change in changes} == {inspection.ref}


@pytest.mark.parametrize("state", [state for state in InspectionState if state != InspectionState.COMPLETED])
def test_only_what_took_place_is_spoken_of(state: InspectionState) -> None:
    with pytest.raises(NotInspected):
        give(InspectionFactory(state=state), AsListed.YES)
    assert not Feedback.objects.exists()
    assert not Change.objects.exists()


def test_a_problem_is_reported_once_and_what_is_said_later_is_added() -> None:
    inspection = InspectionFactory()

    def report(words: str, problem: Problem = Problem.MONEY) -> ProblemReport:
        return feedback.report_problem(
            reporter=inspection.seeker,
            property=inspection.property,
            inspection=inspection,
            problem=problem,
            words=words,
            origin=CHAT,
        )

    first = report("")
    for words in ("He wants 50k first.", "He wants 50k first.", "", "By transfer."):
        assert report(words) == first
    first.refresh_from_db()
    assert first.words == "He wants 50k first.\nBy transfer."
    assert (first.inspection, first.closed_at) == (inspection, None)
    change = Change.objects.get()
    assert (change.kind, change.subject) == ("problem_reported", str(first.pk))
    assert change.data == {"property": inspection.property.ref, "problem": "money"}
    incident = Incident.objects.get()
    assert (incident.kind, incident.times) == ("problem_reported", 5)
    assert incident.sentence == f"Problem {first.pk} (money) was reported about {inspection.property.ref}."
    assert report("It was dark.", Problem.UNSAFE) != first


def test_what_the_admins_have_closed_can_be_reported_again() -> None:
    seeker, home = SeekerFactory(), PropertyFactory()

    def report() -> ProblemReport:
        return feedback.report_problem(
            reporter=seeker, property=home, problem=Problem.FAKE, words="No such house.", origin=CHAT
        )

    first = report()
    for _again in range(2):
        closed = feedback.close_problem(report=first, actor=None, origin=Origin.ADMIN)
        assert closed.closed_at is not None
    assert not Incident.objects.filter(closed_at=None).exists()
    assert report() != first
    kinds = list(Change.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["problem_reported", "problem_closed", "problem_reported"]
