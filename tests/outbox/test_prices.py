"""What Meta charges: each delivered message counted once, in whatever order it is said."""

from datetime import UTC, datetime
from decimal import Decimal
from itertools import permutations

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from pytest_django import Settings

from bot import inbox
from inspector_whatsapp import clock, outbox, prices
from inspector_whatsapp.models import Incident, OutboxMessage, PriceCategory, PriceCount
from tests.admin.conftest import log_in
from tests.factories import UserFactory
from tests.outbox import scenes
from tests.outbox.test_statuses import accepted, post, status
from tests.outbox.witness import Meta

pytest_plugins = ("tests.outbox.fixtures",)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("the_clock")]

What = tuple[int, str]  # which message, and what is said of it
PRICED = {"category": "utility", "billable": True, "pricing_model": "PMP", "type": "regular"}


def say(message: OutboxMessage, word: str, *, batch: str, **pricing: object) -> None:
    """Meta says it, with a price or without."""
    more = {"pricing": pricing} if pricing else {}
    post([status(word, message, **more)], batch=f"{message.pk}{word}{batch}")


def counts() -> dict[tuple[str, bool], int]:
    return {(row.category, row.billable): row.count for row in PriceCount.objects.all()}


@pytest.mark.parametrize("order", list(permutations(["sent", "delivered", "read"])))
@pytest.mark.parametrize("priced", ["delivered", "read"])
def test_in_whatever_order_statuses_come_a_message_is_counted_once(
    order: tuple[str, ...], priced: str
) -> None:
    message = accepted()
    for batch in ("once", "twice"):
        for word in order:
            say(message, word, batch=batch, **(PRICED if word in ("sent", priced) else {}))
            inbox.drain()
            prices.count()
    assert counts() == {("utility", True): 1}


WHAT = some.tuples(some.integers(0, 2), some.sampled_from(["sent", "delivered", "read"]))


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=some.lists(WHAT, max_size=8), priced=some.sets(WHAT))
def test_exactly_what_was_delivered_is_counted(said: list[What], priced: set[What]) -> None:
    PriceCount.objects.all().delete()
    messages = [accepted() for _ in range(3)]
    for number, (which, word) in enumerate(said):
        say(messages[which], word, batch=str(number), **(PRICED if (which, word) in priced else {}))
        inbox.drain()
        prices.count()
    delivered = {which for which, word in said if word != "sent"}
    known = {which for which, word in said if (which, word) in priced}
    assert sum(counts().values()) == len(delivered & known)


def test_what_was_only_sent_costs_nothing() -> None:
    message = accepted()
    say(message, "sent", batch="", **PRICED)
    inbox.drain()
    prices.count()
    message.refresh_from_db()
    assert (message.price_category, message.billable) == ("utility", True)
    assert counts() == {}


def test_the_price_of_what_was_delivered_counts_and_not_what_was_thought_when_it_was_sent() -> None:
    message = accepted()
    say(message, "sent", batch="", **PRICED)
    say(message, "delivered", batch="", category="service", billable=False)
    inbox.drain()
    prices.count()
    assert counts() == {("service", False): 1}


def test_the_day_is_the_services_own(settings: Settings) -> None:
    message = accepted()
    late = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)  # half past midnight in Lagos
    post([status("delivered", message, timestamp=str(int(late.timestamp())), pricing=PRICED)])
    inbox.drain()
    prices.count()
    assert [f"{row.day}" for row in PriceCount.objects.all()] == ["2026-11-21"]


def test_the_simulators_messages_are_counted(meta: Meta) -> None:
    for _ in range(3):
        scenes.reply(scenes.listener(meta))
    outbox.drain()
    meta.statuses_come_in()
    outbox.sweep()
    outbox.sweep()
    assert sum(counts().values()) == 3


# --- the month ---


def spend(messages: int) -> None:
    PriceCount.objects.create(day=clock.now().date(), category="marketing", billable=True, count=messages - 1)
    message = accepted()
    say(message, "delivered", batch=str(messages), **(PRICED | {"category": "marketing"}))
    inbox.drain()
    outbox.sweep()


def warned() -> list[str]:
    incidents = Incident.objects.filter(kind="monthly_budget").order_by("key")
    return [incident.key.partition(":")[2] for incident in incidents]


@pytest.mark.parametrize(("messages", "wanted"), [(100, []), (799, []), (800, ["80"]), (1000, ["100", "80"])])
def test_a_person_is_told_at_four_fifths_of_the_budget_and_when_it_is_used_up(
    settings: Settings, messages: int, wanted: list[str]
) -> None:
    settings.WHATSAPP_MONTHLY_BUDGET = 50
    PriceCategory.objects.create(category="marketing", price=Decimal("0.05"), currency="USD")
    spend(messages)
    assert warned() == wanted


def test_once_a_month_is_enough(settings: Settings) -> None:
    settings.WHATSAPP_MONTHLY_BUDGET = 50
    PriceCategory.objects.create(category="marketing", price=Decimal("0.05"), currency="USD")
    spend(900)
    Incident.objects.update(closed_at=clock.now())
    message = accepted()
    say(message, "delivered", batch="more", **(PRICED | {"category": "marketing"}))
    inbox.drain()
    outbox.sweep()
    assert [incident.times for incident in Incident.objects.filter(kind="monthly_budget")] == [1]


def test_without_a_budget_nobody_is_told() -> None:
    PriceCategory.objects.create(category="marketing", price=Decimal(5), currency="USD")
    spend(100_000)
    assert warned() == []


def test_prices_of_two_currencies_have_no_sum() -> None:
    PriceCategory.objects.create(category="marketing", price=Decimal("0.05"), currency="USD")
    with pytest.raises(ValidationError, match="USD"):
        PriceCategory(category="utility", price=Decimal(5), currency="NGN").full_clean()


def test_a_category_may_be_written_as_meta_does_and_is_the_one_that_is_counted() -> None:
    price = PriceCategory(category="Authentication-International", price=Decimal("0.05"), currency="USD")
    price.full_clean()
    assert price.category == "authentication_international"


def test_the_console_shows_months_and_their_sums(client: Client) -> None:
    PriceCategory.objects.create(category="marketing", price=Decimal("0.05"), currency="USD")
    spend(1000)
    log_in(client, UserFactory(is_staff=True, is_superuser=True))
    page = client.get("/admin/inspector_whatsapp/pricecount/").content.decode()
    assert "50.00 USD" in page
