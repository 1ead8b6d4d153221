"""What the web process gets: signed bytes, one event each, in order, until it answers 200."""

import hashlib
import hmac
import json

from tests.simulator.conftest import ADA, NUMBER, SECRET, Receiver, Simulator, until


def test_the_signature_is_over_escaped_bytes(simulator: Simulator, webhook: Receiver) -> None:
    simulator.say(text="Ẹ káàárọ̀ 👋")
    simulator.settle()
    [(raw, headers)] = webhook.posts
    assert raw.isascii()
    assert b"\\ud83d\\udc4b" in raw
    assert raw == json.dumps(json.loads(raw), ensure_ascii=True, separators=(",", ":")).encode()
    right = hmac.new(SECRET.encode(), raw, hashlib.sha256).hexdigest()
    assert headers["X-Hub-Signature-256"] == f"sha256={right}"


def test_a_message_names_the_person_the_number_and_the_time(simulator: Simulator, webhook: Receiver) -> None:
    simulator.control("clock", {"offset_seconds": 3600})
    said = simulator.say(text="hi")
    simulator.settle()
    [value] = webhook.values
    [message], [contact] = value["messages"], value["contacts"]
    assert value["metadata"]["phone_number_id"] == NUMBER
    assert (message["id"], message["from"], message["text"]) == (said["id"], "2348030000001", {"body": "hi"})
    assert contact["profile"] == {"name": "Ada"}
    assert contact["user_id"] == message["from_user_id"]
    assert contact["user_id"].startswith("NG.")
    assert isinstance(message["timestamp"], str)


def test_who_hides_the_phone_is_known_by_user_id_only(simulator: Simulator, webhook: Receiver) -> None:
    simulator.control("people", {"phone": ADA, "hides_phone": True, "username": "ada.o"})
    simulator.say(text="hi")
    simulator.settle()
    [value] = webhook.values
    assert "from" not in value["messages"][0]
    assert "wa_id" not in value["contacts"][0]
    assert value["contacts"][0]["profile"]["username"] == "ada.o"
    assert b"8030000001" not in webhook.posts[0][0].replace(value["messages"][0]["id"].encode(), b"")


def test_an_accepted_message_is_sent_delivered_and_read(simulator: Simulator, webhook: Receiver) -> None:
    simulator.say(text="hi")
    wamid = simulator.wamid(simulator.text(biz_opaque_callback_data="outbox:7"))
    simulator.settle()
    statuses = webhook.statuses_of(wamid)
    assert [status["status"] for status in statuses] == ["sent", "delivered", "read"]
    assert {status["biz_opaque_callback_data"] for status in statuses} == {"outbox:7"}
    assert statuses[0]["pricing"]["category"] == "service"
    assert "pricing" not in statuses[2]
    assert "conversation" not in statuses[0]


def test_without_auto_read_a_message_is_read_when_the_chat_is_looked_at(
    simulator: Simulator, webhook: Receiver
) -> None:
    simulator.control("switches", {"auto_read": False})
    simulator.say(text="hi")
    wamid = simulator.wamid(simulator.text())
    simulator.settle()
    assert [status["status"] for status in webhook.statuses_of(wamid)] == ["sent", "delivered"]
    simulator.control("read", {"person": ADA})
    simulator.settle()
    assert webhook.statuses_of(wamid)[-1]["status"] == "read"


def test_a_phone_that_is_off_gets_its_messages_when_it_is_on(simulator: Simulator, webhook: Receiver) -> None:
    simulator.say(text="hi")
    simulator.control("people", {"phone": ADA, "online": False})
    wamid = simulator.wamid(simulator.text())
    simulator.settle()
    assert [status["status"] for status in webhook.statuses_of(wamid)] == ["sent"]
    simulator.control("people", {"phone": ADA, "online": True})
    simulator.settle()
    assert [status["status"] for status in webhook.statuses_of(wamid)] == ["sent", "delivered", "read"]


def test_who_has_no_whatsapp_cannot_be_reached(simulator: Simulator, webhook: Receiver) -> None:
    simulator.say(text="hi")
    simulator.control("people", {"phone": ADA, "on_whatsapp": False})
    wamid = simulator.wamid(simulator.text())
    simulator.settle()
    [status] = webhook.statuses_of(wamid)
    assert (status["status"], status["errors"][0]["code"]) == ("failed", 131026)


