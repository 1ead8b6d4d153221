"""Every refusal of the platform's has a word of its own in the API."""

import pytest

from inspector_whatsapp import accounts, inspections, listings
from inspector_whatsapp.api import problems, refusals

FAMILIES = (inspections.CannotInspect, listings.CannotInvite, accounts.CannotChange)
ALL = [kind for family in FAMILIES for kind in family.__subclasses__()]


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_a_refusal_is_not_said_by_the_name_of_its_family(kind: type[Exception]) -> None:
    error = kind.__new__(kind)
    for name in ("next_free", "inspection", "other"):
        setattr(error, name, [] if name == "next_free" else inspections_row())
    said = refusals.of(error)
    assert said is not None
    assert said.code not in ("cannot_inspect", "cannot_invite", "cannot_change") or kind in UNSAID
    assert said.sentence.endswith(".")
    assert problems.of(error).status == said.status


UNSAID = (inspections.CannotOpen, inspections.AskOver)  # no door opens slots, or takes a visit over


def inspections_row() -> object:
    from inspector_whatsapp.models import Inspection

    return Inspection(ref="IN-1", state="confirmed")


def test_other_errors_are_none() -> None:
    assert refusals.of(ValueError("x")) is None
