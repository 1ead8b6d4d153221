"""Whole chats, as files that read as chats. `pytest --update-transcripts` rewrites them: review the diff.

A file's head says what happens and who holds the phone. `> words` is what they write, `> [Title]` a tap,
`> (tap) id` a tap by the button's id, `> (photo)` a picture that can't be fetched, `> (photos) red green` an
album, `> (location) 6.44,3.47` a pin, `> (wants) {…}` a wish whose slots are understood,
`> (voice)` a voice note, `> {code}` the code of the newest e-mail,
`{token}` that of the newest *Connect WhatsApp* on the website, `{offer}` the newest place that is offered to
somebody who waits, `{question}` the newest to an agent, `{ask}` the newest visit that an inspector is asked
for, `! something` a happening below; the rest is what they read. The code of a link's source is drawn by
lot, and stands as `?s=…`; a door's as `🔑 4711`.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from bot.scripts import FLOWS
from inspector_whatsapp import clock, enquiries, inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Ask, Enquiry, Inspection, Property, Slot, User, Wait
from inspector_whatsapp.models.enquiries import EnquiryState
from inspector_whatsapp.models.inspections import InspectionState, Outcome
from inspector_whatsapp.models.listings import BookingRule, PropertyStatus
from inspector_whatsapp.models.waiting import WaitState
from linking import intents, rules
from linking.models import LinkIntent
from notifications import enquiries as questions
from notifications.kinds import waiting
from notifications.models import Alert
from notifications.waiting import tend
from tests.assistant.wanting import wants
from tests.bot import album, aloud, world
from tests.bot.phone import Phone, deliver_mail, newest_code
from tests.factories import (
    GroupFactory,
    InspectorFactory,
    PropertyFactory,
    SearchFactory,
    SeekerFactory,
    SlotFactory,
    TimeOffFactory,
)

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


def _given_away(day: int, hour: int, *, passed: bool) -> None:
    """Ada was asked twice and did not answer; whoever the place goes to keeps their offer, or passes it."""
    Property.objects.filter(ref="PR-1042").update(give_away_hours=4)
    _take_slot(day, hour)
    clock.move(timedelta(minutes=1))
    _somebody_waits(day, hour)
    clock.move(world.at(day, hour - 3) - clock.now())
    ada = User.objects.get(email="ada@inspector.example")
    assert inspections.give_away(inspection=Inspection.objects.get(seeker=ada, state="confirmed"))
    if passed:
        offer = Wait.objects.get(state=WaitState.OFFERED)
        inspections.leave(wait=offer, actor=offer.seeker, origin=Origin.API)


def _did_not_come() -> None:
    clock.move(world.at(27, 11) - clock.now())
    inspection = Inspection.objects.get(seeker__email="ada@inspector.example", state="confirmed")
    assert inspection.inspector is not None
    inspections.report(
        inspection=inspection,
        outcome=Outcome.SEEKER_ABSENT,
        note="",
        photos=(),
        actor=inspection.inspector,
        origin=Origin.API,
    )


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


def _asks_whether_it_is_there(ref: str) -> None:
    tunde = User.objects.filter(email="tunde@example.com").first()
    enquiries.ask(
        seeker=tunde or SeekerFactory(email="tunde@example.com", name="Tunde Bello"),
        property=Property.objects.get(ref=ref),
        origin=Origin.API,
    )


def _answers_on_the_page(says: EnquiryState) -> None:
    enquiry = Enquiry.objects.select_related("property__agent").latest("pk")
    enquiries.answer(enquiry=enquiry, says=says, actor=enquiry.property.agent, origin=Origin.API)


def _nobody_answers() -> None:
    deliver_mail()
    questions.tend()
    clock.move(timedelta(hours=3))
    questions.tend()


def _late_for_ada() -> None:
    inspection = Inspection.objects.get(seeker__email="ada@inspector.example", starts_at=world.at(25, 14))
    assert inspection.inspector is not None
    inspections.run_late(inspection=inspection, minutes=20, actor=inspection.inspector, origin=Origin.API)


def _overdue(at: datetime) -> None:
    clock.move(at - clock.now())
    assert inspections.tend_visits() == 1
    deliver_mail()


def _alerted() -> None:
    ada, home = User.objects.get(email="ada@inspector.example"), Property.objects.get(ref="PR-1042")
    search = SearchFactory(seeker=ada, criteria={"areas": ["Lekki Phase 1"]})
    Alert.objects.create(
        seeker=ada, property=home, searches=[search.pk], at_once=True, state="told", found_at=clock.now()
    )


def _hand_back(day: int, hour: int) -> None:
    """Another inspector cannot come to a visit at PR-1042, and Chidi, who knows the area, is asked."""
    slot = SlotFactory(
        property=Property.objects.get(ref="PR-1042"),
        inspector=InspectorFactory(email=f"inspector{day}@example.com"),
        starts_at=world.at(day, hour),
        ends_at=world.at(day, hour, 45),
        taken=0,
    )
    halima = SeekerFactory(email=f"halima{day}@example.com", name="Halima Sani")
    inspection = inspections.book(seeker=halima, slot=slot, origin=Origin.API)
    assert slot.inspector is not None
    inspections.hand_back(inspection=inspection, actor=slot.inspector, origin=Origin.API)


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
    "Ada's place goes to somebody who waits": lambda: _given_away(27, 10, passed=False),
    "Ada's place goes to somebody who waits, and who does not want it": lambda: _given_away(
        27, 10, passed=True
    ),
    "Chidi says that Ada did not come": _did_not_come,
    "fifteen minutes pass, and the waiting list is looked after": _offer_passes,
    "the agent moves Saturday 2:00 pm to 5:00 pm": lambda: _move_slot(28, 14, 17),
    "Tunde asks whether PR-1042 is still there": lambda: _asks_whether_it_is_there("PR-1042"),
    "Tunde asks whether PR-1044 is still there": lambda: _asks_whether_it_is_there("PR-1044"),
    "Bola says that it is still there": lambda: _answers_on_the_page(EnquiryState.THERE),
    "three hours pass, and the agent does not answer": _nobody_answers,
    "there are many more homes": world.many,
    "there are homes all over town": world.town,
    "Chidi has visits": world.visits,
    "Chidi has two more visits this afternoon": world.afternoon,
    "Chidi is 20 minutes late for Ada": _late_for_ada,
    "another inspector hands Friday, noon, back": lambda: _hand_back(27, 12),
    "another inspector hands Saturday, 5:00 pm, back": lambda: _hand_back(28, 17),
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
    "nobody is sent to Friday's visit": lambda: Inspection.objects.filter(ref="IN-3111").update(
        inspector=None
    ),
    "it is half past eleven": lambda: clock.move(world.at(25, 11, 30) - clock.now()),
    "it is Friday, half past nine": lambda: clock.move(world.at(27, 9, 30) - clock.now()),
    "it is Friday, quarter past ten": lambda: clock.move(world.at(27, 10, 15) - clock.now()),
    "Chidi is asked whether he is out": lambda: _overdue(world.at(25, 13, 15)),
    "Ada was told of PR-1042 by an alert": _alerted,
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
    if "{question}" in words:
        words = words.replace("{question}", str(Enquiry.objects.latest("pk").pk))
    if "{ask}" in words:
        words = words.replace("{ask}", str(Ask.objects.latest("pk").pk))
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
    answer = re.sub(r"🔑 [0-9]{4}\b", "🔑 4711", answer)
    letters = [f"[e-mail to {letter.to[0]}: {letter.subject}]" for letter in deliver_mail()]
    return [*answer.splitlines(), *letters]


def test_every_flow_has_a_transcript() -> None:
    begun = "\n".join(path.read_text() for path in FILES)
    missing = [name for name, flow in FLOWS.items() if flow.title and f"flow: {name}" not in begun]
    assert not missing, "each flow needs a transcript that names it in its head as `flow: <name>`"
