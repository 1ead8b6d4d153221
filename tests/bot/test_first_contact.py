"""`manage.py whatsapp_setup` against the simulator: what it finds, says and sets."""

from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.management import CommandError, call_command
from pytest_django import Settings

from bot import forms, matching, menus
from bot.first_contact import AUTOMATION, GREETING, SCREENS
from inspector_whatsapp.cloud_api import business, limits
from inspector_whatsapp.cloud_api.events import parsing
from inspector_whatsapp.words import Reader
from notifications.meta import client
from notifications.templates import TEMPLATES
from tests.outbox.witness import Meta

pytest_plugins = ("tests.outbox.fixtures",)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def reached(meta: Meta, settings: Settings) -> None:
    settings.PUBLIC_URL = f"http://127.0.0.1:{meta.door.port}"
    settings.WHATSAPP_MESSAGES_PER_SECOND = 60


def walked(**options: bool) -> tuple[list[str], int]:
    """Its lines, and how many things it finds wrong."""
    out = StringIO()
    try:
        call_command("whatsapp_setup", stdout=out, **options)
    except CommandError as error:
        said = str(error).split()[0]
        return out.getvalue().splitlines(), 1 if said == "One" else int(said)
    assert out.getvalue().endswith("Nothing is wrong.\n")
    return out.getvalue().splitlines(), 0


def wrong(meta: Meta, **facts: Any) -> str:
    """The one thing that it finds wrong where Meta has these facts."""
    meta.control("business", facts)
    lines, many = walked(dry_run=True)
    found = [line.removeprefix("WRONG  ") for line in lines if line.startswith("WRONG")]
    assert len(found) == many == 1, lines
    return found[0]


def test_from_nothing_everything_is_set_once(meta: Meta) -> None:
    nothing = {"subscribed": False, "callback_url": "", "fields": []}
    meta.control("business", nothing)
    lines, many = walked(dry_run=True)
    assert many == 0
    assert sum(line.startswith("would") for line in lines) == 6
    assert meta.tell("business") | nothing == meta.tell("business")
    assert not meta.tell("templates")["templates"]

    lines, many = walked()
    assert many == 0, lines
    assert sum(line.startswith(" done") for line in lines) == 6
    there = meta.tell("business")
    assert there["subscribed"]
    assert there["callback_url"].endswith("/webhooks/whatsapp")
    assert set(there["fields"]) == set(business.FIELDS)
    assert there["automation"]["prompts"] == list(AUTOMATION.prompts)
    assert len(meta.tell("templates")["templates"]) == len(TEMPLATES)

    lines, many = walked()
    assert many == 0, lines
    assert not any(line.startswith((" done", "would")) for line in lines)
    assert any("https://wa.me/message/" in line for line in lines)


def test_a_webhook_of_somebody_elses_is_taken_over_only_when_told(meta: Meta) -> None:
    elsewhere = "https://staging.inspector.example/webhooks/whatsapp"
    assert f"webhooks go to {elsewhere}, not to" in wrong(meta, callback_url=elsewhere, fields=["flows"])
    assert walked()[1] == 1
    assert meta.tell("business")["callback_url"] == elsewhere
    assert walked(take_over=True)[1] == 0
    assert meta.tell("business")["callback_url"] != elsewhere
    assert "flows" in meta.tell("business")["fields"]  # what else somebody reads of it stays


def test_a_webhook_that_does_not_answer_is_told(meta: Meta, settings: Settings) -> None:
    meta.control("business", {"callback_url": ""})
    settings.PUBLIC_URL = "http://127.0.0.1:9"
    lines, many = walked()
    assert many == 1
    assert any("Meta could not set the webhook" in line and SCREENS["webhook"] in line for line in lines)


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"scopes": ["whatsapp_business_messaging"]}, "not the right whatsapp_business_management"),
        ({"scopes": ["whatsapp_business_management"]}, "not the right whatsapp_business_messaging"),
        ({"expires_at": 1_700_000_000}, "The token ends on 14 November 2023"),
        ({"override": "https://other.example/hook"}, "own webhook goes to https://other.example/hook"),
        ({"number": {"display_phone_number": "+234 701 111 1111"}}, "but the number is +2347011111111"),
        ({"number": {"platform_type": "ON_PREMISE"}}, "on ON_PREMISE, not on the Cloud API"),
        ({"number": {"status": "PENDING"}}, "The number is PENDING: register it"),
        ({"number": {"name_status": "DECLINED"}}, "The number's name is DECLINED"),
        ({"number": {"quality_rating": "RED"}}, "quality is RED"),
        (
            {
                "number": {
                    "health_status": {
                        "can_send_message": "BLOCKED",
                        "entities": [{"errors": [{"error_description": "No payment method"}]}],
                    }
                }
            },
            "Sending is BLOCKED: No payment method.",
        ),
    ],
)
def test_what_is_wrong_is_said_in_words(meta: Meta, facts: Mapping[str, Any], says: str) -> None:
    assert says in wrong(meta, **facts)


