"""Meta's limits: so many messages a second for the number, and a slower pace for one person."""

import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

import pytest
import redis
from django.conf import settings as configured
from pytest_django import Settings

from inspector_whatsapp import clock, outbox
from inspector_whatsapp.cloud_api.limits import PAIR_BURST
from inspector_whatsapp.models import OutboxMessage
from inspector_whatsapp.models.outbox import Priority, Status
from inspector_whatsapp.outbox import pace
from inspector_whatsapp.outbox.pace import NotYet, Turn
from tests.outbox import scenes
from tests.outbox.witness import Meta
from tests.ports import free_port

pytest_plugins = ("tests.outbox.fixtures",)

FAR = 1_000.0  # seconds: whoever asks waits as long as it takes


@pytest.fixture(params=["together", "alone"])
def keeper(request: pytest.FixtureRequest, settings: Settings) -> Iterator[None]:
    """Who keeps the pace: Redis for all processes, or each process alone because Redis is away."""
    pace._script.cache_clear()
    pace._alone.due.clear()
    if request.param == "alone":
        settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    else:
        with redis.Redis.from_url(configured.REDIS_URL) as client:
            client.flushdb()
    yield
    pace._script.cache_clear()


def turn(person: str, ahead: float = FAR, *, per_second: int = 100) -> Turn:
    return Turn(person, ahead, "a number", per_second)


def reserve(*mine: Turn) -> list[pace.Answer]:
    pace.reserve(mine)
    return [each.answer for each in mine if each.answer]


@pytest.mark.usefixtures("keeper")
@pytest.mark.parametrize("at_once", [1, 10])
def test_moments_lie_a_step_apart_whoever_asks(at_once: int) -> None:
    moments = []
    for n in range(0, 50, at_once):
        moments += reserve(*[turn(f"person {n + place}") for place in range(at_once)])
    step = (1 + pace.LATE) / 100
    assert all(0 <= answer.number <= n * step + 0.001 for n, answer in enumerate(moments))
    assert all(later.moment - before.moment > step - 0.05 for before, later in pairwise(moments))
    (last,) = reserve(turn("the next", per_second=1))
    assert last.number > 0


@pytest.mark.usefixtures("keeper")
def test_who_may_not_reserve_so_far_ahead_reserves_nothing() -> None:
    reserve(*[turn(f"person {n}", per_second=1) for n in range(2)])
    for refused in reserve(*[turn("an offer", 0.3, per_second=1)] * 3):
        assert not refused.reserved
        assert refused.number > 1
    offer, answer = reserve(turn("an offer", 0.3, per_second=1), turn("an answer", 5.0, per_second=1))
    assert (offer.reserved, answer.reserved) == (False, True)
    assert answer.number < 2.2


@pytest.mark.usefixtures("keeper")
def test_a_person_gets_a_burst_and_then_one_in_six_seconds() -> None:
    assert all(answer.reserved for answer in reserve(*[turn("somebody") for _ in range(PAIR_BURST)]))
    *refused, other = reserve(*[turn("somebody") for _ in range(3)], turn("somebody else"))
    assert not any(answer.reserved for answer in refused)
    assert all(5 < answer.person <= 6 for answer in refused)
    assert other.reserved


@pytest.mark.usefixtures("keeper")
def test_a_thread_does_not_sleep_for_a_persons_turn() -> None:
    for _ in range(PAIR_BURST):
        reserve(turn("somebody", per_second=10_000))
    before = time.monotonic()
    with pytest.raises(NotYet) as raised:
        pace.wait(turn("somebody", per_second=10_000))
    assert 5 < raised.value.seconds <= 6
    assert time.monotonic() - before < 5


@pytest.mark.usefixtures("keeper")
def test_who_wakes_up_too_late_for_a_moment_asks_for_another_one_and_not_for_their_person() -> None:
    mine = turn("somebody", per_second=10_000)
    for _ in range(PAIR_BURST - 1):
        reserve(turn("somebody", per_second=10_000))
    reserve(mine)
    time.sleep(pace.LATE + 0.1)
    pace.wait(mine)


@pytest.mark.django_db
@pytest.mark.usefixtures("the_clock")
def test_who_gets_much_waits_alone_and_no_attempt_is_burned(meta: Meta) -> None:
    meta.control("switches", {"pair_limit": True})
    much, little = scenes.listener(meta), scenes.listener(meta)
    more = 20  # a turn comes back every six seconds: on a slow machine some of them leave as well
    for number in range(PAIR_BURST + more):
        scenes.reply(much, f"{number}")
    scenes.reply(little, "Hello")
    waiting = OutboxMessage.objects.filter(contact=much, status=Status.WAITING)
    outbox.drain()
    while "others leave first" in waiting.get().reason:  # a slow machine wakes up too late for its moments
        clock.move(timedelta(seconds=1))
        outbox.drain()
    got = len(meta.texts(much))
    assert PAIR_BURST <= got < PAIR_BURST + more, waiting.get().story
    assert meta.texts(little) == ["Hello"]
    held = waiting.get()
    assert (held.attempts, held.story[-1]["says"]) == (0, held.reason)
    assert "this person" in held.reason
    assert all(request["status"] == 200 for request in meta.requests())


@pytest.mark.django_db
@pytest.mark.usefixtures("the_clock")
def test_if_meta_says_it_is_too_much_for_one_person_only_theirs_wait_longer_each_time(meta: Meta) -> None:
    much, little = scenes.listener(meta), scenes.listener(meta)
    first = scenes.reply(much, "first")
    scenes.reply(much, "second", priority=Priority.BULK)
    scenes.reply(little, "Hello")
    for seconds in (1, 4, 16):
        meta.fault("error", code=131056, recipient=much.phone)
        outbox.drain()
        first.refresh_from_db()
        assert (first.status, first.attempts, first.error_code) == (Status.WAITING, 0, 131056)
        scenes.passes(seconds=seconds - 0.5)
        assert outbox.drain() == 0
        scenes.passes(seconds=0.6)
    assert meta.texts(little) == ["Hello"]
    outbox.drain()
    assert meta.texts(much) == ["first", "second"]
