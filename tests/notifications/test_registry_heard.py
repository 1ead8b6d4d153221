"""What Meta says of templates by webhook: the bodies as Meta sends them, in any order, of any template."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from bot import inbox, webhook
from bot.models import InboundEvent, InboundState
from inspector_whatsapp import clock
from inspector_whatsapp.cloud_api.signature import sign
from inspector_whatsapp.models import Incident, OutboxMessage
from notifications import registry
from notifications.models import MessageTemplate
from notifications.registry import Unusable, Usable
from tests.factories import ContactFactory
from tests.notifications.approved import approve_all
from tests.notifications.test_registry import BOOKED, found, row, stands, why

pytestmark = pytest.mark.django_db

FOLDER = Path(__file__).parent.parent / "payloads"
SENT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)  # when the payloads were sent
FAMILY = (
    *("template_approved", "template_rejected", "template_disabled", "template_archived"),
    *("template_reinstated", "template_flagged", "template_paused", "template_quality"),
    *("template_category", "template_category_ahead", "template_components"),
)


@pytest.fixture(autouse=True)
def ours_are_approved(db: None) -> None:
    clock.move(SENT + timedelta(minutes=5) - clock.now())
    approve_all()


def hears(name: str, *, seconds: int = 0, of: str = BOOKED, **more: Any) -> None:
    """A body of Meta's, `seconds` after the others, about a template of ours."""
    body = json.loads((FOLDER / f"{name}.json").read_text())
    (entry,) = body["entry"]
    entry["time"] += seconds
    entry["changes"][0]["value"] |= {"message_template_name": of} | more
    raw = json.dumps(body).encode()
    assert webhook.receive(raw, sign(raw, settings.WHATSAPP_APP_SECRETS[0])) == 200
    inbox.drain()


def incidents() -> set[str]:
    return set(Incident.objects.filter(closed_at=None).values_list("kind", flat=True))


@pytest.mark.parametrize("name", FAMILY)
def test_each_is_taken_for_a_template_of_ours(name: str) -> None:
    hears(name)
    assert row().meta_id == "1689556908129832"
    assert InboundEvent.objects.get().state == InboundState.DONE
    assert not {kind for kind in incidents() if kind.startswith("meta_")}


@pytest.mark.parametrize("name", FAMILY)
def test_each_of_a_template_that_is_none_of_ours_is_an_incident_and_no_more(name: str) -> None:
    before = list(MessageTemplate.objects.order_by("pk").values())
    hears(name, of="a_strangers")
    assert list(MessageTemplate.objects.order_by("pk").values()) == before
    assert len(incidents()) == 1
    assert incidents().pop().startswith("meta_")


def test_a_rejection_is_kept_with_all_its_reasons() -> None:
    hears("template_rejected")
    assert row().reason == (
        "INVALID_FORMAT; The variables have no context around them; Add words around the variables"
    )
    assert why().startswith("inspection_booked (en) was rejected by Meta (INVALID_FORMAT; ")


def test_an_approval_is_no_incident() -> None:
    stands(status="pending")
    hears("template_approved")
    assert found().template == BOOKED
    assert incidents() == set()


def test_what_comes_late_and_is_older_changes_nothing() -> None:
    hears("template_paused", seconds=20)
    hears("template_approved", seconds=10)
    assert row().status == "paused"
    hears("template_reinstated", seconds=30)
    hears("template_paused", seconds=20)
    assert found().template == BOOKED
    assert incidents() == set()


def test_a_language_with_a_hyphen_is_the_one_with_an_underscore() -> None:
    stands(language="en_US")
    hears("template_paused", message_template_language="en-US")
    assert row().status == "paused"


@pytest.mark.parametrize("number", [17, "17"])
def test_an_id_is_a_number_or_a_text(number: int | str) -> None:
    hears("template_paused", message_template_id=number)
    assert row().meta_id == "17"


@pytest.mark.parametrize(
    "odd",
    [
        {"event": None},
        {"event": 5},
        {"event": "SOMETHING_NEW"},
        {"event": ["PAUSED"]},
        {"message_template_name": None},
        {"message_template_language": 7},
        {"other_info": "?", "reason": {}, "event": "WHAT"},
    ],
)
def test_what_cannot_be_read_changes_nothing_and_reaches_a_person(odd: dict[str, Any]) -> None:
    hears("template_paused", **odd)
    assert found().template == BOOKED
    assert incidents() == {"meta_message_template_status_update"}


def test_a_flagged_one_is_sent_still_and_its_quality_is_low() -> None:
    hears("template_flagged")
    assert found().template == BOOKED
    assert row().quality == "red"


def test_another_business_account_is_none_of_ours() -> None:
    MessageTemplate.objects.update(meta_id="")
    body = json.loads((FOLDER / "template_paused.json").read_text())
    body["entry"][0]["id"] = "999"
    body["entry"][0]["changes"][0]["value"]["message_template_name"] = BOOKED
    raw = json.dumps(body).encode()
    assert webhook.receive(raw, sign(raw, settings.WHATSAPP_APP_SECRETS[0])) == 200
    inbox.drain()
    assert found().template == BOOKED


def test_the_incident_names_the_kinds_that_fall_back() -> None:
    for kind in ("inspection_booked", "inspection_moved"):
        said_by_template(kind)
    hears("template_paused")
    sentence = Incident.objects.get(kind="template_lost").sentence
    assert sentence.endswith("These fall back to e-mail: inspection_booked, inspection_moved.")


def said_by_template(kind: str, **more: Any) -> OutboxMessage:
    now = clock.now()
    parameter = {"type": "text", "parameter_name": "person", "text": "Chidi"} | more
    body = {
        "type": "template",
        "template": {
            "name": BOOKED,
            "language": {"code": "en"},
            "components": [{"type": "body", "parameters": [parameter]}],
        },
    }
    fields = {"kind": kind, "channel": "whatsapp", "contact": ContactFactory(), "body": body}
    return OutboxMessage.objects.create(**fields, created_at=now, not_before=now)


def test_a_text_that_was_edited_at_meta_is_compared_with_ours() -> None:
    hears("template_components")
    unusable = registry.find(BOOKED, language="en")
    assert isinstance(unusable, Unusable)
    assert unusable.why.endswith("has other parameters at Meta: {{number}} instead of {{ref}}")
    assert incidents() == {"template_edited"}


def test_one_that_was_made_there_by_hand_is_looked_up_first() -> None:
    stands(status="draft")
    hears("template_approved")
    assert row().status == "draft"
    assert not isinstance(registry.find(BOOKED, language="en"), Usable)
