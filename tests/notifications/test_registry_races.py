"""Two admins at the same template at once, and two releases installed at once."""

from functools import partial

import pytest

from notifications import registry, templates
from notifications.models import MessageTemplate
from tests.at_once import at_once
from tests.notifications.test_registry import BOOKED, WORDING, row
from tests.outbox.witness import Meta

pytest_plugins = ("tests.outbox.fixtures",)
pytestmark = pytest.mark.django_db(transaction=True)


def test_two_wordings_at_once_are_two_versions() -> None:
    first = row()
    wordings = [f"{WORDING} Bye {number}." for number in range(4)]
    written = at_once(
        *(partial(registry.edit, first, body=text, buttons=["Change", "Cancel"]) for text in wordings)
    )
    assert sorted(each.version for each in written) == [2, 3, 4, 5]
    assert {each.body for each in MessageTemplate.objects.filter(name=BOOKED)} >= set(wordings)


def test_two_clicks_on_submit_make_one_template_at_meta(meta: Meta) -> None:
    def click() -> str:
        try:
            return str(registry.submit(MessageTemplate.objects.get(name=BOOKED)).status)
        except registry.CannotSubmit:
            return "refused"

    assert sorted(at_once(click, click, click)) == ["pending", "refused", "refused"]
    assert len(meta.requests("/message_templates")) == 1


def test_what_the_code_declares_is_made_once_by_two_at_once() -> None:
    MessageTemplate.objects.all().delete()
    at_once(registry.declare, registry.declare, registry.declare)
    assert MessageTemplate.objects.count() == len(templates.TEMPLATES)
