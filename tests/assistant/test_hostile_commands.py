"""Whatever a model makes of a message: no row of another person is shown, and nothing is written.

A stub takes the place of the model: every intent, for every role and for a stranger, with every slot filled
with what somebody hostile would like there.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.utils import dateformat

from bot.assistant.commands import SLOTS_OF, Command, Intent, NotACommand
from bot.assistant.context import NOTHING, Context, Pending
from bot.scripts import Person
from inspector_whatsapp import clock
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.listings import Criteria
from inspector_whatsapp.models import Inspection, Property, Role, Slot, User
from inspector_whatsapp.models.inspections import InspectionState, Outcome
from inspector_whatsapp.models.listings import AMENITIES, Frequency, Kind, PropertyStatus
from inspector_whatsapp.searches import save
from tests.assistant.asking import Screen, ask, of_role, stranger
from tests.bot import world
from tests.factories import (
    AgentFactory,
    InspectionFactory,
    InspectorFactory,
    PropertyFactory,
    SeekerFactory,
    SlotFactory,
)

CANARY = "Qx7"  # in all that is another person's; nothing of ours has it
INJECTION = "Yaba'; DROP TABLE bot_conversation; -- {seeker:email} %s"


@pytest.fixture
def victims(db: None) -> dict[str, str]:
    """The refs of what is another seeker's, another agent's and another inspector's."""
    world.build()
    world.visits()
    world.inspected()
    agent = AgentFactory(email="qx7-agent@example.net", name="Qx7agent Okoro")
    seeker = SeekerFactory(email="qx7-seeker@example.net", name="Qx7seeker Musa")
    inspector = InspectorFactory(email="qx7-inspector@example.net", name="Qx7inspector Udo")
    hidden = PropertyFactory(
        agent=agent,
        title="Qx7 house",
        address="7 Qx7 Close",
        area="Qx7 Bay",
        description="Qx7 description",
        access_notes="Qx7 key under the mat",
        amenities=list(AMENITIES),
        price=777_777_777,
        status=PropertyStatus.DRAFT,
        published_at=None,
    )
    coming = SlotFactory(
        property=hidden, inspector=inspector, starts_at=world.at(28, 9), ends_at=world.at(28, 10), taken=1
    )
    past = SlotFactory(
        property=hidden, inspector=inspector, starts_at=world.at(20, 9), ends_at=world.at(20, 10), taken=1
    )
    booked = InspectionFactory(slot=coming, seeker=seeker, why="Qx7 why")
    over = InspectionFactory(
        slot=past,
        seeker=seeker,
        state=InspectionState.COMPLETED,
        outcome=Outcome.COMPLETED,
        notes="Qx7 notes",
        reported_at=world.at(20, 11),
    )
    save(seeker=seeker, criteria=Criteria(areas=("Qx7 Bay",)), frequency=Frequency.DAILY, origin=Origin.CHAT)
    return {"property": hidden.ref, "booked": booked.ref, "over": over.ref}


