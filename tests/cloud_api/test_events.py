"""Webhooks that Meta would never send, and the same ones in other batches."""

import json
import random
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector_whatsapp.cloud_api.events import (
    AccountEvent,
    Event,
    FormAnswered,
    MessageReceived,
    TextSaid,
    Unknown,
    Unparseable,
    from_json,
    parse,
    to_json,
)

PAYLOADS = Path(__file__).parents[1] / "payloads"
BODIES: list[dict[str, Any]] = [json.loads(path.read_bytes()) for path in sorted(PAYLOADS.glob("*.json"))]

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=20)
    | st.sampled_from(["", "\x00", "\ud800", "text", "2348030000001", "NG.1", "0", "-1", "99999999999999"])
)
names = st.sampled_from(
    ["id", "from", "type", "text", "interactive", "image", "system", "errors", "context", "timestamp"]
) | st.text(max_size=5)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
    max_leaves=12,
)


def parse_or_refuse(raw: bytes) -> list[Event]:
    try:
        return parse(raw)
    except Unparseable:
        return []


def envelope(value: object, field: str = "messages") -> dict[str, object]:
    changes = [{"field": field, "value": value}]
    return {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": changes}]}


def message(**more: object) -> MessageReceived:
    item = {"from": "2348030000001", "id": "wamid.1", "type": "text", "text": {"body": "hi"}} | more
    (event,) = parse(json.dumps(envelope({"messages": [item]})).encode())
    assert isinstance(event, MessageReceived)
    return event


@given(st.binary(max_size=200))
def test_random_bytes_are_refused_or_read(raw: bytes) -> None:
    parse_or_refuse(raw)


@given(values)
def test_random_json_is_refused_or_read(value: object) -> None:
    for body in (value, envelope(value), envelope({"messages": value}), envelope({"statuses": [value]})):
        parse_or_refuse(json.dumps(body).encode())


@given(
    st.data(),
    st.sampled_from([path.stem for path in sorted(PAYLOADS.glob("*.json"))]),
)
def test_a_payload_with_anything_replaced_is_read_and_kept(data: st.DataObject, name: str) -> None:
    body = json.loads((PAYLOADS / f"{name}.json").read_bytes())
    spot: Any = body
    while True:  # walk to a random place and put something else there
        keys = list(spot) if isinstance(spot, dict) else list(range(len(spot)))
        if not keys:
            break
        key = data.draw(st.sampled_from(keys))
        if not isinstance(spot[key], dict | list) or data.draw(st.integers(0, 3)) == 0:
            spot[key] = data.draw(values)
            break
        spot = spot[key]

    for event in parse_or_refuse(json.dumps(body).encode()):
        stored = json.dumps(to_json(event))
        assert "\\u0000" not in stored.replace("\\\\", "")
        assert from_json(json.loads(stored)) == event
        stored.encode()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"null",
        b"[]",
        b"3",
        b"{",
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": ' + b"9" * 5000 + b"}",
        b'{"a":' * 70 + b"1" + b"}" * 70,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 100_000,
        "{}".encode("utf-16"),
    ],
    ids=range(12),
)
def test_what_is_no_sensible_json_object_is_unparseable(raw: bytes) -> None:
    with pytest.raises(Unparseable):
        parse(raw)


def test_invalid_utf8_is_replaced_and_the_message_read() -> None:
    raw = json.dumps(envelope({"messages": [{"from": "2348030000001", "id": "wamid.1"}]})).encode()
    (event,) = parse(raw.replace(b"wamid.1", b"wamid.\xff"))
    assert event.key == "m:wamid.\ufffd"


@given(st.randoms(use_true_random=False))
@settings(max_examples=30)
def test_however_events_are_batched_their_keys_are_the_same(shuffle: random.Random) -> None:
    alone = {event.key for body in BODIES for event in parse(json.dumps(body).encode())}

    entries = [entry for body in BODIES for entry in body["entry"]]
    apart = [
        {**entry, "changes": [{**change, "value": value}]}
        for entry in entries
        for change in entry["changes"]
        for value in _one_item_each(change["value"])
    ]
    shuffle.shuffle(apart)
    found: set[str] = set()
    while apart:
        batch = [apart.pop() for _ in range(min(len(apart), shuffle.randint(1, 9)))]
        body = {"object": "whatsapp_business_account", "entry": batch}
        found |= {event.key for event in parse(json.dumps(body).encode())}

    assert found == alone


def _one_item_each(value: dict[str, Any]) -> list[dict[str, Any]]:
    for name in ("messages", "statuses"):
        if len(value.get(name, ())) > 1:
            return [{**value, name: [item]} for item in value[name]]
    return [value]


class TestTheSender:
    def test_is_not_joined_with_somebody_elses_contact(self) -> None:
        contacts = [
            {"wa_id": "2348030000002", "user_id": "NG.2", "profile": {"name": "Bola"}},
            {"wa_id": "2348030000001", "user_id": "NG.1", "profile": {"name": "Ada"}},
        ]
        item = {"from": "2348030000001", "id": "wamid.1", "type": "text", "text": {"body": "hi"}}
        (event,) = parse(json.dumps(envelope({"contacts": contacts, "messages": [item]})).encode())

        assert isinstance(event, MessageReceived)
        assert (event.sender.name, event.sender.user_id) == ("Ada", "NG.1")

    def test_is_not_joined_by_phone_when_the_user_ids_contradict(self) -> None:
        contacts = [{"wa_id": "2348030000001", "user_id": "NG.2", "profile": {"name": "Bola"}}]
        item = {"from": "2348030000001", "from_user_id": "NG.1", "id": "wamid.1", "type": "text"}
        (event,) = parse(json.dumps(envelope({"contacts": contacts, "messages": [item]})).encode())

        assert isinstance(event, MessageReceived)
        assert (event.sender.name, event.sender.user_id) == (None, "NG.1")

    def test_is_needed(self) -> None:
        (event,) = parse(json.dumps(envelope({"messages": [{"id": "wamid.1", "type": "text"}]})).encode())
        assert isinstance(event, Unknown)


@pytest.mark.parametrize(
    "absurd", [None, "", "0", 0, -5, "32503680000", True, 1e30, "1795348800.5", [], "١٧"]
)
def test_an_absurd_time_is_no_time(absurd: object) -> None:
    assert message(timestamp=absurd).sent_at is None


def test_long_words_are_cut() -> None:
    content = message(text={"body": "x" * 100_000}).content
    assert isinstance(content, TextSaid)
    assert len(content.body) == 8192


plain_objects = st.dictionaries(st.text(), st.none() | st.booleans() | st.integers() | st.text())
st.register_type_strategy(FormAnswered, st.builds(FormAnswered, response=plain_objects))
st.register_type_strategy(
    AccountEvent, st.builds(AccountEvent, st.text(), st.text(), st.text(), plain_objects)
)
kinds = st.one_of([st.from_type(kind) for kind in get_args(Event)])


@given(kinds)
def test_an_event_comes_back_from_its_row_as_it_was(event: Event) -> None:
    assert from_json(json.loads(json.dumps(to_json(event)))) == event


@pytest.mark.parametrize("stored", [{}, {"is": "Nothing"}, {"is": "Sender", "phone": None, "user_id": None}])
def test_what_is_no_stored_event_is_refused(stored: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="not a stored event"):
        from_json(stored)
