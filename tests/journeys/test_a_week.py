"""A week of a busy property: everybody hears what they want, when and by the way they want it, once.

On a service of its own: its clock runs a week ahead of that of the other journeys, and it keeps quiet hours.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.journeys.console import Console
from tests.journeys.phone import Phone
from tests.journeys.service import Json, Service, a_service

LAGOS = ZoneInfo("Africa/Lagos")
BUSY = "PR-1042"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with a_service(tmp_path_factory.mktemp("week"), QUIET_HOURS="21:00-07:00") as service:
        yield service


def now(service: Service) -> datetime:
    found: datetime = service.ask_database("SELECT clock_now()")
    return found.astimezone(LAGOS)


def to(service: Service, hour: int, minute: int = 0) -> None:
    """Let time pass until it is next that hour in Lagos, and see everything out that follows."""
    here = now(service)
    then = here.replace(hour=hour, minute=minute, second=0, microsecond=0)
    wait = (then if then > here else then + timedelta(days=1)) - here
    service.pass_time(seconds=int(wait.total_seconds()) + 1)
    service.settle()


def somebody(service: Service, number: int) -> Phone:
    phone = Phone(service, number=f"+23480300055{number:02}", email=f"seeker{number}@inspector.example")
    phone.connect()
    return phone


def ways(service: Service, phone: Phone, kind: str) -> dict[str, tuple[str, str]]:
    """What became of the newest message of a kind to somebody: (status, reason) by channel."""
    found: list[Json] | None = service.ask_database(
        """
        SELECT json_agg(json_build_array(channel, status, reason) ORDER BY m.id)
        FROM inspector_whatsapp_outboxmessage m JOIN inspector_whatsapp_user u ON u.id = m.account_id
        WHERE u.email = %s AND m.kind = %s
        """,
        phone.email,
        kind,
    )
    return {channel: (status, reason) for channel, status, reason in found or []}


def test_a_week_of_a_busy_property(service: Service) -> None:
    to(service, 10)
    console = Console(service)
    looking, coming, unsure = (somebody(service, number) for number in (1, 2, 3))

    # The first day: one keeps it in view and looks for more; two book it.
    looking.says(BUSY)
    looking.taps("Save")
    looking.says("alerts")
    looking.taps("New alert")
    looking.says("Lekki Phase 1")
    looking.taps("Any kind")
    looking.taps("Any number")
    looking.taps("Any price")
    assert "Alert saved" in looking.taps("At once").text
    coming.books(BUSY, day=3)
    unsure.books(BUSY, day=4)

    # A home of that area can be had again: who looks for one hears at once, and once.
    other = service.ask_database(
        "SELECT ref FROM inspector_whatsapp_property WHERE area = 'Lekki Phase 1' AND status = 'live'"
        " AND ref <> %s ORDER BY ref LIMIT 1",
        BUSY,
    )
    for _ in range(2):
        console.changes("property", other, status="unavailable")
        console.changes("property", other, status="live")
    alert = looking.hears("A new property fits your alert")
    assert other in alert.text
    service.settle()
    assert sum("fits your alert" in one.text for one in looking.heard) == 1

    # At night it is let: letters go at once, phones keep quiet until the morning.
    to(service, 22)
    quiet = {phone: len(phone.heard) for phone in (looking, coming, unsure)}
    console.changes("property", BUSY, status="let")
    service.settle()
    assert {phone: len(phone.heard) for phone in quiet} == quiet
    for phone in (coming, unsure):
        assert ways(service, phone, "inspected_property_changed")["whatsapp"][0] == "held"
        service.mail(phone.email, "About your inspection")
    assert ways(service, looking, "property_gone")["whatsapp"][0] == "held"
    to(service, 7, 1)
    for phone in (coming, unsure):
        assert "Do you want to cancel it?" in phone.heard[-1].text
        assert len(phone.heard) == quiet[phone] + 1
    assert "has been let" in looking.heard[-1].text

    # One calls it off. It can be had after all: the other's inspection stands.
    unsure.taps("Cancel it")
    assert "Cancelled" in unsure.taps("Yes, cancel it").text
    to(service, 9)
    console.changes("property", BUSY, status="live")
    assert "Your inspection stands" in coming.hears("is available again").text
    assert "is available again" in looking.hears("is available again").text

    # Who wants no offers gets the new price by e-mail; START brings them back.
    assert "no more offers here" in looking.says("STOP").text
    before = len(looking.heard)
    price = service.ask_database("SELECT price FROM inspector_whatsapp_property WHERE ref = %s", BUSY)
    console.changes("property", BUSY, price=str(int(price) - 500_000))
    service.settle()
    assert len(looking.heard) == before
    told = ways(service, looking, "price_changed")
    assert told["whatsapp"] == ("withheld", "they stopped offers on WhatsApp")
    assert told["email"][0] in ("accepted", "sent", "delivered")
    assert service.mail(looking.email, "price")["headers"]["List-Unsubscribe"]
    assert "Welcome back" in looking.says("START").text

    # A day and two hours before, a reminder; by template, for nobody has written for a day.
    reminders = []
    for _ in range(20):
        seen = len(coming.heard)
        service.to_next_reminder()
        reminders += [one for one in coming.heard[seen:] if "inspection is" in one.text]
        if len(reminders) == 2:
            break
    assert [one.kind for one in reminders] == ["template", "template"]
    assert list(reminders[0].options) == ["I'm coming", "Change", "Cancel"]

    # The rest of the week passes. Nothing was lost, nothing was said twice, and everything has its reason.
    for _ in range(5):
        to(service, 12)
    service.settle()
    _nothing_is_left(service)


def _nothing_is_left(service: Service) -> None:
    of_messages = "SELECT count(*) FROM inspector_whatsapp_outboxmessage WHERE "
    assert service.ask_database(of_messages + "status IN ('pending', 'waiting', 'held', 'sending')") == 0
    assert service.ask_database(of_messages + "status IN ('uncertain', 'failed')") == 0
    assert service.ask_database(of_messages + "status IN ('withheld', 'expired') AND reason = ''") == 0
    assert service.ask_database(of_messages + "accepted_at > expires_at") == 0
    told = (
        of_messages + "channel IN ('whatsapp', 'email') AND kind <> 'reply' AND status <> 'withheld' "
        'AND NOT story @> \'[{"step": "consent"}]\''
    )
    assert service.ask_database(told + " AND status <> 'expired'") == 0
    ledger = [one for one in service.tell("control/ledger")["entries"] if one["kind"] == "request"]
    keys = [one["callback"] for one in ledger if one.get("wamid") and one.get("callback")]
    assert len(keys) == len(set(keys))
    assert (
        service.ask_database("SELECT count(*) FROM inspector_whatsapp_incident WHERE closed_at IS NULL") == 0
    )
