"""The outbox against a model of it: whatever happens in whatever order, each message ends well, and once."""

import itertools
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db.models import Q
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from pytest_django import Settings

from inspector_whatsapp import clock, outbox
from inspector_whatsapp.cloud_api.errors import from_code
from inspector_whatsapp.models import ChannelState, ClockOffset, Contact, OutboxMessage
from inspector_whatsapp.models.outbox import (
    LEFT_STATES,
    WAITING_STATES,
    Category,
    IfUncertain,
    Priority,
    Status,
)
from inspector_whatsapp.outbox import Outgoing, Receipt, Uncertain, circuit, claiming, sending, settling
from inspector_whatsapp.outbox.statuses import News, moved
from tests.factories import ContactFactory
from tests.outbox import fake
from tests.outbox.fake import provider

THREADS = ThreadPoolExecutor(2)
LADDER = [Status.ACCEPTED, Status.SENT, Status.DELIVERED, Status.READ]
ENDS = {*LADDER, Status.FAILED, Status.WITHHELD, Status.EXPIRED}
# What a message may meet, and where it may stand then, if nothing was said of it meanwhile.
MEETS: dict[str, set[Status]] = {
    "taken": {Status.ACCEPTED},
    "lost": {Status.UNCERTAIN},
    "131000": {Status.WAITING, Status.EXPIRED, Status.FAILED},
    "131016": {Status.WAITING, Status.EXPIRED},
    "131048": {Status.WAITING, Status.EXPIRED, Status.FAILED},
    "131049": {Status.WAITING, Status.EXPIRED, Status.FAILED},
    "131056": {Status.WAITING, Status.EXPIRED},
    "131047": {Status.WAITING, Status.EXPIRED, Status.FAILED},
    "190": {Status.WAITING, Status.EXPIRED},
    "131026": {Status.FAILED},
    "132000": {Status.FAILED},
}
# Twice as often as not it is taken: what is to be found out lies behind that.
FATES = some.sampled_from(["taken", "lost"]) | some.sampled_from(["taken", *sorted(MEETS)])
WRITTEN = some.fixed_dictionaries(
    {
        "whose": some.integers(0, 1),
        "priority": some.sampled_from(Priority),
        "category": some.sampled_from([Category.SERVICE, Category.MARKETING]),
        "seconds": some.none() | some.sampled_from([5, 90, 3600]),
        "unsure": some.sampled_from(IfUncertain),
    }
)
_numbers = itertools.count(1)


@dataclass
class Known:
    """What the model knows of a row. ahead: how far up the ladder it was seen."""

    status: Status
    expires_at: datetime | None
    ahead: int = -1
    said: set[str] = field(default_factory=set)


@dataclass
class Flight:
    """A message on its way: its sender holds a lease, or held one."""

    message: OutboxMessage
    future: "Future[Receipt]"
    meets: str
    lost_lease: bool = False


