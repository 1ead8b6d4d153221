"""Whole chats, as files that read as chats. `pytest --update-transcripts` rewrites them: review the diff.

A file's head says what happens and who holds the phone. `> words` is what they write, `> [Title]` a tap,
`> (tap) id` a tap by the button's id, `> (photo)` a picture that can't be fetched, `> (photos) red green` an
album, `> (location) 6.44,3.47` a pin, `> (wants) {…}` a wish whose slots are understood,
`> (voice)` a voice note, `> {code}` the code of the newest e-mail,
`{token}` that of the newest *Connect WhatsApp* on the website, `{offer}` the newest place that is offered to
somebody who waits, `! something` a happening below; the rest is
what they read. The code of a link's source is drawn by lot, and stands as `?s=…`.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from bot.scripts import FLOWS
from inspector_whatsapp import clock, inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Inspection, Property, Slot, User, Wait
from inspector_whatsapp.models.inspections import InspectionState
from inspector_whatsapp.models.listings import BookingRule, PropertyStatus
from inspector_whatsapp.models.waiting import WaitState
from linking import intents, rules
from linking.models import LinkIntent
from notifications.kinds import waiting
from notifications.waiting import tend
from tests.assistant.wanting import wants
from tests.bot import album, aloud, world
from tests.bot.phone import Phone, deliver_mail, newest_code
from tests.factories import GroupFactory, PropertyFactory, SeekerFactory, TimeOffFactory

FOLDER = Path(__file__).parent.parent / "transcripts"
FILES = sorted(FOLDER.glob("*.txt"))


def _take_slot(day: int, hour: int) -> None:
    slot = Slot.objects.get(starts_at=world.at(day, hour))
    for place in range(slot.capacity - slot.taken):
        email = f"somebody{place}@example.com"
        somebody = User.objects.filter(email=email).first() or SeekerFactory(email=email)
        inspections.book(seeker=somebody, slot=slot, origin=Origin.API)


def _give_back(day: int, hour: int) -> None:
    inspection = Inspection.objects.get(
        seeker__email="somebody0@example.com", starts_at=world.at(day, hour), state=InspectionState.CONFIRMED
    )
    inspections.cancel(inspection=inspection, actor=inspection.seeker, origin=Origin.API)


def _somebody_waits(day: int, hour: int) -> None:
    slot = Slot.objects.select_related("property").get(starts_at=world.at(day, hour))
    seeker = SeekerFactory(email=f"waiting{hour}@example.com")
    inspections.join(seeker=seeker, property=slot.property, place=slot, origin=Origin.API)


def _offer() -> str:
    """The newest offer, as a notification's button names it."""
    wait = Wait.objects.filter(state=WaitState.OFFERED).select_related("offered").latest("offered_at")
    assert wait.offered is not None
    return waiting.answered(wait, wait.offered)


def _move_slot(day: int, hour: int, to: int) -> None:
    slot = Slot.objects.get(starts_at=world.at(day, hour))
    inspections.move_slot(
        slot=slot,
        starts_at=world.at(day, to),
        ends_at=world.at(day, to, 45),
        actor=None,
        origin=Origin.SYNC,
    )


def _offer_passes() -> None:
    deliver_mail()
    tend()
    clock.move(timedelta(minutes=15))
    tend()


def _ask_first() -> None:
    Property.objects.filter(ref="PR-1042").update(booking_rule=BookingRule.ASK)


def _answer_request(answer: Callable[..., object], **more: str) -> None:
    asked = Inspection.objects.get(seeker__email="ada@inspector.example", state=InspectionState.REQUESTED)
    answer(inspection=asked, actor=asked.property.agent, origin=Origin.API, **more)


def _presses_connect(email: str) -> None:
    intents.begin(account=User.objects.get(email=email), session="", now=clock.now())


def _says_on_the_website(answer: Callable[[LinkIntent], object]) -> None:
    answer(LinkIntent.objects.latest("pk"))


