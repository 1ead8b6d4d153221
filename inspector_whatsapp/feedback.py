"""What people say of an inspection afterwards, and of what went wrong."""

from contextlib import suppress

from django.db import connection, transaction

from inspector_whatsapp import changes, clock, incidents, inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Feedback, Inspection, ProblemReport, Property, User
from inspector_whatsapp.models.feedback import AsListed, Interested, Problem
from inspector_whatsapp.models.inspections import InspectionState


class NotInspected(Exception):
    """The inspection did not take place, or nobody has said yet that it did."""

    def __init__(self, inspection: Inspection) -> None:
        super().__init__(f"{inspection.ref} is {inspection.state}.")
        self.inspection = inspection


def give(*, inspection: Inspection, as_listed: AsListed, actor: User | None, origin: Origin) -> Feedback:
    """The seeker says whether the property was as listed; said again, it is changed.

    Raises NotInspected.
    """
    with transaction.atomic():
        # The lock lets two taps at once come one after the other.
        locked = Inspection.objects.select_for_update(no_key=True, of=("self",))
        inspection = locked.select_related("property", "seeker").get(pk=inspection.pk)
        if inspection.state != InspectionState.COMPLETED:
            raise NotInspected(inspection)
        feedback = Feedback.objects.filter(inspection=inspection).first()
        if feedback is None:
            feedback = Feedback(inspection=inspection, created_at=clock.now())
        elif feedback.as_listed == as_listed:
            return feedback
        feedback.inspection = inspection
        feedback.as_listed = as_listed
        feedback.save()
        _record(feedback, actor=actor, origin=origin)
    return feedback


def add_interest(
    *, feedback: Feedback, interested: Interested, actor: User | None, origin: Origin
) -> Feedback:
    """The seeker says whether they want it; said again, it is changed."""
    with transaction.atomic():
        locked = Feedback.objects.select_for_update(no_key=True, of=("self",))
        feedback = locked.select_related("inspection__property", "inspection__seeker").get(pk=feedback.pk)
        if feedback.interested == interested:
            return feedback
        feedback.interested = interested
        feedback.save(update_fields=["interested"])
        _record(feedback, actor=actor, origin=origin)
    return feedback


def _record(feedback: Feedback, *, actor: User | None, origin: Origin) -> None:
    changes.record(
        "feedback_given",
        feedback,
        actor=actor,
        origin=origin,
        inspection=feedback.inspection.ref,
        as_listed=str(feedback.as_listed),
        interested=str(feedback.interested),
    )


def report_problem(
    *,
    reporter: User,
    property: Property,
    problem: Problem,
    words: str,
    origin: Origin,
    inspection: Inspection | None = None,
) -> ProblemReport:
    """Tell the admins of a problem.

    While they have not closed it, the same problem said again adds its words to the report that is there.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                r"""
                INSERT INTO inspector_whatsapp_problemreport AS told
                    (reporter_id, property_id, inspection_id, problem, words, created_at, version)
                VALUES (%s, %s, %s, %s, %s, clock_now(), 0)
                ON CONFLICT (reporter_id, property_id, problem) WHERE closed_at IS NULL
                DO UPDATE SET words = CASE
                    WHEN position(EXCLUDED.words IN told.words) > 0 THEN told.words
                    ELSE concat_ws(E'\n', nullif(told.words, ''), EXCLUDED.words) END
                RETURNING id, xmax = 0
                """,
                [reporter.pk, property.pk, inspection.pk if inspection else None, problem, words],
            )
            key, made = cursor.fetchone()
        report = ProblemReport.objects.select_related("reporter", "property", "inspection").get(pk=key)
        if made:
            named = {"property": property.ref, "problem": str(problem)}
            changes.record("problem_reported", report, actor=reporter, origin=origin, **named)
        if problem == Problem.NOBODY_CAME and inspection is not None:
            with suppress(inspections.NotAssigned, inspections.TooEarly, inspections.TooLate):
                inspections.nobody_came(inspection=inspection, actor=reporter, origin=origin)
        incidents.report(
            "problem_reported",
            key=str(report.pk),
            sentence=f"Problem {report.pk} ({problem}) was reported about {property.ref}.",
        )
    return report


def close_problem(*, report: ProblemReport, actor: User | None, origin: Origin) -> ProblemReport:
    """The admins have seen to it. Returns it as it now is; one that is closed stays as it is."""
    with transaction.atomic():
        locked = ProblemReport.objects.select_for_update(no_key=True, of=("self",))
        report = locked.select_related("reporter", "property").get(pk=report.pk)
        if report.closed_at is not None:
            return report
        report.closed_at = clock.now()
        report.save(update_fields=["closed_at"])
        incidents.close("problem_reported", key=str(report.pk))
        changes.record("problem_closed", report, actor=actor, origin=origin, property=report.property.ref)
    return report
