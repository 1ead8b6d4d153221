"""Chats in which Inspector's backend has the last word, as files that read as chats."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from inspector_whatsapp import inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Property, Slot, User
from inspector_whatsapp.models.listings import BookingRule
from tests.bot import world
from tests.bot.test_transcripts import FOLDER, HAPPENINGS, play
from tests.gateway.backend import Backend, Fault

pytest_plugins = ("tests.gateway.fixtures",)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("the_clock")]

FILES = sorted((FOLDER / "backend").glob("*.txt"))


def _asks() -> None:
    Property.objects.filter(ref="PR-1042").update(booking_rule=BookingRule.ASK)
    ada = User.objects.get(email="ada@inspector.example")
    inspections.book(seeker=ada, slot=Slot.objects.get(starts_at=world.at(28, 14)), origin=Origin.CHAT)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_chat_reads_as_written(path: Path, decides: Backend, request: pytest.FixtureRequest) -> None:
    happenings: Mapping[str, Callable[[], object]] = {
        **HAPPENINGS,
        "Inspector's backend says no to the next": lambda: decides.faults.append(Fault(status=409)),
        "Inspector's backend is out of order": lambda: decides.always.update({"*": Fault(status=500)}),
        "Inspector's backend is well again": decides.always.clear,
        "Ada asks Bola for Saturday 2:00 pm": _asks,
    }
    written = path.read_text()
    played = play(written, happenings)
    if request.config.getoption("--update-transcripts"):
        path.write_text(played)
        return
    assert played == written
