"""`manage.py submit_templates` against a Cloud API that answers as Meta does."""

import json
from io import StringIO
from typing import Any

import pytest
import responses
from django.conf import settings
from django.core.management import CommandError, call_command

from notifications import registry
from notifications.models import MessageTemplate
from notifications.templates import TEMPLATES

pytestmark = pytest.mark.django_db

URL = (
    f"{settings.WHATSAPP_API_URL}/{settings.WHATSAPP_API_VERSION}/"
    f"{settings.WHATSAPP_BUSINESS_ACCOUNT_ID}/message_templates"
)


def submitted(*there: dict[str, Any], dry_run: bool = False) -> tuple[str, list[str]]:
    """What the command said, and the names it posted, when Meta has these templates."""
    out = StringIO()
    with responses.RequestsMock(assert_all_requests_are_fired=False) as meta:
        meta.get(URL, json={"data": list(there)})
        meta.post(URL, json={"id": "1", "status": "PENDING", "category": "UTILITY"})
        call_command("submit_templates", dry_run=dry_run, stdout=out)
        posted = [
            json.loads(call.request.body or b"")["name"]
            for call in meta.calls
            if call.request.method == "POST"
        ]
    return out.getvalue(), posted


def at_meta(index: int, **more: Any) -> dict[str, Any]:
    return TEMPLATES[index].definition() | {"id": "1", "status": "APPROVED"} | more


def test_what_is_missing_is_submitted() -> None:
    said, posted = submitted()
    assert posted == [template.name for template in TEMPLATES]
    assert "inspection_booked (en): submitted, pending." in said


def test_what_is_there_is_left_alone() -> None:
    said, posted = submitted(*(at_meta(number) for number in range(len(TEMPLATES))))
    assert posted == []
    assert said.count("there, approved.") == len(TEMPLATES)


def test_a_dry_run_submits_nothing() -> None:
    said, posted = submitted(at_meta(0), dry_run=True)
    assert posted == []
    assert said.count("would be submitted") == len(TEMPLATES) - 1


def test_a_rejected_or_another_text_is_said() -> None:
    said, _ = submitted(
        at_meta(0, status="REJECTED", rejected_reason="INVALID_FORMAT"),
        at_meta(1, components=[{"type": "BODY", "text": "Something else"}]),
    )
    assert "there, rejected (INVALID_FORMAT)." in said
    assert "it is not what we would submit" in said


def test_a_refusal_ends_the_command_with_the_names() -> None:
    error = {"error": {"message": "no", "code": 100, "error_data": {"details": "bad"}}}
    with responses.RequestsMock() as meta:
        meta.get(URL, json={"data": []})
        meta.post(URL, json=error, status=400)
        with pytest.raises(CommandError, match=r"Not submitted: inspection_booked \(en\)"):
            call_command("submit_templates", stdout=StringIO(), stderr=StringIO())


def test_what_is_approved_at_once_can_be_sent_when_the_command_ends() -> None:
    submitted()
    assert set(MessageTemplate.objects.values_list("status", flat=True)) == {"pending"}
    submitted(*(at_meta(number) for number in range(len(TEMPLATES))))
    assert set(MessageTemplate.objects.values_list("status", flat=True)) == {"approved"}


def test_what_an_admin_worded_is_not_submitted_for_them() -> None:
    first = MessageTemplate.objects.get(name="update_waiting")
    registry.edit(first, body="There is news for you. Reply to see it.", buttons=[])
    _, posted = submitted()
    assert posted == [template.name for template in TEMPLATES]
