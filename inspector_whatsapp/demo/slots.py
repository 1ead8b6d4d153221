"""The demo's slots: for the coming three weeks, the same on every run.

What is planned for a day hangs on the day alone, so that a later run adds days and touches none that are
there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from inspector_whatsapp.demo.areas import ISLAND
from inspector_whatsapp.demo.homes import BOLAS_FLAT, Home
from inspector_whatsapp.demo.people import CHIDI, INSPECTORS, Person
from inspector_whatsapp.models.listings import PropertyStatus

LAGOS = ZoneInfo("Africa/Lagos")
DAYS = 21
_HOURS = (9, 10, 11, 12, 14, 15, 16)
_CHIDIS_FLAT_HOURS = (10, 15)
_SUNDAY = 6


@dataclass(frozen=True)
class Planned:
    """A slot of the demo, before it is a row."""

    ref: str
    inspector: Person | None
    starts_at: datetime
    ends_at: datetime
    capacity: int


def plan(homes: list[Home], today: date) -> Iterator[list[Planned]]:
    """The slots of the three weeks from `today`, day by day, Sundays off."""
    shown = [home for home in homes if home.status == PropertyStatus.LIVE]
    rounds = _rounds([home for home in shown if home.ref != BOLAS_FLAT])
    for ahead in range(DAYS + 1):
        day = today + timedelta(days=ahead)
        if day.weekday() == _SUNDAY:
            continue
        die = Random(day.toordinal())
        with_inspector = [
            slot for inspector, round in rounds.items() for slot in _day_of(inspector, round, day, die)
        ]
        yield [*with_inspector, *_without_inspector(shown, day, die)]


def _rounds(homes: list[Home]) -> dict[Person, list[Home]]:
    """Which inspector goes where: two on the Island, three on the Mainland, one each further off."""
    on_round: dict[Person, list[Home]] = {inspector: [] for inspector in INSPECTORS}
    teams = {
        "Island": INSPECTORS[0:2],
        "Mainland": INSPECTORS[2:5],
        "Abuja": INSPECTORS[5:6],
        "Ibadan": INSPECTORS[7:8],
    }
    for place, home in enumerate(homes):
        area = home.area
        if area.city in teams:
            team = teams[area.city]
        elif area.city == "Lagos" or area.state == "Ogun":
            team = teams["Island" if area.name in ISLAND else "Mainland"]
        else:
            team = INSPECTORS[6:7]
        on_round[team[place % len(team)]].append(home)
    return on_round


def _day_of(inspector: Person, homes: list[Home], day: date, die: Random) -> Iterator[Planned]:
    """One property after the other, going on the next day where the last one ended."""
    first = day.toordinal() * len(_HOURS)
    for place, hour in enumerate(_HOURS):
        minutes, capacity = die.choice([45, 60]), die.choice([1, 1, 2, 2, 3])
        ref = homes[(first + place) % len(homes)].ref
        if inspector is CHIDI and hour in _CHIDIS_FLAT_HOURS:
            ref, capacity = BOLAS_FLAT, 2
        yield _planned(ref, inspector, day, time(hour), minutes, capacity)


def _without_inspector(homes: list[Home], day: date, die: Random) -> Iterator[Planned]:
    """Once or twice a week the agent shows the property; nobody is sent."""
    for home in homes:
        number = int(home.ref.removeprefix("PR-"))
        if home.ref != BOLAS_FLAT and (number + day.weekday()) % 4 == 0:
            at = time(die.choice([9, 11, 13, 15]), 30)
            yield _planned(home.ref, None, day, at, 45, die.choice([1, 1, 2, 3]))


def _planned(ref: str, inspector: Person | None, day: date, at: time, minutes: int, capacity: int) -> Planned:
    starts_at = datetime.combine(day, at, LAGOS)
    return Planned(ref, inspector, starts_at, starts_at + timedelta(minutes=minutes), capacity)