def _fillings(victims: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Every slot, with what is another's, with what is nonsense, and with what is far too much."""
    theirs = {
        "property_ref": victims["property"],
        "inspection_ref": victims["booked"],
        "areas": ["Qx7 Bay"],
        "street": "7 Qx7 close",
        "date_from": "2026-11-28",
        "date_to": "2026-11-28",
        "new_date_from": "2026-11-28",
        "new_price": 1,
        "new_status": "sold",
    }
    yield theirs
    yield theirs | {"inspection_ref": victims["over"], "date_from": "2026-11-20", "date_to": "2026-11-20"}
    yield {
        "property_ref": "PR-000000000000",
        "inspection_ref": "IN-999999999999",
        "areas": [INJECTION[:80], "*_~`", "lagos\\"],
        "cities": [INJECTION[:80]],
        "states": ["%"],
        "street": "%_\\",
        "property_types": list(Kind.values)[:12],
        "bedrooms_min": 50,
        "bedrooms_max": 0,
        "bathrooms_min": 50,
        "price_min": 10**12,
        "price_max": 0,
        "price_period": "night",
        "currency": "USD",
        "listing_type": "sale",
        "amenities": list(AMENITIES)[:12],
        "amenities_excluded": list(AMENITIES)[:12],
        "sort": "price_desc",
        "date_from": "9999-12-31",
        "date_to": "0001-01-01",
        "time_of_day": "morning",
        "time_from": "23:59",
        "time_to": "00:00",
        "new_date_from": "0001-01-01",
        "new_date_to": "9999-12-31",
        "new_time_of_day": "evening",
        "new_time_from": "00:00",
        "new_time_to": "23:59",
        "new_price": 10**12,
        "new_status": "available",
    }
    yield {"inspection_ref": "next", "time_from": "09:00", "time_to": "09:00", "new_time_from": "09:00"}
    yield {}


def _commands(victims: dict[str, str]) -> Iterator[tuple[Intent, dict[str, Any]]]:
    seen = set()
    for intent in Intent:
        takes = SLOTS_OF[intent]
        for filling in _fillings(victims):
            slots = {name: value for name, value in filling.items() if name in takes}
            alone = [{name: slots[name]} for name in slots if name.endswith(("_ref", "areas", "new_status"))]
            for each in (slots, *alone):
                if (intent, repr(each)) not in seen:
                    seen.add((intent, repr(each)))
                    yield intent, each


def _contexts(victims: dict[str, str]) -> list[Context]:
    theirs = Context(
        last_intent=Intent.SEARCH_PROPERTIES,
        last_slots={"areas": ["Qx7 Bay"]},
        results=(victims["property"],),
        focus_property=victims["property"],
        focus_inspection=victims["booked"],
        pending=Pending("confirm", Intent.CANCEL_INSPECTION, {"inspection_ref": victims["booked"]}),
    )
    return [NOTHING, theirs]


def _people() -> list[Person]:
    return [stranger(), *map(of_role, Role)]


@pytest.mark.parametrize("place", range(5), ids=["stranger", *Role.values])
def test_no_row_of_another_is_shown_and_nothing_is_written(victims: dict[str, str], place: int) -> None:
    person = _people()[place]
    before = _rows()
    known = _facts(person)
    for context in _contexts(victims):
        for intent, slots in _commands(victims):
            screen = ask(person, intent, context=context, **slots)  # itself counts writes
            _shows_nothing_of_others(screen, intent, slots)
            _says_only_what_rows_say(screen, slots, known)
            assert len(screen.text) < 1_500
    assert _rows() == before


OWN_WORDS = ["Qx7 Bay"]  # of the search before, in the context


def _shows_nothing_of_others(screen: Screen, intent: Intent, slots: dict[str, Any]) -> None:
    # What they said themselves may be said back: an area or a street to look in.
    text = screen.text
    for each in (
        OWN_WORDS if intent == Intent.MORE_RESULTS else {*slots.get("areas", ()), slots.get("street")}
    ):
        text = text.replace(each or CANARY + CANARY, "")
    assert CANARY.casefold() not in text.casefold(), (intent, slots, screen.text)
    assert "777,777,777" not in text, (intent, slots, screen.text)


def _rows() -> dict[str, Any]:
    """All that a command might have changed."""
    return {
        "inspections": list(Inspection.objects.order_by("pk").values()),
        "properties": list(Property.objects.order_by("pk").values()),
        "slots": list(Slot.objects.order_by("pk").values()),
        "people": list(User.objects.order_by("pk").values_list("pk", "name", "role")),
    }


# --- facts ------------------------------------------------------------------------------------------------
PRICE, REF = re.compile(r"[₦$][\d,]+"), re.compile(r"\b(?:PR|IN)-\d+")
DAY = re.compile(r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d{1,2} [A-Z][a-z]{2}\b")


def _facts(person: Person) -> set[str]:
    """Every price, ref and day that a row which they may see has."""
    account = person.account
    homes = [
        home
        for home in Property.objects.all()
        if home.status == PropertyStatus.LIVE or (account is not None and home.agent_id == account.pk)
    ]
    visits = [
        visit
        for visit in Inspection.objects.select_related("property")
        if account is not None and account.pk in _concerned(visit)
    ]
    homes += [visit.property for visit in visits]
    slots = Slot.objects.filter(property__in=homes)
    days = [*(each.starts_at for each in visits), *(each.starts_at for each in slots), clock.now()]
    zone = person.reader.tz
    return {
        *(f"₦{home.price:,.0f}" for home in homes),
        *(home.ref for home in homes),
        *(visit.ref for visit in visits),
        *(dateformat.format(day.astimezone(zone).date(), "D j M") for day in days),
    }


def _concerned(visit: Inspection) -> set[int | None]:
    return {visit.seeker_id, visit.inspector_id, visit.property.agent_id}


def _says_only_what_rows_say(screen: Screen, slots: dict[str, Any], known: set[str]) -> None:
    said_back = {f"₦{slots[name]:,}" for name in ("price_min", "price_max", "new_price") if name in slots}
    said_back |= {amount.replace("₦", "$") for amount in said_back}
    for name in slots:
        if "date" in name:
            said_back.add(dateformat.format(date.fromisoformat(slots[name]), "D j M"))
    text = screen.text.replace("like PR-1042", "").replace("PR-1042, or", "")
    found = {*PRICE.findall(text), *REF.findall(text), *DAY.findall(text)}
    assert found <= known | said_back, (found - known - said_back, slots, screen.text)


# --- what is no command -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "came",
    [
        {"intent": "cancel_inspection", "slots": {"user_id": 1}},
        {"intent": "my_inspections", "slots": {"seeker": "ada@inspector.example"}},
        {"intent": "cancel_inspection", "slots": {"inspection_ref": "IN-1 OR 1=1"}},
        {"intent": "update_listing", "slots": {"new_price": -1}},
        {"intent": "update_listing", "slots": {"new_status": "live"}},
        {"intent": "run_sql", "slots": {}},
        {"intent": "my_account", "slots": {"property_ref": "PR-1042"}},
    ],
)
def test_what_names_a_user_or_fits_nothing_is_no_command(came: dict[str, Any]) -> None:
    with pytest.raises(NotACommand):
        Command.from_json(came)


def test_the_owner_reads_what_nobody_else_did(victims: dict[str, str]) -> None:
    """So that the canaries above are ones that could have been shown."""
    person = of_role(Role.SEEKER)
    owner = User.objects.get(email="qx7-seeker@example.net")
    theirs = Person(person.contact, owner, clock.now())
    screen = ask(theirs, "my_inspections", inspection_ref=victims["booked"])
    assert CANARY in screen.text
