"""What Meta refuses, with its code and its words."""

from typing import Any

import pytest

from inspector_whatsapp.cloud_api import limits
from inspector_whatsapp.cloud_api.limits import Broken


def text(body: object = "hi", **more: object) -> dict[str, Any]:
    return {"type": "text", "text": {"body": body, **more}}


def interactive(kind: str, action: object, **more: object) -> dict[str, Any]:
    body = {"type": kind, "body": {"text": "Which one?"}, "action": action}
    return {"type": "interactive", "interactive": {**body, **more}}


def buttons(*titles: object, ids: tuple[object, ...] | None = None, **more: object) -> dict[str, Any]:
    names = ids or tuple(f"v1|{number}" for number in range(len(titles)))
    replies = [
        {"type": "reply", "reply": {"id": name, "title": title}}
        for name, title in zip(names, titles, strict=True)
    ]
    return interactive("button", {"buttons": replies}, **more)


def rows(*counts: int, **more: object) -> dict[str, Any]:
    sections = [
        {
            "title": f"Day {day}",
            "rows": [{"id": f"{day}-{n}", "title": f"{n}:00"} for n in range(count)],
        }
        for day, count in enumerate(counts)
    ]
    return interactive("list", {"button": "See slots", "sections": sections}, **more)


def row(**more: object) -> dict[str, Any]:
    return interactive(
        "list", {"button": "See", "sections": [{"rows": [{"id": "1", "title": "One"} | more]}]}
    )


def cta(label: object = "Open", url: object = "https://inspector.example/p/PR-1042") -> dict[str, Any]:
    return interactive("cta_url", {"name": "cta_url", "parameters": {"display_text": label, "url": url}})


def form(**more: object) -> dict[str, Any]:
    opened = {"screen": "BOOK", "data": {"day": "x"}}
    parameters: dict[str, object] = {
        "flow_message_version": "3",
        "flow_cta": "Book",
        "flow_id": "1",
        "flow_token": "t",
    }
    parameters |= {"flow_action": "navigate", "flow_action_payload": opened} | more
    return interactive("flow", {"name": "flow", "parameters": parameters})


def template(
    *components: object, name: object = "inspection_reminder", code: object = "en"
) -> dict[str, Any]:
    body = {"name": name, "language": {"code": code}, "components": list(components)}
    return {"type": "template", "template": body}


def body(*texts: object) -> dict[str, Any]:
    parameters = [{"type": "text", "parameter_name": "title", "text": value} for value in texts]
    return {"type": "body", "parameters": parameters}


def quick_reply(index: object = "0", payload: object = "v1|stop") -> dict[str, Any]:
    parameters = [{"type": "payload", "payload": payload}]
    return {"type": "button", "sub_type": "quick_reply", "index": index, "parameters": parameters}


def place(latitude: object, longitude: object) -> dict[str, Any]:
    return {"type": "location", "location": {"latitude": latitude, "longitude": longitude}}


def media(kind: str, **more: object) -> dict[str, Any]:
    return {"type": kind, kind: more}


def headed(kind: str, **more: object) -> dict[str, Any]:
    return {"type": kind, kind: more}


