"""What came in on a day, and how long people waited for their answers."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from inspector_whatsapp import clock, figures
from inspector_whatsapp.figures import days
from inspector_whatsapp.models import OutboxMessage
from tests.factories import MessageFactory

pytestmark = pytest.mark.django_db


def noon(*, back: int = 0) -> datetime:
    return days.Day(days.of(clock.now()) - days.ONE * back).start + timedelta(hours=12)


def came(
    at: datetime, *, kind: str = "message", answered_after: float | None = None, **of_answer: Any
) -> None:
    event = MessageFactory(kind=kind, said_at=at)
    if answered_after is not None:
        accepted = at + timedelta(seconds=answered_after)
        fields = {
            "status": "read",
            "key": f"reply:{event.pk}",
            "created_at": at,
            "accepted_at": accepted,
        }
        OutboxMessage.objects.create(
            kind="reply", channel="whatsapp", lane="x", not_before=at, **fields | of_answer
        )


def kept() -> figures.Kept:
    figures.keep()
    return figures.read(days.until(days.of(clock.now())))


def test_messages_of_people_are_counted_and_nothing_else_that_came_in() -> None:
    came(noon())
    came(noon(back=2))
    came(noon(back=2))
    came(noon(), kind="status")
    found = kept()
    assert found.by_day("received")[-3:] == (2, 0, 1)
    assert found.total("received", day=found.days[-1]) == 1


def test_an_answers_time_is_from_our_receipt_to_its_acceptance() -> None:
    for seconds in (1, 2, 3, 4, 100):
        came(noon(), answered_after=seconds)
    found = kept()
    assert found.seconds("reply_time", 50) == pytest.approx(3, rel=0.05)
    assert found.seconds("reply_time", 95) == pytest.approx(100, rel=0.05)
    assert found.total("reply_time") == 5


def test_what_was_never_answered_or_not_taken_has_no_time() -> None:
    came(noon())
    came(noon(), answered_after=5, accepted_at=None, status="failed")
    came(noon(), answered_after=5, key="reply:0")
    found = kept()
    assert (found.total("received"), found.total("reply_time")) == (3, 0)
    assert found.seconds("reply_time", 95) is None


def test_an_answer_after_midnight_counts_for_the_day_of_the_question() -> None:
    late = days.Day(days.of(noon(back=3))).end - timedelta(seconds=10)
    came(late, answered_after=60, created_at=late + timedelta(seconds=50))
    found = kept()
    assert found.seconds("reply_time", 50, day=days.of(noon(back=3))) == pytest.approx(60, rel=0.05)
    assert found.seconds("reply_time", 50, day=days.of(noon(back=2))) is None
