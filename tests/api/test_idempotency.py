"""A wish with an Idempotency-Key is done once, whatever becomes of its answer."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from inspector_whatsapp import clock
from inspector_whatsapp.models import Answer, Incident
from inspector_whatsapp.models.clock import ClockOffset
from tests.api.inspector import person, service
from tests.at_once import at_once
from tests.factories import UserFactory

pytest_plugins = ("tests.api.fixtures",)
pytestmark = [pytest.mark.urls("tests.api.doors"), pytest.mark.usefixtures("inspectors_keys")]


def wish(name: str = "door", *, key: str | None = "one", client: Any = None) -> Any:
    headers = {} if key is None else {"Idempotency-Key": key}
    return (client or service("events")).post(
        "/api/v1/wishes", {"name": name}, format="json", headers=headers
    )


@pytest.mark.django_db
def test_the_same_wish_again_gets_the_same_answer_and_nothing_is_done() -> None:
    first, again = wish(), wish()
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    assert Incident.objects.filter(kind="wish").count() == 1


@pytest.mark.django_db
def test_a_key_with_another_wish_is_refused() -> None:
    wish()
    other = wish("window")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert Incident.objects.filter(kind="wish").count() == 1


@pytest.mark.django_db
def test_everybody_has_keys_of_their_own() -> None:
    clients = [
        service("events"),
        service("events", client="shop"),
        person(UserFactory()),
        person(UserFactory()),
    ]
    for number, client in enumerate(clients):
        assert wish(f"door {number}", client=client).status_code == 201


@pytest.mark.django_db
@pytest.mark.parametrize("key", [None, "", "x" * 256, "kéy", "a\tb"])
def test_a_key_is_demanded_and_has_a_form(key: str | None) -> None:
    assert wish(key=key).status_code == 400
    assert not Answer.objects.exists()


@pytest.mark.django_db
def test_a_refusal_by_the_rules_is_an_answer_too_and_leaves_nothing_else() -> None:
    first, again = wish("refused"), wish("refused")
    assert (first.status_code, again.status_code) == (409, 409)
    assert first.json() == again.json()
    assert again["Content-Type"] == "application/problem+json"
    assert not Incident.objects.filter(kind="wish").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["break", "a name that is longer than thirty-six letters"])
def test_what_failed_by_accident_or_was_wrong_may_be_asked_for_again(name: str) -> None:
    assert wish(name).status_code in (400, 500)
    assert not Answer.objects.exists()
    assert wish().status_code == 201


@pytest.mark.django_db
def test_a_key_is_forgotten_after_a_day() -> None:
    ClockOffset.objects.get_or_create(pk=1)
    wish()
    clock.move(timedelta(hours=25))
    assert wish("window").status_code == 201


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_with_one_key_do_it_once() -> None:
    for _ in range(5):
        key = str(uuid.uuid4())
        answers = at_once(*[lambda key=key: wish(key, key=key)] * 20)
        bodies = {answer.content for answer in answers if answer.status_code == 201}
        assert len(bodies) == 1
        assert {answer.status_code for answer in answers} <= {201, 409}
        assert Incident.objects.filter(sentence=key).count() == 1
