"""What is said, as it goes over the wire and as it is read back."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_whatsapp.cloud_api import limits
from inspector_whatsapp.cloud_api.limits import Broken
from inspector_whatsapp.cloud_api.messages import (
    Button,
    Buttons,
    CallToAction,
    Document,
    Form,
    Image,
    List,
    Location,
    LocationRequest,
    Media,
    Message,
    QuickReply,
    Reaction,
    Row,
    Section,
    Template,
    Text,
    UrlSuffix,
    addressed,
    clean_parameter,
    clip,
    files,
    mark_read,
    payload,
    plain,
    with_media,
)

PHOTO = Media(file="photos/PR-1042.jpg")
SLOTS = (Row("v1|ask|slot|991", "Sat 10:00", "12 Admiralty Way"), Row("v1|ask|slot|992", "Sat 14:00"))
REMINDER = Template(
    "inspection_reminder",
    "en",
    body={"title": "2-room\nflat", "when": "Sat 2 pm"},
    buttons=(QuickReply("v1|start|reschedule|IN-3107"), None, UrlSuffix("PR 1042?a=b")),
    header=Media(link="https://inspector.example/a.jpg"),
)
SAID: dict[str, tuple[Message, str]] = {
    "text": (Text("Hello", preview_url=True), "Hello"),
    "buttons": (
        Buttons("Book it?", (Button("y", "Yes"), Button("n", "No")), header=PHOTO, footer="Inspector"),
        "[photo]\nBook it?\nInspector\n1. Yes\n2. No",
    ),
    "list": (
        List("When?", "See slots", rows=SLOTS, header="Viewings"),
        "Viewings\nWhen?\n1. Sat 10:00 – 12 Admiralty Way\n2. Sat 14:00",
    ),
    "sections": (
        List("When?", "See", sections=(Section("Sat", SLOTS[:1]), Section("Sun", SLOTS[1:]))),
        "When?\n1. Sat 10:00 – 12 Admiralty Way\n2. Sat 14:00",
    ),
    "link": (
        CallToAction("The page", "Open", "https://inspector.example/p/PR-1042", header="PR-1042"),
        "PR-1042\nThe page\n[Open] https://inspector.example/p/PR-1042",
    ),
    "image": (Image(PHOTO, "The kitchen"), "[photo]\nThe kitchen"),
    "document": (
        Document(Media(media_id="1"), "The plan", "plan.pdf"),
        "[document plan.pdf]\nThe plan",
    ),
    "template": (
        REMINDER,
        "[template inspection_reminder, en]\n[photo]\ntitle: 2-room flat\nwhen: Sat 2 pm",
    ),
    "location": (Location(6.4, 3.4, "Eko Hotel", "Lagos"), "[location 6.4, 3.4]\nEko Hotel\nLagos"),
    "location request": (LocationRequest("Where?"), "Where?\n[send location]"),
    "form": (
        Form(
            body="When?",
            label="Choose",
            flow_id="1",
            token="t",
            screen="BOOK",
            data={
                "day_1": "2026-11-28",
                "label_1": "Sat",
                "options_1": [{"id": "7", "title": "10:00"}],
                "day_2": "none",
                "label_2": "none",
                "options_2": [{"id": "none", "title": "none"}],
            },
        ),
        "When?\n[form: Choose]\nSat: 10:00",
    ),
    "reaction": (Reaction("wamid.1", "👍"), "[reaction 👍]"),
}


@pytest.mark.parametrize("name", SAID)
def test_a_message_is_plain_json_and_reads_as_a_person_sees_it(name: str) -> None:
    message, seen = SAID[name]
    body = payload(message)

    assert json.loads(json.dumps(body)) == body
    assert plain(body) == seen


def test_a_template_is_written_as_meta_wants_it() -> None:
    assert payload(REMINDER)["template"] == {
        "name": "inspection_reminder",
        "language": {"code": "en"},
        "components": [
            {
                "type": "header",
                "parameters": [{"type": "image", "image": {"link": "https://inspector.example/a.jpg"}}],
            },
            {
                "type": "body",
                "parameters": [
                    {"type": "text", "parameter_name": "title", "text": "2-room flat"},
                    {"type": "text", "parameter_name": "when", "text": "Sat 2 pm"},
                ],
            },
            {
                "type": "button",
                "sub_type": "quick_reply",
                "index": "0",
                "parameters": [{"type": "payload", "payload": "v1|start|reschedule|IN-3107"}],
            },
            {
                "type": "button",
                "sub_type": "url",
                "index": "2",
                "parameters": [{"type": "text", "text": "PR%201042%3Fa%3Db"}],
            },
        ],
    }


def test_what_meta_would_refuse_is_refused_before_it_is_written_down() -> None:
    with pytest.raises(Broken, match="Max length: 20"):
        payload(Buttons("Which?", (Button("1", "x" * 21),)))
    with pytest.raises(Broken, match="text too long"):
        payload(Template("a", "en", body={"title": "x" * 2000}))


def test_what_can_not_be_stored_is_replaced() -> None:
    assert plain(payload(Text("a\x00b\ud800"))) == "a\ufffdb\ufffd"


def test_a_photo_is_uploaded_before_it_is_sent() -> None:
    body = payload(Buttons("Book it?", (Button("y", "Yes"),), header=PHOTO))
    assert files(body) == ["photos/PR-1042.jpg"]
    with pytest.raises(Broken):
        limits.check(body)

    sent = with_media(body, {"photos/PR-1042.jpg": "1037543291543636"})

    assert files(sent) == []
    assert files(body) == ["photos/PR-1042.jpg"], "the row keeps our name"
    limits.check(sent)


def test_a_file_is_found_in_a_template_too() -> None:
    assert files(payload(Template("a", "en", header=PHOTO))) == ["photos/PR-1042.jpg"]


def test_media_is_exactly_one_of_three() -> None:
    with pytest.raises(ValueError, match="exactly one"):
        Media()
    with pytest.raises(ValueError, match="exactly one"):
        Media(media_id="1", link="https://a.example/b")


@pytest.mark.parametrize("phone", ["+2348030000001", "2348030000001"])
def test_a_number_always_has_its_plus(phone: str) -> None:
    body = addressed(payload(Text("hi")), phone=phone, user_id="NG.1", callback="9f3c.1", reply_to="wamid.1")

    assert body == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "+2348030000001",
        "type": "text",
        "text": {"body": "hi", "preview_url": False},
        "context": {"message_id": "wamid.1"},
        "biz_opaque_callback_data": "9f3c.1",
    }


def test_without_a_number_the_user_id_is_the_addressee() -> None:
    body = addressed(payload(Text("hi")), phone=None, user_id="NG.1", callback="1")
    assert body["recipient"] == "NG.1"
    assert "to" not in body


def test_nobody_can_not_be_addressed() -> None:
    with pytest.raises(ValueError, match="needs a phone"):
        addressed(payload(Text("hi")), phone=None, user_id=None, callback="1")


def test_a_reaction_quotes_nothing() -> None:
    body = payload(Reaction("wamid.1", ""))
    sent = addressed(body, phone="+1", user_id=None, callback="1", reply_to="wamid.1")
    assert "context" not in sent
    assert plain(body) == "[reaction taken back]"


def test_read_and_typing() -> None:
    assert mark_read("wamid.1") == {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": "wamid.1",
    }
    typing = mark_read("wamid.1", typing=True)
    assert typing["typing_indicator"] == {"type": "text"}
    limits.check(typing)
    limits.check_envelope(typing)


@given(st.recursive(st.none() | st.text() | st.integers(), st.lists) | st.dictionaries(st.text(), st.text()))
def test_a_transcript_reads_anything(content: object) -> None:
    for kind in ("text", "interactive", "template", "image", "location", "reaction", "hologram"):
        plain({"type": kind, kind: content})


@given(st.text())
def test_a_clean_parameter_is_never_refused_for_its_blanks(text: str) -> None:
    cleaned = clean_parameter(text)
    assert limits.PARAMETER.search(cleaned) is None
    cleaned.encode()


@pytest.mark.parametrize(
    ("text", "limit", "clipped"),
    [
        ("short", 5, "short"),
        ("Three rooms in Lekki", 15, "Three rooms in…"),
        ("Three rooms in Lekki", 14, "Three rooms…"),
        ("Supercalifragilistic", 10, "Supercali…"),
        ("ab e\u0301\u0301cd", 5, "ab…"),
        ("a👍🏾b", 3, "a…"),
        ("👩\u200d👩\u200d👧x", 5, "👩\u200d👩…"),
        ("Home 👩\u200d👩\u200d👧x", 9, "Home…"),
        ("🇳🇬🇬🇭", 3, "🇳🇬…"),
        ("🇳🇬🇬🇭🇰🇪", 5, "🇳🇬🇬🇭…"),
        ("anything", 0, ""),
        ("anything", 1, "…"),
    ],
)
def test_a_text_is_cut_at_a_word_and_never_through_a_character(text: str, limit: int, clipped: str) -> None:
    assert clip(text, limit) == clipped


@given(st.text(), st.integers(0, 30))
def test_a_clipped_text_fits(text: str, limit: int) -> None:
    assert len(clip(text, limit)) <= limit
