"""Parts of the service are taken away while people write: nothing is lost, and nothing is said twice."""

from collections.abc import Iterator

import pytest

from tests.journeys.fixtures import a_stranger
from tests.journeys.phone import Phone
from tests.journeys.service import Service


@pytest.fixture(autouse=True)
def all_is_well_again(service: Service) -> Iterator[None]:
    """Each outage is over before the next journey."""
    yield
    service.postgres.start()
    service.redis.start()
    service.wait_until_ready()


def test_a_webhook_that_meta_repeats_is_answered_once(service: Service, stranger: Phone) -> None:
    service.wish("faults", {"on": "webhook", "action": "duplicate", "of": "message"})
    wamid = stranger.say("hi")
    service.until(lambda: len(service.webhooks(wamid)) == 2, what="second delivery")
    service.settle()
    assert len(stranger.heard) == 1
    assert stranger.says("help").text
    assert len(stranger.heard) == 2


def one_message_without_redis(service: Service, phone: Phone) -> None:
    before = len(phone.heard)
    wamid = phone.say("help")
    # Meta gets its 200 nevertheless: a message needs PostgreSQL alone to be taken.
    service.until(lambda: service.webhooks(wamid), what="delivery")
    assert [one["status"] for one in service.webhooks(wamid)] == [200]
    service.redis.start()
    service.until(lambda: len(phone.heard) > before, what="answer")
    service.settle()


def test_what_is_written_while_redis_is_down_is_answered_once_it_is_back(
    service: Service, stranger: Phone
) -> None:
    for round in range(3):  # a worker that is busy at that moment must live through it too
        assert stranger.says("hi").text
        service.redis.stop("immediate")
        one_message_without_redis(service, stranger)
        assert len(stranger.heard) == 2 * (round + 1)


def test_the_next_message_is_answered_after_postgresql_crashed_under_a_running_worker(
    service: Service, stranger: Phone
) -> None:
    assert stranger.says("hi").text
    for count in (2, 3):
        service.postgres.restart("immediate")
        assert stranger.says("help").text
        service.settle()
        assert len(stranger.heard) == count


def test_meta_is_told_503_while_postgresql_is_down_and_its_retry_is_answered(
    service: Service, stranger: Phone
) -> None:
    assert stranger.says("hi").text
    service.settle()
    service.postgres.stop("immediate")
    wamid = stranger.say("help")
    service.until(lambda: service.webhooks(wamid), what="attempt")
    assert service.webhooks(wamid)[0]["status"] == 503
    assert service.get("/livez") == 200
    assert service.get("/readyz") == 503
    service.postgres.start()
    service.wish("retry")
    service.until(lambda: len(stranger.heard) == 2, what="answer")
    service.settle()
    attempts = [one["status"] for one in service.webhooks(wamid)]
    assert attempts[-1] == 200
    assert set(attempts[:-1]) == {503}
    assert len(stranger.heard) == 2


def test_a_photo_that_meta_has_forgotten_is_uploaded_anew(service: Service, seeker: Phone) -> None:
    card = seeker.says("PR-1042")
    photo = card.entry["message"]["interactive"]["header"]["image"]["id"]
    service.wish("reset")
    card = seeker.says("PR-1042")
    assert card.entry["message"]["interactive"]["header"]["image"]["id"] != photo


def test_a_worker_killed_in_the_middle_of_sending_loses_nothing_and_says_nothing_twice(
    service: Service,
) -> None:
    before, after = [a_stranger(service) for _ in range(6)], a_stranger(service)
    # Meta takes its time, then accepts: the worker is killed before it hears that.
    service.wish("faults", {"action": "delay", "path": "/messages", "seconds": 2, "times": None})
    for phone in before:
        phone.say("hi")
    service.until(lambda: service.tell("control/idle")["answering"] >= 2, what="message on its way")
    service.kill_worker()
    after.say("hi")
    service.clear_faults()
    service.let_leases_run_out()
    service.start_worker()
    # Of those that were on their way Meta's statuses tell; the rest are said after two minutes' grace.
    service.until(
        lambda: _undecided(service) == 0 and service.is_idle(), what="end of the dead worker's leases"
    )
    service.pass_time(seconds=180)
    service.settle()
    assert [len(phone.heard) for phone in (*before, after)] == [1] * 7


def _undecided(service: Service) -> int:
    """Messages that are being sent, or are about to be."""
    due = "SELECT count(*) FROM inspector_whatsapp_outboxmessage WHERE status IN ('sending', 'pending')"
    undone = "SELECT count(*) FROM bot_conversation WHERE pending_since IS NOT NULL"
    return int(service.ask_database(due) + service.ask_database(undone))
