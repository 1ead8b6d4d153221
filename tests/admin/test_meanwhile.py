"""Two of the staff at one row: nobody's work is lost without a word."""

import re
from typing import Any

import pytest
from django.test import Client

from inspector_whatsapp.models import User
from notifications.models import ReminderRule
from tests.admin.conftest import address, log_in
from tests.at_once import at_once
from tests.factories import UserFactory


def opened(client: Client, row: User | ReminderRule) -> dict[str, Any]:
    """The fields of a row's page, as the browser would send them back."""
    page = client.get(address(row, "change"))
    form = page.context["adminform"].form
    sent: dict[str, Any] = {}
    for field in form:
        value = field.value()
        if isinstance(value, (list, tuple)):
            sent[field.name] = [getattr(one, "pk", one) for one in value]
        elif value is True:
            sent[field.name] = "on"
        elif value not in (None, False):
            sent[field.name] = field.field.prepare_value(value) if not isinstance(value, str) else value
    seen = re.search(r'name="_seen" value="([^"]+)"', page.content.decode())
    assert seen
    return {**sent, "_seen": seen[1]}


@pytest.mark.django_db
def test_whoever_saves_second_is_told_what_changed_and_may_save_again(staff: Client) -> None:
    rule = ReminderRule.objects.order_by("pk").first()
    assert rule is not None
    mine, theirs = opened(staff, rule), opened(staff, rule)
    assert staff.post(address(rule, "change"), theirs | {"minutes_before": "720"}).status_code == 302
    second = staff.post(address(rule, "change"), mine | {"name": "Reminder: mine"})
    page = second.content.decode()
    assert second.status_code == 200
    assert "Somebody has changed this meanwhile (Minutes before)" in page
    assert 'value="Reminder: mine"' in page
    rule.refresh_from_db()
    assert (rule.minutes_before, rule.name != "Reminder: mine") == (720, True)
    seen = re.search(r'name="_seen" value="([^"]+)"', page)
    assert seen
    again = mine | {"name": "Reminder: mine", "minutes_before": "600", "_seen": seen[1]}
    assert staff.post(address(rule, "change"), again).status_code == 302
    rule.refresh_from_db()
    assert (rule.minutes_before, rule.name) == (600, "Reminder: mine")


@pytest.mark.django_db
def test_what_the_service_changes_besides_the_form_stops_nobody(staff: Client) -> None:
    account = UserFactory(name="Bisi")
    mine = opened(staff, account)
    User.objects.filter(pk=account.pk).update(version=account.version + 1)
    assert staff.post(address(account, "change"), mine | {"name": "Bisi Ade"}).status_code == 302
    account.refresh_from_db()
    assert account.name == "Bisi Ade"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_in_the_same_moment_one_is_told() -> None:
    account = UserFactory(name="Bisi")
    staff = [
        log_in(Client(), UserFactory(email=f"root{n}@example.com", is_staff=True, is_superuser=True))
        for n in range(2)
    ]
    forms = [opened(client, account) | {"name": f"Bisi {n}"} for n, client in enumerate(staff)]

    def save(n: int) -> int:
        return staff[n].post(address(account, "change"), forms[n]).status_code

    assert sorted(at_once(lambda: save(0), lambda: save(1))) == [200, 302]
    assert User.objects.get(pk=account.pk).name in ("Bisi 0", "Bisi 1")