def test_a_token_that_is_not_for_the_account_is_told(meta: Meta) -> None:
    meta.control("business", {"accounts": ["1"]})
    lines, many = walked(dry_run=True)
    assert many == 2  # either right
    assert sum("Assign the account to the system user" in line for line in lines) == 2


def test_without_a_good_token_nothing_else_is_asked(settings: Settings) -> None:
    settings.WHATSAPP_ACCESS_TOKEN = "another-token"
    lines, many = walked()
    assert many == 1
    assert "Meta refuses WHATSAPP_ACCESS_TOKEN" in lines[-1]
    assert "another-token" not in "".join(lines)


def test_a_wrong_app_secret_and_a_wrong_number_are_told(settings: Settings) -> None:
    settings.WHATSAPP_APP_SECRETS = ["another-secret"]
    lines, many = walked(dry_run=True)
    assert many == 1
    assert any("WHATSAPP_APP_SECRET is not the secret of the app" in line for line in lines)
    assert "another-secret" not in "".join(lines)
    settings.WHATSAPP_PHONE_NUMBER_ID = "1"
    lines, many = walked(dry_run=True)
    assert any("is no number of the account" in line for line in lines)


def test_a_pace_above_metas_and_an_address_without_https_are_told(settings: Settings) -> None:
    settings.WHATSAPP_MESSAGES_PER_SECOND = 80
    settings.PUBLIC_URL = "http://wa.inspector.example"
    lines, _many = walked(dry_run=True)
    assert any("Meta takes fewer of a number with STANDARD throughput" in line for line in lines)
    assert any("Meta posts to https alone" in line for line in lines)


# --- what is set -------------------------------------------------------------------------------------------


def test_every_field_that_is_subscribed_is_read() -> None:
    read = parsing.ACCOUNT_FIELDS | {"messages", "user_preferences", "user_id_update"}
    assert set(business.FIELDS) == read


def test_the_bot_knows_what_a_chat_may_begin_with() -> None:
    lines = {
        matching.folded(words)
        for menu in (*menus.MENUS.values(), menus.STRANGER)
        for item in menu
        for words in (item.title.put(Reader(language="en")), *item.also)
    }
    for prompt in AUTOMATION.prompts:
        words = matching.folded(prompt)
        assert words in menus.COMMANDS or words in lines, prompt
    for name, _says in AUTOMATION.commands:
        assert name in menus.COMMANDS


def test_meta_refuses_what_is_too_long_and_so_do_we(meta: Meta) -> None:
    for prompts in (("x",) * 5, ("x" * 81,), ("",), ("Hi 😀",)):
        with pytest.raises(limits.Broken):
            business.automate(client(), business.Automation(prompts, ()))
    assert len(GREETING) <= limits.PREFILLED


def test_the_guide_names_the_screens_that_the_command_names() -> None:
    page = (Path(configured.BASE_DIR) / "docs" / "going-live.md").read_text().replace("*", "")
    page = " ".join(page.split())
    for screen in SCREENS.values():
        for name in screen.removeprefix("the app's dashboard, ").split(", "):
            assert name in page, name


def test_the_booking_form_is_published_and_named_until_the_setting_names_it(
    meta: Meta, settings: Settings
) -> None:
    walked()
    (form,) = meta.tell("forms")["forms"]
    assert (form["name"], form["status"]) == (forms.BOOKING_NAME, "PUBLISHED")
    lines, many = walked(form=True)
    assert (many, lines[0]) == (
        0,
        f" note  The booking form is not used; WHATSAPP_BOOKING_FLOW_ID={form['id']} has it shown.",
    )
    settings.WHATSAPP_BOOKING_FLOW_ID = form["id"]
    assert walked(form=True)[0][0] == f"   ok  The booking form is {form['id']}, and used."
    assert len(meta.tell("forms")["forms"]) == 1

    meta.control("forms", {"id": form["id"], "status": "BLOCKED"})
    assert "The booking form is BLOCKED: see" in walked(form=True)[0][0]
    settings.WHATSAPP_BOOKING_FLOW_ID = "7"
    assert "is 7, no form of the account's: set" in walked(form=True)[0][0]


def test_another_releases_form_is_told_and_a_draft_is_published(meta: Meta, settings: Settings) -> None:
    older = business.make_form(
        client(),
        configured.WHATSAPP_BUSINESS_ACCOUNT_ID,
        name="booking older",
        category="APPOINTMENT_BOOKING",
        document=forms.BOOKING,
    )
    draft = business.make_form(
        client(),
        configured.WHATSAPP_BUSINESS_ACCOUNT_ID,
        name=forms.BOOKING_NAME,
        category="APPOINTMENT_BOOKING",
        document=forms.BOOKING,
    )
    settings.WHATSAPP_BOOKING_FLOW_ID = older.id
    assert "would be made and published" in walked(form=True, dry_run=True)[0][0]
    lines, many = walked(form=True)
    assert many == 1
    assert f"is {older.id}, the form of another release: set {draft.id}." in lines[1]
    assert meta.tell("forms")["forms"][1]["status"] == "PUBLISHED"
