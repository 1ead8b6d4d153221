"""Bookings and waiting lists, done in every order: what stands is what somebody with a list of paper has."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from pytest_django import Settings

from inspector_whatsapp import clock, inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import ClockOffset, Inspection, Slot, User, Wait
from inspector_whatsapp.models.waiting import OPEN_WAITS, WaitState
from tests.factories import PropertyFactory, SeekerFactory, SlotFactory, at

CHAT = Origin.CHAT
PEOPLE = st.integers(0, 5)
SLOTS = st.integers(0, 1)
MINUTES = settings.PLACE_OFFER_MINUTES


@dataclass
class Sheet:
    """A slot as on paper: who comes, to whom a place is offered and since when, who waits, in line."""

    row: Slot
    capacity: int = 1
    inside: list[User] = field(default_factory=list)
    offered: dict[User, float] = field(default_factory=dict)
    line: list[User] = field(default_factory=list)
    since: dict[User, datetime] = field(default_factory=dict)  # from when on who waits is in line

    @property
    def is_full(self) -> bool:
        return len(self.inside) + len(self.offered) >= self.capacity


class Waiting(RuleBasedStateMachine):
    """Six people want places at two times of a home."""

    @initialize()
    def begin(self) -> None:
        ClockOffset.objects.get_or_create(pk=1)
        clock.move(at(3, days=3) - clock.now())  # so near that places are given away
        home = PropertyFactory(give_away_hours=12)
        self.people = SeekerFactory.create_batch(6)
        self.sheets = [Sheet(SlotFactory(property=home, starts_at=at(hour, days=3))) for hour in (10, 15)]
        self.minutes = 0.0
        self.lost: list[tuple[User, Sheet, Inspection]] = []
        # From here on there is something to lose, and to wait for.
        self.book(who=0, which=0)
        self.time_passes(5)
        for who in (1, 2):
            self.wait(who=who, which=0)

    # --- what happens -------------------------------------------------------------------------------------
    @rule(who=PEOPLE, which=SLOTS)
    def book(self, who: int, which: int) -> None:
        person, sheet = self.people[who], self.sheets[which]
        try:
            inspections.book(seeker=person, slot=Slot.objects.get(pk=sheet.row.pk), origin=CHAT)
        except inspections.AlreadyBooked:
            assert person in sheet.inside
        except inspections.SlotTaken:
            assert sheet.is_full
            assert person not in sheet.offered
        else:
            assert person in sheet.offered or not sheet.is_full
            if sheet.is_full or person not in sheet.offered:
                self.has_it(sheet, person)
            else:  # another place was free: the offer is given back when the list is looked after
                sheet.inside.append(person)

    @rule(who=PEOPLE, which=SLOTS)
    def cancel(self, who: int, which: int) -> None:
        person, sheet = self.people[who], self.sheets[which]
        if person in sheet.inside:
            inspection = Inspection.objects.get(seeker=person, slot=sheet.row, state="confirmed")
            inspections.cancel(inspection=inspection, actor=None, origin=CHAT)
            sheet.inside.remove(person)
            self.offer()

    @rule(who=PEOPLE, which=SLOTS, answers=st.booleans())
    def be_asked(self, who: int, which: int, answers: bool) -> None:
        """Who answers keeps the place; who does not loses it, if anybody in line can take it."""
        sheet = self.sheets[which]
        if not sheet.inside:
            return
        person = sheet.inside[who % len(sheet.inside)]
        inspection = Inspection.objects.get(seeker=person, slot=sheet.row, state="confirmed")
        if answers:
            inspection = inspections.come(inspection=inspection, actor=person, origin=CHAT)
        waited_for = any(other not in sheet.inside for other in sheet.line)
        goes = sheet.is_full and waited_for and inspection.coming_at is None
        assert inspections.give_away(inspection=inspection) == goes
        if goes:
            sheet.inside.remove(person)
            self.lost.append((person, sheet, inspection))
            self.offer()

    @rule(which=st.integers(0, 5))
    def come_after_all(self, which: int) -> None:
        """The place again, where it is to be had; else at the head of the line."""
        if not self.lost:
            return
        person, sheet, inspection = self.lost[which % len(self.lost)]
        if person in sheet.inside:
            return
        free = person in sheet.offered or not sheet.is_full
        found = inspections.reclaim(inspection=inspection, actor=person, origin=CHAT)
        assert isinstance(found, Inspection) == free
        if not free and person not in sheet.line:
            since = inspection.created_at
            sheet.line.insert(sum(sheet.since[one] <= since for one in sheet.line), person)
            sheet.since[person] = since
        elif free and (sheet.is_full or person not in sheet.offered):
            self.has_it(sheet, person)
        elif free:  # another place was free
            sheet.inside.append(person)

    @rule(who=PEOPLE)
    def move(self, who: int) -> None:
        person, (one, other) = self.people[who], self.sheets
        if person in one.inside and person not in (*other.inside, *other.offered) and not other.is_full:
            inspection = Inspection.objects.get(seeker=person, slot=one.row, state="confirmed")
            slot = Slot.objects.get(pk=other.row.pk)
            inspections.move(inspection=inspection, slot=slot, actor=None, origin=CHAT)
            one.inside.remove(person)
            other.inside.append(person)
            self.offer()

    @rule(who=PEOPLE, which=SLOTS)
    def wait(self, who: int, which: int) -> None:
        person, sheet = self.people[who], self.sheets[which]
        try:
            inspections.join(seeker=person, property=sheet.row.property, place=sheet.row, origin=CHAT)
        except inspections.AlreadyBooked:
            assert person in sheet.inside
        except inspections.StillFree:
            assert not sheet.is_full
        else:
            assert sheet.is_full or person in (*sheet.line, *sheet.offered)
            if person not in (*sheet.line, *sheet.offered):
                sheet.line.append(person)
                sheet.since[person] = clock.now()

    @rule(who=PEOPLE, which=SLOTS)
    def leave(self, who: int, which: int) -> None:
        person, sheet = self.people[who], self.sheets[which]
        if wait := self.wait_of(person, sheet):
            inspections.leave(wait=wait, actor=person, origin=CHAT)
            sheet.offered.pop(person, None)
            sheet.line = [one for one in sheet.line if one != person]
            self.offer()

    @rule(who=PEOPLE, which=SLOTS)
    def take(self, who: int, which: int) -> None:
        person, sheet = self.people[who], self.sheets[which]
        wait = self.wait_of(person, sheet)
        if wait is None or person in sheet.inside:
            return
        try:
            inspections.take(wait=wait, origin=CHAT)
        except inspections.OfferOver:
            assert person not in sheet.offered
        else:
            self.has_it(sheet, person)

    @rule(which=SLOTS)
    @precondition(lambda self: self.minutes < 600)
    def more_places(self, which: int) -> None:
        sheet = self.sheets[which]
        if sheet.capacity < 3:
            sheet.capacity += 1
            Slot.objects.filter(pk=sheet.row.pk).update(capacity=sheet.capacity)
            self.look_after()

    @rule(minutes=st.sampled_from((5, 14, 15)))
    def time_passes(self, minutes: int) -> None:
        clock.move(timedelta(minutes=minutes))
        self.minutes += minutes
        self.look_after()

    # --- on paper -----------------------------------------------------------------------------------------
    def look_after(self) -> None:
        """Offers of now are told at once; those of before may be over."""
        inspections.tend_waiting()
        for sheet in self.sheets:
            sheet.offered = {
                person: since
                for person, since in sheet.offered.items()
                if person not in sheet.inside and self.minutes - since < MINUTES
            }
            sheet.line = [person for person in sheet.line if person not in sheet.inside]
        self.offer()

    def offer(self) -> None:
        for sheet in self.sheets:
            for person in list(sheet.line):
                if not sheet.is_full and person not in sheet.inside:
                    sheet.line.remove(person)
                    sheet.offered[person] = self.minutes
        for wait in Wait.objects.filter(state=WaitState.OFFERED, answer_by=None).select_related("offered"):
            inspections.offer_told(wait, at=clock.now())

    def has_it(self, sheet: Sheet, person: User) -> None:
        sheet.offered.pop(person, None)
        sheet.inside.append(person)

    def wait_of(self, person: User, sheet: Sheet) -> Wait | None:
        waits = Wait.objects.filter(seeker=person, slot=sheet.row, state__in=OPEN_WAITS)
        return waits.select_related("seeker", "offered", "inspection").first()

    # --- what always holds --------------------------------------------------------------------------------
    @invariant()
    def the_rows_are_what_is_on_paper(self) -> None:
        for sheet in getattr(self, "sheets", ()):
            waits = Wait.objects.filter(slot=sheet.row).order_by("created_at", "pk")
            live = Inspection.objects.filter(slot=sheet.row, state="confirmed")
            assert set(live.values_list("seeker", flat=True)) == {person.pk for person in sheet.inside}
            offered = waits.filter(state=WaitState.OFFERED).values_list("seeker", flat=True)
            assert set(offered) == {person.pk for person in sheet.offered}
            line = waits.filter(state=WaitState.WAITING).values_list("seeker", flat=True)
            assert list(line) == [person.pk for person in sheet.line]
            slot = Slot.objects.get(pk=sheet.row.pk)
            assert slot.taken == len(sheet.inside) + len(sheet.offered) <= slot.capacity


@pytest.mark.django_db
def test_what_stands_is_what_is_on_paper(settings: Settings) -> None:
    settings.CHANGE_LISTENERS = ("inspector_whatsapp.inspections.offers.on_change",)
    longer = hypothesis_settings.default
    assert longer is not None
    how = hypothesis_settings(
        max_examples=longer.max_examples // 20,
        stateful_step_count=25,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Waiting, settings=how)
