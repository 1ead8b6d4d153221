"""How free text was understood, as admins see it; and what they mark becomes examples."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from bot.assistant import examples
from bot.assistant.commands import Command, Intent
from bot.models import InboundEvent, Interpretation, Mark
from inspector_whatsapp import clock
from inspector_whatsapp.models import AuditEntry, User
from tests.admin.conftest import World, address, log_in
from tests.factories import ContactFactory, UserFactory

pytestmark = pytest.mark.django_db


def understood(text: str, command: Command, **more: Any) -> Interpretation:
    at = clock.now()
    event = InboundEvent.objects.create(
        key=f"m:{InboundEvent.objects.count()}",
        kind="message",
        contact=ContactFactory(),
        content={},
        text=text,
        said_at=at,
        received_at=at,
        state="done",
    )
    return Interpretation.objects.create(
        **{
            "event": event,
            "text": text,
            "role": "seeker",
            "command": command.to_json(),
            "source": "model",
            "sure": 0.5,
            "milliseconds": 3,
            "at": at,
        }
        | more
    )


@pytest.fixture
def row() -> Interpretation:
    return understood("self con yaba, call 08031234567", Command(Intent.HELP))


def save(staff: Client, row: Interpretation, **form: str) -> str:
    answer = staff.post(address(row, "change"), form)
    row.refresh_from_db()
    return answer.content.decode() if answer.status_code == 200 else ""


def test_one_that_was_wrong_is_marked_with_what_was_meant(
    staff: Client, root: User, row: Interpretation
) -> None:
    assert not save(
        staff, row, marked="wrong", intent="search_properties", slots='{"property_types": ["self_contain"]}'
    )
    assert (row.marked, row.marked_by) == (Mark.WRONG, root)
    assert row.meant == {"intent": "search_properties", "slots": {"property_types": ["self_contain"]}}
    assert AuditEntry.objects.filter(act="changed", page="bot.interpretation", object_id=str(row.pk)).exists()


def test_what_is_no_command_is_refused_with_a_sentence(staff: Client, row: Interpretation) -> None:
    page = save(staff, row, marked="wrong", intent="help", slots='{"areas": ["Yaba"]}')
    assert "That is no such command" in page
    page = save(staff, row, marked="wrong", intent="search_properties", slots='{"price_max": "a lot"}')
    assert "price_max has no such value" in page
    assert row.marked == ""


def test_what_was_meant_goes_with_wrong_alone(staff: Client, row: Interpretation) -> None:
    assert "Mark it wrong" in save(staff, row, marked="right", intent="help", slots="{}")
    assert not save(staff, row, marked="wrong", intent="", slots="{}")
    assert (row.marked, row.meant) == (Mark.WRONG, None)
    assert not save(staff, row, marked="", intent="", slots="{}")
    assert (row.marked, row.marked_by, row.marked_at) == ("", None, None)


def test_marked_ones_are_examples_without_numbers(root: User, row: Interpretation) -> None:
    right = understood("wetin be una fee", Command(Intent.HELP))
    understood("nobody has looked at this", Command(Intent.HELP))
    examples.mark(row, Mark.WRONG, meant=Command(Intent.SEARCH_PROPERTIES), admin=root)
    examples.mark(right, Mark.RIGHT, admin=root)
    found = {record["text"]: record["expected"]["intent"] for record in examples.records(_all())}
    assert found == {"self con yaba, call [number]": "search_properties", "wetin be una fee": "help"}


def test_they_are_downloaded_as_the_evaluation_takes_them(
    staff: Client, root: User, row: Interpretation
) -> None:
    examples.mark(row, Mark.RIGHT, admin=root)
    answer = staff.post(address(Interpretation), {"action": "download", "_selected_action": [str(row.pk)]})
    lines = answer.getvalue().decode().splitlines()
    assert [json.loads(line)["expected"]["intent"] for line in lines] == ["help"]
    assert "08031234567" not in lines[0]
    assert AuditEntry.objects.filter(act="exported").count() == 1


def test_support_marks_and_an_auditor_only_looks(row: Interpretation) -> None:
    for group, changes in (("Support", True), ("Auditor", False)):
        user = UserFactory(is_staff=True, role="admin")
        user.groups.add(Group.objects.get(name=group))
        client = log_in(Client(), user)
        page = client.get(address(row, "change")).content.decode()
        assert ('name="marked"' in page) == changes
        client.post(address(row, "change"), {"marked": "right", "intent": "", "slots": "{}"})
        row.refresh_from_db()
        assert (row.marked == "right") == changes
        Interpretation.objects.update(marked="")


def test_a_list_is_narrowed_by_what_was_guessed_and_by_intent(staff: Client, world: World) -> None:
    sure = understood("sure of it", Command(Intent.SMALLTALK), sure=0.95)
    found = staff.get(address(Interpretation) + "?sure=no").content.decode()
    assert "sure of it" not in found
    found = staff.get(address(Interpretation) + "?intent=smalltalk").content.decode()
    assert "sure of it" in found
    assert sure.text


def _all() -> Any:
    return Interpretation.objects.order_by("pk")