class Outbox(RuleBasedStateMachine):
    @initialize(first=some.lists(WRITTEN, min_size=2, max_size=5))
    def begin(self, first: list[dict[str, Any]]) -> None:
        OutboxMessage.objects.all().delete()
        ChannelState.objects.all().delete()
        ClockOffset.objects.update_or_create(pk=1, defaults={"offset": timedelta()})
        fake.reset()
        provider.instead = True
        self.contacts: list[Contact] = ContactFactory.create_batch(2, last_inbound_at=clock.now())
        self.known: dict[int, Known] = {}
        self.flights: list[Flight] = []
        for one in first:
            self.is_written(one)

    # --- what happens ---

    @rule(one=WRITTEN)
    def is_written(self, one: dict[str, Any]) -> None:
        key, now, seconds = f"machine:{next(_numbers)}", clock.now(), one["seconds"]
        for _twice in range(2):
            outbox.add(
                Outgoing(
                    kind="note",
                    channel="fake",
                    contact=self.contacts[one["whose"]],
                    key=key,
                    priority=one["priority"],
                    category=one["category"],
                    expires_at=now + timedelta(seconds=seconds) if seconds else None,
                    if_uncertain=one["unsure"],
                )
            )
        assert OutboxMessage.objects.get(key=key).status == Status.PENDING

    @rule(most=some.integers(1, 3), meets=FATES, arrives=some.booleans())
    def is_claimed_and_sent(self, most: int, meets: str, arrives: bool) -> None:
        shut, way = circuit.shut(), sending._Way()
        way.flying = {flight.message.pk: flight.message for flight in self.flights}
        room = sending._room("fake", way, shut)
        waiting = dict(
            OutboxMessage.objects.filter(status__in=WAITING_STATES).values_list("pk", "not_before")
        )
        claimed = claiming.claim([replace(room, most=min(room.most, most), bulk=min(room.bulk, most))])
        assert all(waiting[message.pk] <= clock.now() for message in claimed)
        assert not (state := shut.get(("fake", ""))) or len(claimed) <= (0 if state.resting else 1)
        provider.error = _error(meets)
        provider.arrives = arrives
        started: dict[Future[Receipt], OutboxMessage] = {}
        for message in claimed:
            ready = sending.put_into_words(message, shut, now=clock.now())
            if ready is not None:
                started[THREADS.submit(ready.send)] = message
        self.flights += [Flight(message, future, meets) for future, message in started.items()]
        for future in started:
            future.exception()  # wait until it has landed; nobody has looked at it yet

    @rule(which=some.integers(0, 5))
    def is_settled(self, which: int) -> None:
        if not self.flights:
            return
        flight = self.flights.pop(which % len(self.flights))
        before = OutboxMessage.objects.get(pk=flight.message.pk)
        settling.settle([(flight.message, flight.future)])
        after = OutboxMessage.objects.get(pk=flight.message.pk)
        if flight.lost_lease or before.status != Status.SENDING:
            assert after.status == before.status, "whoever lost the lease has nothing to say"
        else:
            assert after.status in MEETS[flight.meets]
            if flight.meets in ("131016", "131056", "190"):
                assert after.attempts == before.attempts - 1 or after.status == Status.EXPIRED

    @rule(which=some.integers(0, 5), lives_on=some.booleans())
    def a_sender_dies_or_hangs(self, which: int, lives_on: bool) -> None:
        if not self.flights:
            return
        flight = self.flights[which % len(self.flights)]
        running = OutboxMessage.objects.filter(pk=flight.message.pk, status=Status.SENDING)
        long_ago = clock.now() - timedelta(days=365)
        was_running = running.update(lease_until=long_ago)
        # Whoever sent the probe is taken for dead after as long as a lease, by the same real time.
        ChannelState.objects.filter(probe=flight.message.pk).update(probing_until=long_ago)
        flight.lost_lease = True
        if not lives_on:
            self.flights.remove(flight)
        outbox.sweep()
        if was_running:
            assert OutboxMessage.objects.get(pk=flight.message.pk).status == Status.UNCERTAIN

    @rule(seconds=some.sampled_from([2, 70, 700, 4_000, 90_000]))
    def time_passes(self, seconds: int) -> None:
        clock.move(timedelta(seconds=seconds))
        if seconds > 60:  # beat has come round meanwhile
            outbox.sweep()

    @rule(
        which=some.integers(0, 9), word=some.sampled_from(["sent", "delivered", "read", "131026", "131047"])
    )
    def is_heard_of(self, which: int, word: str) -> None:
        """Only what was taken is spoken of; in any order, and again and again."""
        if not provider.taken:
            return
        pk = provider.taken[which % len(provider.taken)]
        error = from_code(int(word), "it failed") if word.isdigit() else None
        status = "failed" if error else word
        rows = OutboxMessage.objects.count()
        for _twice in range(2):
            assert moved(News(status=status, at=None, error=error), id=pk, provider_id=f"fake.{pk}")
        assert OutboxMessage.objects.count() <= rows + 1, "one thing follows, however often it is said"
        self.known[pk].said.add(status)

    @rule(which=some.integers(0, 9))
    def is_withheld(self, which: int) -> None:
        waiting = list(OutboxMessage.objects.filter(status__in=WAITING_STATES).order_by("pk"))
        if waiting:
            row = waiting[which % len(waiting)]
            assert outbox.withhold(Q(pk=row.pk), why="not wanted any more") == 1

    # --- what is always so ---

    @invariant()
    def the_model_agrees(self) -> None:
        for row in OutboxMessage.objects.all():
            status = Status(row.status)
            known = self.known.setdefault(row.pk, Known(status, row.expires_at))
            step = LADDER.index(status) if status in LADDER else -1
            if known.ahead >= LADDER.index(Status.DELIVERED):
                assert step >= known.ahead, "what arrived never goes back"
            elif step >= 0:
                assert step >= known.ahead, "forward only"
            if known.status in (Status.WITHHELD, Status.EXPIRED):
                assert status == known.status, "what was never sent does not come back"
            known.status, known.ahead = status, max(known.ahead, step)
            if known.said:
                assert status in {*LADDER, Status.FAILED, Status.SENDING}
            assert status in ENDS or self.goes_on(row), f"lost: {row.status}"

    def goes_on(self, row: OutboxMessage) -> bool:
        if row.status == Status.SENDING:
            return row.lease_until is not None and row.lease_token is not None
        if row.status == Status.UNCERTAIN:
            return row.uncertain_at is not None and row.lease_token is None
        return row.status in WAITING_STATES and row.lease_token is None

    @invariant()
    def no_row_leaves_twice(self) -> None:
        assert all(times == 1 for times in Counter(provider.taken).values())

    @invariant()
    def what_leaves_again_did_not_arrive_or_says_that_it_may_be_a_duplicate(self) -> None:
        taken = set(provider.taken)
        for row in OutboxMessage.objects.filter(pk__in=taken, repeats__isnull=False).select_related(
            "repeats"
        ):
            assert row.repeats is not None
            assert row.repeats.repeats_id is None, "once more, and not once more again"
        for row in OutboxMessage.objects.filter(pk__in=taken, key__startswith="outbox:", repeats=None):
            first = int((row.key or "").split(":")[1])
            assert "failed" in self.known[first].said

    @invariant()
    def nothing_leaves_too_late(self) -> None:
        for pk, at in provider.prepared:
            expires_at = self.known[pk].expires_at if pk in self.known else None
            assert expires_at is None or at < expires_at

    @invariant()
    def one_of_a_lane_is_on_its_way(self) -> None:
        lanes = OutboxMessage.objects.filter(status=Status.SENDING).values_list("lane", flat=True)
        assert all(times == 1 for times in Counter(lanes).values())

    def teardown(self) -> None:
        """The provider is well again, and time goes on: everything ends."""
        if not hasattr(self, "flights"):
            return
        while self.flights:
            self.is_settled(0)
        provider.error = None
        for _ in range(30):
            if not OutboxMessage.objects.exclude(status__in=ENDS).exists():
                break
            clock.move(timedelta(hours=26))
            outbox.sweep()
            outbox.drain()
            self.the_model_agrees()
        self.no_row_leaves_twice()
        self.nothing_leaves_too_late()
        assert not OutboxMessage.objects.exclude(status__in=ENDS).exists()
        left = OutboxMessage.objects.filter(status__in=LEFT_STATES).values_list("pk", flat=True)
        assert set(left) <= set(provider.taken)


def _error(meets: str) -> Exception | None:
    if meets == "taken":
        return None
    return Uncertain("no answer") if meets == "lost" else from_code(int(meets), "no")


@pytest.mark.django_db
def test_whatever_happens_each_message_ends_well_and_once(settings: Settings) -> None:
    settings.CHANNELS = {"fake": fake.PATH}
    examples = hypothesis_settings().max_examples  # of the profile: `make fuzz` goes on for longer
    run_state_machine_as_test(
        Outbox,
        settings=hypothesis_settings(
            max_examples=examples // 4,
            stateful_step_count=20,
            suppress_health_check=list(HealthCheck),
        ),
    )