ACCEPTED = {
    "text": text(),
    "longest text": text("x" * 4096, preview_url=True),
    "text without a type": {"text": {"body": "hi"}},
    "three buttons": buttons("Yes", "No", "x" * 20),
    "buttons under a photo": buttons("Yes", header=headed("image", id="1"), footer={"text": "x" * 60}),
    "ten rows in two sections": rows(4, 6),
    "a list's body of 4096": rows(1, body={"text": "x" * 4096}),
    "a row without description": row(),
    "a row with description": row(description="x" * 72),
    "one section without title": row(),
    "cta": cta(),
    "location request": interactive("location_request_message", {"name": "send_location"}),
    "contact request": interactive("request_contact_info", {"name": "request_contact_info"}),
    "form": form(),
    "form by its name": form(flow_id=None, flow_name="booking", mode="draft"),
    "form of an endpoint": form(flow_action="data_exchange", flow_action_payload=None),
    "template": template(body("2-room flat"), quick_reply()),
    "template with four blanks": template(body("a    b")),
    "template with an index as number": template(quick_reply(index=0)),
    "template without components": {
        "type": "template",
        "template": {"name": "a", "language": {"code": "en_US"}},
    },
    "image by link": media("image", link="https://inspector.example/a.jpg", caption="x" * 1024),
    "document": media("document", id="1", filename="plan.pdf"),
    "voice": media("audio", id="1", voice=True),
    "location": place(6.4281, 3.4219),
    "location in words": place("6.4281", "-3.4"),
    "reaction": {"type": "reaction", "reaction": {"message_id": "wamid.1", "emoji": "👍"}},
    "reaction taken back": {"type": "reaction", "reaction": {"message_id": "wamid.1", "emoji": ""}},
    "read": {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.1"},
    "typing": {"status": "read", "message_id": "wamid.1", "typing_indicator": {"type": "text"}},
    "card": {"type": "contacts", "contacts": [{"name": {"formatted_name": "Ada"}}]},
    "text to a group": text() | {"recipient_type": "group"},
}
REFUSED: dict[str, tuple[dict[str, Any], int, str]] = {
    "empty text": (text(""), 100, "text['body'] is required"),
    "long text": (text("x" * 4097), 100, "must be at most 4096 characters long"),
    "text that is a number": (text(5), 100, "must be a string"),
    "preview in words": (text(preview_url="yes"), 100, "must be a boolean"),
    "no content": ({"type": "text"}, 131008, "text is required"),
    "unknown type": ({"type": "hologram"}, 131051, "not supported"),
    "type that is no string": ({"type": ["text"]}, 131051, "not supported"),
    "interactive without object": ({"type": "interactive"}, 131008, "interactive is required"),
    "interactive of unknown type": (interactive("carousel", {}), 131009, "not supported"),
    "no body": (buttons("Yes", body=None), 131008, "interactive.body is required"),
    "long body": (buttons("Yes", body={"text": "x" * 1025}), 131009, "Max length: 1024"),
    "long list body": (rows(1, body={"text": "x" * 4097}), 131009, "Max length: 4096"),
    "long footer": (buttons("Yes", footer={"text": "x" * 61}), 131009, "Max length: 60"),
    "long header": (buttons("Yes", header={"type": "text", "text": "x" * 61}), 131009, "Max length: 60"),
    "photo over a list": (rows(1, header=headed("image", id="1")), 131009, "not allowed"),
    "no buttons": (buttons(), 131009, "count invalid"),
    "four buttons": (buttons("1", "2", "3", "4"), 131009, "Max: 3"),
    "button of 21": (
        buttons("x" * 21),
        131009,
        "Button title length invalid. Min length: 1, Max length: 20",
    ),
    "empty button": (buttons(""), 131009, "Button title length invalid. Min length: 1, Max length: 20"),
    "same titles": (buttons("Yes", "Yes"), 131009, "Duplicated button title"),
    "same ids": (buttons("Yes", "No", ids=("1", "1")), 131009, "Duplicated button id"),
    "blank in front of an id": (buttons("Yes", ids=(" 1",)), 131009, "leading or trailing"),
    "long id": (buttons("Yes", ids=("x" * 257,)), 131009, "Max length: 256"),
    "eleven rows": (rows(5, 6), 131009, "Total row count exceed max allowed count: 10"),
    "eleven sections": (rows(*[1] * 11), 131009, "Max: 10"),
    "empty section": (rows(1, 0), 131009, "count invalid"),
    "sections without title": (
        interactive(
            "list", {"button": "See", "sections": [{"rows": [{"id": n, "title": n}]} for n in ("1", "2")]}
        ),
        131008,
        "sections[0].title is required",
    ),
    "long row": (row(title="x" * 25), 131009, "Max length: 24"),
    "long description": (row(description="x" * 73), 131009, "Max length: 72"),
    "long row id": (row(id="x" * 201), 131009, "Max length: 200"),
    "same row ids": (
        interactive("list", {"button": "See", "sections": [{"rows": [{"id": "1", "title": "a"}] * 2}]}),
        131009,
        "Duplicated row id",
    ),
    "rows that are no list": (
        interactive("list", {"button": "See", "sections": [{"rows": {"id": "1"}}]}),
        100,
        "must be an array",
    ),
    "long cta": (cta(label="x" * 21), 131009, "Max length: 20"),
    "cta without web address": (cta(url="inspector.example"), 131009, "not a valid URL"),
    "location request of another name": (
        interactive("location_request_message", {"name": "cta_url"}),
        131009,
        "must be send_location",
    ),
    "form by both": (form(flow_name="booking"), 100, "Exactly one of flow_id and flow_name"),
    "form's label": (form(flow_cta="x" * 21), 131009, "Max length: 20"),
    "form's version": (form(flow_message_version="2"), 131009, "must be 3"),
    "form's token": (form(flow_token=7), 100, "must be a string"),
    "form's mode": (form(mode="live"), 131009, "mode must be"),
    "form's action": (form(flow_action="open"), 131009, "navigate or data_exchange"),
    "form's payload with an endpoint": (form(flow_action="data_exchange"), 100, "flow_action_payload"),
    "form without screen": (form(flow_action_payload={"data": {"a": "b"}}), 131008, "screen is required"),
    "form's empty data": (form(flow_action_payload={"screen": "A", "data": {}}), 131009, "not be empty"),
    "template's name": (template(name="Reminder"), 131009, "lower-case"),
    "template's language": (template(code="english"), 131009, "language.code"),
    "template without language": (
        {"type": "template", "template": {"name": "a"}},
        131008,
        "template.language is required",
    ),
    "line break in a parameter": (template(body("a\nb")), 132018, limits.PARAMETER_DETAILS),
    "tab in a parameter": (template(body("a\tb")), 132018, limits.PARAMETER_DETAILS),
    "five blanks in a parameter": (template(body("a     b")), 132018, limits.PARAMETER_DETAILS),
    "empty parameter": (template(body("")), 131008, "missing text value"),
    "long parameters": (template(body("x" * 600, "x" * 600)), 132005, "too long"),
    "button index 10": (template(quick_reply(index="10")), 131009, "0 to 9"),
    "long payload": (template(quick_reply(payload="x" * 257)), 131009, "Max length: 256"),
    "component of unknown type": (template({"type": "side"}), 100, "not valid"),
    "image without either": (media("image"), 131008, "exactly one of id and link"),
    "image with both": (media("image", id="1", link="https://a.example/b"), 100, "exactly one"),
    "a file of ours": (media("image", file="photos/a.jpg"), 131008, "exactly one"),
    "caption on audio": (media("audio", id="1", caption="x"), 100, "caption"),
    "long caption": (media("image", id="1", caption="x" * 1025), 131009, "Max length: 1024"),
    "filename on an image": (media("image", id="1", filename="a"), 100, "filename"),
    "unknown key": (media("image", id="1", size=3), 100, "Unexpected key size"),
    "latitude": (place(91, 0), 131009, "between -90 and 90"),
    "longitude that is no number": (place(0, float("nan")), 131009, "between -180 and 180"),
    "no latitude": (place(None, 0), 131008, "latitude is required"),
    "reaction to nothing": ({"type": "reaction", "reaction": {"emoji": "👍"}}, 131008, "message_id"),
    "other status": ({"status": "seen", "message_id": "wamid.1"}, 100, "status"),
    "read nothing": ({"status": "read"}, 131008, "message_id is required"),
    "long callback": (text() | {"biz_opaque_callback_data": "x" * 513}, 131009, "Max length: 512"),
    "buttons to a group": (buttons("Yes") | {"recipient_type": "group"}, 130501, "groups"),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_what_meta_takes_is_accepted(name: str) -> None:
    limits.check(ACCEPTED[name])


@pytest.mark.parametrize("name", REFUSED)
def test_what_meta_refuses_is_refused_with_its_code_and_words(name: str) -> None:
    payload, code, details = REFUSED[name]

    with pytest.raises(Broken) as broken:
        limits.check(payload)

    assert broken.value.code == code
    assert details in broken.value.details


@pytest.mark.parametrize("kind", ["text", "image", "interactive", "template", "location", "contacts"])
@pytest.mark.parametrize("content", [None, 1, "x", [], [1], {}, {"type": 1}, {"body": []}, True])
def test_nonsense_is_refused_and_never_an_accident(kind: str, content: object) -> None:
    with pytest.raises(Broken):
        limits.check({"type": kind, kind: content})


@pytest.mark.parametrize(
    ("envelope", "details"),
    [
        ({}, "messaging_product"),
        ({"messaging_product": "sms"}, "messaging_product"),
        ({"messaging_product": "whatsapp"}, "The parameter to is required."),
        ({"messaging_product": "whatsapp", "recipient_type": "all", "to": "+1"}, "recipient_type"),
        ({"messaging_product": "whatsapp", "recipient": "ada"}, "recipient"),
        ({"messaging_product": "whatsapp", "to": 2348030000001}, "must be a string"),
    ],
)
def test_an_envelope_names_product_and_addressee(envelope: dict[str, object], details: str) -> None:
    with pytest.raises(Broken) as broken:
        limits.check_envelope(envelope | text())
    assert broken.value.code == 100
    assert details in broken.value.details


@pytest.mark.parametrize(
    ("mime", "most"),
    [
        ("image/jpeg", 5 * 1024 * 1024),
        ("IMAGE/PNG", 5 * 1024 * 1024),
        ("audio/ogg; codecs=opus", 16 * 1024 * 1024),
        ("application/pdf", 100 * 1024 * 1024),
        ("image/heic", None),
        ("text/html", None),
    ],
)
def test_a_file_type_has_a_most_size_or_is_not_taken(mime: str, most: int | None) -> None:
    assert limits.media_limit(mime) == most
