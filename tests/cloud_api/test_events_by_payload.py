"""Every kind of webhook Meta sends, one file each, and what we make of it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from inspector_whatsapp.cloud_api.events import (
    AccountEvent,
    ContactsSent,
    Content,
    Edited,
    ErrorsReported,
    Event,
    FormAnswered,
    LocationSent,
    MediaSent,
    MessageReceived,
    NumberChanged,
    Ordered,
    PreferenceChanged,
    Reacted,
    Revoked,
    Sender,
    StatusChanged,
    Tapped,
    TextSaid,
    Unknown,
    UnknownContent,
    Unsupported,
    UserIdChanged,
    UserIdUpdated,
    from_json,
    parse,
    to_json,
)

PAYLOADS = Path(__file__).parents[1] / "payloads"
PHONE, USER = "+2348030000001", "NG.13491208655302741918"
OURS = "wamid.HBgNMjM0ODAzMDAwMDAwMRUCABEYEjlBM0I="
WHEN = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DIGEST = "SfInY0gGKTsJlUWbwxC1k+FAD0FZHvzwfpvO0zX0GUI="
LOOKASIDE = (
    "https://lookaside.fbsbx.com/whatsapp_business/attachments/"
    "?mid=1003383421387256&source=webhook&ext=1795349100&hash=ARnT"
)

CONTENTS: dict[str, Content] = {
    "text": TextSaid("Hello, is PR-1042 still free?"),
    "text_with_emoji_and_accents": TextSaid("Ẹ káàárọ̀ 🏠👍🏾 ₦500"),
    "text_quoting_a_message": TextSaid("this one"),
    "text_forwarded_many_times": TextSaid("Flat to let!!"),
    "text_from_an_advertisement": TextSaid("More about this?"),
    "text_from_username_without_phone": TextSaid("hi"),
    "text_from_username_with_phone": TextSaid("hi"),
    "text_whose_from_is_a_user_id": TextSaid("hi"),
    "text_from_phone_only": TextSaid("hi"),
    "text_without_contacts": TextSaid("hi"),
    "text_from_parent_user_id": TextSaid("hi"),
    "text_without_profile_name": TextSaid("hi"),
    "text_with_absurd_timestamp": TextSaid("hi"),
    "text_in_a_group": TextSaid("hi all"),
    "text_with_nul_and_lone_surrogate": TextSaid("a\ufffdb\ufffdc"),
    "image": MediaSent(
        "image", "1003383421387256", "image/jpeg", DIGEST, caption="The kitchen", url=LOOKASIDE
    ),
    "image_without_url": MediaSent("image", "1003383421387256", "image/jpeg", DIGEST),
    "video": MediaSent(
        "video", "1166846181421424", "video/mp4", "t3PaP7L0nUc3TpQ1Xh8yxw==", caption="A walk through"
    ),
    "voice_message": MediaSent("audio", "1908647269898587", "audio/ogg; codecs=opus", "oL3h6bK1pB8="),
    "document": MediaSent(
        "document", "1376223850470843", "application/pdf", "W7E1nO1Gr7V=", caption="My ID", filename="id.pdf"
    ),
    "sticker": MediaSent("sticker", "798882015472548", "image/webp", "qP8R5cqWGUc="),
    "location_of_a_place": LocationSent(6.4281, 3.4219, "Eko Hotel", "1415 Adetokunbo Ademola St, Lagos"),
    "location_of_the_person": LocationSent(6.5, 3.35),
    "contact_card": ContactsSent(("+2348030000002",), requested=False),
    "contact_that_was_asked_for": ContactsSent((PHONE,), requested=True),
    "reaction": Reacted(OURS, "👍"),
    "reaction_taken_back": Reacted(OURS, ""),
    "reply_button_tapped": Tapped("v1|ask|sure|yes", "Yes, book it"),
    "list_row_tapped": Tapped("v1|ask|slot|991", "Sat 10:00"),
    "template_button_tapped": Tapped("v1|start|reschedule|IN-3107", "Reschedule"),
    "template_button_without_context": Tapped("Stop alerts", "Stop alerts"),
    "form_answered": FormAnswered({"flow_token": "t_8d", "slot": "991"}),
    "form_answered_without_token": FormAnswered({"slot": "991"}),
    "interactive_without_its_object": UnknownContent("interactive"),
    "order": Ordered(),
    "edit": Edited(OURS, "Sunday, not Saturday"),
    "revoke": Revoked(OURS),
    "system_number_changed": NumberChanged("+2348030000077"),
    "system_user_id_changed": UserIdChanged("NG.99991208655302741918", PHONE),
    "system_identity_changed": UnknownContent("system:customer_identity_changed"),
    "unsupported_poll": Unsupported("poll"),
    "type_of_the_future": UnknownContent("hologram"),
}
SENDERS = {
    "text": Sender(PHONE, USER, None, "Ada Obi"),
    "text_from_username_without_phone": Sender(None, USER, "ada.obi", "Ada"),
    "text_from_username_with_phone": Sender(PHONE, USER, "ada.obi", "Ada"),
    "text_whose_from_is_a_user_id": Sender(None, USER, None, "Ada"),
    "text_from_phone_only": Sender(PHONE, None, None, "Ada Obi"),
    "text_without_contacts": Sender(PHONE, USER),
    "text_from_parent_user_id": Sender(None, "NG.ENT.11815799212886844830"),
    "text_without_profile_name": Sender(PHONE, USER),
    "system_number_changed": Sender(PHONE, USER),
}
STATUSES = {
    "status_sent": ("sent", PHONE, USER, None, "utility", True),
    "status_sent_with_conversation": ("sent", PHONE, USER, None, "service", False),
    "status_delivered": ("delivered", PHONE, USER, None, "utility", True),
    "status_read": ("read", PHONE, USER, None, None, None),
    "status_played": ("played", PHONE, USER, None, None, None),
    "status_failed_window_closed": ("failed", PHONE, None, 131047, None, None),
    "status_failed_undeliverable": ("failed", PHONE, None, 131026, None, None),
    "status_in_a_group": ("delivered", PHONE, None, None, None, None),
    "status_read_without_phone": ("read", None, USER, None, None, None),
}
ACCOUNT = {
    "template_approved": ("message_template_status_update", "event", "APPROVED"),
    "template_paused": ("message_template_status_update", "event", "PAUSED"),
    "template_rejected": ("message_template_status_update", "reason", "INVALID_FORMAT"),
    "template_disabled": ("message_template_status_update", "event", "DISABLED"),
    "template_archived": ("message_template_status_update", "event", "ARCHIVED"),
    "template_reinstated": ("message_template_status_update", "event", "REINSTATED"),
    "template_flagged": ("message_template_status_update", "event", "FLAGGED"),
    "template_components": ("message_template_components_update", "message_template_footer", "Inspector"),
    "template_category_ahead": ("template_category_update", "correct_category", "MARKETING"),
    "template_quality": ("message_template_quality_update", "new_quality_score", "YELLOW"),
    "template_category": ("template_category_update", "new_category", "MARKETING"),
    "phone_quality": ("phone_number_quality_update", "current_limit", "TIER_2K"),
    "capability": ("business_capability_update", "max_daily_conversations_per_business", "TIER_10K"),
    "account_restricted": ("account_update", "event", "ACCOUNT_RESTRICTION"),
    "security_pin_changed": ("security", "event", "PIN_CHANGED"),
}
OTHERS = {
    "errors_only",
    "preference_stop",
    "preference_resume_without_phone",
    "user_id_update",
    "field_of_the_future",
    "batch_with_a_broken_item",
}


def events(name: str) -> list[Event]:
    return parse((PAYLOADS / f"{name}.json").read_bytes())


def message(name: str) -> MessageReceived:
    first = events(name)[0]
    assert isinstance(first, MessageReceived)
    return first


def test_every_payload_is_in_a_table() -> None:
    tables = CONTENTS.keys() | STATUSES.keys() | ACCOUNT.keys() | OTHERS
    assert {path.stem for path in PAYLOADS.glob("*.json")} == tables


@pytest.mark.parametrize("name", sorted(path.stem for path in PAYLOADS.glob("*.json")))
def test_every_event_can_wait_in_a_row(name: str) -> None:
    assert [from_json(to_json(event)) for event in events(name)] == events(name)


@pytest.mark.parametrize("name", CONTENTS)
def test_a_message_says_what_its_file_is_named_after(name: str) -> None:
    received = message(name)

    assert received.content == CONTENTS[name]
    assert received.key == f"m:{received.wamid}"
    assert (received.phone_number_id, received.business_account_id) == ("106540352242922", "102290129340398")
    assert received.sent_at == (None if name == "text_with_absurd_timestamp" else WHEN)


@pytest.mark.parametrize("name", SENDERS)
def test_a_sender_is_known_by_phone_or_user_id(name: str) -> None:
    assert message(name).sender == SENDERS[name]


def test_a_reply_names_the_message_it_quotes() -> None:
    assert message("text_quoting_a_message").reply_to == OURS
    assert message("text_forwarded_many_times").reply_to is None


def test_a_message_in_a_group_says_so() -> None:
    assert (message("text_in_a_group").group_id or "").startswith("Y2FwaV9ncm91cDox")
    assert message("text").group_id is None


def test_an_interactive_message_without_its_object_comes_with_the_error_beside_it() -> None:
    received, errors = events("interactive_without_its_object")

    assert isinstance(received, MessageReceived)
    assert isinstance(errors, ErrorsReported)
    assert errors.errors == ((131000, "Something went wrong"),)


@pytest.mark.parametrize("name", STATUSES)
def test_a_status_says_what_became_of_a_message(name: str) -> None:
    (status,) = events(name)

    assert isinstance(status, StatusChanged)
    found = (status.status, status.phone, status.user_id, status.code, status.category, status.billable)
    assert found == STATUSES[name]
    assert (status.wamid, status.callback, status.at) == (OURS, "9f3c2a1e.1", WHEN)


def test_a_status_of_a_group_is_one_per_member() -> None:
    assert events("status_in_a_group")[0].key == f"s:{OURS}:delivered:{PHONE}"
    assert events("status_delivered")[0].key == f"s:{OURS}:delivered"


def test_a_failed_status_has_metas_words() -> None:
    (status,) = events("status_failed_window_closed")

    assert isinstance(status, StatusChanged)
    assert status.details.startswith("Message failed to send because more than 24 hours")


@pytest.mark.parametrize("name", ACCOUNT)
def test_a_notice_about_the_account_keeps_metas_object(name: str) -> None:
    field, key, value = ACCOUNT[name]
    (event,) = events(name)

    assert isinstance(event, AccountEvent)
    assert (event.field, event.value[key], event.business_account_id) == (field, value, "102290129340398")
    assert event.at == WHEN


def test_a_person_stops_and_resumes_marketing() -> None:
    (stop,), (resume,) = events("preference_stop"), events("preference_resume_without_phone")

    assert isinstance(stop, PreferenceChanged)
    assert isinstance(resume, PreferenceChanged)
    assert (stop.phone, stop.user_id, stop.wants_marketing, stop.at) == (PHONE, USER, False, WHEN)
    assert (resume.phone, resume.user_id, resume.wants_marketing) == (None, USER, True)


def test_a_user_id_is_followed_to_the_next() -> None:
    (update,) = events("user_id_update")

    assert isinstance(update, UserIdUpdated)
    assert (update.previous, update.current) == (USER, "NG.99991208655302741918")


def test_errors_without_a_message_are_reported() -> None:
    (reported,) = events("errors_only")

    assert isinstance(reported, ErrorsReported)
    assert [code for code, _ in reported.errors] == [130429]


def test_a_field_of_the_future_is_kept_as_it_came() -> None:
    (unknown,) = events("field_of_the_future")

    assert isinstance(unknown, Unknown)
    assert "telepathy" in unknown.why
    assert "telepathy" in unknown.raw


def test_a_broken_item_spoils_nothing_and_messages_come_before_statuses() -> None:
    found = events("batch_with_a_broken_item")

    kinds = [type(event).__name__ for event in found]
    assert kinds == ["MessageReceived", "Unknown", "MessageReceived", "MessageReceived", "StatusChanged"]
    said = [event.content for event in found if isinstance(event, MessageReceived)]
    assert said == [TextSaid("one"), TextSaid("two"), TextSaid("three")]