def test_what_is_not_answered_with_200_comes_again_in_order(simulator: Simulator, webhook: Receiver) -> None:
    webhook.statuses[:] = [500, 503]
    for number in range(3):
        simulator.say(text=str(number))
    simulator.settle()
    said = [message["text"]["body"] for message in webhook.messages]
    assert said == ["0", "0", "0", "1", "2"]
    assert [entry["status"] for entry in simulator.ledger("webhook")] == [500, 503, 200, 200, 200]
    assert {message["status"] for message in simulator.chat()} == {"delivered"}


def test_a_tap_answers_as_the_button_or_row_it_was(simulator: Simulator, webhook: Receiver) -> None:
    simulator.say(text="hi")
    rows = [{"id": "slot|1", "title": "10:00", "description": "Lekki"}]
    action = {"button": "Times", "sections": [{"title": "Sat", "rows": rows}]}
    listed = {"type": "list", "body": {"text": "When?"}, "action": action}
    wamid = simulator.wamid(simulator.send(type="interactive", interactive=listed))
    simulator.say(tap="slot|1")
    simulator.say(tap="stale", title="Old button")
    simulator.settle()
    row, button = webhook.messages[-2:]
    assert row["interactive"] == {"type": "list_reply", "list_reply": rows[0]}
    assert row["context"]["id"] == wamid
    assert button["interactive"]["button_reply"] == {"id": "stale", "title": "Old button"}


def test_places_reactions_and_raw_messages_arrive(simulator: Simulator, webhook: Receiver) -> None:
    simulator.say(text="hi")
    wamid = simulator.wamid(simulator.text())
    simulator.say(location={"latitude": 6.4, "longitude": 3.4, "name": "Lekki"})
    simulator.say(reaction="👍", on=wamid)
    simulator.say(raw={"type": "order", "order": {"catalog_id": "1"}})
    simulator.settle()
    place, reaction, order = webhook.messages[-3:]
    assert place["location"]["name"] == "Lekki"
    assert reaction["reaction"] == {"message_id": wamid, "emoji": "👍"}
    assert order["type"] == "order"
    liked = next(message for message in simulator.chat() if message["id"] == wamid)
    assert liked["reactions"] == {"person": "👍"}


def test_opting_out_is_announced_and_stops_marketing(simulator: Simulator, webhook: Receiver) -> None:
    simulator.control("people", {"phone": ADA, "opted_out": True})
    simulator.settle()
    [preference] = webhook.values[0]["user_preferences"]
    assert (preference["wa_id"], preference["value"]) == ("2348030000001", "stop")


def test_the_handshake_wants_the_challenge_back(simulator: Simulator) -> None:
    assert simulator.control("handshake")["ok"] is True
    assert simulator.control("handshake", {"verify_token": "wrong"})["ok"] is False


def test_the_web_process_keeps_the_clock(simulator: Simulator, webhook: Receiver) -> None:
    webhook.clock = {"now": "", "offset_seconds": 86400, "next_reminder": "2026-11-24T09:00:00+00:00"}
    until(lambda: simulator.tell("clock")["offset_seconds"] == 86400)
    assert simulator.tell("clock")["web_reachable"] is True
    webhook.clock = webhook.clock | {"offset_seconds": 90000}
    assert simulator.control("clock", {"to": "next_reminder"})["offset_seconds"] == 90000
    [(raw, signature)] = webhook.wishes
    assert json.loads(raw) == {"to": "next_reminder"}
    assert signature == "sha256=" + hmac.new(SECRET.encode(), raw, hashlib.sha256).hexdigest()
    webhook.clock = None
    until(lambda: simulator.tell("clock")["web_reachable"] is False)


def test_the_ledger_file_has_every_line(simulator: Simulator) -> None:
    simulator.say(text="hi")
    simulator.text(biz_opaque_callback_data="outbox:9")
    simulator.settle()
    lines = [json.loads(line) for line in simulator.ledger_file.read_text().splitlines()]
    sent = [line for line in lines if line["kind"] == "request" and line.get("callback") == "outbox:9"]
    assert [line["status"] for line in sent] == [200]
    assert "the-token" not in simulator.ledger_file.read_text()