HAPPENINGS: Mapping[str, Callable[[], object]] = {
    "somebody else takes Saturday 2:00 pm": lambda: _take_slot(28, 14),
    "somebody else takes Saturday 3:00 pm": lambda: _take_slot(28, 15),
    "somebody else takes Friday 10:00 am": lambda: _take_slot(27, 10),
    "somebody waits for Saturday 2:00 pm": lambda: _somebody_waits(28, 14),
    "somebody gives Saturday 2:00 pm back": lambda: _give_back(28, 14),
    "somebody gives Saturday 3:00 pm back": lambda: _give_back(28, 15),
    "fifteen minutes pass, and the waiting list is looked after": _offer_passes,
    "the agent moves Saturday 2:00 pm to 5:00 pm": lambda: _move_slot(28, 14, 17),
    "there are many more homes": world.many,
    "there are homes all over town": world.town,
    "Chidi has visits": world.visits,
    "people ask to see PR-1042": world.asked,
    "Chidi is off on Monday": lambda: TimeOffFactory(
        inspector=User.objects.get(email="chidi@inspector.example"),
        starts_at=world.at(30, 8),
        ends_at=world.at(30, 18),
    ),
    "Tunde moves to 3:00 pm": lambda: inspections.move(
        inspection=Inspection.objects.get(seeker__email="tunde@example.com"),
        slot=Slot.objects.get(starts_at=world.at(28, 15)),
        actor=User.objects.get(email="tunde@example.com"),
        origin=Origin.API,
    ),
    "people save Bola's homes": world.interested,
    "a day passes": lambda: clock.move(timedelta(days=1)),
    "eight days pass": lambda: clock.move(timedelta(days=8)),
    "four hours pass": lambda: clock.move(timedelta(hours=4)),
    "three hours pass": lambda: clock.move(timedelta(hours=3)),
    "it is Saturday, 2:30 pm": lambda: clock.move(world.at(28, 14, 30) - clock.now()),
    "PR-1042 and PR-1044 have photos": world.pictured,
    "Ada has inspected two homes": world.inspected,
    "Bola wants to be asked first for PR-1042": _ask_first,
    "Bola says yes": lambda: _answer_request(inspections.confirm),
    "Bola says no: I travel that day": lambda: _answer_request(inspections.decline, why="I travel that day"),
    "PR-1044 is let": lambda: Property.objects.filter(ref="PR-1044").update(status=PropertyStatus.LET),
    "Ada presses Connect WhatsApp on the website": lambda: _presses_connect("ada@inspector.example"),
    "Bola presses Connect WhatsApp on the website": lambda: _presses_connect("bola@inspector.example"),
    "they say yes on the website": lambda: _says_on_the_website(
        lambda intent: rules.connect_from_web(intent=intent, now=clock.now())
    ),
    "they say no on the website": lambda: _says_on_the_website(intents.cancel),
    "Bola has a link for the group Lekki homes": lambda: GroupFactory(
        code="bcdf2345", label="Lekki homes", agent=User.objects.get(email="bola@inspector.example")
    ),
    "two people open the link, and one of them another day": world.clicked,
    "PR-1042 is let": lambda: Property.objects.filter(ref="PR-1042").update(status=PropertyStatus.LET),
    "there is a home like PR-1042": lambda: PropertyFactory(
        ref="PR-1050", bedrooms=2, price=8_500_000, published_at=world.NOW
    ),
    "there is a booking form, and PR-1042 has many times": world.many_times,
    "eleven minutes pass": lambda: clock.move(timedelta(minutes=11)),
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
@pytest.mark.django_db
def test_the_chat_reads_as_written(path: Path, request: pytest.FixtureRequest, settings: Settings) -> None:
    settings.WHATSAPP_BOOKING_FLOW_ID = ""  # what happens in a transcript is over after it
    written = path.read_text()
    played = play(written)
    if request.config.getoption("--update-transcripts"):
        path.write_text(played)
        return
    assert played == written


def play(transcript: str, happenings: Mapping[str, Callable[[], object]] = HAPPENINGS) -> str:
    """Play the lines of a transcript that are somebody's, and write down what follows each."""
    world.build()
    head, _, _ = transcript.partition("\n\n")
    holder = next(line.removeprefix("as: ") for line in head.splitlines() if line.startswith("as: "))
    phone = Phone(holder if holder.startswith("+") else world.linked(holder))
    lines = [head, ""]
    for line in transcript.splitlines():
        if line.startswith("! "):
            happenings[line[2:]]()
            lines += [line, ""]
        elif line.startswith("> "):
            lines += [line, *_answered(phone, line[2:]), ""]
    return "\n".join(lines)


def _answered(phone: Phone, line: str) -> list[str]:
    words = line.replace("{code}", newest_code() if "{code}" in line else "")
    if "{token}" in words:
        words = words.replace("{token}", intents.token(LinkIntent.objects.latest("pk")))
    if "{offer}" in words:
        words = words.replace("{offer}", _offer())
    if words.startswith("(tap) "):  # a button of a notification, or a forged one
        answer = phone.taps_id(words.removeprefix("(tap) "))
    elif words.startswith("(photos) "):
        answer = album.send(phone, words.split()[1:])
    elif words.startswith("(aloud) "):
        answer = aloud.say(phone, words.removeprefix("(aloud) "))
    elif words.startswith("(wants) "):
        answer = wants(phone, json.loads(words.removeprefix("(wants) ")))
    elif words.startswith("(location) "):
        latitude, longitude = map(float, words.removeprefix("(location) ").split(","))
        answer = phone.sends({"type": "location", "location": {"latitude": latitude, "longitude": longitude}})
    elif words.startswith("(form) "):  # a day, and a time of it
        answer = phone.fills(*words.removeprefix("(form) ").split(" ", 1))
    elif words == "(voice)":
        answer = phone.sends({"type": "audio", "audio": {"id": "1", "mime_type": "audio/ogg", "voice": True}})
    elif words == "(photo)":
        answer = phone.sends({"type": "image", "image": {"id": "1", "mime_type": "image/jpeg"}})
    elif words.startswith("[") and words.endswith("]"):
        answer = phone.taps(words[1:-1])
    else:
        answer = phone.says(words.replace("\\n", "\n"))
    answer = re.sub(r"\?s=[a-z0-9]{8}\b", "?s=…", answer)
    letters = [f"[e-mail to {letter.to[0]}: {letter.subject}]" for letter in deliver_mail()]
    return [*answer.splitlines(), *letters]


def test_every_flow_has_a_transcript() -> None:
    begun = "\n".join(path.read_text() for path in FILES)
    missing = [name for name, flow in FLOWS.items() if flow.title and f"flow: {name}" not in begun]
    assert not missing, "each flow needs a transcript that names it in its head as `flow: <name>`"
